/** Filters that no value can pass, or that every value passes. */
import type { ArgFilter, Comparison } from '../../plan/plan.ts';
import type { LintContext } from '../subject.ts';
import { isEmpty, isEverything, passingNumbers } from './number-sets.ts';
import { endsOf, pathOddity, whyNoPath } from './path-oddities.ts';

export function impossible(context: LintContext): void {
  for (const { selectors } of context.planHooks) {
    for (const { args, returnArgs } of selectors) {
      for (const filter of [...args, ...returnArgs]) check(context, filter);
    }
  }
}

function check(context: LintContext, { comparison, operator, span }: ArgFilter): void {
  // Constants are said with the oddity that they come of, and paths that are none with the value.
  if (comparison.kind === 'constant' || hasOddValue(comparison)) return;
  const same = sameForAll(comparison);
  if (same === undefined) return;
  context.warningAt(
    same.passes ? 'TR-always-matches' : 'TR-never-matches',
    span,
    `${operator} ${same.passes ? 'lets everything pass' : 'never matches'}: ${same.why}`,
    'Correct the values.',
  );
}

const hasOddValue = (comparison: Comparison): boolean =>
  comparison.kind === 'bytes' &&
  comparison.of === 'path' &&
  comparison.values.some((value) => pathOddity(value, !endsOf[comparison.match].first) !== undefined);

export interface SameForAll {
  readonly passes: boolean;
  readonly why: string;
}

/** What the comparison says of every value, where it says the same of all. */
export function sameForAll(comparison: Comparison): SameForAll | undefined {
  if (comparison.kind === 'constant') return { passes: comparison.result, why: comparison.why };
  const negated = 'negated' in comparison && comparison.negated;
  const none = whyNothingFits(comparison);
  if (none !== undefined) return { passes: negated, why: none };
  const all = whyEverythingFits(comparison);
  return all === undefined ? undefined : { passes: !negated, why: all };
}

/** Why no value of the argument is one of those listed; undefined if some may be. */
function whyNothingFits(comparison: Comparison): string | undefined {
  switch (comparison.kind) {
    case 'int-set':
      if (comparison.values.length + comparison.ranges.length === 0) return noValues;
      return hitsNothing(comparison)
        ? 'the values are outside of what the argument is compared as'
        : undefined;
    case 'int-range':
      if (!hitsNothing(comparison)) return undefined;
      return comparison.ranges.every(({ from, to }) => from > to)
        ? 'the range is reversed'
        : 'the range is outside of what the argument is compared as';
    case 'int-order':
      if (!hitsNothing(comparison)) return undefined;
      return comparison.order === 'gt' ? 'no value is greater' : 'no value is less';
    case 'int-mask':
      return comparison.values.every((value) => value === 0n) ? 'no bit is asked for' : undefined;
    case 'bytes': {
      if (comparison.values.length === 0) return noValues;
      const reasons = comparison.values.map((value) => whyNoText(value, comparison));
      return reasons.every((reason) => reason !== undefined) ? reasons[0] : undefined;
    }
    case 'address':
      return comparison.prefixes.length === 0 ? noValues : undefined;
    case 'port':
    case 'socket-number':
    case 'file-type':
      return hitsNothing(comparison) ? noValues : undefined;
    case 'syscall-id':
      return comparison.ids.length === 0 ? 'the list is empty' : undefined;
    case 'capabilities-gained':
    case 'cel':
    case 'constant':
      return undefined;
  }
}

const noValues = 'it has no values';

/** Before negation. */
function hitsNothing(comparison: Comparison): boolean {
  const numbers = passingNumbers('negated' in comparison ? { ...comparison, negated: false } : comparison);
  return numbers !== undefined && isEmpty(numbers);
}

/** Why every value is one of those listed; undefined if some may be none. */
function whyEverythingFits(comparison: Comparison): string | undefined {
  if (comparison.kind === 'bytes')
    return comparison.match !== 'equal' && comparison.values.includes('')
      ? 'the empty text is a part of every other'
      : undefined;
  const numbers = passingNumbers('negated' in comparison ? { ...comparison, negated: false } : comparison);
  return numbers !== undefined && isEverything(numbers)
    ? 'the values are all that the argument can be'
    : undefined;
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
  return of === 'path' ? whyNoPath(value, endsOf[match]) : undefined;
}
