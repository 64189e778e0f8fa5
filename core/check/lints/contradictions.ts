/** Filters of one selector that exclude each other. */
import type { ArgFilter, Comparison } from '../../plan/plan.ts';
import type { LintContext } from '../subject.ts';

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
  const left = possibleValues(a);
  if (left !== undefined) return left.every((value) => passes(b, value) === false);
  const right = possibleValues(b);
  return right !== undefined && right.every((value) => passes(a, value) === false);
}

/** All values that pass, where these are few and known. */
function possibleValues(comparison: Comparison): readonly (string | bigint)[] | undefined {
  if (comparison.kind === 'bytes' && comparison.match === 'equal' && !comparison.negated)
    return few(comparison.values);
  if (comparison.kind === 'int-set' && !comparison.negated && comparison.ranges.length === 0)
    return few(comparison.values);
  return undefined;
}

function few<T>(values: readonly T[]): readonly T[] | undefined {
  return values.length > 0 && values.length <= 64 ? values : undefined;
}

function passes(comparison: Comparison, value: string | bigint): boolean | undefined {
  if (comparison.kind === 'bytes' && typeof value === 'string') {
    if (comparison.match === 'substring-ignore-case' || value === '') return undefined;
    const hit = comparison.values.some((wanted) => {
      if (comparison.match === 'equal') return value === wanted;
      if (comparison.match === 'prefix') return value.startsWith(wanted);
      if (comparison.match === 'postfix') return value.endsWith(wanted);
      return value.includes(wanted);
    });
    return hit !== comparison.negated;
  }
  if (typeof value !== 'bigint') return undefined;
  if (comparison.kind === 'int-set') {
    const hit =
      comparison.values.includes(value) ||
      comparison.ranges.some(({ from, to }) => value >= from && value <= to);
    return hit !== comparison.negated;
  }
  if (comparison.kind === 'int-order') {
    return comparison.values.some((wanted) => (comparison.order === 'gt' ? value > wanted : value < wanted));
  }
  if (comparison.kind === 'int-mask')
    return value < 0n ? undefined : comparison.values.some((mask) => (value & mask) !== 0n);
  if (comparison.kind === 'int-range') {
    return comparison.ranges.some(({ from, to }) => value >= from && value <= to) !== comparison.negated;
  }
  return undefined;
}
