import { describe, expect, it } from 'vitest';
import type { HookPlan } from '../core/plan/plan.ts';
import { loadPolicies } from '../core/plan/load.ts';
import { readHit } from './hit-file.ts';

function hookOf(types: readonly string[]): HookPlan {
  const args = types.map((type, index) => `{ index: ${index}, type: ${type} }`).join(', ');
  const { plans, diagnostics } = loadPolicies(
    `apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata: { name: hits }\nspec: { kprobes: [{ call: f, syscall: false, args: [${args}] }] }\n`,
    'p',
  );
  const hook = plans[0]?.hooks[0];
  if (hook === undefined) throw new Error(JSON.stringify(diagnostics));
  return hook;
}
const args = (text: string, types: readonly string[]) => readHit(text).on(hookOf(types)).args;

describe('a hit file', () => {
  it('holds values in the order of the arguments', () => {
    expect(
      args('{"args": [-1, "18446744073709551615", "/f", "text", "ab"]}', [
        'int',
        'uint64',
        'file',
        'string',
        'char_buf',
      ]),
    ).toEqual([
      { kind: 'int', value: -1 },
      { kind: 'int', value: 18446744073709551615n },
      { kind: 'file', path: '/f', mode: 0o100644 },
      { kind: 'string', value: 'text' },
      { kind: 'buffer', value: 'ab', size: 2 },
    ]);
  });

  it('may be an event', () => {
    const event =
      '{"process_kprobe": {"function_name": "f", "args": [{"int_arg": 3}, {"file_arg": {"path": "/f"}}]}}';
    expect(readHit(event).hook).toBe('f');
    expect(args(event, ['int', 'file'])).toMatchObject([{ value: 3 }, { path: '/f' }]);
  });

  it('may leave values out: they are unknown', () => {
    expect(args('{}', ['int'])).toMatchObject([{ kind: 'unknown' }]);
  });

  it.each(['', '[]', '{'])('%j is refused', (text) => expect(() => readHit(text)).toThrow(/JSON/));

  it('refuses a text for a number', () => {
    expect(() => args('{"args": ["x"]}', ['int'])).toThrow(
      'argument 0 is of type int: it takes a whole number',
    );
  });
});
