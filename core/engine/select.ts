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

/** Its filters on the process. */
export function activity({ process }: PreparedSelector, hit: ProbeHit): Tri {
  let result: Tri = PASSED;
  for (const test of process) {
    const one = test(hit.task);
    if (one === FAILED) return FAILED;
    if (one === UNKNOWN) result = UNKNOWN;
  }
  return result;
}

/** All filters ANDed to what those before them came to: a failed one decides, whatever is not known of the others. */
export function passes(before: Tri, tests: readonly ArgTest[], hit: ProbeHit): Tri {
  let result: Tri = before;
  if (result === FAILED) return FAILED;
  for (const test of tests) {
    const one = resultOf(test(hit));
    if (one === FAILED) return FAILED;
    if (one === UNKNOWN) result = UNKNOWN;
  }
  return result;
}
