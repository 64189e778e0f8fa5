/** What an exam says of a case. */
import type { Difference } from '../../core/events/compare.ts';

/**
 * `equal`: all events are Tetragon's. `refused`: what is not told is said by name, so nobody takes it for true.
 * `different`: the events differ and nothing says so. `failed`: the case could not be run or read.
 */
export const verdicts = ['equal', 'refused', 'different', 'failed'] as const;

export interface Verdict {
  readonly name: string;
  readonly verdict: (typeof verdicts)[number];
  /** The kernel that it was judged on. */
  readonly kernel: string;
  /** The names of what is refused, or what else there is to say: one line each. */
  readonly why: readonly string[];
  readonly differences: readonly Difference[];
}
