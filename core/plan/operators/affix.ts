/** Prefix, Postfix and their negations. Tetragon does not check their types: on the wrong ones they are constants. */
import type { Comparison } from '../plan.ts';
import type { ArgType } from '../types/index.ts';
import { toBytes } from '../../values/value.ts';
import type { FilterInput, OperatorFamily, Support } from './operator.ts';
import { longestPostfix, longestPrefix, prefixWindow, textKind, withoutTrailingNuls } from './text-values.ts';

export const affix: OperatorFamily = {
  operators: {
    Prefix: 'starts with one of the values',
    NotPrefix: 'starts with none of the values',
    Postfix: 'ends with one of the values',
    NotPostfix: 'ends with none of the values',
  },

  support(operator, type) {
    return looseSupport(type, operator.endsWith('Postfix') && type.family === 'unix');
  },

  compile(input: FilterInput): Comparison | undefined {
    const negated = input.operator.startsWith('Not');
    const of = textKind(input.type) ?? 'string';
    const postfix = input.operator.endsWith('Postfix');
    const values = input.values.map((text) => {
      const bytes = toBytes(text);
      return postfix && input.type.family !== 'buffer' ? withoutTrailingNuls(bytes) : bytes;
    });
    const most = postfix ? longestPostfix : longestPrefix;
    for (const [position, value] of values.entries()) {
      if (value.length > most) {
        return input.fail(
          'TR-value-too-long',
          `the value has ${value.length} bytes; ${input.operator} takes at most ${most}`,
          undefined,
          position,
        );
      }
      if (postfix && value === '') {
        return input.fail(
          'TR-postfix-empty',
          `an empty value of ${input.operator} makes Tetragon crash when the policy is loaded`,
          'Remove the value, or use Prefix "" to match every text.',
          position,
        );
      }
    }
    return {
      kind: 'bytes',
      match: postfix ? 'postfix' : 'prefix',
      negated,
      values,
      of,
      limit: postfix ? longestPostfix : prefixWindow,
    };
  },
};

/** Operators on texts that load with every type: integers never pass them, other types that are no text always do. */
export function looseSupport(type: ArgType, unable: boolean): Support {
  if (type.integer !== undefined || unable) return 'never';
  return textKind(type) === undefined ? 'always' : 'works';
}
