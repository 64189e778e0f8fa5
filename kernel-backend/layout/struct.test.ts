import { describe, expect, it } from 'vitest';
import { array, at, blob, s32, struct, u32, u64, u8 } from './struct.ts';

const inner = struct('inner', 8, { low: at(0, u8), high: at(4, s32) });
const outer = struct('outer', 40, {
  kind: at(0, u8),
  number: at(8, u64),
  pair: at(8, inner),
  list: at(16, array(u32, 2)),
  bytes: at(24, blob(3)),
});

describe('structures', () => {
  it('are written where the compiler has their fields, and read again', () => {
    const bytes = outer.encode({ kind: 1, pair: { high: -2 }, list: [7], bytes: Uint8Array.of(9) });
    expect([...bytes.subarray(0, 28)]).toEqual([
      ...[1, 0, 0, 0, 0, 0, 0, 0],
      ...[0, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff],
      ...[7, 0, 0, 0, 0, 0, 0, 0],
      ...[9, 0, 0, 0],
    ]);
    expect(outer.decode(bytes)).toMatchObject({ kind: 1, pair: { low: 0, high: -2 }, list: [7, 0] });
  });

  it('take one member of a union, and no more than fits', () => {
    expect(() => outer.encode({ number: 1n, pair: { low: 1 } })).toThrow(/two members of a union/);
    expect(() => outer.encode({ list: [1, 2, 3] })).toThrow(RangeError);
    expect(() => outer.encode({ bytes: new Uint8Array(4) })).toThrow(RangeError);
  });
});
