import { describe, expect, it } from 'vitest';
import { cpio } from './cpio.ts';

const archive = cpio([
  { path: 'sbin', mode: 0o755 },
  { path: 'sbin/a', mode: 0o700, content: Buffer.from('hello') },
]);

describe('cpio', () => {
  it('aligns headers and contents to four bytes and ends with the trailer', () => {
    const text = Buffer.from(archive).toString('latin1');
    for (const match of text.matchAll(/070701/g)) expect(match.index % 4).toBe(0);
    expect(text.match(/070701/g)).toHaveLength(3);
    expect(text).toContain('TRAILER!!!');
  });
  it('gives equal bytes for equal entries', () => {
    const again = cpio([
      { path: 'sbin', mode: 0o755 },
      { path: 'sbin/a', mode: 0o700, content: Buffer.from('hello') },
    ]);
    expect(Buffer.compare(Buffer.from(archive), Buffer.from(again))).toBe(0);
  });
});
