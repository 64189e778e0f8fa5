import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Carrier } from '../carrier.ts';
import { makeRig } from '../../rig.ts';
import { calls, type CallName } from './index.ts';

const native = path.join(import.meta.dirname, '..', '..', 'native');
const read = (name: string): string => readFileSync(path.join(native, name), 'utf8');
const names = Object.keys(calls) as CallName[];

/** Rows of the protocol's table: names in backticks of both columns. */
function documented(): Map<string, { readonly request: string[]; readonly answer: string[] }> {
  const [, table = ''] = read('PROTOCOL.md').split('## Calls');
  const rows = [...table.matchAll(/^\| `(\w+)` \|(.*)\|(.*)\|$/gm)];
  const fields = (cell = ''): string[] => [
    ...new Set([...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name)),
  ];
  return new Map(
    rows.map(([, name = '', request, answer]) => [
      name,
      { request: fields(request), answer: fields(answer) },
    ]),
  );
}

/** A schema, as far as the names of its fields go. */
interface Schema {
  readonly def: {
    readonly shape?: Readonly<Record<string, Schema>>;
    readonly element?: Schema;
    readonly innerType?: Schema;
    readonly options?: readonly Schema[];
  };
}

function fieldsOf({ def }: Schema): string[] {
  const { shape = {}, element, innerType, options = [] } = def;
  const inner = [element ?? [], innerType ?? [], options].flat();
  return [
    ...new Set([
      ...Object.entries(shape).flatMap(([name, of]) => [name, ...fieldsOf(of)]),
      ...inner.flatMap(fieldsOf),
    ]),
  ];
}

describe('the table of calls', () => {
  it('has the calls of the protocol and of the core', () => {
    const handlers = /handlers_ = \{(.*)\n  \};/s.exec(read('core.cpp'))?.[1] ?? '';
    const handled = [...handlers.matchAll(/\{\s*"(\w+)",/g)].map(([, name]) => name);
    expect(names.toSorted()).toEqual(handled.toSorted());
    expect(names.toSorted()).toEqual([...documented().keys()].toSorted());
  });

  it.each(names)('%s has the fields of the protocol', (name) => {
    const { request, answer } = calls[name];
    const row = documented().get(name);
    expect(fieldsOf(request as unknown as Schema).toSorted()).toEqual(row?.request.toSorted());
    expect(fieldsOf(answer as unknown as Schema).toSorted()).toEqual(row?.answer.toSorted());
  });

  it('has fields that the core knows', () => {
    const sources = readdirSync(native).filter((name) => name.endsWith('.cpp'));
    const text = sources.map(read).join('\n');
    const fields = names.flatMap((name) => [calls[name].request, calls[name].answer]);
    for (const field of fields.flatMap((schema) => fieldsOf(schema as unknown as Schema)))
      expect(text, field).toContain(`"${field}"`);
  });
});

describe('answers', () => {
  const hello = {
    ...{ protocol: 1, release: '6.12', machine: 'x86_64', nodeName: 'n', libbpf: 'v1', pid: 1, uid: 0 },
    ...{ boottimeNs: '1', realtimeNs: '2' },
  };
  const rigThatSays = (answer: Record<string, unknown>) => {
    const carrier: Carrier = {
      call: ({ call }) =>
        Promise.resolve({ head: { id: 1, ...(call === 'hello' ? hello : answer) }, bytes: new Uint8Array() }),
      close: () => undefined,
    };
    return makeRig(carrier);
  };

  it('are read as what they stand for', async () => {
    const rig = await rigThatSays({ boottimeNs: '18446744073709551615', realtimeNs: '2', monotonicNs: '3' });
    expect(rig.facts).toMatchObject({ release: '6.12', boottimeNs: 1n });
    expect(await rig.clock()).toEqual({ boottimeNs: 2n ** 64n - 1n, realtimeNs: 2n, monotonicNs: 3n });
  });

  it.each([
    ['a field that is missing', {}, /answer to wait .* status/],
    ['a field of another kind', { status: '0', timedOut: false, left: [] }, /answer to wait .* status/],
    [
      'an element of another kind',
      { status: 0, timedOut: false, left: [1, 'x'] },
      /answer to wait .* left\.1/,
    ],
  ])('are refused for %s', async (_what, answer, message) => {
    const rig = await rigThatSays(answer);
    const waited = rig.wait({ pid: 1, timeoutMs: 1, graceMs: 1 });
    await expect(waited).rejects.toMatchObject({ name: 'RigError', call: 'wait', errno: 71 });
    await expect(waited).rejects.toThrow(message);
  });

  it('that are errors are thrown with errno and log', async () => {
    const rig = await rigThatSays({ error: 'no', errno: 2, log: 'why' });
    await expect(rig.kill()).rejects.toMatchObject({ message: 'no', call: 'kill', errno: 2, log: 'why' });
  });
});
