/** The lines around a place in a text, with the place marked. */
import type { Span } from './diagnostic.ts';

/** Lines shown before and after. */
const around = 2;
/** Longest line that is shown; what is beyond is cut. */
const maxColumns = 160;

/**
 * A code frame of the span, without colours and without a line feed at its end:
 *
 *       4 | spec:
 *     > 5 |   kprobe:
 *         |   ^^^^^^
 *       6 |   - call: fd_install
 *
 * Of a span over several lines the first is marked.
 */
export function frame(text: string, { start, end }: Span): string {
  const first = Math.max(1, start.line - around);
  const shown = linesFrom(text, start.offset - start.column + 1, start.line, first, start.line + around);
  const width = String(first + shown.length - 1).length;
  return shown
    .flatMap((line, index) => {
      const number = first + index;
      const marked = number === start.line;
      const numbered = `${marked ? '>' : ' '} ${String(number).padStart(width)} |${line === '' ? '' : ` ${cut(line)}`}`;
      if (!marked || start.column > maxColumns) return [numbered];
      const until = end.line === start.line ? end.column : line.length + 1;
      const length = Math.max(1, Math.min(until, line.length + 1, maxColumns) - start.column);
      // Tabs stay, so that the mark stands under its text.
      const indent = line.slice(0, start.column - 1).replace(/[^\t]/g, ' ');
      return [numbered, `  ${' '.repeat(width)} | ${indent}${'^'.repeat(length)}`];
    })
    .join('\n');
}

/** The lines `first` to `last` (as far as they exist), found from the one that begins at `offset`. */
function linesFrom(text: string, offset: number, line: number, first: number, last: number): string[] {
  let from = offset;
  for (let number = line; number > first; number--) from = text.lastIndexOf('\n', from - 2) + 1;
  const lines: string[] = [];
  for (let number = first; number <= last && from <= text.length; number++) {
    const feed = text.indexOf('\n', from);
    const to = feed === -1 ? text.length : feed;
    if (to === text.length && from === to && number > line) break;
    lines.push(text.slice(from, to).replace(/\r$/, ''));
    from = to + 1;
  }
  return lines;
}

function cut(line: string): string {
  return line.length > maxColumns ? `${line.slice(0, maxColumns - 1)}…` : line;
}
