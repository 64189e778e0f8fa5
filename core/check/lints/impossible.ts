/** Filters that no value can pass, or that every value passes. */
import type { ArgFilter, Comparison, IntLoad } from '../../plan/plan.ts';
import type { LintContext } from '../subject.ts';

const limits: Readonly<Record<IntLoad, readonly [bigint, bigint]>> = {
  s8: [-(2n ** 7n), 2n ** 7n - 1n],
  u8: [0n, 2n ** 8n - 1n],
  s16: [-(2n ** 15n), 2n ** 15n - 1n],
  u16: [0n, 2n ** 16n - 1n],
  s32: [-(2n ** 31n), 2n ** 31n - 1n],
  u32: [0n, 2n ** 32n - 1n],
  s64: [-(2n ** 63n), 2n ** 63n - 1n],
  u64: [0n, 2n ** 64n - 1n],
};

export function impossible(context: LintContext): void {
  for (const { selectors } of context.planHooks) {
    for (const { args, returnArgs } of selectors) {
      for (const filter of [...args, ...returnArgs]) check(context, filter);
    }
  }
}

function check(context: LintContext, { comparison, operator, span }: ArgFilter): void {
  const why = whyNothingFits(comparison);
  if (why === undefined) return;
  const negated = 'negated' in comparison && comparison.negated;
  context.warningAt(
    negated ? 'TR-always-matches' : 'TR-never-matches',
    span,
    `${operator} ${negated ? 'lets everything pass' : 'never matches'}: ${why}`,
    'Correct the values.',
  );
}

/** Why no value of the argument is one of those listed; undefined if some may be. */
function whyNothingFits(comparison: Comparison): string | undefined {
  switch (comparison.kind) {
    case 'int-set': {
      const [least, most] = limits[comparison.load];
      const inside = (value: bigint): boolean => value >= least && value <= most;
      if (
        comparison.values.some(inside) ||
        comparison.ranges.some(({ from, to }) => from <= most && to >= least)
      )
        return undefined;
      return comparison.values.length + comparison.ranges.length === 0
        ? 'it has no values'
        : 'the values are outside of what the argument is compared as';
    }
    case 'int-range': {
      const [least, most] = limits[comparison.load];
      if (comparison.ranges.some(({ from, to }) => from <= to && from <= most && to >= least))
        return undefined;
      return comparison.ranges.every(({ from, to }) => from > to)
        ? 'the range is reversed'
        : 'the range is outside of what the argument is compared as';
    }
    case 'int-order': {
      const [least, most] = limits[comparison.load];
      switch (comparison.order) {
        case 'gt':
          return comparison.values.some((value) => value < most) ? undefined : 'no value is greater';
        case 'lt':
          return comparison.values.some((value) => value > least) ? undefined : 'no value is less';
      }
    }
    case 'int-mask':
      return comparison.values.every((value) => value === 0n) ? 'no bit is asked for' : undefined;
    case 'bytes': {
      if (comparison.values.length === 0) return 'it has no values';
      const reasons = comparison.values.map((value) => whyNoText(value, comparison));
      return reasons.every((reason) => reason !== undefined) ? reasons[0] : undefined;
    }
    case 'address':
      return comparison.prefixes.length === 0 ? 'it has no values' : undefined;
    case 'port':
      return comparison.ranges.length === 0 ? 'it has no values' : undefined;
    case 'socket-number':
      return comparison.ranges.length === 0 ? 'it has no values' : undefined;
    case 'file-type':
      return comparison.types.length === 0 ? 'it has no values' : undefined;
    case 'syscall-id':
      return comparison.ids.length === 0 ? 'the list is empty' : undefined;
    case 'capabilities-gained':
    case 'cel':
    case 'constant':
      return undefined;
  }
}

type Bytes = Extract<Comparison, { kind: 'bytes' }>;

function whyNoText(value: string, { match, of, limit }: Bytes): string | undefined {
  switch (match) {
    case 'equal':
      if (value.length > limit) return `no argument of more than ${limit} bytes is compared`;
      if (value === '' && of === 'string') return 'an empty text does not equal an empty argument';
      break;
    case 'prefix':
      if (value.length > 255) return 'only the first 255 bytes of an argument are compared';
      break;
    case 'postfix':
    case 'substring':
    case 'substring-ignore-case':
  }
  return of === 'path' ? whyNoPath(value, ends[match]) : undefined;
}

/** Which ends of an argument a value has to fit. */
const ends: Readonly<Record<Bytes['match'], { readonly first: boolean; readonly last: boolean }>> = {
  equal: { first: true, last: true },
  prefix: { first: true, last: false },
  postfix: { first: false, last: true },
  substring: { first: false, last: false },
  'substring-ignore-case': { first: false, last: false },
};

function whyNoPath(value: string, { first, last }: (typeof ends)[Bytes['match']]): string | undefined {
  if (first && value !== '' && !value.startsWith('/')) return 'paths are absolute';
  if (first && last && value === '/') return 'the root directory has no path here';
  if (last && value.length > 1 && value.endsWith('/')) return 'paths do not end with "/"';
  if (value.includes('//') || /\/\.\.?\//.test(value)) return 'paths have no "//", "/./" or "/../"';
  return undefined;
}
