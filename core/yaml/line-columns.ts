/** Lines of a YAML text as its author sees them: indentation, and the columns at which keys and entries have begun. */

export interface Line {
  /** Offset of its first character. */
  readonly start: number;
  /** Offset of its end; the line break is not part of it. */
  readonly end: number;
  readonly text: string;
}

/** The line that holds the offset. */
export function lineAt(text: string, offset: number): Line {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const found = text.indexOf('\n', start);
  const end = found === -1 ? text.length : found;
  return { start, end, text: text.slice(start, end) };
}

/** Number of spaces that it begins with. */
export const indentOf = (line: string): number => /^ */.exec(line)?.[0].length ?? 0;

/** The first key of a line, without list marks; empty if there is none. */
export const keyOf = (line: string): string => /^\s*(?:- +)*(.*?):(?:\s|$)/.exec(line)?.[1] ?? '';

/**
 * Columns, from 1, at which the lines above an offset have begun maps and lists that are not ended by a line further to the
 * left: in ascending order.
 */
export function columnsAbove(text: string, offset: number): number[] {
  const columns: number[] = [];
  let leftmost = Infinity;
  for (let at = offset - 1; at >= 0 && leftmost > 0;) {
    const line = lineAt(text, at);
    at = line.start - 1;
    const content = line.text.trimStart();
    if (content === '' || content.startsWith('#')) continue;
    for (const begun of beginnings(line.text).reverse()) {
      if (begun >= leftmost) continue;
      leftmost = begun;
      columns.unshift(begun + 1);
    }
  }
  return columns;
}

/** Where a line begins something: at each list mark, and at its key. */
function beginnings(line: string): number[] {
  const found: number[] = [];
  let at = indentOf(line);
  for (let mark = /^- +/.exec(line.slice(at)); mark !== null; mark = /^- +/.exec(line.slice(at))) {
    found.push(at);
    at += mark[0].length;
  }
  return [...found, at];
}
