/** Small readers of the text forms inside arguments: strings with escapes, descriptor annotations, lists, structures. */
import type { ByteString } from '../../core/values/value.ts';

/** A quoted string: `abstract` for `@"…"`, `cut` when strace shortened it. */
export interface Quoted {
  readonly bytes: ByteString;
  readonly cut: boolean;
  readonly abstract: boolean;
}

const simpleEscapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  v: '\v',
  f: '\f',
  a: '\x07',
  b: '\b',
  '"': '"',
  '\\': '\\',
};

/** Index just after the closing quote of the string that opens at `start`; -1 if it never closes. */
function quoteEnd(text: string, start: number): number {
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return -1;
    let slashes = 0;
    while (text.charCodeAt(quote - 1 - slashes) === 92 && quote - 1 - slashes > start) slashes += 1;
    if (slashes % 2 === 0) return quote + 1;
    at = quote + 1;
  }
}

/** Undoes the escapes of `text` (without its quotes). */
export function unescape(text: string): ByteString {
  if (!text.includes('\\')) return text;
  let out = '';
  let from = 0;
  for (;;) {
    const slash = text.indexOf('\\', from);
    if (slash < 0) return out + text.slice(from);
    out += text.slice(from, slash);
    const next = text[slash + 1] ?? '';
    if (next >= '0' && next <= '7') {
      let at = slash + 1;
      let value = 0;
      while (at < slash + 4 && (text[at] ?? '') >= '0' && (text[at] ?? '') <= '7') {
        value = value * 8 + text.charCodeAt(at) - 48;
        at += 1;
      }
      out += String.fromCharCode(value & 0xff);
      from = at;
    } else if (next === 'x') {
      const hex = /^[0-9a-fA-F]{1,2}/.exec(text.slice(slash + 2, slash + 4))?.[0] ?? '';
      out += String.fromCharCode(parseInt(hex || '0', 16));
      from = slash + 2 + hex.length;
    } else {
      out += simpleEscapes[next] ?? next;
      from = slash + 2;
    }
  }
}

/** Reads `"…"`, `"…"...`, `@"…"`; undefined when the argument is something else. */
export function readQuoted(argument: string): Quoted | undefined {
  const abstract = argument.startsWith('@"');
  const start = abstract ? 1 : 0;
  if (argument[start] !== '"') return undefined;
  const end = quoteEnd(argument, start);
  if (end < 0) return undefined;
  return {
    bytes: unescape(argument.slice(start + 1, end - 1)),
    cut: argument.startsWith('...', end),
    abstract,
  };
}

/** Index just after a `<…>` annotation (and its `(deleted)`) that opens at `start`; -1 if it never closes. */
export function annotationEnd(text: string, start: number): number {
  const first = text[start + 1];
  let end: number;
  if (first === '/' || first === '(') {
    const close = text.indexOf('>', start);
    const open = text.indexOf('<', start + 1);
    // `</dev/null<char 1:3>>` nests one level; any other `<` or `>` of a path is escaped.
    end = open >= 0 && open < close ? text.indexOf('>', close + 1) : close;
  } else if (/^[A-Za-z0-9_-]+:\[/.test(text.slice(start + 1, start + 40))) {
    end = socketEnd(text, start);
  } else end = text.indexOf('>', start);
  if (end < 0) return -1;
  end += 1;
  return text.startsWith('(deleted)', end) ? end + 9 : end;
}

/** Quoted AF_UNIX names hold raw `>`, and addresses hold `->`: the end is `]>` outside quotes. */
function socketEnd(text: string, start: number): number {
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') {
      const end = quoteEnd(text, at);
      if (end < 0) return -1;
      at = end - 1;
    } else if (char === ']' && text[at + 1] === '>') return at + 1;
  }
  return -1;
}

/** True if `<` at `at` opens an annotation (and is no shift or comparison). */
function opensAnnotation(text: string, at: number): boolean {
  if (text[at + 1] === '<' || text[at - 1] === '<' || text[at + 1] === '=') return false;
  const before = text.charCodeAt(at - 1);
  return (before >= 48 && before <= 57) || text.endsWith('AT_FDCWD', at);
}

/** Splits at commas outside strings, brackets and annotations. What is behind the first `limit` parts is not looked at. */
export function splitList(text: string, limit = Infinity): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === 34) {
      const end = quoteEnd(text, at);
      if (end < 0) break;
      at = end - 1;
    } else if (char === 60 && opensAnnotation(text, at)) {
      const end = annotationEnd(text, at);
      if (end < 0) break;
      at = end - 1;
    } else if (char === 40 || char === 91 || char === 123) depth += 1;
    else if (char === 41 || char === 93 || char === 125) depth -= 1;
    else if (char === 47 && text[at + 1] === '*') {
      const end = text.indexOf('*/', at);
      if (end < 0) break;
      at = end + 1;
    } else if (char === 44 && depth === 0) {
      parts.push(text.slice(start, at).trim());
      if (parts.length >= limit) return parts;
      start = at + 1;
    }
  }
  const last = text.slice(start).trim();
  if (last !== '' || parts.length > 0) parts.push(last);
  return parts;
}

/** Fields of `{a=1, b="x"}`, values as written; undefined if it is no structure. */
export function readStruct(argument: string): Map<string, string> | undefined {
  const text = stripComment(argument);
  if (!text.startsWith('{') || !text.endsWith('}')) return undefined;
  const fields = new Map<string, string>();
  for (const part of splitList(text.slice(1, -1))) {
    const equals = part.indexOf('=');
    if (equals > 0) fields.set(part.slice(0, equals), part.slice(equals + 1));
  }
  return fields;
}

/** Items of `[a, b]`; undefined if it is no list. */
export function readList(argument: string): string[] | undefined {
  const text = stripComment(argument);
  if (!text.startsWith('[') || !text.endsWith(']')) return undefined;
  return splitList(text.slice(1, -1));
}

/** The argument without a comment at its end. */
function stripComment(argument: string): string {
  return argument.endsWith('*/') ? argument.slice(0, argument.lastIndexOf('/*')).trimEnd() : argument;
}
