/** Equal and InMap of integers: membership in a set of numbers and ranges. */
import type { Comparison } from '../../plan/plan.ts';
import { FOREIGN, HOLDS, LACKS } from '../tri.ts';
import { canonical, integerOf, load } from './integers.ts';
import type { Integer } from './integers.ts';
import { listed, placesOf } from './operator.ts';
import type { OperatorEngine } from './operator.ts';

type IntSet = Extract<Comparison, { kind: 'int-set' }>;

export const intSet: OperatorEngine<IntSet> = {
  prepare({ load: as, values, ranges }) {
    const members = new Set<Integer>(values.map(canonical));
    const [only] = members;
    const single = members.size === 1 && ranges.length === 0 ? only : undefined;
    const inRanges = rangeLookup(ranges.map(({ from, to }) => [canonical(from), canonical(to)]));
    return (value) => {
      const integer = integerOf(value);
      if (integer === undefined) return FOREIGN;
      const loaded = load(integer, as);
      if (single !== undefined) return loaded === single ? HOLDS : LACKS;
      return members.has(loaded) || inRanges(loaded) ? HOLDS : LACKS;
    };
  },

  which({ load: as, values, ranges }) {
    const places = placesOf(values.map(canonical));
    const bounds = ranges.map(({ from, to }) => ({ from: canonical(from), to: canonical(to) }));
    return (value) => {
      const integer = integerOf(value);
      if (integer === undefined) return undefined;
      const loaded = load(integer, as);
      const range = bounds.findIndex(({ from, to }) => from <= loaded && loaded <= to);
      return places.get(loaded) ?? (range === -1 ? undefined : values.length + range);
    };
  },

  words({ values, ranges }, holds) {
    const all = [...values.map(String), ...ranges.map(({ from, to }) => `${from} to ${to}`)];
    if (all.length === 1) return `${holds ? 'is' : 'is not'} ${all[0] ?? ''}`;
    return `is ${holds ? 'one' : 'none'} of ${listed(all)}`;
  },
};

/** Whether a number lies in any of the inclusive ranges; a binary search, so that many ranges cost little. */
function rangeLookup(ranges: readonly (readonly [Integer, Integer])[]): (value: Integer) => boolean {
  if (ranges.length === 0) return () => false;
  const merged: [Integer, Integer][] = [];
  for (const [from, to] of [...ranges].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = to > last[1] ? to : last[1];
    else merged.push([from, to]);
  }
  return (value) => {
    let low = 0;
    let high = merged.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((merged[middle]?.[0] ?? 0) <= value) low = middle;
      else high = middle - 1;
    }
    const range = merged[low];
    return range !== undefined && range[0] <= value && value <= range[1];
  };
}
