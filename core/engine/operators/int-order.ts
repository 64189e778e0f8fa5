/** GT and LT. */
import type { Comparison } from '../../plan/plan.ts';
import { FOREIGN, HOLDS, LACKS } from '../tri.ts';
import { canonical, integerOf, load } from './integers.ts';
import { firstOf, listed } from './operator.ts';
import type { OperatorEngine } from './operator.ts';

type IntOrder = Extract<Comparison, { kind: 'int-order' }>;

export const intOrder: OperatorEngine<IntOrder> = {
  prepare({ load: as, order, values }) {
    const constants = values.map(canonical);
    return (value) => {
      const integer = integerOf(value);
      if (integer === undefined) return FOREIGN;
      const loaded = load(integer, as);
      for (const constant of constants) {
        if (order === 'gt' ? loaded > constant : loaded < constant) return HOLDS;
      }
      return LACKS;
    };
  },

  which: (comparison) =>
    firstOf(comparison.values, (value) => intOrder.prepare({ ...comparison, values: [value] })),

  words({ order, values }, holds) {
    const than = order === 'gt' ? 'greater than' : 'less than';
    return `is ${holds ? '' : 'not '}${than} ${values.length > 1 ? 'any of ' : ''}${listed(values.map(String))}`;
  },
};
