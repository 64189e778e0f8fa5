/** Small readers of the text forms inside arguments: strings with escapes, descriptor annotations, lists, structures. */
import type { ByteString } from '../../core/values/value.ts';
import { bytesOf } from './bytes.ts';
import { annotationEnd as endIn, brokenList, partEnd, quoteEnd } from './scan.ts';

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
  const end = quoteEnd(bytesOf(argument), start, argument.length);
  if (end < 0) return undefined;
  return {
    bytes: unescape(argument.slice(start + 1, end - 1)),
    cut: argument.startsWith('...', end),
    abstract,
  };
}

/** Index just after a `<…>` annotation (and its `(deleted)`) that opens at `start`; -1 if it never closes. */
export function annotationEnd(text: string, start: number): number {
  return endIn(bytesOf(text), start, text.length);
}

/** Splits at commas outside strings, brackets and annotations. What is behind the first `limit` parts is not looked at. */
export function splitList(text: string, limit = Infinity): string[] {
  const bytes = bytesOf(text);
  const parts: string[] = [];
  for (let start = 0; parts.length < limit;) {
    const found = partEnd(bytes, start, bytes.length, 0);
    const end = found === brokenList ? bytes.length : found;
    const part = text.slice(start, end).trim();
    if (end < bytes.length || part !== '' || parts.length > 0) parts.push(part);
    if (end >= bytes.length) break;
    start = end + 1;
  }
  return parts;
}

const filledIn = '} => {';

/**
 * Fields of `{a=1, b="x"}`, values as written; undefined if it is no structure. Of `{a=1} => {c=2}` those that the kernel
 * wrote have a `>` before their names.
 */
export function readStruct(argument: string): Map<string, string> | undefined {
  const text = stripComment(argument);
  if (!text.startsWith('{') || !text.endsWith('}')) return undefined;
  const fields = new Map<string, string>();
  let mark = '';
  const add = (part: string): void => {
    const equals = part.indexOf('=');
    if (equals > 0) fields.set(mark + part.slice(0, equals), part.slice(equals + 1));
  };
  for (const part of splitList(text.slice(1, -1))) {
    const quote = part.indexOf('"');
    const from = quote < 0 ? 0 : quoteEnd(bytesOf(part), quote, part.length);
    const arrow = mark !== '' || from < 0 ? -1 : part.indexOf(filledIn, from);
    if (arrow < 0) add(part);
    else {
      add(part.slice(0, arrow));
      mark = '>';
      add(part.slice(arrow + filledIn.length));
    }
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
