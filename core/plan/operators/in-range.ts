/** InRange and NotInRange: at most four inclusive ranges. A reversed one loads and holds nothing. */
import { parseGoInt } from '../../go/go-int.ts';
import type { Comparison, Range } from '../plan.ts';
import { checkInlineValues } from './operator.ts';
import type { FilterInput, OperatorFamily } from './operator.ts';
import { splitRange } from './ranges.ts';

/** Of a bound that is kept in 32 bits, whatever its sign. */
const mostBound = 2n ** 32n - 1n;

export const inRange: OperatorFamily = {
  operators: { InRange: 'lies in one of the ranges', NotInRange: 'lies in none of the ranges' },

  support: (_operator, type) => (type.family === 'int' || type.family === 'syscall' ? 'works' : 'refused'),

  compile(input: FilterInput): Comparison | undefined {
    const { integer } = input.type;
    if (integer === undefined || !checkInlineValues(input)) return undefined;
    const signed = integer.load === 's32' || integer.load === 's64';
    // Bounds are kept as the argument is compared; narrow arguments are compared with 32 bits.
    const width = integer.load.endsWith('64') ? 64 : 32;
    const ranges: Range<bigint>[] = [];
    let ok = true;
    input.values.forEach((text, position) => {
      const bounds = splitRange(text);
      if (bounds === undefined) {
        ok = false;
        input.fail(
          'TR-filter-value',
          `value ${JSON.stringify(text)} is no range`,
          `${input.operator} takes ranges min:max; write a single number as "${text}:${text}".`,
          position,
        );
        return;
      }
      const [from, to] = bounds.map((bound) => parseGoInt(bound, 's64', 'auto'));
      const bad = [from, to].find((number) => number !== undefined && 'problem' in number);
      if (from === undefined || to === undefined || 'problem' in from || 'problem' in to) {
        ok = false;
        const problem = bad !== undefined && 'problem' in bad ? bad.problem : 'is no range';
        input.fail('TR-filter-value', `a bound of ${JSON.stringify(text)} ${problem}`, undefined, position);
        return;
      }
      if (width === 32 && (from.value > mostBound || to.value > mostBound)) {
        ok = false;
        input.fail(
          'TR-filter-value',
          `a bound of ${JSON.stringify(text)} is above ${mostBound}`,
          'Use the type uint64 or int64.',
          position,
        );
        return;
      }
      const cut = (bound: bigint): bigint =>
        signed ? BigInt.asIntN(width, bound) : BigInt.asUintN(width, bound);
      ranges.push({ from: cut(from.value), to: cut(to.value) });
    });
    if (!ok) return undefined;
    return { kind: 'int-range', load: integer.load, negated: input.operator === 'NotInRange', ranges };
  },
};
