/** Recorded events in the order in which they compare best. */
import { compareEvents } from './compare.ts';
import type { Difference } from './compare.ts';
import type { TetragonEvent } from './event.ts';

/** Two lists of events, and what `compareEvents` says of them. */
export interface OrderedPair {
  readonly expected: readonly TetragonEvent[];
  readonly got: readonly TetragonEvent[];
  readonly differences: readonly Difference[];
}

/** In the order of times, or, where the clocks of a recording jumped, in the order of export. */
export function inBestOrder(expected: readonly TetragonEvent[], got: readonly TetragonEvent[]): OrderedPair {
  const timed = compareEvents(expected, got);
  if (timed.length === 0) return { expected, got, differences: timed };
  const bare = { expected: withoutTimes(expected), got: withoutTimes(got) };
  const exported = compareEvents(bare.expected, bare.got);
  return exported.length < timed.length
    ? { ...bare, differences: exported }
    : { expected, got, differences: timed };
}

const withoutTimes = (events: readonly TetragonEvent[]): TetragonEvent[] =>
  events.map((event) => ({ ...event, time: undefined }) as unknown as TetragonEvent);
