/** One hook of one loaded policy: what a hit source is told to look for, and what it names when one is hit. */
import type { HookPlan, Plan } from '../plan/plan.ts';

export interface LoadedHook {
  readonly plan: Plan;
  readonly hook: HookPlan;
  /** Position of the policy in load order, and of the hook in its plan. */
  readonly policy: number;
  readonly index: number;
}
