/**
 * InMap and NotInMap: any number of integers and ranges. Tetragon's keys have 64 bits, sign-extended, and are looked up
 * by the zero-extended argument: a negative key is found by 64-bit types only.
 */
import { parseGoInt } from '../../go/go-int.ts';
import type { Comparison, Range } from '../plan.ts';
import type { FilterInput, OperatorFamily } from './operator.ts';
import { splitRange } from './ranges.ts';

const listPrefix = 'list:';

export const inMap: OperatorFamily = {
  operators: { InMap: 'is one of the values', NotInMap: 'is none of the values' },

  support: (_operator, type) => (type.family === 'int' || type.family === 'syscall' ? 'works' : 'refused'),

  compile(input: FilterInput): Comparison | undefined {
    const { integer } = input.type;
    if (integer === undefined) return undefined;
    const negated = input.operator === 'NotInMap';
    const values: bigint[] = [];
    const ranges: Range<bigint>[] = [];
    let ok = true;
    const fail = (message: string, position: number, help?: string): void => {
      ok = false;
      input.fail('TR-filter-value', message, help, position);
    };
    input.values.forEach((text, position) => {
      if (text.startsWith(listPrefix)) {
        const members = listMembers(input, text.slice(listPrefix.length));
        if (typeof members === 'string') fail(members, position);
        else for (const member of members) values.push(BigInt(member));
        return;
      }
      const bounds = splitRange(text) ?? [text];
      const numbers = bounds.map((bound) => parseGoInt(bound, integer.mapKeys, 'decimal'));
      const parsed: bigint[] = [];
      for (const number of numbers) {
        if ('problem' in number) {
          fail(
            `value ${JSON.stringify(text)} ${number.problem}`,
            position,
            `${input.operator} takes decimal numbers and ranges min:max.`,
          );
          return;
        }
        parsed.push(number.value);
      }
      const [first = 0n, second] = parsed;
      if (second === undefined) values.push(BigInt.asUintN(64, first));
      else ranges.push(...asKeys(first < second ? first : second, first < second ? second : first));
    });
    if (!ok) return undefined;
    // A syscall64 set of plain numbers is told apart so that a backend may use a table of calls.
    if (input.type.family === 'syscall' && ranges.length === 0) {
      return { kind: 'syscall-id', negated, ids: values.map(Number) };
    }
    return { kind: 'int-set', load: integer.mapLoad, negated, values, ranges };
  },
};

function listMembers(input: FilterInput, name: string): readonly number[] | string {
  const { hook, type } = input;
  if (hook !== 'tracepoint' && hook !== 'raw_tracepoint') {
    return 'lists are values in tracepoints only';
  }
  if (type.family !== 'syscall') return `lists need an argument of type syscall64 (${type.name} given)`;
  return input.list(name);
}

/** The unsigned 64-bit keys of a signed range: one stretch, or two if it spans zero. */
function asKeys(from: bigint, to: bigint): Range<bigint>[] {
  if (from >= 0n || to < 0n) return [{ from: BigInt.asUintN(64, from), to: BigInt.asUintN(64, to) }];
  return [
    { from: 0n, to },
    { from: BigInt.asUintN(64, from), to: 2n ** 64n - 1n },
  ];
}
