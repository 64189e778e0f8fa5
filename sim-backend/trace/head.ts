/** The beginning of a line: process id, time, and what kind of line it is. Works on bytes, allocates nothing. */

export type LineKind =
  | 'call'
  | 'resumed'
  | 'signal'
  | 'exit'
  /** Neither: a message of strace, or garbage. */
  | 'unknown';

/** Filled in place for each line. */
export interface Head {
  kind: LineKind;
  /** -1 when the line has no process column. */
  pid: number;
  /** Seconds; NaN when the line has no time column. */
  time: number;
  /** Offset of the body. */
  body: number;
  /** Offset just after the name of the call (at its parenthesis, or at ` resumed>`). */
  nameEnd: number;
  /** Offset of the name of the call. */
  nameStart: number;
}

export const newHead = (): Head => ({
  kind: 'unknown',
  pid: -1,
  time: NaN,
  body: 0,
  nameStart: 0,
  nameEnd: 0,
});

const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57;
const isName = (byte: number): boolean =>
  (byte >= 97 && byte <= 122) ||
  byte === 95 ||
  isDigit(byte) ||
  (byte >= 65 && byte <= 90) ||
  byte === 35 ||
  byte === 63;

/** Reads the columns before the body, and the name of the call. */
export function readHead(bytes: Uint8Array, start: number, end: number, head: Head): void {
  let at = start;
  head.kind = 'unknown';
  head.pid = -1;
  head.time = NaN;
  // `[pid  123] ` is how strace writes to a terminal.
  if (bytes[at] === 91) {
    let from = at + 4;
    while (from < end && bytes[from] === 32) from += 1;
    let pid = 0;
    while (from < end && isDigit(bytes[from] ?? 0)) {
      pid = pid * 10 + (bytes[from] ?? 0) - 48;
      from += 1;
    }
    if (bytes[from] !== 93) return;
    head.pid = pid;
    at = from + 1;
    while (at < end && bytes[at] === 32) at += 1;
  } else if (isDigit(bytes[at] ?? 0)) {
    let number = 0;
    let from = at;
    while (from < end && isDigit(bytes[from] ?? 0)) {
      number = number * 10 + (bytes[from] ?? 0) - 48;
      from += 1;
    }
    // A time of day or an epoch time has no pid before it; a pid is followed by blanks.
    if (bytes[from] === 32) {
      head.pid = number;
      at = from;
      while (at < end && bytes[at] === 32) at += 1;
    }
  }
  if (isDigit(bytes[at] ?? 0)) {
    const time = readTime(bytes, at, end);
    if (time.after < 0) return;
    head.time = time.seconds;
    at = time.after;
    while (at < end && bytes[at] === 32) at += 1;
  }
  head.body = at;
  const first = bytes[at] ?? 0;
  if (first === 43 && bytes[at + 1] === 43) head.kind = 'exit';
  else if (first === 45 && bytes[at + 1] === 45) head.kind = 'signal';
  else if (first === 60 && bytes[at + 1] === 46) {
    // `<... name resumed>`
    head.nameStart = at + 5;
    let from = head.nameStart;
    while (from < end && isName(bytes[from] ?? 0)) from += 1;
    head.nameEnd = from;
    head.kind = from > head.nameStart && bytes[from] === 32 ? 'resumed' : 'unknown';
  } else {
    let from = at;
    while (from < end && isName(bytes[from] ?? 0)) from += 1;
    head.nameStart = at;
    head.nameEnd = from;
    head.kind = from > at && bytes[from] === 40 ? 'call' : 'unknown';
  }
}

const timeResult = { seconds: NaN, after: -1 };

function readTime(bytes: Uint8Array, start: number, end: number): { seconds: number; after: number } {
  let at = start;
  let seconds = 0;
  let part = 0;
  let fraction = 0;
  let scale = 0;
  for (; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (isDigit(byte)) {
      if (scale > 0) {
        fraction = fraction * 10 + byte - 48;
        scale += 1;
      } else part = part * 10 + byte - 48;
    } else if (byte === 58) {
      // hh:mm:ss
      seconds = (seconds + part) * 60;
      part = 0;
    } else if (byte === 46 && scale === 0) scale = 1;
    else break;
  }
  timeResult.after = bytes[at] === 32 ? at : -1;
  timeResult.seconds = seconds + part + (scale > 1 ? fraction / 10 ** (scale - 1) : 0);
  return timeResult;
}
