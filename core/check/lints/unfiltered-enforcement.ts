/** Enforcing selectors without any filter: they act on every process that reaches the hook. */
import { isEnforcing } from '../../names/actions.ts';
import type { LintContext } from '../subject.ts';

export function unfilteredEnforcement(context: LintContext): void {
  // A policy for some workloads acts on these only.
  if (context.plan?.workload !== undefined) return;
  for (const hook of context.planHooks) {
    hook.selectors.forEach((selector, index) => {
      const { process, args, returnArgs, actions } = selector;
      const enforcing = actions.find(({ kind }) => isEnforcing(kind));
      if (enforcing === undefined || process.length + args.length + returnArgs.length > 0) return;
      const before = hook.selectors[index - 1];
      const split = before !== undefined && before.actions.length === 0;
      context.warningAt(
        'TR-unfiltered-enforcement',
        selector.span,
        `${enforcing.kind} without any filter: this selector acts on every process that reaches ${hook.target}`,
        split
          ? 'A "- " too many begins a selector of its own here: take it away, so that the actions belong to the selector above.'
          : 'Add a filter, such as matchBinaries or matchArgs, or leave the action out.',
      );
    });
  }
}
