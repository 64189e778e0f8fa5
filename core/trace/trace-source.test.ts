import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TraceError } from './trace-error.ts';
import { straceSource } from './trace-source.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const unbase = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'));
const join = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));

const text = 'abcdefgh'.repeat(40);
const gzip = (content: string): Uint8Array => Uint8Array.from(gzipSync(content));
/** Made by zstd 1.5.7 of `text`: with a checksum and without, of 300,000 times x, and of a line from a pipe. */
const zstd = {
  checked: unbase('KLUv/WRAAH0AAEBhYmNkZWZnaAEANdXLBUvnLf4='),
  unchecked: unbase('KLUv/WBAAH0AAEBhYmNkZWZnaAEANdXLBQ=='),
  repeated: unbase('KLUv/aTgkwQAVAAAEHh4AQD7/znAAgIAEHgDnwR4j3Kbog=='),
  piped: unbase('KLUv/QRYSQAAb25lIGxpbmUKtTotZg=='),
  skippable: Uint8Array.of(0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3),
};

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function readAll(bytes: Uint8Array, size = 1 << 20): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of straceSource('t', () => pieces(bytes, size)).open()) parts.push(chunk.slice());
  return Buffer.concat(parts).toString('latin1');
}

async function lengthOf(chunks: AsyncIterable<Uint8Array>, onChunk?: () => void): Promise<number> {
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    onChunk?.();
  }
  return length;
}

const corrupt = { code: 'TR-trace-compressed', file: 't' };

describe('bytes of a trace', () => {
  it.each([
    ['plain', encode(text), text],
    ['nothing', encode(''), ''],
    ['a byte', encode('7'), '7'],
    ['gzip', gzip(text), text],
    ['two members of gzip', join(gzip('one\n'), gzip('two\n')), 'one\ntwo\n'],
    ['gzip, padded', join(gzip('one\n'), new Uint8Array(512)), 'one\n'],
    ['zstd', zstd.checked, text],
    ['zstd without a checksum', zstd.unchecked, text],
    ['zstd of one byte again and again', zstd.repeated, 'x'.repeat(300_000)],
    ['zstd from a pipe', zstd.piped, 'one line\n'],
    [
      'frames of zstd between skippable ones',
      join(zstd.skippable, zstd.checked, zstd.skippable, zstd.piped),
      `${text}one line\n`,
    ],
  ])('%s', async (_name, bytes, expected) => {
    for (const size of [1, 5, 1 << 20]) expect(await readAll(bytes, size)).toBe(expected);
  });

  it('may come from a web stream', async () => {
    const stream = new Blob([gzip(text).slice()]).stream();
    const parts: Uint8Array[] = [];
    for await (const chunk of straceSource('t', () => stream).open()) parts.push(chunk);
    expect(Buffer.concat(parts).toString('latin1')).toBe(text);
  });
});

describe('compressed bytes that are not whole', () => {
  it.each(Object.entries({ gzip: gzip(text), ...zstd }))(
    '%s, cut anywhere behind its magic',
    async (_name, bytes) => {
      for (let length = 4; length < bytes.length; length += 1) {
        await expect(readAll(bytes.subarray(0, length)), `${length}`).rejects.toMatchObject(corrupt);
      }
    },
  );

  it.each([
    ['gzip', gzip(text)],
    ['zstd', zstd.checked],
  ])('%s with any bit changed gives the same or an error', async (_name, bytes) => {
    const change = fc.tuple(fc.integer({ min: 4, max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(change, async ([at, bits]) => {
        const changed = Uint8Array.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ bits;
        const read = await readAll(changed).catch((error: unknown) => error);
        if (read instanceof TraceError) expect(read).toMatchObject(corrupt);
        else expect(read).toBe(text);
      }),
      { numRuns: 300, seed: 3 },
    );
  });

  it.each([
    ['gzip', gzip('one\n')],
    ['zstd', zstd.piped],
  ])('%s with something else behind it', async (_name, bytes) => {
    await expect(readAll(join(bytes, encode('junk and more')))).rejects.toMatchObject(corrupt);
  });

  it('of a form that is not read are named', async () => {
    const xz = Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4);
    await expect(readAll(xz)).rejects.toMatchObject({ ...corrupt, message: expect.stringContaining('xz') });
    await expect(readAll(encode('BZh91AY'))).rejects.toMatchObject(corrupt);
  });
});

describe('a source', () => {
  /** Gives some bytes, then waits until it is let go. */
  class Pipe {
    released = false;
    constructor(private readonly bytes: Uint8Array) {}

    async *open(signal?: AbortSignal): AsyncGenerator<Uint8Array> {
      try {
        yield this.bytes;
        signal?.throwIfAborted();
        await new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => {
            reject(signal.reason as Error);
          });
        });
      } finally {
        this.released = true;
      }
    }
  }

  it.each([
    ['plain', encode(text)],
    ['zstd', join(zstd.piped, zstd.piped)],
  ])('is let go when its reader stops early: %s', async (_name, bytes) => {
    const pipe = new Pipe(bytes);
    const source = straceSource('t', (signal) => pipe.open(signal));
    for await (const chunk of source.open()) if (chunk.length > 0) break;
    expect(pipe.released).toBe(true);
  });

  it('is let go when its bytes are corrupt, though more might come', async () => {
    for (const bytes of [gzip('one\n'), zstd.piped]) {
      const pipe = new Pipe(join(bytes, encode('junk and more')));
      const source = straceSource('t', (signal) => pipe.open(signal));
      await expect(lengthOf(source.open())).rejects.toMatchObject(corrupt);
      await expect.poll(() => pipe.released).toBe(true);
    }
  });

  it('ends a wait for bytes when the signal is aborted', async () => {
    const controller = new AbortController();
    const pipe = new Pipe(encode(text));
    const source = straceSource('t', (signal) => pipe.open(signal));
    const reading = lengthOf(source.open(controller.signal), () => {
      controller.abort(new Error('enough'));
    });
    await expect(reading).rejects.toThrow('enough');
    expect(pipe.released).toBe(true);
  });

  it('passes on why it cannot be read', async () => {
    const gone = new TraceError('TR-trace-file', 'gone', 't');
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield gzip(text).slice(0, 20);
      await Promise.resolve();
      throw gone;
    };
    await expect(lengthOf(straceSource('t', failing).open())).rejects.toBe(gone);
  });
});
