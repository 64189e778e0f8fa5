/** What the hooks of the policies saw of a step: how often each was hit, and what came nearest to a match. */
import { distance } from 'fastest-levenshtein';
import { reasonCodes } from '../engine/codes.ts';
import type { Reason, ReasonValue } from '../engine/verdict.ts';
import { filterOf, reasonWords } from '../engine/words.ts';
import type { HookPlan, Plan } from '../plan/plan.ts';
import type { Span } from '../source/diagnostic.ts';
import { fromBytes } from '../values/value.ts';
import type { JudgedHit } from './observer.ts';

/** Of one hook of one policy. Plain data. */
export interface HookWitness {
  readonly policy: string;
  /** What is hooked, as in the plan. */
  readonly hook: string;
  readonly span: Span;
  /** How often it was hit by processes that the policy looks at, and how often a selector matched. */
  readonly hits: number;
  readonly matched: number;
  /** Hits of which it is not known whether they match. */
  readonly undetermined: number;
  /** The first filter that failed, of the hit that came nearest; left out where all hits matched. */
  readonly nearest?: NearMiss;
}

export interface NearMiss {
  /** `file "/tmp/w/guarded" is not "/tmp/w/ledger"`. */
  readonly words: string;
  /** Of the filter in the policy. */
  readonly span: Span;
}

/** Longer values are compared by their beginnings: comparing takes the product of both lengths. */
const longestCompared = 256;

interface Seen {
  readonly plan: Plan;
  readonly hook: HookPlan;
  hits: number;
  matched: number;
  undetermined: number;
  nearest: (NearMiss & { readonly score: number }) | undefined;
  /** Words of misses that were scored before. */
  readonly known: Set<string>;
}

/** To be told of all hits of a step, with reasons. */
export class Witness {
  readonly #seen: readonly (readonly Seen[])[];

  /** @param plans in load order */
  constructor(plans: readonly Plan[]) {
    this.#seen = plans.map((plan) =>
      plan.hooks.map((hook) => ({
        ...{ plan, hook, hits: 0, matched: 0, undetermined: 0 },
        nearest: undefined,
        known: new Set<string>(),
      })),
    );
  }

  hit({ loaded, verdict }: JudgedHit): void {
    const seen = this.#seen[loaded.policy]?.[loaded.index];
    // What is judged at a return was counted at its entry.
    if (seen === undefined || verdict.side === 'return') return;
    seen.hits += 1;
    if (verdict.undetermined !== undefined) seen.undetermined += 1;
    else if (verdict.selector !== undefined) seen.matched += 1;
    else this.#miss(seen, verdict.reasons ?? []);
  }

  /** In load order, hooks in the order of their policy. */
  rows(): HookWitness[] {
    return this.#seen.flat().map(({ plan, hook, hits, matched, undetermined, nearest }) => ({
      ...{ policy: plan.policyName, hook: hook.target, span: hook.span, hits, matched, undetermined },
      ...(nearest !== undefined && { nearest: { words: nearest.words, span: nearest.span } }),
    }));
  }

  #miss(seen: Seen, reasons: readonly Reason[]): void {
    let passed = 0;
    for (const reason of reasons) {
      // Filters come selector by selector, and none is tried behind one that failed.
      if (reason.filter === 0) passed = 0;
      if (reasonCodes[reason.code] === 'passed') passed += 1;
      if (reasonCodes[reason.code] !== 'failed') continue;
      const filter = filterOf(reason, seen.hook, 'entry');
      if (filter === undefined) continue;
      const words = reasonWords(reason, seen.hook, 'entry');
      const key = `${reason.selector} ${words}`;
      if (seen.known.has(key)) continue;
      seen.known.add(key);
      const score = passed + likeness(reason.value, 'comparison' in filter ? filter.comparison : filter);
      if (seen.nearest === undefined || score > seen.nearest.score)
        seen.nearest = { words, span: filter.span, score };
    }
  }
}

/** From 0 to below 1: how like a text that was looked at is to those that were wanted. */
function likeness(value: ReasonValue | undefined, wanted: object): number {
  const text = textOf(value);
  if (text === undefined || !('values' in wanted) || !Array.isArray(wanted.values)) return 0;
  let best = 0;
  for (const one of wanted.values as readonly unknown[]) {
    if (typeof one !== 'string') continue;
    const other = fromBytes(one).slice(0, longestCompared);
    const far = distance(text, other) / Math.max(text.length, other.length, 1);
    best = Math.max(best, (1 - far) * 0.99);
  }
  return best;
}

function textOf(value: ReasonValue | undefined): string | undefined {
  if (typeof value === 'string') return fromBytes(value).slice(0, longestCompared);
  if (typeof value !== 'object' || !('kind' in value)) return undefined;
  const text = value.kind === 'file' ? value.path : 'value' in value ? value.value : undefined;
  return typeof text === 'string' ? fromBytes(text).slice(0, longestCompared) : undefined;
}
