/** SubString and SubStringIgnCase: need a kernel function that exists from 6.17 and 6.19 on; before they never match. */
import type { Comparison } from '../plan.ts';
import { toBytes } from '../../values/value.ts';
import { looseSupport } from './affix.ts';
import type { FilterInput, OperatorFamily } from './operator.ts';
import { longestText, substringLimit, textKind } from './text-values.ts';

export const substring: OperatorFamily = {
  operators: {
    SubString: 'contains one of the values',
    SubStringIgnCase: 'contains one of the values, whatever the case of its letters',
  },

  support(_operator, type) {
    return looseSupport(type, false);
  },

  compile(input: FilterInput): Comparison | undefined {
    // On types that are no text the values are not even read.
    const values = looseSupport(input.type, false) === 'works' ? input.values.map(toBytes) : [];
    const long = values.findIndex((value) => value.length >= substringLimit);
    if (long !== -1) {
      return input.fail(
        'TR-value-too-long',
        `the value has ${values[long]?.length ?? 0} bytes; ${input.operator} takes fewer than ${substringLimit}`,
        undefined,
        long,
      );
    }
    return {
      kind: 'bytes',
      match: input.operator === 'SubString' ? 'substring' : 'substring-ignore-case',
      negated: false,
      values,
      of: textKind(input.type) ?? 'string',
      limit: longestText,
    };
  },
};
