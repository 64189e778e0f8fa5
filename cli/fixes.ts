/** Applies the mechanical repairs that diagnostics carry. */
import type { Diagnostic } from '../core/source/diagnostic.ts';

/** Repairs that overlap an earlier one are left for another run. */
export function applyFixes(
  text: string,
  diagnostics: readonly Diagnostic[],
): { text: string; applied: number } {
  const fixes = diagnostics
    .flatMap(({ fix, span }) =>
      fix === undefined ? [] : [{ fix, from: span.start.offset, to: span.end.offset }],
    )
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
