/**
 * Kprobes of one policy that attach together (kprobe_multi) share the map of matchBinaries, whose key is the number of
 * the selector: a selector without the filter takes that of the same selector of another hook, the last one if several
 * have it. So does Tetragon, so does the plan.
 */
import type { HookPlan, ProcessFilter, SelectorPlan } from './plan.ts';

type BinaryFilter = Extract<ProcessFilter, { kind: 'binary' }>;

export function shareBinaries(hooks: readonly HookPlan[]): HookPlan[] {
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
