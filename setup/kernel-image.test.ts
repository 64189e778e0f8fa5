import { describe, expect, it } from 'vitest';
import { kernelPayload } from './kernel-image.ts';

function image(magic: string, length: number): Buffer {
  const setupSectors = 3;
  const payloadOffset = 0x100;
  const packed = Buffer.concat([Buffer.from(magic, 'hex'), Buffer.alloc(length), Buffer.from([1, 2, 0, 0])]);
  const start = (setupSectors + 1) * 512 + payloadOffset;
  const bytes = Buffer.alloc(start + packed.length + 100);
  bytes.writeUInt8(setupSectors, 0x1f1);
  bytes.write('HdrS', 0x202, 'latin1');
  bytes.writeUInt32LE(payloadOffset, 0x248);
  bytes.writeUInt32LE(packed.length, 0x24c);
  packed.copy(bytes, start);
  return bytes;
}

describe('kernelPayload', () => {
  it.each([
    ['02214c18', 'lz4'],
    ['28b52ffd', 'zstd'],
    ['fd377a585a00', 'xz'],
    ['1f8b', 'gzip'],
  ])('finds a stream that begins with %s', (magic, tool) => {
    const payload = kernelPayload(image(magic, 50));
    expect(payload.tool).toBe(tool);
    expect(payload.size).toBe(0x201);
    expect(payload.data.length).toBe(magic.length / 2 + 50);
  });
  it('refuses what is no kernel, is cut, or is packed otherwise', () => {
    expect(() => kernelPayload(new Uint8Array(10))).toThrow('no Linux kernel');
    expect(() => kernelPayload(Buffer.alloc(4096))).toThrow('no Linux kernel');
    expect(() => kernelPayload(image('28b52ffd', 50).subarray(0, 2340))).toThrow('cut short');
    expect(() => kernelPayload(image('ffff', 50))).toThrow('not known');
  });
});
