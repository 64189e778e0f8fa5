/** What the mode shown for a policy does not tell. */
import { isEnforcing } from '../../names/actions.ts';
import type { LintContext } from '../subject.ts';

export function mode(context: LintContext): void {
  if (context.plan?.mode !== 'monitor_only') return;
  for (const { entry, expanded } of context.sites) {
    if (entry.section === 'fentries') continue;
    const index = (expanded.selector.matchReturnActions ?? []).findIndex(({ action }) => isEnforcing(action));
    if (index === -1) continue;
    context.warning(
      'TR-mode-shown',
      [...expanded.listPath('matchReturnActions'), index],
      'the policy is shown as monitor_only, since it enforces in matchReturnActions only; it does enforce',
      'Mind it when you read `tetra tracingpolicy list`.',
    );
    return;
  }
}
