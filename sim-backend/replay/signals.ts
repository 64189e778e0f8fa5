/** What signals do to a process that does not handle them. */
const harmless = new Set([0, 17, 18, 23, 28]);
const stopping = new Set([19, 20, 21, 22]);

/** SIGKILL and SIGSTOP: no process has a handler for them. */
export const unblockable: ReadonlySet<number> = new Set([9, 19]);

/** Signals that dump memory: unlike other fatal ones they end nothing before they are taken. */
export const dumping: ReadonlySet<number> = new Set([3, 4, 5, 6, 7, 8, 11, 24, 25, 31]);
/** Of those that wait, taken before all others: they are usually of the task's own making. */
const synchronous = new Set([4, 5, 7, 8, 11, 31]);

/** Which of these fatal signals, in the order in which they were raised, ends the process. */
export function firstFatal(signals: readonly number[]): number | undefined {
  // Such a one marks the whole group for death at once, and its number stays.
  const ending = signals.find((signal) => !dumping.has(signal));
  if (ending !== undefined) return ending;
  const early = signals.filter((signal) => synchronous.has(signal));
  const waiting = early.length > 0 ? early : signals;
  return waiting.length > 0 ? Math.min(...waiting) : undefined;
}

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
