/** Whether a policy enforces: by its option, and by whether it has anything to enforce. */
import { isEnforcing } from '../names/actions.ts';
import type { HookPlan, PolicyMode } from './plan.ts';

/** matchReturnActions and fentries are not looked at: a policy that enforces only there is shown as monitor_only. */
export function policyMode(
  hooks: readonly HookPlan[],
  options: Readonly<Record<string, string>>,
): PolicyMode {
  const enforces = hooks.some(
    ({ kind, selectors }) =>
      kind !== 'fentry' &&
      selectors.some(({ actions }) => actions.some(({ kind: action }) => isEnforcing(action))),
  );
  if (!enforces) return 'monitor_only';
  return options['policy-mode'] === 'monitor' ? 'monitor' : 'enforce';
}
