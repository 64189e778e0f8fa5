/**
 * Kprobes of one policy that attach together (kprobe_multi) are one program with one set of maps, which Tetragon fills
 * hook by hook. So does the plan: what a filter compares is what stands in its map in the end.
 *
 * The map of matchBinaries has the number of the selector as its key: a selector without the filter takes that of the same
 * selector of another hook, the last one if several have it (recording 224). Maps of numbers, of IPv4 and of IPv6 addresses
 * are numbered for each hook by order of appearance, those on returned values apart: of the same number the last hook's
 * replaces all others. Texts are not shared (recording 188).
 */
import type { ArgFilter, Comparison, HookPlan, ProcessFilter, SelectorPlan } from './plan.ts';
import { ownMaps, type MapKind, withMap } from './shared-values.ts';

type BinaryFilter = Extract<ProcessFilter, { kind: 'binary' }>;

export function shareMaps(hooks: readonly HookPlan[]): HookPlan[] {
  return shareValues(shareBinaries(hooks));
}

function shareBinaries(hooks: readonly HookPlan[]): HookPlan[] {
  const shared = new Map<number, { readonly filter: BinaryFilter; readonly hook: number }>();
  for (const { kind, selectors, index } of hooks) {
    if (kind !== 'kprobe') continue;
    for (const selector of selectors) {
      const filter = ownBinaries(selector);
      if (filter !== undefined) shared.set(selector.index, { filter, hook: index });
    }
  }
  if (shared.size === 0) return [...hooks];
  return hooks.map((hook) => {
    if (hook.kind !== 'kprobe') return hook;
    return {
      ...hook,
      selectors: hook.selectors.map((selector) => {
        const source = shared.get(selector.index);
        if (source === undefined || source.hook === hook.index || ownBinaries(selector) !== undefined)
          return selector;
        return { ...selector, process: [{ ...source.filter, inherited: true }, ...selector.process] };
      }),
    };
  });
}

function ownBinaries({ process }: SelectorPlan): BinaryFilter | undefined {
  return process.find((filter): filter is BinaryFilter => filter.kind === 'binary' && filter.of === 'self');
}

/** Whose values stand in a map. */
interface Holder {
  readonly hook: number;
  readonly filter: ArgFilter;
}

function shareValues(hooks: readonly HookPlan[]): HookPlan[] {
  const holders = new Map<string, Holder>();
  const multi = hooks.filter(({ kind }) => kind === 'kprobe');
  for (const hook of multi)
    eachMap(hook, (key, filter) => {
      holders.set(key, { hook: hook.index, filter });
    });
  return hooks.map((hook) => {
    if (hook.kind !== 'kprobe') return hook;
    const replaced = new Map<ArgFilter, ArgFilter>();
    eachMap(hook, (key, filter, kind) => {
      const holder = holders.get(key);
      if (holder === undefined || holder.hook === hook.index) return;
      const before = replaced.get(filter) ?? filter;
      const comparison = withMap(before.comparison, kind, holder.filter);
      if (equal(comparison, before.comparison)) return;
      replaced.set(filter, { ...before, comparison, valuesFrom: { span: holder.filter.span } });
    });
    if (replaced.size === 0) return hook;
    const filters = (list: readonly ArgFilter[]): ArgFilter[] =>
      list.map((filter) => replaced.get(filter) ?? filter);
    return {
      ...hook,
      selectors: hook.selectors.map((selector) => ({
        ...selector,
        args: filters(selector.args),
        returnArgs: filters(selector.returnArgs),
      })),
    };
  });
}

/** A hook's maps by their keys, in the order in which Tetragon numbers them. */
function eachMap(
  { selectors }: HookPlan,
  visit: (key: string, filter: ArgFilter, kind: MapKind) => void,
): void {
  for (const side of ['args', 'returnArgs'] as const) {
    const next: Record<MapKind, number> = { numbers: 0, ipv4: 0, ipv6: 0 };
    for (const selector of selectors)
      for (const filter of selector[side])
        for (const kind of ownMaps(filter)) visit(`${side} ${kind} ${next[kind]++}`, filter, kind);
  }
}

function equal(one: Comparison, other: Comparison): boolean {
  const text = (comparison: Comparison): string =>
    JSON.stringify(comparison, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  return text(one) === text(other);
}
