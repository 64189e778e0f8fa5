import { describe, expect, it } from 'vitest';
import { argumentOperators } from '../../policy/schema/selector.ts';
import { errorsOf, filterSpec, passesFilter } from '../../engine/testing.ts';
import type { ArgValue } from '../../values/value.ts';
import { argTypes } from '../types/index.ts';
import { operatorFamilies, operatorSupport, operatorWords } from './index.ts';
import type { Support } from './index.ts';

/**
 * The cells of the language: rows are operators, columns classes of types. w works, n never, a always, - refused.
 * Written down apart from the code's own tables.
 */
const columns = [
  'int',
  'syscall',
  'caps',
  'string',
  'buffer',
  'path',
  'fd',
  'unix',
  'sock',
  'skb',
  'sockaddr',
  'opaque',
];
const cells: Readonly<Record<string, string>> = {
  //                int sys cap str buf pth fd  un  sk  skb sa  opq
  Equal: '          w   w   w   w   w   w   w   w   -   -   -   -',
  NotEqual: '       w   w   w   w   w   w   w   w   -   -   -   -',
  GT: '             w   w   w   -   -   -   -   -   -   -   -   -',
  GreaterThan: '    w   w   w   -   -   -   -   -   -   -   -   -',
  LT: '             w   w   w   -   -   -   -   -   -   -   -   -',
  LessThan: '       w   w   w   -   -   -   -   -   -   -   -   -',
  Mask: '           w   w   w   -   -   -   -   -   -   -   -   -',
  InMap: '          w   w   -   -   -   -   -   -   -   -   -   -',
  NotInMap: '       w   w   -   -   -   -   -   -   -   -   -   -',
  InRange: '        w   w   -   -   -   -   -   -   -   -   -   -',
  NotInRange: '     w   w   -   -   -   -   -   -   -   -   -   -',
  Prefix: '         n   n   n   w   w   w   w   w   a   a   a   a',
  NotPrefix: '      n   n   n   w   w   w   w   w   a   a   a   a',
  Postfix: '        n   n   n   w   w   w   w   n   a   a   a   a',
  NotPostfix: '     n   n   n   w   w   w   w   n   a   a   a   a',
  SubString: '      n   n   n   w   w   w   w   w   a   a   a   a',
  SubStringIgnCase: 'n  n   n   w   w   w   w   w   a   a   a   a',
  SAddr: '          -   -   -   -   -   -   -   -   w   w   w   -',
  NotSAddr: '       -   -   -   -   -   -   -   -   w   w   w   -',
  DAddr: '          -   -   -   -   -   -   -   -   w   w   -   -',
  NotDAddr: '       -   -   -   -   -   -   -   -   w   w   -   -',
  SPort: '          -   -   -   -   -   -   -   -   w   w   w   -',
  NotSPort: '       -   -   -   -   -   -   -   -   w   w   w   -',
  SPortPriv: '      -   -   -   -   -   -   -   -   w   w   w   -',
  NotSportPriv: '   -   -   -   -   -   -   -   -   w   w   w   -',
  DPort: '          -   -   -   -   -   -   -   -   w   w   -   -',
  NotDPort: '       -   -   -   -   -   -   -   -   w   w   -   -',
  DPortPriv: '      -   -   -   -   -   -   -   -   w   w   -   -',
  NotDPortPriv: '   -   -   -   -   -   -   -   -   w   w   -   -',
  Protocol: '       -   -   -   -   -   -   -   -   w   w   -   -',
  Family: '         -   -   -   -   -   -   -   w   w   w   w   -',
  State: '          -   -   -   -   -   -   -   -   w   n   -   -',
  FileType: '       -   -   -   -   -   w   -   -   -   -   -   -',
  NotFileType: '    -   -   -   -   -   w   -   -   -   -   -   -',
  CapabilitiesGained: '- - w   -   -   -   -   -   -   -   -   -',
  CelExpr: '        w   w   w   w   w   w   w   w   w   w   w   w',
};
const letters: Readonly<Record<string, Support>> = { w: 'works', n: 'never', a: 'always', '-': 'refused' };

/** The column of a type; paths that are no struct file or path take no file type. */
function column(name: string, family: string): string {
  return family === 'path' && name !== 'file' && name !== 'path' ? 'fd' : family;
}

/** Values that the operator takes on the type, so that only the type can be what is refused. */
function sampleValues(operator: string, family: string): readonly string[] | undefined {
  if (operator.endsWith('Range')) return ['1:2'];
  if (operator.endsWith('Addr')) return ['127.0.0.1'];
  if (operator.endsWith('FileType')) return ['reg'];
  if (operator === 'CelExpr') return ['1 == 1'];
  return family === 'int' || /Port|Map|Mask|GT|LT|Than|Family|State|Protocol|Equal/.test(operator)
    ? ['1']
    : ['x'];
}

describe('operators', () => {
  it('are those of the schema', () => {
    const known = operatorFamilies.flatMap(({ operators }) => Object.keys(operators));
    expect([...known].sort()).toEqual([...argumentOperators].sort());
    expect(Object.keys(cells).sort()).toEqual([...argumentOperators].sort());
    for (const operator of known) expect(operatorWords(operator)).toMatch(/^[a-z]/);
  });

  it.each(Object.entries(cells))('%s is taken by the types that should take it', (operator, row) => {
    const marks = row.trim().split(/\s+/);
    for (const type of argTypes) {
      const { name, family } = type;
      if (name === 'auto') continue;
      const expected = letters[marks[columns.indexOf(column(name, family))] ?? ''];
      expect(operatorSupport(operator, type), name).toBe(expected);
      // Two sets in one filter, and a type that only tracepoints take.
      if (operator === 'CapabilitiesGained' || family === 'syscall') continue;
      const codes = errorsOf(filterSpec(name, operator, sampleValues(operator, family)));
      expect(codes, name).toEqual(expected === 'refused' ? ['TR-operator-type'] : []);
    }
  });

  it.each([
    ['int', 'Prefix', false],
    ['int', 'NotPrefix', false],
    ['capability', 'Prefix', true],
    ['cred', 'NotPostfix', true],
    ['nop', 'Prefix', true],
    ['filename', 'Prefix', true],
    ['kiocb', 'Prefix', true],
    ['sockaddr_un', 'Postfix', false],
    ['sockaddr_un', 'NotPostfix', false],
  ])('%s %s is constantly %s', (type, operator, expected) => {
    const value: ArgValue = type === 'int' ? { kind: 'int', value: 1 } : { kind: 'nop' };
    expect(passesFilter(type, operator, ['x'], value)).toBe(expected);
  });
});
