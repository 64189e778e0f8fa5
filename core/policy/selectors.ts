/** The hooks of a policy and their selectors, with macros put in. */
import type { PolicyDocument } from './document.ts';
import type { NodePath } from '../source/spans.ts';
import type { Selector } from './schema/selector.ts';
import { hookSections } from './schema/spec.ts';
import type { HookSection, PolicySpec } from './schema/spec.ts';

/** One entry of a section of hooks: a variant for each section that there is. */
export type HookEntry = {
  readonly [Section in HookSection]: {
    readonly section: Section;
    readonly hook: NonNullable<PolicySpec[Section]>[number];
    readonly path: NodePath;
  };
}[HookSection];

/** Lists of a selector that a macro may bring. */
export const selectorLists = [
  'matchPIDs',
  'matchArgs',
  'matchData',
  'matchReturnArgs',
  'matchActions',
  'matchReturnActions',
  'matchBinaries',
  'matchParentBinaries',
  'matchNamespaces',
  'matchNamespaceChanges',
  'matchCapabilities',
  'matchCapabilityChanges',
] as const;
export type SelectorList = (typeof selectorLists)[number];

export interface ExpandedSelector {
  /** With the lists of its macros and without `macros`. */
  readonly selector: Selector;
  /** Where the selector itself stands. */
  readonly path: NodePath;
  /** Where one of its lists stands: in the selector or in the macro it comes from. */
  readonly listPath: (list: SelectorList) => NodePath;
}

/** Every hook of every section, in the order of the sections and of the text. */
export function hooksOf({ spec }: PolicyDocument): HookEntry[] {
  return hookSections.flatMap((section: HookSection) =>
    (spec[section] ?? []).map(
      (hook, index) => ({ section, hook, path: ['spec', section, index] }) as HookEntry,
    ),
  );
}

/** The selectors of the hook with their macros expanded. Unknown macros and clashes are skipped: a rule reports them. */
export function selectorsOf(document: PolicyDocument, { hook, path }: HookEntry): ExpandedSelector[] {
  return (hook.selectors ?? []).map((selector, index) =>
    expandSelector(document, selector, [...path, 'selectors', index]),
  );
}

/** Puts the macros of a selector in. A macro's matchWorkloads has no effect, as in Tetragon. */
export function expandSelector(
  document: PolicyDocument,
  selector: Selector,
  path: NodePath,
): ExpandedSelector {
  const { macros = [], ...own } = selector;
  const places = new Map<SelectorList, NodePath>();
  let expanded: Selector = own;
  for (const name of macros) {
    const macro = macroNamed(document, name);
    if (macro === undefined) continue;
    if (expanded.label === undefined && macro.label !== undefined)
      expanded = { ...expanded, label: macro.label };
    for (const list of selectorLists) {
      if (!isFilled(macro, list) || isFilled(expanded, list)) continue;
      expanded = { ...expanded, [list]: macro[list] };
      places.set(list, ['spec', 'selectorsMacros', name, list]);
    }
  }
  return { selector: expanded, path, listPath: (list) => places.get(list) ?? [...path, list] };
}

/** One selector of one hook. */
export interface SelectorSite {
  readonly entry: HookEntry;
  readonly expanded: ExpandedSelector;
  /** Position among the hook's selectors. */
  readonly index: number;
}

/** A document with its hooks and all their selectors. */
export interface PolicySites {
  readonly document: PolicyDocument;
  readonly hooks: readonly HookEntry[];
  readonly sites: readonly SelectorSite[];
}

export function sitesOf(document: PolicyDocument): PolicySites {
  const hooks = hooksOf(document);
  const sites = hooks.flatMap((entry) =>
    selectorsOf(document, entry).map((expanded, index) => ({ entry, expanded, index })),
  );
  return { document, hooks, sites };
}

export function macroNamed({ spec }: PolicyDocument, name: string): Selector | undefined {
  const macros = spec.selectorsMacros;
  return macros !== undefined && Object.hasOwn(macros, name) ? macros[name] : undefined;
}

export function isFilled(selector: Selector, list: SelectorList): boolean {
  return (selector[list]?.length ?? 0) > 0;
}
