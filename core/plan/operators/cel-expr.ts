/** CelExpr: one expression over the arguments. Only the programs of kprobes and uprobes run it. */
import { compileCel } from '../cel/compile.ts';
import type { Comparison } from '../plan.ts';
import type { FilterInput, OperatorFamily } from './operator.ts';

export const celExpr: OperatorFamily = {
  operators: { CelExpr: 'fulfils the expression' },

  support: () => 'works',

  compile(input: FilterInput): Comparison | undefined {
    const [text] = input.values;
    if (text === undefined || input.values.length !== 1) {
      return input.fail('TR-cel', `CelExpr takes exactly one expression (${input.values.length} given)`);
    }
    const result = compileCel(text, input.argTypes);
    if ('problem' in result) {
      return input.fail(
        'TR-cel',
        `at character ${result.at + 1} of the expression: ${result.problem}`,
        result.help,
        0,
      );
    }
    if (input.hook !== 'kprobe' && input.hook !== 'uprobe') {
      return {
        kind: 'constant',
        result: false,
        why: `CelExpr is evaluated for kprobes and uprobes only; in a ${input.hook} it never matches`,
      };
    }
    return { kind: 'cel', program: result.program };
  },
};
