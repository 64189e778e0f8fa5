/** SubString and SubStringIgnCase: without the kernel function that compares, Tetragon loads them and they never match. */
import { isUnnamed, kernelName } from '../../kernels/kernel-facts.ts';
import type { Comparison } from '../plan.ts';
import { toBytes } from '../../values/value.ts';
import { looseSupport } from './affix.ts';
import type { FilterInput, OperatorFamily } from './operator.ts';
import { longestText, substringLimit, textKind } from './text-values.ts';

/** What each needs of the kernel, and the version that brought it. */
const needs = {
  SubString: { capability: 'strnstr', since: '6.17' },
  SubStringIgnCase: { capability: 'strncasestr', since: '6.19' },
} as const;

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
    const { capability, since } = needs[input.operator === 'SubString' ? 'SubString' : 'SubStringIgnCase'];
    const { kernel, operator } = input;
    const able = kernel.has(capability);
    if (able === false) {
      const why = `${operator} needs bpf_${capability}, of ${since} or later; on ${kernelName(kernel)} it never matches`;
      return { kind: 'constant', result: false, why };
    }
    if (able === undefined && !isUnnamed(kernel)) {
      input.warn(
        'TR-kernel-feature',
        `it is not known whether the kernel ${kernelName(kernel)} has bpf_${capability}, without which ${operator} never matches; it is taken to have it`,
        `It came with ${since}; use Prefix or Postfix.`,
      );
    }
    return {
      kind: 'bytes',
      match: operator === 'SubString' ? 'substring' : 'substring-ignore-case',
      negated: false,
      values,
      of: textKind(input.type) ?? 'string',
      limit: longestText,
    };
  },
};
