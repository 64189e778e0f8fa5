/** Where a uprobe hooks: symbols, offsets or addresses, each a hook of its own. */
import type { Uprobe } from '../policy/schema/hooks.ts';
import type { HookPlan } from './plan.ts';

export type UprobePlace = Pick<HookPlan, 'target' | 'offset' | 'address' | 'refCtrOffset' | 'shownSymbol'>;

export function uprobePlaces(hook: Uprobe): UprobePlace[] {
  const symbols = hook.symbols ?? [];
  const last = symbols.at(-1);
  const places: UprobePlace[] =
    last !== undefined
      ? symbols.map((target) => ({ target, ...(symbols.length > 1 ? { shownSymbol: last } : {}) }))
      : [
          ...(hook.offsets ?? []).map((offset) => ({ target: hex(offset), offset })),
          ...(hook.addrs ?? []).map((address) => ({ target: hex(address), address })),
        ];
  return places.map((place, index) => {
    const refCtrOffset = hook.refCtrOffsets?.[index];
    return refCtrOffset === undefined ? place : { ...place, refCtrOffset };
  });
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
