import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { artefacts, setupHint } from './testing.ts';

/** One instruction: its class and operation, and how far a jump goes. */
interface Instruction {
  readonly code: number;
  readonly offset: number;
}
interface Successor {
  readonly at: number;
  readonly jump: boolean;
}

/** Where it goes on, in the order of the kernel's check_cfg. Calls come back, so they go on behind themselves. */
function successors({ code, offset }: Instruction, at: number): Successor[] {
  const next = { at: at + 1, jump: false };
  if (code === 0x18) return [{ at: at + 2, jump: false }]; // a 64-bit constant takes two
  const isJump = (code & 7) === 5 || (code & 7) === 6;
  if (!isJump || (code & 0xf0) === 0x80) return [next];
  if ((code & 0xf0) === 0x90) return []; // exit
  const target = { at: at + 1 + offset, jump: true };
  return (code & 0xf0) === 0 ? [target] : [{ ...next, jump: true }, target];
}

/** Instructions that lead back into a loop by falling into its head. */
function fallBacks(code: readonly Instruction[]): number[] {
  const found: number[] = [];
  const done = new Set<number>();
  const open = new Set<number>();
  const walk = [{ at: 0, left: successors(code[0] as Instruction, 0) }];
  open.add(0);
  for (let top = walk.at(-1); top !== undefined; top = walk.at(-1)) {
    const next = top.left.shift();
    if (next === undefined) {
      open.delete(top.at);
      done.add(top.at);
      walk.pop();
    } else if (open.has(next.at)) {
      if (!next.jump) found.push(top.at);
    } else if (!done.has(next.at)) {
      open.add(next.at);
      walk.push({ at: next.at, left: successors(code[next.at] as Instruction, next.at) });
    }
  }
  return found;
}

/** Functions of an ELF object with 64-bit little-endian headers: name, section and instructions. */
function functionsOf(object: Buffer): { readonly name: string; readonly code: readonly Instruction[] }[] {
  const number = (at: number): number => Number(object.readBigUInt64LE(at));
  const section = (index: number) => {
    const at = number(40) + 64 * index;
    return {
      ...{ type: object.readUInt32LE(at + 4), offset: number(at + 24), size: number(at + 32) },
      link: object.readUInt32LE(at + 40),
    };
  };
  const all = Array.from({ length: object.readUInt16LE(60) }, (_none, index) => section(index));
  const symbols = all.find(({ type }) => type === 2);
  const names = all[symbols?.link ?? 0]?.offset ?? 0;
  return Array.from({ length: (symbols?.size ?? 0) / 24 }, (_none, index) => {
    const at = (symbols?.offset ?? 0) + 24 * index;
    const name = object.subarray(names + object.readUInt32LE(at));
    const start = (all[object.readUInt16LE(at + 6)]?.offset ?? 0) + number(at + 8);
    return {
      isFunction: (object.readUInt8(at + 4) & 15) === 2,
      name: name.subarray(0, name.indexOf(0)).toString(),
      code: Array.from({ length: number(at + 16) / 8 }, (_instruction, place) => ({
        code: object.readUInt8(start + 8 * place),
        offset: object.readInt16LE(start + 8 * place + 2),
      })),
    };
  }).filter(({ isFunction }) => isFunction);
}

describe('the compiled programs', () => {
  // Kernels up to 6.1 at least take a loop only if it is closed by a jump: "back-edge from insn … to …".
  it.skipIf(artefacts === undefined)(`close their loops by jumps (${setupHint})`, () => {
    const functions = functionsOf(readFileSync(path.join(artefacts?.bpf ?? '', 'tracerig.bpf.o')));
    expect(functions.length).toBeGreaterThan(10);
    expect(functions.filter(({ code }) => fallBacks(code).length > 0).map(({ name }) => name)).toEqual([]);
  });

  it.each([
    [
      'by a jump',
      [
        { code: 0x07, offset: 0 },
        { code: 0x15, offset: -2 },
        { code: 0x95, offset: 0 },
      ],
      [],
    ],
    // From 0 into the head at 2, whose body at 1 stands before it.
    [
      'by falling into the head',
      [
        { code: 0x05, offset: 1 },
        { code: 0x07, offset: 0 },
        { code: 0x15, offset: -2 },
        { code: 0x95, offset: 0 },
      ],
      [1],
    ],
  ])('a loop that is closed %s', (_how, code, expected) => {
    expect(fallBacks(code)).toEqual(expected);
  });
});
