/** Applies the mechanical repairs that diagnostics carry. */
import type { Diagnostic } from '../core/source/diagnostic.ts';

/** Repairs that overlap an earlier one are left for another run. */
export function applyFixes(
  text: string,
  diagnostics: readonly Diagnostic[],
): { text: string; applied: number } {
  const fixes = diagnostics
    .flatMap(({ fix, span, fixSpan = span }) => {
      if (fix === undefined) return [];
      const [from, to] = [fixSpan.start.offset, fixSpan.end.offset];
      return [{ fix, ...(fix === '' ? wholeEntry(text, from, to) : { from, to }) }];
    })
    .sort((a, b) => a.from - b.from);
  let result = '';
  let at = 0;
  let applied = 0;
  for (const { fix, from, to } of fixes) {
    if (from < at) continue;
    result += text.slice(at, from) + fix;
    at = to;
    applied++;
  }
  return { text: result + text.slice(at), applied };
}

/** What goes away with an entry of a map: its line if it has one of its own, or else the comma that parts it from its neighbour. */
function wholeEntry(text: string, from: number, to: number): { from: number; to: number } {
  const lineFrom = text.lastIndexOf('\n', from - 1) + 1;
  const before = text.slice(lineFrom, from);
  const rest = /^[ \t]*(#.*)?(\n|$)/.exec(text.slice(to))?.[0];
  if (rest !== undefined && before.trim() === '') return { from: lineFrom, to: to + rest.length };
  if (rest !== undefined && /^\s*(- +)+$/.test(before)) {
    // The first key of a list entry: the next one takes its place behind the dash.
    return { from, to: to + rest.length + (/^ */.exec(text.slice(to + rest.length))?.[0].length ?? 0) };
  }
  const comma = /^\s*,\s*/.exec(text.slice(to))?.[0];
  if (comma !== undefined) return { from, to: to + comma.length };
  const earlier = /\s*,\s*$/.exec(text.slice(0, from))?.[0];
  return { from: from - (earlier?.length ?? 0), to };
}
