/** Enforcing selectors that nothing holds back: they act on every process that reaches the hook. */
import { isEnforcing } from '../../names/actions.ts';
import type { SelectorPlan } from '../../plan/plan.ts';
import type { LintContext } from '../subject.ts';
import { sameForAll } from './impossible.ts';

export function unfilteredEnforcement(context: LintContext): void {
  // A policy for some workloads acts on these only, and one that only watches on none.
  if (context.plan?.workload !== undefined || context.plan?.mode === 'monitor') return;
  for (const hook of context.planHooks) {
    hook.selectors.forEach((selector, index) => {
      // Set writes to the program that the hook is of.
      const enforcing = [...selector.actions, ...selector.returnActions].find(
        ({ kind }) => isEnforcing(kind) && kind !== 'Set',
      );
      if (enforcing === undefined || !letsAllPass(selector)) return;
      const written = selector.process.length + selector.args.length + selector.returnArgs.length > 0;
      const before = hook.selectors[index - 1];
      const split = !written && before !== undefined && before.actions.length === 0;
      context.warningAt(
        'TR-unfiltered-enforcement',
        selector.span,
        written
          ? `${enforcing.kind} behind filters that let everything pass: this selector acts on every process that reaches ${hook.target}`
          : `${enforcing.kind} without any filter: this selector acts on every process that reaches ${hook.target}`,
        split
          ? 'A "- " too many begins a selector of its own here: take it away, so that the actions belong to the selector above.'
          : 'Add a filter, such as matchBinaries or matchArgs, or leave the action out.',
      );
    });
  }
}

function letsAllPass({ process, args, returnArgs, actions, returnActions }: SelectorPlan): boolean {
  // What only the return side does, its filters hold back, too.
  const later = actions.some(({ kind }) => isEnforcing(kind)) || returnActions.length === 0 ? [] : returnArgs;
  return (
    process.every((filter) => filter.kind === 'constant' && filter.result) &&
    [...args, ...later].every(({ comparison }) => sameForAll(comparison)?.passes === true)
  );
}
