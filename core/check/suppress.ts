/**
 * Warnings that a policy's author has looked at and means: `# tracerig-ignore TR-volume: events go to a sampled sink`. Behind
 * something the comment counts for its own line, on a line of its own for the next that says something, and
 * `# tracerig-ignore-file` for the whole text. What Tetragon refuses cannot be hidden.
 */
import type { Diagnostic } from '../source/diagnostic.ts';
import { codes, isCode } from '../source/codes.ts';
import { LineMap } from '../source/spans.ts';
import { closest } from '../values/closest.ts';

interface Suppression {
  readonly code: string;
  /** The line that it counts for; undefined: all. */
  readonly line: number | undefined;
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

/** What is left of the findings, and what is wrong with the comments. */
export function suppress(
  diagnostics: readonly Diagnostic[],
  text: string,
  file: string,
): readonly Diagnostic[] {
  const suppressions = suppressionsIn(text);
  if (suppressions.length === 0) return diagnostics;
  const useful = new Set<Suppression>();
  const kept = diagnostics.filter(({ code, severity, span }) => {
    if (severity === 'error') return true;
    const hiding = suppressions.filter(
      (each) =>
        each.code === code && each.reason !== '' && (each.line ?? span.start.line) === span.start.line,
    );
    for (const each of hiding) useful.add(each);
    return hiding.length === 0;
  });
  const lines = new LineMap(text);
  return kept.concat(
    suppressions.flatMap((each): Diagnostic[] => {
      const fault = useful.has(each) ? undefined : faultOf(each, diagnostics);
      if (fault === undefined) return [];
      const span = lines.span(file, each.from, each.to);
      return [{ code: 'TR-ignore', severity: 'warning', span, ...fault }];
    }),
  );
}

function faultOf(
  { code, reason, line }: Suppression,
  diagnostics: readonly Diagnostic[],
): Pick<Diagnostic, 'message' | 'help' | 'didYouMean'> | undefined {
  if (!isCode(code)) {
    const didYouMean = closest(code, Object.keys(codes));
    const message = `there is no code \`${code}\``;
    return {
      message,
      help: 'Write the code as the finding has it.',
      ...(didYouMean !== undefined && { didYouMean }),
    };
  }
  if (reason === '')
    return {
      message: `this hides nothing: it gives no reason to ignore ${code}`,
      help: `Write \`# tracerig-ignore ${code}: REASON\`.`,
    };
  const refused = diagnostics.some(
    (found) =>
      found.code === code &&
      found.severity === 'error' &&
      (line ?? found.span.start.line) === found.span.start.line,
  );
  return refused
    ? {
        message: `this hides nothing: ${code} is an error here`,
        help: 'What does not load cannot be ignored.',
      }
    : { message: `this hides nothing: there is no ${code} here`, help: 'Remove the comment.' };
}

function suppressionsIn(text: string): Suppression[] {
  if (!text.includes('tracerig-ignore')) return [];
  const lines = text.split('\n');
  const found: Suppression[] = [];
  let start = 0;
  lines.forEach((line, index) => {
    const match = /(?<=^|\s)#\s*tracerig-ignore(-file)?\s+([^:#]*)(?::(.*))?$/.exec(line.trimEnd());
    if (match !== null) {
      const [whole, ofFile, list = '', reason = ''] = match;
      const own = line.slice(0, match.index).trim() === '';
      const target = own ? nextLine(lines, index) : index + 1;
      for (const code of list.split(/[\s,]+/).filter(Boolean)) {
        found.push({
          ...{ code, reason: reason.trim(), line: ofFile === undefined ? target : undefined },
          ...{ from: start + match.index, to: start + match.index + whole.length },
        });
      }
    }
    start += line.length + 1;
  });
  return found;
}

/** The first line after this one that is neither empty nor a comment, counted from 1. */
function nextLine(lines: readonly string[], index: number): number {
  let next = index + 1;
  while (next < lines.length && /^\s*(#.*)?$/.test(lines[next] ?? '')) next++;
  return next + 1;
}
