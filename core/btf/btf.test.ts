import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { Btf, BtfError } from './btf.ts';
import { BtfWriter } from './testing.ts';
import { pathParts, resolveParameter, resolveStruct } from './resolve.ts';
import { parameterTypeText } from './type-text.ts';

/** A small kernel: a struct with an anonymous union, arrays and pointers. */
function sample(): Uint8Array {
  const btf = new BtfWriter();
  const int = btf.int('int', 4, true);
  const unsigned = btf.int('unsigned int', 4);
  const char = btf.int('char', 1, true);
  const uid = btf.add(8, 'uid_t', { value: unsigned });
  const kuid = btf.struct('kuid', 4, [['val', uid, 0]]);
  const cred = btf.struct('cred', 16, [
    ['usage', int, 0],
    ['uid', kuid, 8],
  ]);
  const constCred = btf.add(10, '', { value: cred });
  const credPointer = btf.pointer(constCred);
  const name = btf.array(char, 16);
  const anonymous = btf.struct('', 8, [['inner', int, 4]], 5);
  const creds = btf.array(credPointer, 4);
  const flexible = btf.array(int, 0);
  const mode = btf.add(6, 'mode', { value: 2, count: 0 });
  const task = btf.struct('task_struct', 96, [
    ['cred', credPointer, 8],
    ['comm', name, 16],
    ['', anonymous, 32],
    ['creds', creds, 40],
    ['mode', mode, 72],
    ['rest', flexible, 80],
  ]);
  const taskPointer = btf.pointer(task);
  const text = btf.pointer(btf.add(10, '', { value: char }));
  const nothing = btf.pointer(0);
  btf.function('hook', int, [
    ['task', taskPointer],
    ['name', text],
    ['tasks', btf.pointer(taskPointer)],
    ['data', nothing],
    ['mode', mode],
    ['id', uid],
  ]);
  return btf.bytes();
}

describe('Btf', () => {
  const btf = new Btf(sample());

  it('tells types of parameters as Tetragon compares them', () => {
    const prototype = btf.prototype('hook');
    expect(prototype?.parameters.map(({ type }) => parameterTypeText(btf, type))).toEqual([
      ...['struct task_struct *', 'char *', 'struct task_struct **', 'void *', 'u16', 'uid_t'],
    ]);
    expect(parameterTypeText(btf, prototype?.target ?? 0)).toBe('int');
  });

  it.each([
    [
      'cred.uid.val',
      [
        [8, true],
        [8, false],
        [0, true],
      ],
      undefined,
    ],
    [
      'cred.usage',
      [
        [8, true],
        [0, true],
      ],
      'int',
    ],
    ['inner', [[36, true]], 'int'],
    [
      'comm[3]',
      [
        [16, false],
        [3, true],
      ],
      undefined,
    ],
    [
      'creds[2].usage',
      [
        [40, false],
        [16, true],
        [0, true],
      ],
      'int',
    ],
    ['mode', [[72, true]], 'uint16'],
    [
      'rest[7]',
      [
        [80, false],
        [28, true],
      ],
      'int',
    ],
    ['cred', [[8, true]], 'cred'],
  ])('resolves %s', (path, steps, argType) => {
    const found = resolveStruct(btf, 'task_struct', path);
    if ('error' in found) throw new Error(found.error);
    expect(found.steps.map(({ offset, pointer }) => [offset, pointer])).toEqual(steps);
    expect(found.argType).toBe(argType);
    const viaParameter = resolveParameter(btf, 'hook', 0, path);
    expect('error' in viaParameter ? viaParameter.error : viaParameter.steps).toEqual(found.steps);
  });

  it('follows a pointer to a pointer through the first element', () => {
    const found = resolveParameter(btf, 'hook', 2, 'cred.usage');
    expect(
      'error' in found ? found.error : found.steps.map(({ offset, pointer }) => [offset, pointer]),
    ).toEqual([
      ...[
        [0, true],
        [8, true],
        [0, true],
      ],
    ]);
  });

  it.each([
    ['no_field', 'attribute "no_field" not found in structure ""'],
    ['cred.no_field', 'attribute "no_field" not found in structure "cred"'],
    ['comm.x', 'fail parsing array index : invalid format "x" (must be: "[value]")'],
    ['comm[16]', 'array index out of bound. Nelems=16, got=16'],
    ['inner.x', 'unexpected type : "inner" has type "int"'],
    ['a..b', 'invalid format for resolve path: "a..b"'],
    ['a.[1]', 'invalid format for resolve path: "a.[1]"'],
    ['a.b.c.d.e.f.g.h.i.j.k', 'unable to resolve "a.b.c.d.e.f.g.h.i.j.k". The maximum depth allowed is 10'],
  ])('says what is wrong with %s', (path, error) => {
    expect(resolveStruct(btf, 'task_struct', path)).toEqual({ error });
  });

  it('says what does not exist', () => {
    expect(resolveStruct(btf, 'none', 'a')).toEqual({ error: 'failed to find BTF type "none": not found' });
    expect(resolveParameter(btf, 'none', 0, 'a')).toEqual({
      error: 'failed to find BTF type for hook "none": not found',
    });
    expect(resolveParameter(btf, 'hook', 9, 'a')).toEqual({
      error: 'index 9 is out of range. The hook only have 6 parameters',
    });
  });

  it('reads a module on top of the kernel', () => {
    const base = new Btf(sample());
    // A module's strings and ids continue those of the kernel, so that only its own names need an offset.
    const module = new BtfWriter();
    module.int('', 8);
    const btf2 = new Btf(module.bytes(), base);
    expect(btf2.typeCount).toBe(base.typeCount + 1);
    expect(btf2.type(base.typeCount).size).toBe(8);
    expect(btf2.prototype('hook')?.parameters).toHaveLength(6);
  });
});

describe('damaged BTF', () => {
  it.each([
    ['nothing', new Uint8Array(0), /no BTF/],
    ['text', new TextEncoder().encode('this is a text of more than 24 bytes'), /no BTF/],
    ['a cut file', sample().slice(0, 200), /cut short/],
  ])('%s', (_, bytes, message) => {
    expect(() => new Btf(bytes)).toThrow(message);
  });

  it('never crashes or hangs', () => {
    const good = sample();
    fc.assert(
      fc.property(
        fc.integer({ min: 24, max: good.length - 1 }),
        fc.integer({ min: 0, max: 255 }),
        (at, value) => {
          const bytes = Uint8Array.from(good);
          bytes[at] = value;
          try {
            const btf = new Btf(bytes);
            resolveStruct(btf, 'task_struct', 'cred.uid.val');
            for (const type of btf.types()) parameterTypeText(btf, type.id);
          } catch (error) {
            if (!(error instanceof BtfError)) throw error;
          }
        },
      ),
    );
  });
});

it('pathParts', () => {
  expect(pathParts('my.super.field[123].my')).toEqual(['my', 'super', 'field', '[123]', 'my']);
  expect(pathParts('[1].a')).toEqual(['[1]', 'a']);
  for (const wrong of ['', 'a[', 'a[]', 'a[x]', 'a]', 'my..field', 'a.[1]'])
    expect(pathParts(wrong)).toBeUndefined();
});

const kernel = '/sys/kernel/btf/vmlinux';
describe.skipIf(!existsSync(kernel))('this machine’s kernel', () => {
  it('has the types that policies resolve', () => {
    const btf = new Btf(readFileSync(kernel));
    const uid = resolveStruct(btf, 'task_struct', 'cred.uid.val');
    expect('error' in uid ? uid.error : uid.steps.length).toBe(3);
    const name = resolveParameter(btf, 'security_file_open', 0, 'f_path.dentry.d_name.name');
    expect('error' in name ? name.error : '').toBe('');
    const none = resolveStruct(btf, 'task_struct', 'no_field');
    expect('error' in none ? none.error : '').toMatch(/^attribute "no_field" not found in structure/);
  });
});
