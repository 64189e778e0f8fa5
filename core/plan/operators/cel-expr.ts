/** CelExpr: one expression over the arguments. Only the programs of kprobes and uprobes run it. */
import type { CelProgram } from '../cel/ast.ts';
import { compileCel } from '../cel/compile.ts';
import type { Comparison } from '../plan.ts';
import type { FilterInput, OperatorFamily } from './operator.ts';

/** Compiles one expression, or reports what is wrong in it. */
function compiled(text: string, index: number, input: FilterInput): CelProgram | undefined {
  const result = compileCel(text, input.argTypes);
  if ('program' in result) return result.program;
  input.fail(
    'TR-cel',
    `at character ${result.at + 1} of the expression: ${result.problem}`,
    result.help,
    index,
  );
  return undefined;
}

export const celExpr: OperatorFamily = {
  operators: { CelExpr: 'fulfils the expression' },

  support: () => 'works',

  compile(input: FilterInput): Comparison | undefined {
    const [text] = input.values;
    if (text === undefined || input.values.length !== 1) {
      input.values.forEach((value, index) => compiled(value, index, input));
      return input.fail('TR-cel', `CelExpr takes exactly one expression (${input.values.length} given)`);
    }
    const program = compiled(text, 0, input);
    if (program === undefined) return undefined;
    if (input.hook !== 'kprobe' && input.hook !== 'uprobe') {
      return {
        kind: 'constant',
        result: false,
        why: `CelExpr is evaluated for kprobes and uprobes only; in a ${input.hook} it never matches`,
      };
    }
    return { kind: 'cel', program };
  },
};
