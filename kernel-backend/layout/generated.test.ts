import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { generatedFile, generatedLayout } from '../../scripts/layout/compile.ts';
import { artefacts, setupHint } from '../testing.ts';
import * as generated from './generated.ts';
import type { Struct } from './struct.ts';

const root = path.join(import.meta.dirname, '..', '..');
const has = async (tool: string, option: string): Promise<boolean> =>
  !(await execa(tool, [option], { reject: false })).failed;
const canCompile = (await has('clang', '--version')) && (await has('bpftool', 'version'));

describe.skipIf(!canCompile)('the generated layout (needs clang and bpftool)', () => {
  it('is what bpf/layout.h makes', async () => {
    expect(readFileSync(path.join(root, generatedFile), 'utf8')).toBe(await generatedLayout(root));
  });
});

interface Member {
  readonly name: string;
  readonly type_id: number;
  readonly bits_offset: number;
}
interface Type {
  readonly id: number;
  readonly kind: string;
  readonly name: string;
  readonly size: number;
  readonly members: readonly Member[];
}

describe.skipIf(artefacts === undefined)(`structures of the compiled programs (${setupHint})`, () => {
  const all = Object.values(generated).filter((value) => typeof value === 'object') as readonly object[];
  const structures = all.filter((value) => 'encode' in value) as Struct<Record<string, { offset: number }>>[];

  it('are laid out as this side says', () => {
    const object = path.join(artefacts?.bpf ?? '', 'tracerig.bpf.o');
    const text = execFileSync('bpftool', ['-j', 'btf', 'dump', 'file', object], { maxBuffer: 1 << 26 });
    const { types } = JSON.parse(text.toString()) as { types: Type[] };
    const byName = new Map(types.filter(({ kind }) => kind === 'STRUCT').map((type) => [type.name, type]));
    const byId = new Map(types.map((type) => [type.id, type]));
    const offsets = (members: readonly Member[], from = 0): [string, number][] =>
      members.flatMap(({ name, type_id, bits_offset }) => {
        const at = from + bits_offset / 8;
        return name === '(anon)' ? offsets(byId.get(type_id)?.members ?? [], at) : [[name, at]];
      });
    expect(structures.length).toBeGreaterThan(30);
    for (const { name, size, fields } of structures) {
      const type = byName.get(name);
      expect(type, name).toBeDefined();
      expect(type?.size, name).toBe(size);
      const expected = Object.entries(fields).map(([field, { offset }]) => [field, offset]);
      expect(Object.fromEntries(offsets(type?.members ?? [])), name).toEqual(Object.fromEntries(expected));
    }
  });
});
