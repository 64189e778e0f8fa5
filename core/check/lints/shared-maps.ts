/**
 * Hooks of a policy that attach together (kprobe_multi) share the maps that filters are kept in (core/plan/shared-maps.ts).
 * The plan says which filter compares with another hook's values.
 */
import { hookName } from '../../policy/call-names.ts';
import type { HookPlan, SelectorPlan } from '../../plan/plan.ts';
import type { LintContext, SelectorSite } from '../subject.ts';
import type { Span } from '../../source/diagnostic.ts';

const help = 'Set the option disable-kprobe-multi to 1, or split the policy.';

export function sharedMaps(context: LintContext): void {
  for (const hook of context.planHooks) {
    if (hook.kind !== 'kprobe') continue;
    for (const selector of hook.selectors) binaries(context, hook, selector);
    for (const selector of hook.selectors) values(context, hook, selector);
  }
}

function binaries(context: LintContext, hook: HookPlan, selector: SelectorPlan): void {
  const taken = selector.process.find((filter) => filter.kind === 'binary' && filter.inherited === true);
  const own = siteOf(context, hook, selector);
  if (taken === undefined || own === undefined) return;
  context.warning(
    'TR-shared-maps',
    own.expanded.path,
    `the matchBinaries of ${whose(context, taken.span)} applies to this selector of \`${hookName(own.entry)}\` too: with kprobe_multi, selectors of the same number share it`,
    'Set the option disable-kprobe-multi to 1, give this selector its own matchBinaries, or split the policy.',
  );
}

function values(context: LintContext, hook: HookPlan, selector: SelectorPlan): void {
  const own = siteOf(context, hook, selector);
  if (own === undefined) return;
  for (const { operator, valuesFrom } of [...selector.args, ...selector.returnArgs]) {
    if (valuesFrom === undefined) continue;
    context.warning(
      'TR-shared-maps',
      own.expanded.path,
      `the values of ${whose(context, valuesFrom.span)} replace those of ${operator} in this selector of \`${hookName(own.entry)}\`: with kprobe_multi, hooks share the maps of numbers and addresses, which each numbers by order of appearance`,
      help,
    );
  }
}

function siteOf(context: LintContext, hook: HookPlan, selector: SelectorPlan): SelectorSite | undefined {
  return context.sites.find(
    ({ entry, index }) =>
      entry.section === 'kprobes' && entry.path.at(-1) === hook.index && index === selector.index,
  );
}

/** The hook that a place in the policy belongs to, and its line. */
function whose(context: LintContext, place: Span): string {
  const { line } = place.start;
  // A macro stands outside of all hooks.
  const entry = context.hooks.find(({ path }) => {
    const { start, end } = context.document.spanAt(path);
    return start.line <= line && line <= end.line;
  });
  return entry === undefined ? `line ${line}` : `\`${hookName(entry)}\` (line ${line})`;
}
