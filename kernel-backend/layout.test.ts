import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { structures } from './layout.ts';
import { artefacts, setupHint } from './testing.ts';

interface Member {
  readonly name: string;
  readonly bits_offset: number;
}
interface Type {
  readonly kind: string;
  readonly name: string;
  readonly size: number;
  readonly members: readonly Member[];
}

describe.skipIf(artefacts === undefined)(`structures of the compiled programs (${setupHint})`, () => {
  const read = (): Map<string, Type> => {
    const object = path.join(artefacts?.bpf ?? '', 'tracerig.bpf.o');
    const text = execFileSync('bpftool', ['-j', 'btf', 'dump', 'file', object], { maxBuffer: 1 << 26 });
    const { types } = JSON.parse(text.toString()) as { types: Type[] };
    return new Map(types.filter(({ kind }) => kind === 'STRUCT').map((type) => [type.name, type]));
  };

  it('are laid out as this side says', () => {
    const types = read();
    for (const { name, size, offsets } of structures) {
      const type = types.get(name);
      expect(type, name).toBeDefined();
      expect(type?.size, name).toBe(size);
      const members = Object.fromEntries(
        (type?.members ?? []).map((member) => [member.name, member.bits_offset / 8]),
      );
      expect(members, name).toEqual(offsets);
    }
  });
});
