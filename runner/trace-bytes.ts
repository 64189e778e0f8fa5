/** Bytes of a trace from a file, a pipe or standard input. */
import { constants, openSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { addAbortSignal, type Readable } from 'node:stream';
import { TraceError } from '../core/trace/trace-error.ts';
import { readProblem } from './policies.ts';

/** Name of standard input on the command line. */
export const standardInput = '-';

/** Most bytes of one chunk; that of a small file is no larger than the file. */
const chunkBytes = 1 << 20;

/** Throws TraceError where they cannot be read. */
export async function* traceBytes(path: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    if (path === standardInput) yield* streamBytes(process.stdin, signal);
    else {
      const found = await stat(path);
      if (found.isFIFO()) yield* streamBytes(openFifo(path), signal);
      else yield* fileBytes(path, found.size);
    }
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new TraceError('TR-trace-file', readProblem(error), path, undefined, { cause: error });
  }
}

/** A file that grows, or that is made as it is read, has more than the size that it says. */
async function* fileBytes(path: string, size: number): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  try {
    for (let left = size; ;) {
      // One byte more than is left finds the end.
      const chunk = new Uint8Array(left < 0 ? chunkBytes : Math.min(left + 1, chunkBytes));
      const { bytesRead } = await file.read(chunk, 0, chunk.length);
      if (bytesRead === 0) return;
      left -= bytesRead;
      yield chunk.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/**
 * Waits for a writer without blocking: a thread in a blocked open() or read() would keep the process from ending, since
 * its end waits for Node's pool of threads.
 */
function openFifo(path: string): Socket {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return new Socket({ fd, readable: true, writable: false });
}

async function* streamBytes(stream: Readable, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  if (signal) addAbortSignal(signal, stream);
  for await (const chunk of stream) yield chunk as Uint8Array;
}
