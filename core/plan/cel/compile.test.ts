import { describe, expect, it } from 'vitest';
import { prepareCel } from '../../engine/operators/cel.ts';
import type { ArgTypeName } from '../../values/arg-type-name.ts';
import type { ArgValue } from '../../values/value.ts';
import { compileCel } from './compile.ts';

const types: readonly ArgTypeName[] = ['int', 'int64', 'uint32', 'uint64', 'file'];

function run(source: string, ...args: (number | bigint)[]): boolean {
  const result = compileCel(source, types);
  if ('problem' in result) throw new Error(result.problem);
  const arg = (position: number): ArgValue => ({ kind: 'int', value: args[position] ?? 0 });
  return prepareCel(result.program)({ arg }) === true;
}

describe('CelExpr', () => {
  it.each<[string, (number | bigint)[], boolean]>([
    ['arg0 == int32(-1) && arg1 > 5', [-1, 6], true],
    ['arg0 == int32(-1) && arg1 > 5', [-1, 5], false],
    ['arg2 == uint32(77u) || arg1 - 10 == 90', [0, 100, 0], true],
    ['!(arg1 == 1)', [0, 1], false],
    ['and(arg1, 6) == 2', [0, 3], true],
    ['or(arg1, 4) == 7 && xor(arg1, 1) == 2', [0, 3], true],
    ['not(arg2) == uint32(4294967295u)', [0, 0, 0], true],
    ['arg1 + 1 < arg1', [0, 2n ** 63n - 1n], true],
    ['arg0 + int32(1) < arg0', [2 ** 31 - 1], true],
    ['arg3 - 1u == 18446744073709551615u', [0, 0, 0, 0], true],
    ['-arg0 == int32(5)', [-5], true],
    ['0x10 == 16 && -9223372036854775808 < 0', [], true],
    ['1 == 1 || 1 == 2 && 1 == 2', [], true],
  ])('%s (%#)', (source, args, expected) => {
    // Values that the expression does not name need not be there.
    expect(run(source, ...args)).toBe(expected);
  });

  it('takes as many terms as there are', () => {
    const terms = Array.from({ length: 5000 }, (_, index) => `arg1 != ${index}`);
    expect(run(terms.join(' && '), 0, 5000)).toBe(true);
    for (const value of [0, 2499, 4999]) expect(run(terms.join(' && '), 0, value)).toBe(false);
    expect(run(`${terms.slice(1).join(' && ')} || arg1 == 7`, 0, 7)).toBe(true);
  });

  it.each([
    ['arg0 == 5', /int32/],
    ['arg2 == uint32(77)', /uint32 takes uint64/],
    ['arg4 == 1', /file/],
    ['arg9 == 1', /unknown/],
    ['arg1', /truth value/],
    ['arg1 * 2 == 4', /not supported/],
    ['arg1 == "x"', /texts/],
    ['arg1 ==', /ends too early/],
    ['(arg1 == 1', /"\)" expected/],
    ['size(arg1) == 1', /no function size/],
    ['!arg1', /truth value/],
    ['-arg3 == 1u', /signed/],
    ['9223372036854775808 == 1', /does not fit/],
    ['arg1 == 1 && arg1', /does not take bool and int64/],
    ['', /ends too early/],
    ['('.repeat(500), /nested/],
    [`arg1${' + 1'.repeat(5000)} == 1`, /more than 512 operators in a row/],
    [`arg1 == ${' '.repeat(100_000)}1`, /takes at most 100000/],
  ])('%s is refused', (source, problem) => {
    const result = compileCel(source, types);
    expect('problem' in result && result.problem).toMatch(problem);
  });
});
