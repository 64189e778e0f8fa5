/** Filters on arguments: each comparison of the plan as the programs do it. */
import type { ArgFilter, Comparison, IntLoad } from '../../core/plan/plan.ts';
import { filterKinds, filterOf, loads } from '../layout.ts';
import type { ValueSets } from './sets.ts';
import { unsupported } from './unsupported.ts';

export interface EncodedFilter {
  readonly kind: number;
  readonly arg: number;
  readonly load: number;
  readonly negated: number;
  readonly of: number;
  readonly field: number;
  readonly set: number;
  readonly base: number;
  readonly count: number;
  readonly mask: bigint;
}

const blank: EncodedFilter = {
  kind: filterKinds.constant,
  arg: 0,
  load: 0,
  negated: 0,
  of: 0,
  field: 0,
  set: 0,
  base: 0,
  count: 0,
  mask: 0n,
};

export interface FilterContext {
  readonly sets: ValueSets;
}

export function encodeFilter(filter: ArgFilter, context: FilterContext): EncodedFilter {
  return { ...comparison(filter, filter.comparison, context), arg: filter.positions[0] ?? 0 };
}

function comparison(filter: ArgFilter, wanted: Comparison, { sets }: FilterContext): EncodedFilter {
  switch (wanted.kind) {
    case 'constant':
      return { ...blank, negated: Number(!wanted.result) };
    case 'int-set': {
      const single = wanted.values.map((value) => ({ from: value, to: value }));
      return ranges([...single, ...wanted.ranges], wanted.load, wanted.negated, sets);
    }
    case 'int-range':
      return ranges(wanted.ranges, wanted.load, wanted.negated, sets);
    case 'int-order': {
      const beyond = 2n ** 64n;
      const spans = wanted.values.map((value) =>
        wanted.order === 'gt' ? { from: value + 1n, to: beyond } : { from: -beyond, to: value - 1n },
      );
      return ranges(spans, wanted.load, false, sets);
    }
    case 'int-mask': {
      const mask = BigInt.asUintN(
        64,
        wanted.values.reduce((all, value) => all | value, 0n),
      );
      // Loads of signed values come moved into unsigned order: `field` moves them back. 64 bits never were.
      const field = Number(wanted.load.startsWith('s') && wanted.load !== 's64');
      return { ...blank, kind: filterKinds.mask, load: loads[wanted.load], field, mask };
    }
    case 'file-type': {
      const mask = wanted.types.reduce((all, type) => all | (1n << BigInt(type >> 12)), 0n);
      return { ...blank, kind: filterKinds.fileType, negated: Number(wanted.negated), mask };
    }
    case 'bytes': {
      if (wanted.of === 'unix') throw unsupported('filters on AF_UNIX addresses', filter.span);
      const of = wanted.of === 'path' ? filterOf.path : filterOf.string;
      const base = { ...blank, negated: Number(wanted.negated), of };
      const values = wanted.values.filter((value) => value.length <= wanted.limit);
      switch (wanted.match) {
        case 'equal':
          return { ...base, kind: filterKinds.equal, set: sets.equal(values) };
        case 'prefix':
          return { ...base, kind: filterKinds.prefix, set: numbered(sets.prefixes(values), filter) };
        case 'postfix':
          return { ...base, kind: filterKinds.postfix, set: numbered(sets.postfixes(values), filter) };
        case 'substring':
        case 'substring-ignore-case':
          // On a kernel without bpf_strnstr the plan has a constant instead.
          throw unsupported('SubString', filter.span);
      }
    }
    case 'address':
    case 'port':
    case 'socket-number':
    case 'capabilities-gained':
    case 'cel':
    case 'syscall-id':
      throw unsupported(`operator ${filter.operator}`, filter.span);
  }
}

function numbered(set: number | undefined, filter: ArgFilter): number {
  if (set === undefined) throw unsupported('more than 256 filters with Prefix or Postfix', filter.span);
  return set;
}

function ranges(
  wanted: readonly { readonly from: bigint; readonly to: bigint }[],
  load: IntLoad,
  negated: boolean,
  sets: ValueSets,
): EncodedFilter {
  const run = sets.ranges(wanted, load.startsWith('s'));
  // The programs move signed loads into unsigned order by themselves, but for 64 bits, where one load serves both.
  const field = Number(load === 's64');
  return { ...blank, kind: filterKinds.ranges, load: loads[load], negated: Number(negated), field, ...run };
}
