/**
 * Hooks of a policy that attach together (kprobe_multi) share the maps that filters are kept in, by the number of the
 * selector: a filter of one hook's selector takes part in another hook's selector of the same number.
 */
import { usesKprobeMulti } from '../../policy/rules/options.ts';
import type { Selector } from '../../policy/schema/selector.ts';
import { hookName } from '../call-names.ts';
import type { LintContext, SelectorSite } from '../subject.ts';

const numberOperators = [
  'InMap',
  'NotInMap',
  'SPort',
  'NotSPort',
  'DPort',
  'NotDPort',
  'Protocol',
  'Family',
  'State',
];

export function sharedMaps(context: LintContext): void {
  if (!usesKprobeMulti(context.document)) return;
  const sites = context.sites.filter(({ entry }) => entry.section === 'kprobes');
  sites.forEach((site, at) => {
    const others = sites.filter(({ index, entry }) => index === site.index && entry !== site.entry);
    binaries(context, site, others);
    numbers(
      context,
      site,
      others.filter((other) => sites.indexOf(other) > at),
    );
  });
}

function binaries(context: LintContext, site: SelectorSite, others: readonly SelectorSite[]): void {
  const own = filterOf(site.expanded.selector, 'binaries');
  if (own !== undefined) return;
  const other = others.find(({ expanded }) => filterOf(expanded.selector, 'binaries') !== undefined);
  if (other === undefined) return;
  context.warning(
    'TR-shared-maps',
    site.expanded.path,
    `the matchBinaries of \`${hookName(other.entry)}\` (line ${lineOf(context, other)}) applies to this selector of \`${hookName(site.entry)}\` too: with kprobe_multi, selectors of the same number share it`,
    'Set the option disable-kprobe-multi to 1, give this selector its own matchBinaries, or split the policy.',
  );
}

function numbers(context: LintContext, site: SelectorSite, later: readonly SelectorSite[]): void {
  const own = filterOf(site.expanded.selector, 'numbers');
  if (own === undefined) return;
  const other = later.find(({ expanded }) => {
    const theirs = filterOf(expanded.selector, 'numbers');
    return theirs !== undefined && theirs !== own;
  });
  if (other === undefined) return;
  context.warning(
    'TR-shared-maps',
    site.expanded.path,
    `the numbers that \`${hookName(other.entry)}\` (line ${lineOf(context, other)}) compares replace those of this selector of \`${hookName(site.entry)}\`: with kprobe_multi, selectors of the same number share them`,
    'Set the option disable-kprobe-multi to 1, or split the policy.',
  );
}

function filterOf(selector: Selector, kind: 'binaries' | 'numbers'): string | undefined {
  const filters =
    kind === 'binaries'
      ? (selector.matchBinaries ?? []).filter(({ values }) => values.length > 0)
      : [...(selector.matchArgs ?? []), ...(selector.matchData ?? [])]
          .filter(({ operator }) => numberOperators.includes(operator))
          .map(({ operator, values }) => [operator, values]);
  return filters.length === 0 ? undefined : JSON.stringify(filters);
}

function lineOf(context: LintContext, { expanded }: SelectorSite): number {
  return context.document.spanAt(expanded.path).start.line;
}
