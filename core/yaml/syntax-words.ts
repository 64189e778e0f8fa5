/**
 * A text that is no YAML, in words of its author: which line, and what is wrong with it. The parser speaks of its own
 * productions ("compact mappings"), and of everything that follows from the first mistake.
 */
import type { YAMLError } from 'yaml';
import { columnsAbove, indentOf, keyOf, lineAt } from './line-columns.ts';

/** What is wrong, and from where to where it is shown. */
export interface SyntaxFault {
  readonly from: number;
  readonly to: number;
  readonly message: string;
  readonly help: string;
}

/** Errors that concern one scalar and leave the rest of the document as it is. */
const local = new Set<string>(['BAD_DQ_ESCAPE', 'TAG_RESOLVE_FAILED', 'TAB_AS_INDENT', 'BAD_ALIAS']);

/** Errors that are worth showing: the first, and those that no other can have brought about. */
export function ownErrors<T extends { readonly code: string }>(errors: readonly T[]): T[] {
  // A line that a tab indents is at no column, nor are its neighbours then.
  const tabs = errors.some(({ code }) => code === 'TAB_AS_INDENT');
  const first = tabs ? undefined : errors.find(({ code }) => !local.has(code));
  return errors.filter((error) => error === first || local.has(error.code));
}

/** The fault behind an error of the parser. */
export function syntaxFault(error: YAMLError, text: string): SyntaxFault {
  const [from, to] = error.pos;
  const asIs = (message: string, help: string): SyntaxFault => ({ from, to, message, help });
  switch (error.code as string) {
    case 'BLOCK_AS_IMPLICIT_KEY':
      return atDash(text, from) ? misplaced(text, from) : nested(text, from);
    case 'BAD_INDENT':
      return /^Flow (sequence|map)/.test(error.message) ? unclosedBracket(text, from) : misplaced(text, from);
    case 'MULTILINE_IMPLICIT_KEY':
      return keyWithoutColon(text, from);
    case 'BAD_SCALAR_START':
      return asIs(
        `a text that is not quoted cannot begin with ${text.charAt(from)}`,
        'Put the text into quotes.',
      );
    case 'BAD_DQ_ESCAPE':
      return asIs(
        lowerFirst(error.message),
        "In double quotes a backslash is written \\\\; in single quotes it stands for itself: '\\d'.",
      );
    case 'MISSING_CHAR':
      if (error.message.startsWith('Missing closing')) return unclosedQuote(text, from);
      return error.message.startsWith('Sequence item') ? misplaced(text, from) : keyWithoutColon(text, from);
    case 'UNEXPECTED_TOKEN': {
      const line = lineAt(text, from);
      if (line.text.slice(0, from - line.start).trim() === '') return misplaced(text, from);
      if (quoteAcrossLines(text, from) !== undefined) return unclosedQuote(text, from);
      if (/["']$/.test(text.slice(line.start, from).trimEnd()) && error.message.includes('scalar')) {
        return asIs('text follows the closing quote', 'Put the whole text into quotes.');
      }
      const closing = /^[\]}]$/.test(text.slice(from, to));
      return asIs(
        closing ? `this "${text.charAt(from)}" closes nothing` : lowerFirst(error.message),
        'Check brackets and quotes on this line; a text that holds such characters needs quotes.',
      );
    }
    case 'TAG_RESOLVE_FAILED':
      return asIs(lowerFirst(error.message), 'A text that begins with "!" needs quotes.');
    default:
      return asIs(
        lowerFirst(error.message),
        'Check indentation, colons and quotes on this line and the one before it.',
      );
  }
}

/** The offset is that of a list mark, or of the begin of its line. */
function atDash(text: string, at: number): boolean {
  const line = lineAt(text, at);
  return line.text.trimStart().startsWith('- ') && at - line.start <= indentOf(line.text);
}

/** A key where a value ends: on the same line (`run: cat: x`), or on the next, indented deeper than its neighbours. */
function nested(text: string, at: number): SyntaxFault {
  const line = lineAt(text, at);
  const value = text.slice(at, line.end);
  const key = keyOf(line.text);
  if (key.startsWith('-')) return misplaced(text, line.start);
  if (/:(\s|$)/.test(value)) {
    return {
      ...{ from: at, to: line.end },
      message: `a second ": " on this line: the value of \`${key}\` would be a map`,
      help: `Put a text that holds ": " into quotes: ${key}: ${JSON.stringify(value.trim())}`,
    };
  }
  let next = lineAt(text, line.end + 1);
  while (next.text.trim() === '' && next.end < text.length) next = lineAt(text, next.end + 1);
  const from = next.start + indentOf(next.text);
  return {
    ...{ from, to: next.end },
    message: `this line is indented deeper than \`${key}\` above it, which has its value already`,
    help: `Keys of one map begin at the same column: here ${columnsOf(text, next.start)}.`,
  };
}

/** A line at a column at which nothing is open. */
function misplaced(text: string, at: number): SyntaxFault {
  const line = lineAt(text, at);
  const indent = indentOf(line.text);
  const open = columnsAbove(text, line.start);
  const dash = /^-(?! |$)/.test(line.text.trimStart());
  const entry = line.text.trimStart().startsWith('- ');
  const what = entry ? 'list entry' : 'line';
  const stray = open.includes(indent + 1)
    ? `${entry ? 'a list entry stands' : 'this line stands'} where something else was begun`
    : `nothing above this ${what} begins at its column ${indent + 1}`;
  return {
    ...{ from: line.start + indent, to: line.end },
    message: dash ? 'a space is missing after the "-" of a list entry' : stray,
    help: dash
      ? `Write "- ${line.text.trimStart().slice(1)}".`
      : `Keys of one map, and entries of one list, begin at the same column: here ${columnsOf(text, line.start)}.`,
  };
}

/** Counted from 1, as editors do. */
function columnsOf(text: string, at: number): string {
  const columns = columnsAbove(text, at);
  return `${columns.length > 1 ? 'one of ' : ''}${columns.join(', ') || '1'}`;
}

function keyWithoutColon(text: string, at: number): SyntaxFault {
  const line = lineAt(text, at);
  const written = line.text.trim().replace(/^- /, '');
  const glued = /^([\w-]+):(\S.*)$/.exec(written);
  const from = line.start + indentOf(line.text);
  return {
    ...{ from, to: line.end },
    message: glued
      ? 'a space is missing after the colon of a key'
      : 'a key with a colon was expected on this line',
    help: glued ? `Write "${glued[1]}: ${glued[2]}".` : 'Write "key: value", or indent the text of a value.',
  };
}

function unclosedBracket(text: string, at: number): SyntaxFault {
  const open: number[] = [];
  // Brackets in quotes open nothing.
  const tokens = /"(?:[^"\\]|\\.)*"|'[^']*'|(?<=^|\s)#[^\n]*|[[\]{}]/g;
  for (const { 0: token, index } of text.slice(0, at).matchAll(tokens)) {
    if (token === '[' || token === '{') open.push(index);
    else if (token === ']' || token === '}') open.pop();
  }
  const from = open.at(-1) ?? at;
  const bracket = text.charAt(from);
  const line = lineAt(text, from);
  const comment = /\s#/.test(text.slice(from, line.end));
  return {
    ...{ from, to: Math.max(from + 1, line.end) },
    message: `the "${bracket}" is not closed`,
    help: `Close it with "${bracket === '{' ? '}' : ']'}"${comment ? '; what follows " #" is a comment: put it into quotes' : ', and indent its lines deeper than its key'}.`,
  };
}

function unclosedQuote(text: string, at: number): SyntaxFault {
  const from = quoteAcrossLines(text, at) ?? at;
  const quote = text.charAt(from);
  return {
    ...{ from, to: Math.max(from + 1, lineAt(text, from).end) },
    message: `the quote ${quote} is not closed`,
    help:
      quote === "'"
        ? "Close it on its line; an apostrophe within single quotes is written twice: ''."
        : 'Close it on its line; a quote within double quotes is written \\".',
  };
}

/** The first quote before the place that is closed on a later line, or not at all: seldom is that what was meant. */
function quoteAcrossLines(text: string, at: number): number | undefined {
  const tokens = /(?<=^|[\s[{,])(?:"(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?|#[^\n]*)/g;
  for (const { 0: token, index } of text.matchAll(tokens))
    if (index < at && token.includes('\n')) return index;
  return undefined;
}

export function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
