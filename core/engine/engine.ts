/** The engine's entry points: what a backend that evaluates hits itself (the simulator) calls. */
import type { HookPlan, Plan } from '../plan/plan.ts';
import type { ProbeHit } from './hit.ts';
import type { HookMarks } from './marks.ts';
import type { Verdict } from './verdict.ts';

/** Per-selector counters as `tetra tracingpolicy list -o json` prints them; zero counters are omitted. */
export type ActionCounter =
  | 'post'
  | 'nopost'
  | 'signal'
  | 'override'
  | 'notify_enforcer'
  | 'set'
  | 'monitor_signal'
  | 'monitor_override'
  | 'monitor_notify_enforcer'
  | 'monitor_set';

/** State of one loaded policy (rate limits, counters); a hook is prepared once and evaluated often. */
export interface PolicyEvaluator {
  readonly plan: Plan;
  readonly hooks: readonly HookEvaluator[];
  /** counters()[hook][selector]; the last entry of a hook counts hits without selectors. */
  counters(): readonly (readonly Partial<Record<ActionCounter, number>>[])[];
  /** By hook; none unless the evaluator was made with marks. */
  marks(): readonly HookMarks[];
}

/** What is wanted beside the verdict. */
export interface Asked {
  /** Reasons of every filter (Verdict.reasons). Reads what the verdict itself did not need. */
  readonly reasons?: boolean;
}

export interface HookEvaluator {
  readonly hook: HookPlan;
  /** Could a selector match, whatever of the hit is not known? Nothing is counted or limited. */
  mayMatch(hit: ProbeHit): boolean;
  /** Filters, then actions, at the entry of the function. */
  entry(hit: ProbeHit, asked?: Asked): Verdict;
  /** At its return (plans with `returnArg`): `entered` is the entry's verdict; undefined result = no event at all. */
  exit(hit: ProbeHit, entered: Verdict, asked?: Asked): Verdict | undefined;
}
