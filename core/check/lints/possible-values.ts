/** Values that a comparison lets through, as far as they can be told. */
import type { Comparison, Range } from '../../plan/plan.ts';
import { textHits } from './text-match.ts';

/** All values that pass, where these are few and known. */
export function possibleValues(comparison: Comparison): readonly (string | bigint)[] | undefined {
  switch (comparison.kind) {
    case 'bytes':
      return comparison.match === 'equal' && !comparison.negated ? few(comparison.values) : undefined;
    case 'int-set':
      return !comparison.negated && comparison.ranges.length === 0 ? few(comparison.values) : undefined;
    case 'int-order':
    case 'int-mask':
    case 'int-range':
    case 'address':
    case 'port':
    case 'socket-number':
    case 'file-type':
    case 'capabilities-gained':
    case 'cel':
    case 'syscall-id':
    case 'constant':
      return undefined;
  }
}

function few<T>(values: readonly T[]): readonly T[] | undefined {
  return values.length > 0 && values.length <= 64 ? values : undefined;
}

/** Undefined where it is not known. */
export function passes(comparison: Comparison, value: string | bigint): boolean | undefined {
  const hit = typeof value === 'string' ? textHit(comparison, value) : numberHit(comparison, value);
  return hit === undefined ? undefined : hit !== ('negated' in comparison && comparison.negated);
}

/** Whether one of the values is hit, before negation. */
function textHit(comparison: Comparison, text: string): boolean | undefined {
  if (comparison.kind !== 'bytes' || text === '') return undefined;
  const hit = textHits[comparison.match];
  return hit && comparison.values.some((wanted) => hit(text, wanted));
}

function numberHit(comparison: Comparison, value: bigint): boolean | undefined {
  const within = ({ from, to }: Range<bigint>): boolean => value >= from && value <= to;
  switch (comparison.kind) {
    case 'int-set':
      return comparison.values.includes(value) || comparison.ranges.some(within);
    case 'int-order':
      return comparison.values.some((wanted) => beyond[comparison.order](value, wanted));
    case 'int-mask':
      return value < 0n ? undefined : comparison.values.some((mask) => (value & mask) !== 0n);
    case 'int-range':
      return comparison.ranges.some(within);
    case 'bytes':
    case 'address':
    case 'port':
    case 'socket-number':
    case 'file-type':
    case 'capabilities-gained':
    case 'cel':
    case 'syscall-id':
    case 'constant':
      return undefined;
  }
}

type Order = Extract<Comparison, { kind: 'int-order' }>['order'];

const beyond: Readonly<Record<Order, (value: bigint, wanted: bigint) => boolean>> = {
  gt: (value, wanted) => value > wanted,
  lt: (value, wanted) => value < wanted,
};
