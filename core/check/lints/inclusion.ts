/** Whether all that passes one filter passes another, as far as that is certain. */
import type { IpPrefix } from '../../go/go-netip.ts';
import type { ArgFilter, Comparison, Outside, ProcessFilter } from '../../plan/plan.ts';
import { areWithin, intersection, isEmpty, passingNumbers } from './number-sets.ts';
import type { NumberSet } from './number-sets.ts';
import { binaryTexts, textsWithin } from './text-sets.ts';

type Address = Extract<Comparison, { kind: 'address' }>;
type IntMask = Extract<Comparison, { kind: 'int-mask' }>;

/** How many numbers are tried one by one. */
const few = 64n;

/** Of filters that are ANDed. */
export function argumentsWithin(narrow: readonly ArgFilter[], wide: ArgFilter): boolean {
  if (wide.comparison.kind === 'constant' && wide.comparison.result) return true;
  const own = narrow.filter((filter) => sameArgument(filter, wide) && coversOutside(filter, wide));
  if (own.some(({ comparison }) => comparisonWithin(comparison, wide.comparison))) return true;
  // Of several filters on numbers what passes all of them counts.
  const numbers = passingNumbers(wide.comparison);
  if (numbers === undefined) return false;
  const all = own
    .flatMap(({ comparison }) => passingNumbers(comparison) ?? [])
    .filter(({ of }) => of === numbers.of);
  const [first, ...others] = all;
  return first !== undefined && areWithin(others.reduce(intersection, first), numbers);
}

export const sameArgument = (a: ArgFilter, b: ArgFilter): boolean =>
  a.on === b.on && a.positions.join() === b.positions.join();

/** Where the comparison is not asked, the wide filter lets through what the narrow one does. */
const coversOutside = (narrow: ArgFilter, wide: ArgFilter): boolean =>
  (Object.entries(narrow.outside) as [keyof Outside, string][]).every(
    ([what, answer]) => answer === 'fails' || answer === wide.outside[what],
  );

/** Whether it is certain that no value passes both. */
export function exclude(a: Comparison, b: Comparison): boolean {
  const [left, right] = [passingNumbers(a), passingNumbers(b)];
  if (left !== undefined && right !== undefined)
    return left.of === right.of && isEmpty(intersection(left, right));
  const [notA, notB] = [negation(a), negation(b)];
  return (
    (notB !== undefined && comparisonWithin(a, notB)) || (notA !== undefined && comparisonWithin(b, notA))
  );
}

function negation(comparison: Comparison): Comparison | undefined {
  return 'negated' in comparison ? { ...comparison, negated: !comparison.negated } : undefined;
}

export function comparisonWithin(narrow: Comparison, wide: Comparison): boolean {
  if (narrow.kind === 'bytes' && wide.kind === 'bytes')
    return narrow.of === wide.of && textsWithin(narrow, wide);
  if (narrow.kind === 'address' && wide.kind === 'address')
    return narrow.side === wide.side && addressesWithin(narrow, wide);
  if (wide.kind === 'int-mask') return withinMask(narrow, wide);
  const [left, right] = [passingNumbers(narrow), passingNumbers(wide)];
  return left === undefined || right === undefined ? textOf(narrow) === textOf(wide) : areWithin(left, right);
}

function withinMask(narrow: Comparison, wide: IntMask): boolean {
  const mask = wide.values.reduce((bits, value) => bits | value, 0n);
  if (narrow.kind === 'int-mask') return narrow.values.every((value) => (value & ~mask) === 0n);
  const numbers = passingNumbers(narrow);
  if (numbers === undefined || countOf(numbers) > few) return false;
  return numbers.ranges.every(({ from, to }) => {
    for (let value = from; value <= to; value++) if ((value & mask) === 0n) return false;
    return true;
  });
}

const countOf = ({ ranges }: NumberSet): bigint =>
  ranges.reduce((count, { from, to }) => count + to - from + 1n, 0n);

/** Sockets without addresses pass neither. */
function addressesWithin(narrow: Address, wide: Address): boolean {
  if (narrow.negated)
    return wide.negated && addressesWithin({ ...wide, negated: false }, { ...narrow, negated: false });
  return narrow.prefixes.every((block) =>
    wide.negated
      ? !wide.prefixes.some((other) => blockWithin(block, other) || blockWithin(other, block))
      : wide.prefixes.some((other) => blockWithin(block, other)),
  );
}

function blockWithin(block: IpPrefix, around: IpPrefix): boolean {
  if (block.family !== around.family || block.length < around.length) return false;
  return around.bytes.every((byte, index) => {
    const kept = Math.min(8, Math.max(0, around.length - index * 8));
    return ((block.bytes[index] ?? 0) & (0xff << (8 - kept)) & 0xff) === byte;
  });
}

export function processWithin(narrow: ProcessFilter, wide: ProcessFilter): boolean {
  if (wide.kind === 'constant' && wide.result) return true;
  if (narrow.kind === 'binary' && wide.kind === 'binary') {
    // Who is found by itself is found, too, where ancestors count as well; and the other way round where it is negated.
    const [less, more] = narrow.negated ? [wide, narrow] : [narrow, wide];
    const reach = less.followChildren === more.followChildren || more.followChildren;
    return narrow.of === wide.of && reach && textsWithin(binaryTexts(narrow), binaryTexts(wide));
  }
  if (narrow.kind === 'pid' && wide.kind === 'pid')
    return (
      narrow.namespacePid === wide.namespacePid &&
      narrow.followForks === wide.followForks &&
      valuesWithin(narrow, wide)
    );
  if (narrow.kind === 'namespace' && wide.kind === 'namespace')
    return narrow.namespace === wide.namespace && namespacesWithin(narrow, wide);
  if (narrow.kind === 'capability' && wide.kind === 'capability')
    return (
      narrow.set === wide.set &&
      narrow.negated === wide.negated &&
      (narrow.namespaceCapability || !wide.namespaceCapability) &&
      (narrow.negated ? isPart(wide.mask, narrow.mask) : isPart(narrow.mask, wide.mask))
    );
  return textOf(narrow) === textOf(wide);
}

const isPart = (some: bigint, all: bigint): boolean => (some & ~all) === 0n;

interface Values {
  readonly negated: boolean;
  readonly values: readonly (number | string)[];
}

/** `In 1` is within `In 1 or 2` and within `NotIn 3`; `NotIn 1 or 2` is within `NotIn 1`. */
function valuesWithin(narrow: Values, wide: Values): boolean {
  if (!narrow.negated && !wide.negated) return narrow.values.every((value) => wide.values.includes(value));
  if (!narrow.negated) return !narrow.values.some((value) => wide.values.includes(value));
  return wide.negated && wide.values.every((value) => narrow.values.includes(value));
}

/** A number may be that of the host's namespace: it is not known to be another. */
function namespacesWithin(narrow: Values, wide: Values): boolean {
  const mixed = [...narrow.values, ...wide.values];
  const same = narrow.negated === wide.negated;
  const unclear = mixed.includes('host_ns') && mixed.some((value) => value !== 'host_ns');
  return valuesWithin(narrow, wide) && (same || !unclear);
}

/** Alike but for their places. */
function textOf(filter: object): string {
  return JSON.stringify(filter, (key, value: unknown) =>
    key === 'span' ? undefined : typeof value === 'bigint' ? `${value}n` : value,
  );
}
