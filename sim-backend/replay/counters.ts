/** Counts of actions, as rows of the outcome. */
import type { ActionCounter } from '../../core/engine/engine.ts';
import type { ActionCount } from '../../core/backend/sums.ts';
import type { World } from './world.ts';

export function countersOf({ index }: World): ActionCount[] {
  return index.policies.flatMap((policy) =>
    policy.counters().flatMap((selectors, hook) =>
      selectors.flatMap((counts, selector) =>
        Object.entries(counts).map(([action, count]) => ({
          policy: policy.plan.policyName,
          hook,
          target: policy.plan.hooks[hook]?.target ?? '',
          // The last entry of a hook counts hits without selectors.
          selector: selector === selectors.length - 1 ? ('default' as const) : selector,
          action: action as ActionCounter,
          count,
        })),
      ),
    ),
  );
}
