/** Maps of numbers and addresses: which a filter has, and what it compares if another filter's values stand in them. */
import { rangesOfNames } from './operators/socket-number.ts';
import type { ArgFilter, Comparison, Range } from './plan.ts';

export type MapKind = 'numbers' | 'ipv4' | 'ipv6';

/** Operators whose values are kept in a map of numbers; those of the privileged ports have no values. */
const numberOperators: ReadonlySet<string> = new Set([
  ...['InMap', 'NotInMap', 'SPort', 'NotSPort', 'DPort', 'NotDPort', 'Protocol', 'Family', 'State'],
]);

/** The maps of a filter. Of addresses only those that it has values for. */
export function ownMaps({ operator, comparison }: ArgFilter): MapKind[] {
  if (numberOperators.has(operator)) return ['numbers'];
  if (comparison.kind !== 'address') return [];
  return (['ipv4', 'ipv6'] as const).filter((kind) =>
    comparison.prefixes.some(({ bytes }) => bytes.length === lengths[kind]),
  );
}

const lengths = { ipv4: 4, ipv6: 16 } as const;

/** The comparison, with the values of `other` in its map of this kind. A constant looks into no map. */
export function withMap(comparison: Comparison, kind: MapKind, other: ArgFilter): Comparison {
  if (comparison.kind === 'constant') return comparison;
  if (kind !== 'numbers') {
    if (comparison.kind !== 'address' || other.comparison.kind !== 'address') return comparison;
    const isOf = ({ bytes }: { readonly bytes: readonly number[] }): boolean =>
      bytes.length === lengths[kind];
    return {
      ...comparison,
      prefixes: [
        ...comparison.prefixes.filter((prefix) => !isOf(prefix)),
        ...other.comparison.prefixes.filter(isOf),
      ],
    };
  }
  const keys = keysOf(other);
  const { kind: of } = comparison;
  if (of === 'int-set') return { ...comparison, ...asSet(keys) };
  if (of === 'syscall-id') {
    const { values, ranges } = asSet(keys);
    return ranges.length === 0
      ? { ...comparison, ids: values.map(Number) }
      : { kind: 'int-set', load: 'u64', negated: comparison.negated, values, ranges };
  }
  if (of !== 'port' && of !== 'socket-number') throw new Error(`${of} has no map of numbers`);
  return {
    ...comparison,
    ranges: keys
      .filter(({ from }) => from <= largest)
      .map(({ from, to }) => ({ from: Number(from), to: Number(to > largest ? largest : to) })),
  };
}

/** Above every port, protocol, family and state. */
const largest = 0xffff_ffffn;

function asSet(keys: readonly Range<bigint>[]): { values: bigint[]; ranges: Range<bigint>[] } {
  return {
    values: keys.filter(({ from, to }) => from === to).map(({ from }) => from),
    ranges: keys.filter(({ from, to }) => from !== to),
  };
}

/** The keys of a filter's map, unsigned and of 64 bits. */
function keysOf({ comparison, operator, written }: ArgFilter): Range<bigint>[] {
  const wide = ({ from, to }: Range<number>): Range<bigint> => ({ from: BigInt(from), to: BigInt(to) });
  const { kind } = comparison;
  if (kind === 'int-set')
    return [...comparison.values.map((value) => ({ from: value, to: value })), ...comparison.ranges];
  if (kind === 'syscall-id') return comparison.ids.map((id) => wide({ from: id, to: id }));
  if (kind === 'port' || kind === 'socket-number') return comparison.ranges.map(wide);
  // A constant never looks into its map, which has its values all the same.
  if (kind === 'constant') return rangesOfNames(operator, written).map(wide);
  throw new Error(`${operator} has no map of numbers`);
}
