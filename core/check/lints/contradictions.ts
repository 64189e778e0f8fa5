/** Filters of one selector that exclude each other. */
import type { ArgFilter, Comparison } from '../../plan/plan.ts';
import type { LintContext } from '../subject.ts';
import { passes, possibleValues } from './possible-values.ts';
import { areApart, textHits } from './text-match.ts';
import type { Bytes } from './text-match.ts';

export function contradictions(context: LintContext): void {
  for (const { selectors } of context.planHooks) {
    for (const { args, returnArgs } of selectors) {
      for (const filters of [args, returnArgs]) {
        filters.forEach((filter, index) => {
          const other = filters
            .slice(0, index)
            .find(
              (earlier) => sameArgument(earlier, filter) && exclude(earlier.comparison, filter.comparison),
            );
          if (other === undefined) return;
          context.warningAt(
            'TR-never-matches',
            filter.span,
            `${filter.operator} and the ${other.operator} in line ${other.span.start.line} exclude each other, so the selector never matches`,
            'Filters of a selector are ANDed; put alternatives into one list of values or into selectors of their own.',
          );
        });
      }
    }
  }
}

function sameArgument(a: ArgFilter, b: ArgFilter): boolean {
  return (
    a.on === b.on && a.positions.length === 1 && b.positions.length === 1 && a.positions[0] === b.positions[0]
  );
}

/** True if it is certain that no value passes both. */
function exclude(a: Comparison, b: Comparison): boolean {
  if (a.kind === 'bytes' && b.kind === 'bytes' && (endsExclude(a, b) || endsExclude(b, a))) return true;
  const left = possibleValues(a);
  if (left !== undefined) return left.every((value) => passes(b, value) === false);
  const right = possibleValues(b);
  return right !== undefined && right.every((value) => passes(a, value) === false);
}

/** Texts that begin, or end, with a value of one do not begin, or end, with one of the other; or all do with what it rules out. */
function endsExclude(a: Bytes, b: Bytes): boolean {
  const fit = textHits[a.match];
  if (a.of !== b.of || a.match !== b.match || a.negated || (a.match !== 'prefix' && a.match !== 'postfix'))
    return false;
  return a.values.every((text) =>
    b.negated
      ? b.values.some((wanted) => fit?.(text, wanted) === true)
      : b.values.every((wanted) => areApart(a.match, text, wanted)),
  );
}
