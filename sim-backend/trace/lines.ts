/** Cuts chunks of bytes into lines without copying, but for the line that straddles two chunks. */

import { Chunk } from './bytes.ts';

const newline = 10;

/** Longest line that is kept; what is beyond is no trace line of any use. */
const longestLine = 64 * 1024 * 1024;

/** The lines of all chunks, in order. */
export function* lines(chunks: Iterable<Uint8Array>): Generator<RawLine> {
  let rest: Uint8Array | undefined;
  let number = 0;
  for (const bytes of chunks) {
    const chunk = new Chunk(bytes);
    let start = 0;
    let zero = bytes.indexOf(0);
    for (;;) {
      const end = bytes.indexOf(newline, start);
      if (end < 0) break;
      number += 1;
      if (rest) {
        const whole = join(rest, bytes.subarray(start, end));
        rest = undefined;
        yield {
          chunk: new Chunk(whole),
          start: 0,
          end: whole.length,
          number,
          complete: true,
          binary: whole.includes(0),
        };
      } else yield { chunk, start, end, number, complete: true, binary: zero >= 0 && zero < end };
      start = end + 1;
      if (zero >= 0 && zero < start) zero = bytes.indexOf(0, start);
    }
    if (start < bytes.length) {
      const tail = bytes.slice(start);
      rest = rest ? join(rest, tail) : tail;
      if (rest.length > longestLine) rest = rest.subarray(0, longestLine);
    }
  }
  if (rest)
    yield {
      chunk: new Chunk(rest),
      start: 0,
      end: rest.length,
      number: number + 1,
      complete: false,
      binary: rest.includes(0),
    };
}

/** One line, not yet decoded. `complete`: it ended with a newline; `binary`: a zero byte is in it, which strace never writes. */
export interface RawLine {
  readonly chunk: Chunk;
  readonly start: number;
  readonly end: number;
  readonly number: number;
  readonly complete: boolean;
  readonly binary: boolean;
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}
