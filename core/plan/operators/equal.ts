/** Equal and NotEqual: of integers, capability masks, texts and paths. */
import { toBytes } from '../../values/value.ts';
import type { ArgType } from '../types/index.ts';
import type { Comparison } from '../plan.ts';
import { parseConstants } from './integer-values.ts';
import { checkInlineValues } from './operator.ts';
import type { FilterInput, OperatorFamily, Support } from './operator.ts';
import { longestText, textKind, withoutTrailingNuls } from './text-values.ts';

export const equal: OperatorFamily = {
  operators: { Equal: 'is one of the values', NotEqual: 'is none of the values' },

  support(_operator, type: ArgType): Support {
    return type.integer !== undefined || textKind(type) !== undefined ? 'works' : 'refused';
  },

  compile(input: FilterInput): Comparison | undefined {
    const negated = input.operator === 'NotEqual';
    const { integer } = input.type;
    if (integer !== undefined) {
      if (!checkInlineValues(input, 'InMap and NotInMap take any number of values.')) return undefined;
      const values = parseConstants(input, integer, integer.load);
      return values && { kind: 'int-set', load: integer.load, negated, values, ranges: [] };
    }
    const of = textKind(input.type) ?? 'string';
    const values = input.values.map((text) => {
      const bytes = toBytes(text);
      return of === 'string' ? withoutTrailingNuls(bytes) : bytes;
    });
    const long = values.findIndex((value) => value.length > longestText);
    if (long !== -1) {
      return input.fail(
        'TR-value-too-long',
        `the value has ${values[long]?.length ?? 0} bytes; at most ${longestText} can be compared`,
        undefined,
        long,
      );
    }
    return { kind: 'bytes', match: 'equal', negated, values, of, limit: longestText };
  },
};
