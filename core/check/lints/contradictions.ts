/** Filters of one selector that exclude each other. */
import type { ArgFilter } from '../../plan/plan.ts';
import type { LintContext } from '../subject.ts';
import { exclude, sameArgument } from './inclusion.ts';

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
            `no value passes both this ${words(filter)} and the ${words(other)} in line ${other.span.start.line}, so the selector never matches`,
            'Filters of a selector are ANDed; put alternatives into one list of values or into selectors of their own.',
          );
        });
      }
    }
  }
}

/** As written, and of many values the first. */
function words({ operator, written }: ArgFilter): string {
  const shown = written.slice(0, 3).map((value) => JSON.stringify(value));
  return [operator, ...shown, ...(written.length > shown.length ? ['…'] : [])].join(' ');
}
