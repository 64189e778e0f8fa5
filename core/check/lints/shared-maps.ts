/**
 * Hooks of a policy that attach together (kprobe_multi) share the maps that filters are kept in, by the number of the
 * selector: a filter of one hook's selector takes part in another hook's selector of the same number.
 */
import { usesKprobeMulti } from '../../policy/rules/options.ts';
import type { Selector } from '../../policy/schema/selector.ts';
import { hookName } from '../../policy/call-names.ts';
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

/** A selector with its filters of either kind, as text to compare them by. */
interface Candidate {
  readonly site: SelectorSite;
  readonly binaries: string | undefined;
  readonly numbers: string | undefined;
}

export function sharedMaps(context: LintContext): void {
  if (!usesKprobeMulti(context.document)) return;
  const byNumber = new Map<number, Candidate[]>();
  for (const site of context.sites) {
    if (site.entry.section !== 'kprobes') continue;
    const { selector } = site.expanded;
    const candidate = {
      site,
      binaries: filterOf(selector, 'binaries'),
      numbers: filterOf(selector, 'numbers'),
    };
    const others = byNumber.get(site.index);
    if (others === undefined) byNumber.set(site.index, [candidate]);
    else others.push(candidate);
  }
  for (const candidates of byNumber.values()) {
    candidates.forEach((candidate, index) => {
      binaries(context, candidate, candidates);
      numbers(context, candidate, candidates.slice(index + 1));
    });
  }
}

function binaries(context: LintContext, own: Candidate, all: readonly Candidate[]): void {
  if (own.binaries !== undefined) return;
  const other = all.find((candidate) => candidate.binaries !== undefined)?.site;
  if (other === undefined) return;
  context.warning(
    'TR-shared-maps',
    own.site.expanded.path,
    `the matchBinaries of \`${hookName(other.entry)}\` (line ${lineOf(context, other)}) applies to this selector of \`${hookName(own.site.entry)}\` too: with kprobe_multi, selectors of the same number share it`,
    'Set the option disable-kprobe-multi to 1, give this selector its own matchBinaries, or split the policy.',
  );
}

function numbers(context: LintContext, own: Candidate, later: readonly Candidate[]): void {
  if (own.numbers === undefined) return;
  const other = later.find(
    (candidate) => candidate.numbers !== undefined && candidate.numbers !== own.numbers,
  )?.site;
  if (other === undefined) return;
  context.warning(
    'TR-shared-maps',
    own.site.expanded.path,
    `the numbers that \`${hookName(other.entry)}\` (line ${lineOf(context, other)}) compares replace those of this selector of \`${hookName(own.site.entry)}\`: with kprobe_multi, selectors of the same number share them`,
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
