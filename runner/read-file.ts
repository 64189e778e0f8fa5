/** Reads whole files that users or scenarios name: regular ones, of a size that such files have. */
import { isUtf8 } from 'node:buffer';
import type { Stats } from 'node:fs';
import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';

/** Most bytes of a policy, a scenario or a probe hit. */
export const mostTextBytes = 16 << 20;
/** Most bytes of a start snapshot: it has a line for every path that its trace names. */
export const mostSnapshotBytes = 256 << 20;
/** Most bytes of a kernel's file with BTF: one with debug information may have hundreds of millions. */
export const mostKernelBytes = 2 ** 31 - 1;

/** Of one piece of a file that does not say its size. */
const chunkBytes = 1 << 16;

/** What the caller holds open already, such as the shell's `<(…)`: opening it waits for nobody. */
const inherited = /^\/(dev|proc\/self)\/(stdin|fd\/\d+)$/;

/** Throws Error, whose message `readProblem` words, for what is not UTF-8, too: Go's YAML refuses it. */
export function readText(path: string, most = mostTextBytes): string {
  return textOf(readBytes(path, most));
}

function textOf(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new Error(`it is not UTF-8 (line ${firstBadLine(bytes)})`);
  return bytes.toString('utf8');
}

function firstBadLine(bytes: Buffer): number {
  let line = 1;
  for (let from = 0; ; line++) {
    const end = bytes.indexOf('\n', from);
    if (end < 0 || !isUtf8(bytes.subarray(from, end))) return line;
    from = end + 1;
  }
}

/** Throws Error for what is no regular file, or has more bytes; nothing is waited for. */
export function readBytes(path: string, most: number): Buffer {
  const mayBePipe = inherited.test(path);
  // Before it is opened: with some devices, to open is to act.
  if (!mayBePipe) requireRegular(statSync(path));
  const { O_RDONLY, O_NONBLOCK } = constants;
  const file = openSync(path, mayBePipe ? O_RDONLY : O_RDONLY | O_NONBLOCK);
  try {
    const found = fstatSync(file);
    if (!mayBePipe) requireRegular(found);
    if (found.size > most) throw tooLarge(most);
    return readAll(file, found.size, most);
  } finally {
    closeSync(file);
  }
}

/** Some files say that they have no bytes, and have. One byte more than is left finds the end. */
function readAll(file: number, size: number, most: number): Buffer {
  const pieces: Buffer[] = [];
  for (let total = 0; ;) {
    const piece = Buffer.allocUnsafe(total <= size && size > 0 ? size - total + 1 : chunkBytes);
    const count = readSync(file, piece, 0, piece.length, null);
    if (count === 0) return Buffer.concat(pieces);
    total += count;
    if (total > most) throw tooLarge(most);
    pieces.push(piece.subarray(0, count));
  }
}

function requireRegular(found: Stats): void {
  const what = specialFile(found);
  if (what !== undefined) throw new Error(`this is ${what}`);
}

/** What it is if it is no regular file. */
export function specialFile(found: Stats): string | undefined {
  if (found.isFile()) return undefined;
  if (found.isDirectory()) return 'a folder';
  if (found.isFIFO()) return 'a pipe, and no regular file';
  if (found.isSocket()) return 'a socket, and no regular file';
  return 'a device, and no regular file';
}

function tooLarge(most: number): Error {
  return new Error(`it is larger than ${Math.round(most / (1 << 20))} MiB, and so not read`);
}

/** All of a stream, such as standard input. Throws Error where it has more bytes, or is not UTF-8. */
export async function readStreamText(stream: AsyncIterable<Buffer>, most = mostTextBytes): Promise<string> {
  const pieces: Buffer[] = [];
  let total = 0;
  for await (const piece of stream) {
    total += piece.length;
    if (total > most) throw tooLarge(most);
    pieces.push(piece);
  }
  return textOf(Buffer.concat(pieces));
}
