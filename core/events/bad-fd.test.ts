import { describe, expect, it } from 'vitest';
import type { ArgPlan } from '../plan/plan.ts';
import type { ArgTypeName } from '../values/arg-type-name.ts';
import type { ArgValue } from '../values/value.ts';
import { argumentsJson } from './bad-fd.ts';

const zero = { line: 1, column: 1, offset: 0 };
function shown(...pairs: [ArgTypeName, ArgValue][]): unknown[] {
  const plans = pairs.map(([type], index): ArgPlan => ({
    ...{ position: index, index, type, source: 'function', returnCopy: false },
    span: { file: 'test', start: zero, end: zero },
  }));
  return argumentsJson(
    pairs.map(([, value]) => value),
    plans,
    'kprobe',
  );
}
const bad: [ArgTypeName, ArgValue] = ['fd', { kind: 'bad-fd', fd: 99 }];
const int = (value: number): [ArgTypeName, ArgValue] => ['int', { kind: 'int', value }];
const text = (value: string): [ArgTypeName, ArgValue] => ['string', { kind: 'string', value }];

// What real Tetragon was recorded to print for these calls.
describe('a descriptor that does not resolve', () => {
  it('shows as / when it is the last argument', () => {
    expect(shown(int(0), bad)).toEqual([
      { int_arg: 0 },
      { file_arg: { path: '/', permission: '---------' } },
    ]);
  });

  it('swallows the int after it', () => {
    expect(shown(bad, int(0x40000000))).toEqual([{ file_arg: { permission: '---------' } }]);
  });

  it('turns a second int into an error of a strange depth', () => {
    expect(shown(bad, int(5), int(6))).toEqual([
      { file_arg: { permission: '---------' } },
      { error_arg: { Message: 'Bad address encountered during resolve dereference at depth 393215' } },
    ]);
  });

  it('takes letters of a string for its mode', () => {
    expect(shown(bad, text('x'), int(0))).toEqual([
      { file_arg: { permission: '--xrwx---' } },
      { string_arg: '' },
    ]);
  });

  it('takes an odd number after it for the flag of a long path', () => {
    expect(shown(bad, int(2))).toEqual([
      { file_arg: { flags: 'unresolvedPathComponents', permission: '---------' } },
    ]);
  });
});
