/** What is said to a machine that is kept up, over a Unix socket: lines of JSON, and in a shell whatever a terminal says. */
import { join } from 'node:path';
import { BackendError } from '../core/backend/error.ts';

/** The first line of a connection. */
export type KeeperRequest =
  | { readonly do: 'facts' }
  | { readonly do: 'exec'; readonly argv: readonly string[] }
  /** After the first line of the answer, both sides send a terminal's bytes. */
  | { readonly do: 'shell'; readonly rows: number; readonly columns: number; readonly term: string }
  | { readonly do: 'down' };

/** Lines of the answer. Bytes are in base64. */
export type KeeperAnswer =
  | { readonly release: string; readonly pid: number; readonly accelerator: string }
  | { readonly stdout: string }
  | { readonly stderr: string }
  /** Of the command: its wait status, as the kernel has it. The last line. */
  | { readonly status: number }
  | { readonly ready: true }
  | { readonly error: string };

/** Longest path that a Unix socket may have (`sun_path`), without the final zero. */
const longestSocket = 107;

/** Where the machine of a line listens. @throws BackendError (`usage`) where the cache lies too deep for that */
export function keeperSocket(cache: string, line: string): string {
  const path = join(keeperFolder(cache), `${line}.sock`);
  if (Buffer.byteLength(path) <= longestSocket) return path;
  const message = `${path} is too long for a socket: TRACERIG_CACHE has to be a shorter path`;
  throw new BackendError('TR-usage', message, 'usage');
}

/** Only its owner may enter. */
export const keeperFolder = (cache: string): string => join(cache, 'machines');

/** Splits what comes in pieces into lines; `rest` is what came after the last one. */
export class LineReader {
  #kept = Buffer.alloc(0);

  push(chunk: Buffer): string[] {
    const all = Buffer.concat([this.#kept, chunk]);
    const end = all.lastIndexOf(0x0a);
    this.#kept = all.subarray(end + 1);
    return end === -1 ? [] : all.subarray(0, end).toString('utf8').split('\n');
  }

  /** The next line alone, so that the bytes after it can be something else. */
  first(chunk: Buffer): { readonly line: string; readonly rest: Buffer } | undefined {
    const all = Buffer.concat([this.#kept, chunk]);
    const end = all.indexOf(0x0a);
    this.#kept = end === -1 ? all : Buffer.alloc(0);
    return end === -1
      ? undefined
      : { line: all.subarray(0, end).toString('utf8'), rest: all.subarray(end + 1) };
  }
}
