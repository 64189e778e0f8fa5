/** Undoes the compression of a trace, told by its first bytes. Cut or corrupt input is an error, never a shorter trace. */
import { TraceError } from './trace-error.ts';

const magicLength = 6;

/** The bytes as they are, or what they are the gzip or zstd form of. `file` is for messages. */
export async function* decompressed(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
): AsyncGenerator<Uint8Array> {
  const rest = chunks[Symbol.asyncIterator]();
  try {
    const head = await firstBytes(rest);
    const bytes = again(head, rest);
    const format = formatOf(head);
    switch (format) {
      case 'gzip':
        yield* guarded(gunzipped(bytes), file, format);
        return;
      case 'zstd': {
        // Loaded when it is needed: most traces are plain, and each start would pay for it.
        const { unzstd } = await import('./zstd.ts');
        yield* guarded(unzstd(bytes), file, format);
        return;
      }
      case 'xz':
      case 'bzip2': {
        const message = `it is ${format} data, of the compressed forms only gzip and zstd are read: decompress it first`;
        throw new TraceError('TR-trace-compressed', message, file);
      }
      case undefined:
        yield* bytes;
    }
  } finally {
    // Not awaited: a pipe that waits for bytes would not answer.
    void rest.return?.(undefined)?.then(undefined, () => undefined);
  }
}

type Format = 'gzip' | 'zstd' | 'xz' | 'bzip2';

function formatOf(head: Uint8Array): Format | undefined {
  const is = (...magic: readonly number[]): boolean => magic.every((byte, at) => head[at] === byte);
  if (is(0x1f, 0x8b)) return 'gzip';
  if (is(0x28, 0xb5, 0x2f, 0xfd)) return 'zstd';
  // A skippable frame, as seekable and parallel writers put before the data.
  if (((head[0] ?? 0) & 0xf0) === 0x50 && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18)
    return 'zstd';
  if (is(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0)) return 'xz';
  if (is(0x42, 0x5a, 0x68)) return 'bzip2';
  return undefined;
}

/** Reads until the magic bytes are there; a pipe may give them one by one. */
async function firstBytes(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let head = new Uint8Array(0);
  while (head.length < magicLength) {
    const next = await chunks.next();
    if (next.done === true) break;
    const joined = new Uint8Array(head.length + next.value.length);
    joined.set(head);
    joined.set(next.value, head.length);
    head = joined;
  }
  return head;
}

async function* again(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  for (;;) {
    const next = await rest.next();
    if (next.done === true) return;
    yield next.value;
  }
}

async function* gunzipped(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const stream = new DecompressionStream('gzip');
  const writer = stream.writable.getWriter();
  let sourceError: unknown;
  const write = async (): Promise<void> => {
    const source = bytes[Symbol.asyncIterator]();
    for (;;) {
      const next = await source.next().catch((error: unknown) => {
        sourceError = error;
        throw error;
      });
      if (next.done === true) break;
      await writer.write(next.value);
    }
    await writer.close();
  };
  // What fails there fails the reading too.
  void write().catch((error: unknown) => writer.abort(error).catch(() => undefined));
  const reader = (stream.readable as ReadableStream<Uint8Array>).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (error) {
    throw sourceError ?? error;
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

/** Errors of a decompressor as one of the trace; those of the source pass. */
async function* guarded(
  bytes: AsyncIterable<Uint8Array>,
  file: string,
  format: Format,
): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (error) {
    if (error instanceof TraceError || isAbort(error)) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new TraceError(
      'TR-trace-compressed',
      `its ${format} data is cut or corrupt: ${why}`,
      file,
      undefined,
      {
        cause: error,
      },
    );
  }
}

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';
