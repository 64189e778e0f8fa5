/**
 * Where things end in the bytes of a call's arguments: quoted strings, descriptor annotations, the parts of a list. All
 * offsets are into the bytes; `end` is exclusive, and nothing at or behind it is looked at.
 */
const quote = 34;
const backslash = 92;
const less = 60;
const greater = 62;

/** Longer pieces are searched by the engine's own loop, which takes a while to start. */
const short = 48;

/** What trim() takes off, as far as a byte can be it. */
export const isBlank = (byte: number | undefined): boolean =>
  byte !== undefined && (byte === 32 || (byte >= 9 && byte <= 13) || byte === 160);

export const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57;

/** Offset of the byte, or -1. */
export function indexOf(bytes: Uint8Array, byte: number, from: number, end: number): number {
  const near = Math.min(end, from + short);
  for (let at = from; at < near; at += 1) if (bytes[at] === byte) return at;
  if (near === end) return -1;
  const found = bytes.subarray(near, end).indexOf(byte);
  return found < 0 ? -1 : near + found;
}

/** True if the ASCII text stands at the offset. */
export function hasText(bytes: Uint8Array, text: string, at: number, end: number): boolean {
  if (at < 0 || at + text.length > end) return false;
  for (let index = 0; index < text.length; index += 1)
    if (bytes[at + index] !== text.charCodeAt(index)) return false;
  return true;
}

/** Offset just after the closing quote of the string that opens at `start`; -1 if it never closes. */
export function quoteEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start + 1;
  for (;;) {
    const close = indexOf(bytes, quote, at, end);
    if (close < 0) return -1;
    let slashes = 0;
    while (bytes[close - 1 - slashes] === backslash && close - 1 - slashes > start) slashes += 1;
    if (slashes % 2 === 0) return close + 1;
    at = close + 1;
  }
}

/** Offset just after a `<…>` annotation (and its `(deleted)`) that opens at `start`; -1 if it never closes. */
export function annotationEnd(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start + 1];
  let close: number;
  if (first === 47 || first === 40) {
    close = indexOf(bytes, greater, start, end);
    // `</dev/null<char 1:3>>` nests one level; any other `<` or `>` of a path is escaped.
    if (close >= 0 && indexOf(bytes, less, start + 1, close) >= 0)
      close = indexOf(bytes, greater, close + 1, end);
  } else if (namesSocket(bytes, start + 1, end)) close = socketEnd(bytes, start, end);
  else close = indexOf(bytes, greater, start, end);
  if (close < 0) return -1;
  return hasText(bytes, '(deleted)', close + 1, end) ? close + 10 : close + 1;
}

/** `WORD:[` */
function namesSocket(bytes: Uint8Array, start: number, end: number): boolean {
  const last = Math.min(end, start + 39);
  let at = start;
  while (at < last && isWord(bytes[at] ?? 0)) at += 1;
  return at > start && at + 1 < last && bytes[at] === 58 && bytes[at + 1] === 91;
}

const isWord = (byte: number): boolean =>
  (byte >= 65 && byte <= 90) ||
  (byte >= 97 && byte <= 122) ||
  (byte >= 48 && byte <= 57) ||
  byte === 95 ||
  byte === 45;

/** Quoted AF_UNIX names hold raw `>`, and addresses hold `->`: the end is `]>` outside quotes. */
function socketEnd(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at];
    if (byte === quote) {
      const close = quoteEnd(bytes, at, end);
      if (close < 0) return -1;
      at = close - 1;
    } else if (byte === 93 && at + 1 < end && bytes[at + 1] === greater) return at + 1;
  }
  return -1;
}

/** True if `<` at `at` opens an annotation (and is no shift or comparison). */
function opensAnnotation(bytes: Uint8Array, at: number, start: number, end: number): boolean {
  const next = at + 1 < end ? bytes[at + 1] : 0;
  const before = at > start ? (bytes[at - 1] ?? 0) : 0;
  if (next === less || before === less || next === 61) return false;
  return isDigit(before) || (at - 8 >= start && hasText(bytes, 'AT_FDCWD', at - 8, at));
}

/** In place of the end of a part. */
export const brokenList = -1;

/**
 * Offset of the comma that ends the part of a list that begins at `start`: one outside strings, brackets and annotations;
 * `end` for the last part, and `brokenList` where something in it never ends or ends twice. `first` is where the list begins.
 */
export function partEnd(bytes: Uint8Array, start: number, end: number, first: number): number {
  let depth = 0;
  for (let at = start; at < end; at += 1) {
    switch (bytes[at] ?? 0) {
      case quote: {
        const close = quoteEnd(bytes, at, end);
        if (close < 0 || (depth === 0 && !mayEnd(bytes, close, end))) return brokenList;
        at = close - 1;
        break;
      }
      case less: {
        if (!opensAnnotation(bytes, at, first, end)) break;
        const close = annotationEnd(bytes, at, end);
        if (close < 0 || (depth === 0 && !mayEnd(bytes, close, end))) return brokenList;
        at = close - 1;
        break;
      }
      case 40:
      case 91:
      case 123:
        depth += 1;
        break;
      case 41:
      case 93:
      case 125:
        depth -= 1;
        if (depth < 0 || (depth === 0 && !mayEnd(bytes, at + 1, end))) return brokenList;
        break;
      case 47: {
        if (at + 1 >= end || bytes[at + 1] !== 42) break;
        const close = commentEnd(bytes, at, end);
        if (close < 0) return brokenList;
        at = close - 1;
        break;
      }
      case 44:
        if (depth === 0) return at;
        break;
      default:
    }
  }
  return depth === 0 ? end : brokenList;
}

/** Can an argument end here, behind a string, a list or an annotation? A comment may follow, or what the kernel made of it (`=>`). */
function mayEnd(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && (bytes[at] === 46 || isBlank(bytes[at]))) at += 1;
  if (at >= end) return true;
  const byte = bytes[at];
  return (
    byte === 44 ||
    byte === 124 ||
    (byte === 47 && bytes[at + 1] === 42) ||
    (byte === 61 && bytes[at + 1] === greater)
  );
}

/** Offset just after the comment's end, from anywhere in it. */
function commentEnd(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at + 1 < end; at += 1) if (bytes[at] === 42 && bytes[at + 1] === 47) return at + 2;
  return -1;
}

/** Where the arguments of a call end (at their closing parenthesis), and where its result begins. */
export interface Cut {
  close: number;
  result: number;
}

/** Finds the last `) = result` at or behind `start`; blanks pad the equals sign to a column. False if there is none. */
export function findResult(bytes: Uint8Array, start: number, end: number, cut: Cut): boolean {
  for (let at = end - 3; at >= start; at -= 1) {
    if (bytes[at + 1] !== 61 || bytes[at] !== 32 || bytes[at + 2] !== 32) continue;
    let close = at;
    while (close > start && bytes[close] === 32) close -= 1;
    if (bytes[close] !== 41 || !isResult(bytes, at + 3, end)) continue;
    cut.close = close;
    cut.result = at + 3;
    return true;
  }
  return false;
}

/** Can it be a result? It is what tells a whole line from one that was cut. */
function isResult(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  if (at >= end) return false;
  if (bytes[at] === 63) at += 1;
  else if (bytes[at] === 48 && bytes[at + 1] === 120) {
    at += 2;
    const digits = at;
    while (at < end && isHex(bytes[at] ?? 0)) at += 1;
    if (at === digits) return false;
  } else {
    if (bytes[at] === 45) at += 1;
    const digits = at;
    while (at < end && isDigit(bytes[at])) at += 1;
    if (at === digits) return false;
  }
  return at >= end || isBlank(bytes[at]) || bytes[at] === less || bytes[at] === 40;
}

const isHex = (byte: number): boolean =>
  (byte >= 48 && byte <= 57) || (byte >= 97 && byte <= 102) || (byte >= 65 && byte <= 70);
