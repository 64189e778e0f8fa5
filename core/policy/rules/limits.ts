/** How many selectors, filters and actions there may be. */
import { hooksOf, selectorsOf } from '../selectors.ts';
import type { ExpandedSelector, HookEntry, SelectorList } from '../selectors.ts';
import { refusals } from '../tetragon-releases.ts';
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

/** Bytes in which Tetragon stores the selectors of a hook; with more it crashes. */
const selectorBytes = 4096;
/** Least bytes of a selector, of an entry of matchPIDs and of one of its values. */
const perSelector = 56;
const perPidFilter = 12;
const perPid = 4;

export function limits(context: RuleContext): void {
  for (const entry of hooksOf(context.document)) {
    pids(context, entry);
    const count = entry.hook.selectors?.length ?? 0;
    if (count > maxSelectors) {
      context.error(
        'TR-too-many-selectors',
        [...entry.path, 'selectors', maxSelectors],
        `a hook takes at most ${maxSelectors} selectors (${count} given)`,
        'Merge selectors, or hook the function in a second policy.',
        { refusedSince: refusals.selectors },
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

/** Only matchPIDs has no limit of its own that keeps the selectors small. */
function pids(context: RuleContext, entry: HookEntry): void {
  let bytes = perPid;
  for (const { selector, listPath } of selectorsOf(context.document, entry)) {
    bytes += perSelector;
    for (const [index, { values }] of (selector.matchPIDs ?? []).entries()) {
      const negative = values.findIndex((value) => value < 0);
      if (negative !== -1)
        context.error(
          'TR-out-of-range',
          [...listPath('matchPIDs'), index, 'values', negative],
          `no process has the id ${values[negative] ?? ''}: Tetragon reads numbers from 0 on`,
          'Write the process id, or leave the filter out.',
        );
      bytes += perPidFilter + perPid * values.length;
      if (bytes <= selectorBytes) continue;
      context.error(
        'TR-filter-values',
        [...listPath('matchPIDs'), index, 'values'],
        `the selectors have no room for ${values.length} process ids: Tetragon crashes`,
        'Only the first four count anyway.',
        { atKey: true },
      );
      return;
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
