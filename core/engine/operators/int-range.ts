/** InRange. */
import type { Comparison } from '../../plan/plan.ts';
import { FOREIGN, HOLDS, LACKS } from '../tri.ts';
import { canonical, integerOf, load } from './integers.ts';
import { firstOf, listed } from './operator.ts';
import type { OperatorEngine } from './operator.ts';

type IntRange = Extract<Comparison, { kind: 'int-range' }>;

export const intRange: OperatorEngine<IntRange> = {
  prepare({ load: as, ranges }) {
    const bounds = ranges.map(({ from, to }) => ({ from: canonical(from), to: canonical(to) }));
    return (value) => {
      const integer = integerOf(value);
      if (integer === undefined) return FOREIGN;
      const loaded = load(integer, as);
      return bounds.some(({ from, to }) => from <= loaded && loaded <= to) ? HOLDS : LACKS;
    };
  },

  which: (comparison) =>
    firstOf(comparison.ranges, (range) => intRange.prepare({ ...comparison, ranges: [range] })),

  words({ ranges }, holds) {
    return `lies ${holds ? 'within' : 'outside'} ${listed(ranges.map(({ from, to }) => `${from} to ${to}`))}`;
  },
};
