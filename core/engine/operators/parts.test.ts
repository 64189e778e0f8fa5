import { describe, expect, it } from 'vitest';
import type { ArgValue, ValuePart } from '../../values/value.ts';
import { evaluatorOf, file, filterSpec, hit, int, passesFilter, text, verdictOn } from '../testing.ts';

const partly = (part: ValuePart): ArgValue => ({ kind: 'unknown', why: 'cut', part });
const begins = (start: string, least: number, most = least, end = ''): ArgValue =>
  partly({ kind: 'bytes', start, end, least, most });
const either = (...starts: string[]): ArgValue =>
  partly({
    kind: 'one-of',
    parts: starts.map((start) => ({ kind: 'bytes', start, end: '', least: start.length, most: 4096 })),
  });
/** What an argument names, and how the path begins that it leads to if a link is on the way. */
const named = (path: string, start?: string): ArgValue => ({
  ...{ kind: 'unknown', why: 'a link, perhaps', ifNamed: { kind: 'file', path, mode: 0o100644 } },
  ...(start !== undefined && { part: { kind: 'bytes', start, end: '', least: 1, most: 4096 } }),
});
const bits = (set: number, clear = 0): ArgValue =>
  partly({ kind: 'bits', set: BigInt(set), clear: BigInt(clear) });
/** Compiles once, for many values. */
function prepared(type: string, operator: string, value: string): (value: ArgValue) => boolean | undefined {
  const evaluator = evaluatorOf(filterSpec(type, operator, [value]));
  return (argument) => {
    const { selector, undetermined } = verdictOn(evaluator, hit([argument]));
    return undetermined === undefined ? selector === 0 : undefined;
  };
}
const unknown: ArgValue = { kind: 'unknown', why: 'nobody knows' };

/** Type and operator, values, argument, and whether it passes; undefined: that depends on what is not known. */
type Row = readonly [string, readonly string[], ArgValue, boolean | undefined];
const rows: readonly Row[] = [
  ['char_buf Prefix', ['PRETTY'], begins('PRETTY_NAME', 267), true],
  ['char_buf Prefix', ['PRETTY', 'x'], begins('PRETTY_NAME', 267), true],
  ['char_buf Prefix', ['SHORT'], begins('PRETTY_NAME', 267), false],
  ['char_buf NotPrefix', ['SHORT'], begins('PRETTY_NAME', 267), true],
  ['char_buf NotPrefix', ['PRETTY'], begins('PRETTY_NAME', 267), false],
  ['char_buf Prefix', ['PRETTY_NAME='], begins('PRETTY_NAME', 267), undefined],
  ['char_buf Prefix', ['abcdef'], begins('abc', 5), false],
  ['char_buf Postfix', ['secret'], begins('PRETTY_NAME', 267), undefined],
  ['char_buf Postfix', ['secret'], begins('sec', 5), false],
  ['char_buf Postfix', ['secret'], begins('ab', 20, 20, 'top secret'), true],
  ['char_buf Postfix', ['secret'], begins('ab', 20, 20, 'public'), false],
  ['char_buf NotPostfix', ['secret'], begins('ab', 20, 20, 'public'), true],
  ['char_buf Equal', ['PRETTY_OTHER'], begins('PRETTY_NAME', 12), false],
  ['char_buf Equal', ['PRETTY_NAMES'], begins('PRETTY_NAME', 267), false],
  ['char_buf Equal', ['PRETTY_NAMES'], begins('PRETTY_NAME', 12), undefined],
  ['char_buf NotEqual', ['SHORT'], begins('PRETTY_NAME', 267), true],
  ['string Equal', ['/etc/passwd'], begins('/etc/', 6, 4096), undefined],
  ['string Equal', ['/etc/passwd', '/usr'], begins('/var/', 6, 4096), false],
  ['string Equal', ['/etc/'], begins('/etc/', 6, 4096), false],
  ['string Prefix', ['/etc/'], begins('/etc/', 6, 4096), true],
  ['string SubString', ['etc'], begins('/etc/', 6, 4096), true],
  ['string SubString', ['var'], begins('/etc/', 6, 4096), undefined],
  ['string SubString', ['longer'], begins('/', 2, 5), false],
  ['string SubStringIgnCase', ['ETC'], begins('/Etc/', 6, 4096), true],
  ['file Prefix', ['/tmp'], begins('/tmp/w', 9, 4096), true],
  ['file Prefix', ['/usr/', '/etc/'], either('/usr/', '/etc/'), true],
  ['file Prefix', ['/usr/'], either('/usr/', '/etc/'), undefined],
  ['file NotPrefix', ['/home/'], either('/usr/', '/etc/'), true],
  ['file Prefix', ['/home/'], either('/usr/', '/etc/'), false],
  ['file Equal', ['/tmp/a'], named('/tmp/a'), true],
  ['file Equal', ['/tmp/b'], named('/tmp/a'), undefined],
  ['file Equal', ['/tmp/b'], named('/tmp/a', '/usr/'), false],
  ['file NotEqual', ['/tmp/a'], named('/tmp/a'), false],
  ['file NotEqual', ['/tmp/b'], named('/tmp/a'), undefined],
  ['file NotEqual', ['/tmp/b'], named('/tmp/a', '/usr/'), true],
  ['file FileType', ['regular'], named('/tmp/a'), undefined],
  ['int Mask', ['1'], bits(1), true],
  ['int Mask', ['1'], bits(2), undefined],
  ['int Mask', ['1'], bits(0, 1), false],
  ['int Equal', ['6'], bits(1), false],
  ['int Equal', ['7'], bits(1), undefined],
  ['int NotEqual', ['6'], bits(1), true],
  ['int InMap', ['6', '8'], bits(1), false],
  ['int InRange', ['0:5'], bits(4, ~5), true],
  ['int InRange', ['0:3'], bits(4, ~5), false],
  ['int InRange', ['0:4'], bits(4, ~5), undefined],
  ['int NotInRange', ['0:3'], bits(4, ~5), true],
  ['int GT', ['3'], bits(4, ~5), true],
  ['int GT', ['5'], bits(4, ~5), false],
  ['int LT', ['5'], bits(4, ~5), undefined],
  ['int LT', ['0'], bits(-8), true],
  ['uint32 GT', ['0x7fffffff'], bits(-8), true],
  ['int GT', ['0'], bits(1), undefined],
];

describe('a part of a value', () => {
  const told = (value: ArgValue): string =>
    JSON.stringify(value.kind === 'unknown' && value.part, (_key, part: unknown) =>
      typeof part === 'bigint' ? String(part) : part,
    );
  const titled = rows.map((row) => [`${row[0]} ${row[1].join()} of ${told(row[2])}`, ...row] as const);
  it.each(titled)('%s', (_title, filter, values, value, passes) => {
    const [type = '', operator = ''] = filter.split(' ');
    expect(passesFilter(type, operator, values, value)).toBe(passes);
  });

  it('decides as every value does that has it', () => {
    const letters = ['a', 'b'];
    const words = (length: number): string[] =>
      length === 0 ? [''] : words(length - 1).flatMap((word) => letters.map((letter) => word + letter));
    const all = [1, 2, 3, 4].flatMap(words);
    for (const operator of ['Equal', 'Prefix', 'Postfix', 'SubString', 'NotEqual', 'NotPrefix', 'NotPostfix'])
      for (const value of ['a', 'ab', 'bba']) {
        const passes = prepared('string', operator, value);
        for (const start of ['', 'a', 'ab'])
          for (const end of ['', 'b', 'ba'])
            for (const [least, most] of [
              [3, 3],
              [4, 4],
              [3, 4],
            ] as const) {
              const having = all.filter(
                (word) =>
                  word.length >= Math.max(least, start.length + end.length) &&
                  word.length <= most &&
                  word.startsWith(start) &&
                  word.endsWith(end),
              );
              const said = passes(begins(start, least, most, end));
              if (said === undefined) continue;
              const wrong = having.filter((word) => passes(text(word)) !== said);
              expect(wrong, `${operator} ${value} of ${start}…${end}`).toEqual([]);
            }
      }
  });

  it('decides numbers as every number does that has it', () => {
    for (const type of ['int8', 'uint8'])
      for (const [set, clear] of [
        [1, 0],
        [0x80, 1],
        [0x10, 0xc0],
        [0, 0x83],
      ] as const)
        for (const operator of ['Equal', 'NotEqual', 'Mask', 'GT', 'LT', 'InMap', 'InRange', 'NotInRange'])
          for (const number of ['1', '16', '120']) {
            const value = operator.endsWith('Range') ? `0:${number}` : number;
            const passes = prepared(type, operator, value);
            const said = passes(bits(set, clear));
            if (said === undefined) continue;
            for (let byte = 0; byte < 256; byte++) {
              if ((byte & set) !== set || (byte & clear) !== 0) continue;
              const each = type === 'int8' ? (byte << 24) >> 24 : byte;
              expect(passes(int(each)), `${type} ${operator} ${value}: ${each}`).toBe(said);
            }
          }
  });
});

const lseek = (...selectors: readonly unknown[]): unknown => ({
  kprobes: [
    {
      call: 'sys_lseek',
      args: [
        { index: 0, type: 'int' },
        { index: 1, type: 'int' },
      ],
      selectors,
    },
  ],
});
const equal = (index: number, value: string): object => ({ index, operator: 'Equal', values: [value] });
const filter = (index: number, value: string): object => ({ matchArgs: [equal(index, value)] });
const acts = (selector: object, action: string): object => ({ ...selector, matchActions: [{ action }] });

describe('a value that is not known', () => {
  const judged = (spec: unknown, ...args: ArgValue[]) => {
    const { selector, undetermined } = verdictOn(evaluatorOf(spec), hit(args));
    return undetermined === undefined ? selector : 'not known';
  };

  it.each([
    ['another filter of the selector fails', lseek({ matchArgs: [equal(0, '1'), equal(1, '2')] }), undefined],
    [
      'the binary is excluded',
      lseek({ matchBinaries: [{ operator: 'In', values: ['/bin/x'] }], ...filter(0, '1') }),
      undefined,
    ],
    ['a later selector matches and does the same', lseek(filter(0, '1'), filter(1, '7')), 1],
  ])('does not matter when %s', (_why, spec, selector) => {
    expect(judged(spec, unknown, int(7))).toBe(selector);
  });

  it.each([
    ['a later selector does something else', lseek(filter(0, '1'), acts(filter(1, '7'), 'Sigkill'))],
    ['an earlier one would do nothing', lseek(acts(filter(0, '1'), 'NoPost'), filter(1, '7'))],
    ['no other selector matches', lseek(filter(0, '1'), filter(1, '8'))],
  ])('matters when %s', (_why, spec) => {
    expect(judged(spec, unknown, int(7))).toBe('not known');
  });

  it('does not matter to an expression that is decided without it', () => {
    const cel = (expression: string): unknown =>
      lseek({ matchArgs: [{ operator: 'CelExpr', values: [expression] }] });
    expect(judged(cel('arg0 == int32(1) && arg1 == int32(8)'), unknown, int(7))).toBeUndefined();
    expect(judged(cel('!(arg1 == int32(7) || arg0 == int32(1))'), unknown, int(7))).toBeUndefined();
    expect(judged(cel('arg0 == int32(1) && arg1 == int32(7)'), unknown, int(7))).toBe('not known');
    // What is not known could not be read, perhaps.
    expect(judged(cel('arg0 == int32(1) || arg1 == int32(7)'), unknown, int(7))).toBe('not known');
  });

  it('does not move the arguments behind it, as far as its length is known', () => {
    const spec = {
      kprobes: [
        {
          call: 'sys_write',
          args: [
            { index: 1, type: 'char_buf', sizeArgIndex: 3 },
            { index: 2, type: 'int' },
          ],
          selectors: [filter(2, '7')],
        },
      ],
    };
    expect(judged(spec, begins('a', 267), int(7))).toBe(0);
    expect(judged(spec, begins('a', 10, 4095), int(7))).toBe('not known');
    expect(judged(spec, unknown, int(7))).toBe('not known');
  });
});

it('an unknown file without a part is not known', () => {
  expect(passesFilter('file', 'Equal', ['/a'], unknown)).toBeUndefined();
  expect(passesFilter('file', 'Equal', ['/a'], file('/a'))).toBe(true);
});
