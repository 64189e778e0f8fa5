/** A few lines of a text with a mark under the place that a finding is about. */
import type { Span } from '../core/source/diagnostic.ts';
import { oneColumnEach, shownLine } from './shown.ts';

const linesAround = 1;
/** Longer lines are cut around the place. */
const widest = 120;

/** The text asked for last: many findings are of one file. */
let latest: { readonly text: string; readonly lines: readonly string[] } | undefined;

function linesOf(text: string): readonly string[] {
  if (latest?.text !== text) latest = { text, lines: text.split('\n') };
  return latest.lines;
}

/** Line numbers, the lines around the span's start, and carets under its first line. No line feed at the end. */
export function frame(text: string, span: Span): string {
  const lines = linesOf(text);
  const at = Math.min(span.start.line, lines.length);
  const first = Math.max(1, at - linesAround);
  const last = Math.min(lines.length, at + linesAround);
  const gutter = String(last).length;
  const cut = Math.max(0, span.start.column - Math.floor(widest / 2));
  const rows: string[] = [];
  for (let number = first; number <= last; number++) {
    // Tabs and control characters take one column, so that the carets stay in place.
    const line = oneColumnEach((lines[number - 1] ?? '').slice(cut, cut + widest));
    rows.push(
      `${number === at ? '>' : ' '} ${String(number).padStart(gutter)} | ${shownLine(line)}`.trimEnd(),
    );
    if (number !== at) continue;
    const start = span.start.column - 1 - cut;
    const end = span.end.line === span.start.line ? span.end.column - 1 - cut : line.length;
    const carets = Math.max(1, Math.min(end, widest) - start);
    rows.push(`  ${' '.repeat(gutter)} | ${' '.repeat(Math.max(0, start))}${'^'.repeat(carets)}`);
  }
  return rows.join('\n');
}
