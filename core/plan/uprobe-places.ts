/** Where a uprobe hooks: symbols, offsets or addresses, each a hook of its own. */
import type { Uprobe } from '../policy/schema/hooks.ts';
import type { HookPlan } from './plan.ts';

export type UprobePlace = Pick<HookPlan, 'target' | 'offset' | 'address' | 'shownSymbol'>;

export function uprobePlaces(hook: Uprobe): UprobePlace[] {
  const symbols = hook.symbols ?? [];
  const last = symbols.at(-1);
  if (last !== undefined) {
    return symbols.map((target) => ({ target, ...(symbols.length > 1 ? { shownSymbol: last } : {}) }));
  }
  return [
    ...(hook.offsets ?? []).map((offset) => ({ target: `0x${offset.toString(16)}`, offset })),
    ...(hook.addrs ?? []).map((address) => ({ target: `0x${address.toString(16)}`, address })),
  ];
}
