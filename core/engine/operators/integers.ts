/** Integers as the comparisons see them: numbers where they are exact, bigints beyond. */
import type { IntLoad } from '../../plan/plan.ts';
import type { ArgValue } from '../../values/value.ts';

/** Of one mathematical value always the same JavaScript value, so that sets and === work. */
export type Integer = number | bigint;

export function canonical(value: bigint): Integer {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** The value as it is loaded for a comparison: cut to the load's width and extended by its sign. */
export function load(value: Integer, as: IntLoad): Integer {
  if (typeof value === 'number') {
    switch (as) {
      case 's32':
        return value | 0;
      case 'u32':
        return value >>> 0;
      case 'u16':
        return value & 0xffff;
      case 'u8':
        return value & 0xff;
      case 's16':
        return (value << 16) >> 16;
      case 's8':
        return (value << 24) >> 24;
      case 's64':
        return value;
      case 'u64':
        return value >= 0 ? value : canonical(BigInt.asUintN(64, BigInt(value)));
    }
  }
  const bits = Number(as.slice(1));
  return canonical(as.startsWith('s') ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value));
}

/** The integer in a value, if it is one. */
export function integerOf(value: ArgValue): Integer | undefined {
  return value.kind === 'int' || value.kind === 'caps' ? value.value : undefined;
}
