import { describe, expect, it } from 'vitest';
import { LineCutter } from './lines.ts';

function cut(chunks: readonly Uint8Array[]): [number, number, boolean, boolean][] {
  const lines: [number, number, boolean, boolean][] = [];
  const cutter = new LineCutter((_bytes, start, end, number, { complete, unreadable }) => {
    lines.push([number, end - start, complete, unreadable]);
  });
  for (const chunk of chunks) cutter.push(chunk);
  cutter.end();
  return lines;
}
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('lines', () => {
  it('do not end with a chunk', () => {
    expect(cut(['a', '', 'b\nc', 'd', '\n\ne'].map(encode))).toEqual([
      [1, 2, true, false],
      [2, 2, true, false],
      [3, 0, true, false],
      [4, 1, false, false],
    ]);
  });

  it('may use bytes that are changed afterwards', () => {
    const kept: string[] = [];
    const cutter = new LineCutter((bytes, start, end) => {
      kept.push(new TextDecoder().decode(bytes.subarray(start, end)));
    });
    const buffer = encode('ab');
    cutter.push(buffer);
    buffer.fill(120);
    cutter.push(encode('c\n'));
    expect(kept).toEqual(['abc']);
  });

  it('that no memory should hold are unreadable, and those after them are not', () => {
    const piece = new Uint8Array(1 << 20).fill(120);
    const lines = cut([...Array.from({ length: 66 }, () => piece), encode('\n7 close(3) = 0\n')]);
    expect(lines).toEqual([
      [1, 64 << 20, true, true],
      [2, 14, true, false],
    ]);
  });
});
