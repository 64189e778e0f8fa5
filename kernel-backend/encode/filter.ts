/** Stage "filter": filters on arguments, each comparison of the plan as the programs do it. */
import type { ArgFilter, Comparison, HookPlan, IntLoad, Outside, Range } from '../../core/plan/plan.ts';
import {
  trFilterKind,
  trIntLoad,
  trMatch,
  trOutsideAnswer,
  trSide,
  trSocketField,
  type trFilter,
  type trOutside,
} from '../layout/generated.ts';
import type { Written } from '../layout/struct.ts';
import type { ValueSets } from './sets.ts';
import { unsupported } from './unsupported.ts';

type EncodedFilter = Written<typeof trFilter>;

/** The programs' kind for each comparison; undefined: they do not do it. All order of integers comes down to ranges. */
export const filterKinds = {
  constant: 'FILTER_CONSTANT',
  'int-set': 'FILTER_INT_RANGE',
  'int-order': 'FILTER_INT_RANGE',
  'int-range': 'FILTER_INT_RANGE',
  'int-mask': 'FILTER_INT_MASK',
  bytes: 'FILTER_BYTES',
  'file-type': 'FILTER_FILE_TYPE',
  address: 'FILTER_ADDRESS',
  port: 'FILTER_PORT',
  'socket-number': 'FILTER_SOCKET_NUMBER',
  'capabilities-gained': 'FILTER_CAPABILITIES_GAINED',
  cel: undefined,
  'syscall-id': 'FILTER_INT_RANGE',
} as const satisfies Record<Comparison['kind'], keyof typeof trFilterKind | undefined>;

export const intLoads = {
  s8: 'LOAD_S8',
  u8: 'LOAD_U8',
  s16: 'LOAD_S16',
  u16: 'LOAD_U16',
  s32: 'LOAD_S32',
  u32: 'LOAD_U32',
  s64: 'LOAD_S64',
  u64: 'LOAD_U64',
} as const satisfies Record<IntLoad, keyof typeof trIntLoad>;

export const byteMatches = {
  equal: 'MATCH_EQUAL',
  prefix: 'MATCH_PREFIX',
  postfix: 'MATCH_POSTFIX',
  substring: 'MATCH_SUBSTRING',
  'substring-ignore-case': 'MATCH_SUBSTRING_IGNORE_CASE',
} as const satisfies Record<Extract<Comparison, { kind: 'bytes' }>['match'], keyof typeof trMatch>;

export const sides = {
  source: 'SIDE_SOURCE',
  destination: 'SIDE_DESTINATION',
} as const satisfies Record<'source' | 'destination', keyof typeof trSide>;

export const socketFields = {
  protocol: 'SOCKET_PROTOCOL',
  family: 'SOCKET_FAMILY',
  state: 'SOCKET_STATE',
} as const satisfies Record<'protocol' | 'family' | 'state', keyof typeof trSocketField>;

/** `unknown` is the simulator's: these programs know every value, or they refuse the filter. */
export const outsideAnswers = {
  itself: 'OUTSIDE_ITSELF',
  fails: 'OUTSIDE_FAILS',
  passes: 'OUTSIDE_PASSES',
  bytes: 'OUTSIDE_BYTES',
  unknown: undefined,
} as const satisfies Record<Outside[keyof Outside], keyof typeof trOutsideAnswer | undefined>;

export interface FilterContext {
  readonly sets: ValueSets;
  readonly hook: Pick<HookPlan, 'args'>;
}

export function encodeFilter(filter: ArgFilter, context: FilterContext): EncodedFilter {
  const kind = filterKinds[filter.comparison.kind];
  if (kind === undefined) throw unsupported(`operator ${filter.operator}`, filter.span);
  const [position = 0] = filter.positions;
  const { hook } = context;
  if (filter.on === 'args' && hook.args[position]?.returnCopy === true)
    throw unsupported('filters at the entry on what is read at the return', filter.span);
  return {
    kind: trFilterKind[kind],
    // Data lie behind the arguments.
    arg: filter.on === 'data' ? hook.args.length + position : position,
    outside: encodeOutside(filter),
    negated: Number('negated' in filter.comparison && filter.comparison.negated),
    ...encodeComparison(filter, context),
  };
}

/** The rows that a program can meet: it knows every value. */
function encodeOutside({ outside, span }: ArgFilter): Written<typeof trOutside> {
  const answer = (row: Exclude<keyof Outside, 'unknown'>): number => {
    const name = outsideAnswers[outside[row]];
    if (name === undefined) throw unsupported('filters on what may lie too far behind', span);
    return trOutsideAnswer[name];
  };
  return {
    unreadable: answer('unreadable'),
    beyond: answer('beyond'),
    bad_descriptor: answer('badDescriptor'),
    no_path: answer('noPath'),
    no_address: answer('noAddress'),
  };
}

/** Without the negation, which is the filter's. */
function encodeComparison(filter: ArgFilter, { sets }: FilterContext): EncodedFilter {
  const { comparison } = filter;
  switch (comparison.kind) {
    case 'constant':
      return { constant: { result: Number(comparison.result) } };
    case 'int-set': {
      const single = comparison.values.map((value) => ({ from: value, to: value }));
      return ranges([...single, ...comparison.ranges], comparison.load, sets);
    }
    case 'int-range':
      return ranges(comparison.ranges, comparison.load, sets);
    case 'int-order': {
      const beyond = 2n ** 64n;
      const spans = comparison.values.map((value) =>
        comparison.order === 'gt' ? { from: value + 1n, to: beyond } : { from: -beyond, to: value - 1n },
      );
      return ranges(spans, comparison.load, sets);
    }
    case 'int-mask': {
      const mask = comparison.values.reduce((all, value) => all | value, 0n);
      return { int_mask: { load: trIntLoad[intLoads[comparison.load]], mask: BigInt.asUintN(64, mask) } };
    }
    case 'file-type': {
      const types = comparison.types.reduce((all, type) => all | (1 << (type >> 12)), 0);
      return { file_type: { types } };
    }
    case 'bytes':
      return encodeBytes(filter, comparison, sets);
    case 'address': {
      const set = sets.addresses(comparison.prefixes);
      if (set === undefined) throw unsupported('more than 256 filters with different addresses', filter.span);
      return { address: { side: trSide[sides[comparison.side]], set } };
    }
    case 'port': {
      const run = sets.ranges(comparison.ranges.map(wide), false);
      return { port: { side: trSide[sides[comparison.side]], ...run } };
    }
    case 'socket-number': {
      const run = sets.ranges(comparison.ranges.map(wide), false);
      return { socket_number: { field: trSocketField[socketFields[comparison.field]], ...run } };
    }
    case 'capabilities-gained':
      return { capabilities_gained: { second: filter.positions[1] ?? 1 } };
    case 'syscall-id': {
      const ids = comparison.ids.map((id) => ({ from: BigInt(id), to: BigInt(id) }));
      return ranges(ids, 'u64', sets);
    }
    case 'cel':
      throw unsupported(`operator ${filter.operator}`, filter.span);
  }
}

const wide = ({ from, to }: Range<number>): Range<bigint> => ({ from: BigInt(from), to: BigInt(to) });

function encodeBytes(
  filter: ArgFilter,
  { match, of, limit, ...comparison }: Extract<Comparison, { kind: 'bytes' }>,
  sets: ValueSets,
): EncodedFilter {
  const name = byteMatches[match];
  const set = sets.texts(
    name,
    comparison.values.filter((value) => value.length <= limit),
  );
  if (set === undefined) throw unsupported('more than 256 filters with Prefix or Postfix', filter.span);
  return { bytes: { match: trMatch[name], set } };
}

function ranges(wanted: readonly Range<bigint>[], load: IntLoad, sets: ValueSets): EncodedFilter {
  const run = sets.ranges(wanted, load.startsWith('s'));
  return { int_range: { load: trIntLoad[intLoads[load]], ...run } };
}
