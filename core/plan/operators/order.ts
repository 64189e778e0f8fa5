/** GT and LT (GreaterThan, LessThan): larger or smaller than any of the values. */
import type { Comparison } from '../plan.ts';
import { parseConstants } from './integer-values.ts';
import { checkInlineValues } from './operator.ts';
import type { FilterInput, OperatorFamily } from './operator.ts';

export const order: OperatorFamily = {
  operators: {
    GT: 'is greater than one of the values',
    GreaterThan: 'is greater than one of the values',
    LT: 'is less than one of the values',
    LessThan: 'is less than one of the values',
  },

  support: (_operator, type) => (type.integer === undefined ? 'refused' : 'works'),

  compile(input: FilterInput): Comparison | undefined {
    const { integer } = input.type;
    if (integer === undefined || !checkInlineValues(input)) return undefined;
    const values = parseConstants(input, integer, integer.load);
    const greater = input.operator === 'GT' || input.operator === 'GreaterThan';
    return values && { kind: 'int-order', load: integer.load, order: greater ? 'gt' : 'lt', values };
  },
};
