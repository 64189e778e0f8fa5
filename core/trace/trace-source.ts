/** Where a trace comes from: its bytes, as often as they can be had, and the state before its first line. */
import { decompressed } from './decompress.ts';
import type { StartSnapshot } from './start-snapshot.ts';

/** Output of strace. */
export interface StraceSource {
  readonly kind: 'strace';
  /** Name for messages: a path, or `-` for standard input. */
  readonly file: string;
  /**
   * Its bytes, decompressed, in order. A chunk belongs to the reader until it asks for the next one. What a pipe gave
   * cannot be had twice. Aborting `signal` ends a wait for bytes. Throws TraceError where they cannot be read.
   */
  readonly open: (signal?: AbortSignal) => AsyncIterable<Uint8Array>;
  /** undefined: the simulator assumes a start and says so in the notes. */
  readonly start?: StartSnapshot;
  /** Where a line was before it came into this source, for messages; known once it was read. Default: where it is. */
  readonly placeOf?: (line: number) => { readonly file: string; readonly line: number } | undefined;
}

/** One member a kind; readers choose by `kind`. */
export type TraceSource = StraceSource;

/**
 * A trace whose bytes come from a web stream (`() => file.stream()` for a browser's File) or any other sequence of
 * chunks. gzip and zstd are recognised and undone.
 *
 * @example
 * ```ts
 * import { createReadStream } from 'node:fs';
 * import { straceSource } from 'tracerig/core';
 *
 * const trace = straceSource('cat.strace.gz', (signal) => createReadStream('cat.strace.gz', { signal }));
 * for await (const chunk of trace.open()) console.log(chunk.length);
 * ```
 */
export function straceSource(
  file: string,
  bytes: (signal?: AbortSignal) => AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>,
  start?: StartSnapshot,
): StraceSource {
  return {
    kind: 'strace',
    file,
    open: (signal) => openedBytes(file, bytes, signal),
    ...(start && { start }),
  };
}

async function* openedBytes(
  file: string,
  bytes: Parameters<typeof straceSource>[1],
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  // A reader that stops early, or a decompressor that fails, leaves a pipe waiting: this lets go of it.
  const over = new AbortController();
  try {
    const opened = bytes(signal ? AbortSignal.any([signal, over.signal]) : over.signal);
    yield* decompressed('getReader' in opened ? chunksOf(opened) : opened, file);
  } finally {
    over.abort();
  }
}

/** Web streams are no async iterables in every browser. */
async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // Also where the reader stops early: the source is told that no more is wanted.
    await reader.cancel().catch(() => undefined);
  }
}
