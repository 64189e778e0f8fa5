/** Counters and marks of judged hits: plain data, whose sums are counters again. */
import type { ActionCounter } from '../engine/engine.ts';
import type { SelectorMarks } from '../engine/marks.ts';

export interface HitCounters {
  /** In load order. */
  readonly policies: readonly PolicyCounters[];
}
export interface PolicyCounters {
  readonly policy: string;
  /** In the order of the plan. */
  readonly hooks: readonly HookCounters[];
}
export interface HookCounters {
  /** What is hooked, as in the plan. */
  readonly hook: string;
  readonly hits: number;
  /** Hits of which it is not known whether they match. */
  readonly undetermined: number;
  /** By position in the plan, and one more: hits of a hook without selectors. */
  readonly selectors: readonly SelectorCounters[];
}
export interface SelectorCounters {
  /** By Tetragon's rules of what counts; what never happened has no entry. */
  readonly actions: Readonly<Partial<Record<ActionCounter, number>>>;
  /** Only if the judge was asked for them. */
  readonly marks?: SelectorMarks;
}

export const noCounters: HitCounters = { policies: [] };

/**
 * The counters of two runs of the same policies, loaded in the same order. Neither order nor grouping of merges matters.
 * Throws if the policies are others.
 */
export function mergeCounters(a: HitCounters, b: HitCounters): HitCounters {
  return sum(a, b) as unknown as HitCounters;
}

type Summand = number | string | undefined | readonly Summand[] | { readonly [key: string]: Summand };

/** Numbers are added, wherever they stand; what stands on one side only is taken over. */
function sum(a: unknown, b: unknown): Summand {
  if (a === undefined) return b as Summand;
  if (b === undefined || (typeof a === 'string' && a === b)) return a as Summand;
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (Array.isArray(a) && Array.isArray(b)) {
    return Array.from({ length: Math.max(a.length, b.length) }, (_, index) =>
      sum(a[index] as unknown, b[index] as unknown),
    );
  }
  if (isRecord(a) && isRecord(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    return Object.fromEntries([...keys].map((key) => [key, sum(a[key], b[key])]));
  }
  throw new Error(`counters of different policies: ${JSON.stringify(a)} and ${JSON.stringify(b)}`);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
