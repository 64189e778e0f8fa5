/** Selectors after one that matches all that they match. */
import type { HookPlan, SelectorPlan } from '../../plan/plan.ts';
import type { LintContext } from '../subject.ts';
import { argumentsWithin, processWithin } from './inclusion.ts';

export function unreachableSelectors(context: LintContext): void {
  for (const hook of context.planHooks) {
    hook.selectors.forEach((selector, index) => {
      const earlier = hook.selectors.slice(0, index).find((other) => covers(other, selector, hook));
      if (earlier === undefined) return;
      const all = earlier.process.length + earlier.args.length === 0;
      context.warningAt(
        'TR-unreachable-selector',
        selector.span,
        `this selector is never reached: ${all ? `selector ${earlier.index} has no filter, so it always matches` : `selector ${earlier.index} matches all that it matches`}`,
        'The first selector that matches decides. Put this one before it; a "- " too many splits one selector into two.',
      );
    });
  }
}

function covers(earlier: SelectorPlan, later: SelectorPlan, hook: HookPlan): boolean {
  // At return, the selectors from the entry's winner on are tried by their return filters, so a later one may still act.
  if (hook.returnArg !== undefined && (earlier.returnArgs.length > 0 || later.returnArgs.length > 0))
    return false;
  // Each filter of the earlier one lets everything through that the filters of the later one do.
  return (
    earlier.process.every((wide) => later.process.some((narrow) => processWithin(narrow, wide))) &&
    earlier.args.every((wide) => argumentsWithin(later.args, wide))
  );
}
