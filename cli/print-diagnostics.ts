/** Diagnostics for people: place, code, message, code frame, what to do. */
import { frame } from './code-frame.ts';
import type { Diagnostic } from '../core/source/diagnostic.ts';
import { shown, shownLine } from './shown.ts';
import { makeStyle } from './style.ts';
import { placeText } from '../core/source/spans.ts';

/** Findings of one file that are printed: nobody reads more, and a broken file may have thousands. */
const mostPerFile = 100;

/** The findings, each ended by a line feed, and what was left out. `texts` holds the texts they point into. */
export function printDiagnostics(
  diagnostics: readonly Diagnostic[],
  texts: ReadonlyMap<string, string>,
  color: boolean,
): string {
  const style = makeStyle(color);
  const { shown: first, leftOut } = firstOfEachFile(diagnostics);
  const rest = [...leftOut].map(([file, count]) => `${style.bold(shownLine(file))} and ${count} more\n`);
  return first
    .map((diagnostic) => {
      const { severity, code, message, span, document, didYouMean, help } = diagnostic;
      const label = severity === 'error' ? style.red('error') : style.yellow('warning');
      const lines = [
        `${style.bold(shownLine(placeText(span)))} ${label} ${style.dim(`[${code}]`)} ${shown(message)}`,
      ];
      const text = texts.get(span.file);
      if (text !== undefined && text !== '') lines.push(indent(frame(text, span), '  '));
      if (document !== undefined) lines.push(`  ${style.dim('in:')} ${shownLine(document)}`);
      if (didYouMean !== undefined) lines.push(`  did you mean "${shownLine(didYouMean)}"?`);
      if (help !== undefined) lines.push(`  ${style.dim('help:')} ${shown(help)}`);
      return `${lines.join('\n')}\n`;
    })
    .concat(rest)
    .join('');
}

function firstOfEachFile(diagnostics: readonly Diagnostic[]): {
  readonly shown: readonly Diagnostic[];
  readonly leftOut: ReadonlyMap<string, number>;
} {
  const counts = new Map<string, number>();
  const leftOut = new Map<string, number>();
  const shown = diagnostics.filter(({ span: { file } }) => {
    const count = (counts.get(file) ?? 0) + 1;
    counts.set(file, count);
    if (count > mostPerFile) leftOut.set(file, count - mostPerFile);
    return count <= mostPerFile;
  });
  return { shown, leftOut };
}

export function indent(text: string, by: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? line : by + line))
    .join('\n');
}
