/** What signals do to a process that does not handle them. */
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
