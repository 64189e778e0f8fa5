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
  /** Offset of the time; -1 when the line has no time column. */
  time: number;
  /** Offset of the body. */
  body: number;
  /** Offset just after the name of the call (at its parenthesis, or at ` resumed>`). */
  nameEnd: number;
  /** Offset of the name of the call. */
  nameStart: number;
  /** A number made of the bytes of the name; equal names have equal ones. */
  nameHash: number;
}

export const newHead = (): Head => ({
  kind: 'unknown',
  pid: -1,
  time: -1,
  body: 0,
  nameStart: 0,
  nameEnd: 0,
  nameHash: 0,
});

const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57;

/** 1 for bytes that names of calls are made of. */
const nameBytes = new Uint8Array(256);
for (const char of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_#?')
  nameBytes[char.charCodeAt(0)] = 1;

/** Reads the columns before the body, and the name of the call. */
export function readHead(bytes: Uint8Array, start: number, end: number, head: Head): void {
  let at = start;
  head.kind = 'unknown';
  head.pid = -1;
  head.time = -1;
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
    const after = timeEnd(bytes, at, end);
    if (after < 0) return;
    head.time = at;
    at = after;
    while (at < end && bytes[at] === 32) at += 1;
  }
  head.body = at;
  const first = bytes[at] ?? 0;
  if (first === 43 && bytes[at + 1] === 43) head.kind = 'exit';
  else if (first === 45 && bytes[at + 1] === 45) head.kind = 'signal';
  else if (first === 60 && bytes[at + 1] === 46) {
    // `<... name resumed>`
    readName(bytes, at + 5, end, head);
    if (head.nameEnd > head.nameStart && bytes[head.nameEnd] === 32) head.kind = 'resumed';
  } else {
    readName(bytes, at, end, head);
    if (head.nameEnd > at && bytes[head.nameEnd] === 40) head.kind = 'call';
  }
}

function readName(bytes: Uint8Array, start: number, end: number, head: Head): void {
  let hash = 0;
  let at = start;
  for (; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (nameBytes[byte] === 0) break;
    hash = (Math.imul(hash, 31) + byte) | 0;
  }
  head.nameStart = start;
  head.nameEnd = at;
  head.nameHash = hash;
}

/** Offset just after the time that begins at `start`; -1 if it is none. */
function timeEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  let dots = 0;
  for (; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === 46) {
      dots += 1;
      if (dots > 1) break;
    } else if (!isDigit(byte) && byte !== 58) break;
  }
  return at < end && bytes[at] === 32 ? at : -1;
}

/** Seconds: since the epoch, or of the day where it reads `hh:mm:ss`. `start` is where `readHead` found the time. */
export function readTime(bytes: Uint8Array, start: number): number {
  let seconds = 0;
  let part = 0;
  let fraction = 0;
  let scale = 0;
  for (let at = start; ; at += 1) {
    const byte = bytes[at] ?? 0;
    if (isDigit(byte)) {
      if (scale > 0) {
        fraction = fraction * 10 + byte - 48;
        scale += 1;
      } else part = part * 10 + byte - 48;
    } else if (byte === 58) {
      seconds = (seconds + part) * 60;
      part = 0;
    } else if (byte === 46 && scale === 0) scale = 1;
    else break;
  }
  return seconds + part + (scale > 1 ? fraction / 10 ** (scale - 1) : 0);
}
