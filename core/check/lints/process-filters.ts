/** Values of matchPIDs that do not count as written. */
import type { LintContext } from '../subject.ts';

/** How many values of a matchPIDs entry Tetragon compares. */
const effectiveValues = 4;

export function processFilters(context: LintContext): void {
  for (const { expanded } of context.sites) {
    const path = expanded.listPath('matchPIDs');
    expanded.selector.matchPIDs?.forEach(
      ({ operator: filterOperator, values, isNamespacePID, followForks }, index) => {
        if (values.length > effectiveValues) {
          context.warning(
            'TR-ignored-values',
            [...path, index, 'values', effectiveValues],
            `matchPIDs compares the first ${effectiveValues} of its ${values.length} values only`,
            'Use selectors of their own for the others.',
          );
        }
        if (filterOperator === 'NotIn' && followForks && values.includes(1)) {
          context.warning(
            'TR-never-matches',
            [...path, index, 'values', values.indexOf(1)],
            'every process descends from 1, so with followForks this filter never passes',
            'Remove the 1, or leave followForks out.',
          );
        }
        if (isNamespacePID && followForks && values.includes(0)) {
          context.warning(
            'TR-pid-zero',
            [...path, index, 'values', values.indexOf(0)],
            'with isNamespacePID and followForks the value 0 is found at every process of a child namespace',
            'Remove the 0.',
          );
        }
      },
    );
  }
}
