/** Whether a policy enforces: by its option, and by whether it has anything to enforce. */
import { isEnforcing } from '../names/actions.ts';
import type { HookPlan, Plan, PolicyMode } from './plan.ts';

/** Modes that can be asked for when a policy is loaded, as by `tetra tracingpolicy add --mode`. */
export const loadModes = ['enforce', 'monitor'] as const;
export type LoadMode = (typeof loadModes)[number];

/**
 * The policy as it is when it is loaded in this mode, which takes the place of its option `policy-mode`. One that has
 * nothing to enforce stays `monitor_only`, as in Tetragon.
 */
export function loadedIn(plan: Plan, mode: LoadMode | undefined): Plan {
  if (mode === undefined) return plan;
  const options = { ...plan.options, 'policy-mode': mode };
  return { ...plan, options, mode: policyMode(plan.hooks, options) };
}

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
