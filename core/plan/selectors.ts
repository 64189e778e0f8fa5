/** Selectors of a hook. */
import type { Span } from '../source/diagnostic.ts';
import type { NodePath } from '../source/spans.ts';
import type { Selector } from '../policy/schema/selector.ts';
import { compileActions } from './actions.ts';
import type { ActionContext } from './action-context.ts';
import { compileArgFilters } from './arg-filters.ts';
import type { FilterContext } from './arg-filters.ts';
import type { ArgFilter, HookPlan, SelectorPlan } from './plan.ts';
import { compileProcessFilters } from './process/index.ts';
import type { Reporter } from './reporter.ts';
import { SelectorParts } from './selector-parts.ts';

/** CelExpr entries that one hook can hold. */
const mostExpressions = 8;
/** SubString values that one uprobe or USDT can hold; other hooks hold a single one. */
const mostSubstrings = 100;

export function compileSelectors(
  selectors: readonly Selector[],
  path: NodePath,
  context: ActionContext & FilterContext,
  reporter: Reporter,
): SelectorPlan[] {
  const plans = selectors.map((selector, index): SelectorPlan => {
    const parts = new SelectorParts(reporter.document, selector, [...path, index]);
    const { label } = parts.selector;
    const returns = context.returnArg !== undefined;
    return {
      index,
      ...(label === undefined || label === '' ? {} : { label }),
      process: compileProcessFilters(parts, reporter),
      args: [
        ...compileArgFilters(parts.list('matchArgs'), 'args', context, reporter),
        ...compileArgFilters(parts.list('matchData'), 'data', context, reporter),
      ],
      // Without `return` these are not even parsed.
      returnArgs: returns
        ? compileArgFilters(parts.list('matchReturnArgs'), 'return', context, reporter)
        : [],
      actions: compileActions(parts.list('matchActions'), 'entry', context, reporter),
      returnActions: returns
        ? compileActions(parts.list('matchReturnActions'), 'return', context, reporter)
        : [],
      span: reporter.span([...path, index]),
    };
  });
  checkCounts(plans, path, context, reporter);
  return plans;
}

/** Limits that hold for all selectors of a hook together. */
function checkCounts(
  plans: readonly SelectorPlan[],
  path: NodePath,
  context: ActionContext,
  reporter: Reporter,
): void {
  const filters = plans.flatMap(({ args, returnArgs }): ArgFilter[] => [...args, ...returnArgs]);
  const expressions = filters.filter(({ operator }) => operator === 'CelExpr').length;
  if (expressions > mostExpressions) {
    reporter.error(
      'TR-cel',
      path,
      `a hook takes at most ${mostExpressions} expressions (${expressions} given)`,
    );
  }
  const substrings = filters.reduce(
    (count, { operator, written }) => count + (operator.startsWith('SubString') ? written.length : 0),
    0,
  );
  const most = context.kind === 'uprobe' || context.kind === 'usdt' ? mostSubstrings : 1;
  if (substrings > most) {
    reporter.error(
      'TR-substring-values',
      path,
      `a ${context.kind} takes ${most === 1 ? 'one value' : `at most ${most} values`} of SubString in all its selectors (${substrings} given)`,
      'Use several hooks, or Prefix and Postfix, which take many values.',
    );
  }
}

/** Kprobes that attach with kprobe_multi share one table of expressions: the limit is the policy's then. */
export function checkExpressions(hooks: readonly HookPlan[], reporter: Reporter): void {
  const seen = new Set<Span>();
  for (const { kind, selectors } of hooks) {
    if (kind !== 'kprobe') continue;
    const before = seen.size;
    for (const { args, returnArgs } of selectors) {
      for (const { operator, span } of [...args, ...returnArgs]) if (operator === 'CelExpr') seen.add(span);
    }
    // More than that in one hook was said of the hook.
    if (before === 0 || before > mostExpressions || seen.size <= mostExpressions) continue;
    const last = [...seen][mostExpressions];
    if (last === undefined) continue;
    reporter.errorAt(
      'TR-cel',
      last,
      `a policy that attaches with kprobe_multi takes at most ${mostExpressions} expressions in all its kprobes`,
      'Set the option disable-kprobe-multi to 1, or split the policy.',
    );
  }
}
