/** Mask: has a bit in common with any of the values. */
import type { Comparison } from '../plan.ts';
import { parseConstants } from './integer-values.ts';
import { checkInlineValues } from './operator.ts';
import type { FilterInput, OperatorFamily } from './operator.ts';

export const mask: OperatorFamily = {
  operators: { Mask: 'has a bit in common with one of the values' },

  support: (_operator, type) => (type.integer === undefined ? 'refused' : 'works'),

  compile(input: FilterInput): Comparison | undefined {
    const { integer } = input.type;
    if (integer === undefined || !checkInlineValues(input)) return undefined;
    const values = parseConstants(input, integer, integer.mapLoad);
    return values && { kind: 'int-mask', load: integer.mapLoad, values };
  },
};
