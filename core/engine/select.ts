/** Stage "select": selectors, prepared: their filters as functions, beside the plan they come from. */
import type { HookPlan, SelectorPlan } from '../plan/plan.ts';
import { resultOf } from './codes.ts';
import { prepareArgFilter } from './filter.ts';
import type { ArgTest } from './filter.ts';
import type { ProbeHit } from './hit.ts';
import { prepareProcessFilter } from './process.ts';
import type { ProcessTest } from './process.ts';
import { FAILED, PASSED, UNKNOWN } from './tri.ts';
import type { Tri } from './tri.ts';

export interface PreparedSelector {
  readonly plan: SelectorPlan;
  readonly process: readonly ProcessTest[];
  readonly args: readonly ArgTest[];
  readonly returnArgs: readonly ArgTest[];
}

export function prepareSelector(plan: SelectorPlan, hook: HookPlan): PreparedSelector {
  return {
    plan,
    process: plan.process.map(prepareProcessFilter),
    args: plan.args.map((filter) => prepareArgFilter(filter, hook)),
    returnArgs: plan.returnArgs.map((filter) => prepareArgFilter(filter, hook)),
  };
}

export function isActive({ process }: PreparedSelector, hit: ProbeHit): boolean {
  for (const test of process) if (!test(hit.task)) return false;
  return true;
}

/** All filters ANDed: a failed one decides, whatever is not known of the others. */
export function passes(tests: readonly ArgTest[], hit: ProbeHit): Tri {
  let result: Tri = PASSED;
  for (const test of tests) {
    const one = resultOf(test(hit));
    if (one === FAILED) return FAILED;
    if (one === UNKNOWN) result = UNKNOWN;
  }
  return result;
}
