/** Signals by number, and what they do to a process that does not handle them. */
const names =
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS'.split(
    ' ',
  );

/** 9 -> `SIGKILL`; real-time signals by number. */
export function signalName(signal: number): string {
  const name = names[signal - 1];
  if (name !== undefined) return `SIG${name}`;
  return signal >= 32 ? `SIGRT${signal - 32}` : `SIG${signal}`;
}

const harmless = new Set([0, 17, 18, 23, 28]);
const stopping = new Set([19, 20, 21, 22]);

export type SignalOutcome = 'dies' | 'nothing' | 'handled' | 'stops';

/** Outcome for a process with these dispositions. */
export function signalOutcome(
  signal: number,
  handlers: ReadonlyMap<number, 'ignore' | 'handle'>,
): SignalOutcome {
  if (signal === 9) return 'dies';
  const how = signal === 19 ? undefined : handlers.get(signal);
  if (how === 'ignore') return 'nothing';
  if (how === 'handle') return 'handled';
  if (harmless.has(signal) || signal < 0 || signal > 64) return 'nothing';
  return stopping.has(signal) ? 'stops' : 'dies';
}
