/** Counts of actions, as rows of the outcome. */
import type { ActionCounter } from '../../core/engine/engine.ts';
import type { ActionCount } from '../../core/backend/sums.ts';
import type { World } from './world.ts';

export function countersOf({ judge }: World): ActionCount[] {
  return judge.counters().policies.flatMap(({ policy, hooks }) =>
    hooks.flatMap(({ hook: target, selectors }, hook) =>
      selectors.flatMap(({ actions }, selector) =>
        Object.entries(actions).map(([action, count]) => ({
          ...{ policy, hook, target },
          // The last entry of a hook counts hits without selectors.
          selector: selector === selectors.length - 1 ? ('default' as const) : selector,
          action: action as ActionCounter,
          count,
        })),
      ),
    ),
  );
}
