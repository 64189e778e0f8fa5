/** How many selectors, filters and actions there may be. */
import { hooksOf, selectorsOf } from '../selectors.ts';
import type { ExpandedSelector, SelectorList } from '../selectors.ts';
import type { RuleContext } from './rule.ts';

const maxSelectors = 5;
const maxActions = 3;
const maxFilters = 5;
/** Entries of each list of process filters that the selector has room for. */
const maxEntries: readonly (readonly [SelectorList, number])[] = [
  ['matchNamespaces', 10],
  ['matchNamespaceChanges', 1],
  ['matchReturnArgs', maxFilters],
];

export function limits(context: RuleContext): void {
  for (const entry of hooksOf(context.document)) {
    const count = entry.hook.selectors?.length ?? 0;
    if (count > maxSelectors) {
      context.error(
        'TR-too-many-selectors',
        [...entry.path, 'selectors', maxSelectors],
        `a hook takes at most ${maxSelectors} selectors (${count} given)`,
        'Merge selectors, or hook the function in a second policy.',
      );
    }
    for (const expanded of selectorsOf(context.document, entry)) {
      // Without a return value Tetragon does not read the return side at all.
      const returns = 'return' in entry.hook && entry.hook.return;
      filters(context, expanded, returns);
      actions(context, expanded, returns);
    }
  }
}

function filters(context: RuleContext, { selector, listPath }: ExpandedSelector, returns: boolean): void {
  const args = selector.matchArgs?.length ?? 0;
  const data = selector.matchData?.length ?? 0;
  if (args + data > maxFilters) {
    const path =
      args > maxFilters
        ? [...listPath('matchArgs'), maxFilters]
        : [...listPath('matchData'), maxFilters - args];
    context.error(
      'TR-too-many-filters',
      path,
      `matchArgs and matchData take at most ${maxFilters} filters together (${args + data} given)`,
      'Split the policy, or drop filters.',
    );
  }
  for (const [list, most] of maxEntries) {
    const count = selector[list]?.length ?? 0;
    if (count <= most || (list === 'matchReturnArgs' && !returns)) continue;
    context.error(
      'TR-too-many-filters',
      [...listPath(list), most],
      `${list} takes at most ${most} ${most === 1 ? 'entry' : 'entries'} (${count} given)`,
      'Put the values into one entry, or drop entries.',
    );
  }
}

function actions(context: RuleContext, { selector, listPath }: ExpandedSelector, returns: boolean): void {
  for (const list of ['matchActions', 'matchReturnActions'] as const) {
    const count = selector[list]?.length ?? 0;
    if (count <= maxActions || (list === 'matchReturnActions' && !returns)) continue;
    context.error(
      'TR-too-many-actions',
      [...listPath(list), maxActions],
      `a selector takes at most ${maxActions} actions (${count} given)`,
      'Drop actions; Post needs no mention beside others.',
    );
  }
}
