/** Comparisons of numbers as the sets of numbers that pass them. */
import type { Comparison, IntLoad, Range } from '../../plan/plan.ts';

export interface NumberSet {
  /** What of the argument is compared: sets of different subjects cannot be held against each other. */
  readonly of: string;
  /** All that it can be. */
  readonly domain: NumberRange;
  /** Those that pass: in order, and apart from each other. */
  readonly ranges: readonly NumberRange[];
}

type NumberRange = Range<bigint>;

/** Ports and the numbers of sockets are 16 bits wide at most, and so are file types (S_IFMT). */
const shortDomain: NumberRange = { from: 0n, to: 0xffffn };

/** Undefined where the comparison is none of numbers, or not one that ranges describe. */
export function passingNumbers(comparison: Comparison): NumberSet | undefined {
  switch (comparison.kind) {
    case 'int-set': {
      const single = comparison.values.map((value) => ({ from: value, to: value }));
      return ofLoad(comparison.load, [...single, ...comparison.ranges], comparison.negated);
    }
    case 'int-range':
      return ofLoad(comparison.load, comparison.ranges, comparison.negated);
    case 'int-order': {
      const { least, most } = limits(comparison.load);
      const beyond = comparison.values.map((value) =>
        comparison.order === 'gt' ? { from: value + 1n, to: most } : { from: least, to: value - 1n },
      );
      return ofLoad(comparison.load, beyond, false);
    }
    case 'port':
      return short(`${comparison.side} port`, comparison.ranges, comparison.negated);
    case 'socket-number':
      return short(comparison.field, comparison.ranges, false);
    case 'file-type': {
      const types = comparison.types.map((type) => ({ from: type, to: type }));
      return short('file type', types, comparison.negated);
    }
    case 'syscall-id': {
      const ids = comparison.ids.map((id) => ({ from: BigInt(id), to: BigInt(id) }));
      return ofLoad('u64', ids, comparison.negated);
    }
    case 'int-mask':
    case 'bytes':
    case 'address':
    case 'capabilities-gained':
    case 'cel':
    case 'constant':
      return undefined;
  }
}

/** What an integer is compared as. */
export function limits(load: IntLoad): { readonly least: bigint; readonly most: bigint } {
  const bits = BigInt(load.slice(1));
  return load.startsWith('s')
    ? { least: -(2n ** (bits - 1n)), most: 2n ** (bits - 1n) - 1n }
    : { least: 0n, most: 2n ** bits - 1n };
}

/** Signed or not, the same bits are compared: numbers below zero stand as what the bits are without a sign. */
function ofLoad(load: IntLoad, ranges: readonly NumberRange[], negated: boolean): NumberSet {
  const { least, most } = limits(load);
  const bits = Number(load.slice(1));
  const unsigned = ranges.flatMap(({ from, to }): NumberRange[] => {
    const inside = { from: from < least ? least : from, to: to > most ? most : to };
    const below = { from: inside.from, to: inside.to < -1n ? inside.to : -1n };
    const above = { from: inside.from > 0n ? inside.from : 0n, to: inside.to };
    const moved = (value: bigint): bigint => BigInt.asUintN(bits, value);
    return [
      ...(above.from <= above.to ? [above] : []),
      ...(below.from <= below.to ? [{ from: moved(below.from), to: moved(below.to) }] : []),
    ];
  });
  return setOf(`${bits} bits`, { from: 0n, to: 2n ** BigInt(bits) - 1n }, unsigned, negated);
}

function short(of: string, ranges: readonly Range<number | bigint>[], negated: boolean): NumberSet {
  const exact = ranges.map(({ from, to }) => ({ from: BigInt(from), to: BigInt(to) }));
  return setOf(of, shortDomain, exact, negated);
}

function setOf(of: string, domain: NumberRange, ranges: readonly NumberRange[], negated: boolean): NumberSet {
  const merged: { from: bigint; to: bigint }[] = [];
  const inside = ranges
    .map(({ from, to }) => ({ from, to: to > domain.to ? domain.to : to }))
    .filter(({ from, to }) => from <= to)
    .sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  for (const { from, to } of inside) {
    const last = merged.at(-1);
    if (last === undefined || from > last.to + 1n) merged.push({ from, to });
    else if (to > last.to) last.to = to;
  }
  const set = { of, domain, ranges: merged };
  return negated ? complement(set) : set;
}

/** All others. */
export function complement({ of, domain, ranges }: NumberSet): NumberSet {
  const gaps: NumberRange[] = [];
  let next = domain.from;
  for (const { from, to } of ranges) {
    if (from > next) gaps.push({ from: next, to: from - 1n });
    next = to + 1n;
  }
  if (next <= domain.to) gaps.push({ from: next, to: domain.to });
  return { of, domain, ranges: gaps };
}

export function areWithin(narrow: NumberSet, wide: NumberSet): boolean {
  return (
    narrow.of === wide.of &&
    narrow.ranges.every(({ from, to }) =>
      wide.ranges.some((around) => around.from <= from && to <= around.to),
    )
  );
}

/** Those that are in both, which are of the same subject. */
export function intersection(a: NumberSet, b: NumberSet): NumberSet {
  const common = a.ranges.flatMap((one) =>
    b.ranges.flatMap((other) => {
      const from = one.from > other.from ? one.from : other.from;
      const to = one.to < other.to ? one.to : other.to;
      return from <= to ? [{ from, to }] : [];
    }),
  );
  return { ...a, ranges: common };
}

export const isEmpty = ({ ranges }: NumberSet): boolean => ranges.length === 0;

export const isEverything = (set: NumberSet): boolean => isEmpty(complement(set));
