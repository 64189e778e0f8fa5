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
        if (followForks && !isNamespacePID && values.slice(0, effectiveValues).includes(1)) {
          const never = filterOperator === 'NotIn';
          context.warning(
            never ? 'TR-never-matches' : 'TR-always-matches',
            [...path, index, 'values', values.indexOf(1)],
            `every process descends from 1, but for the kernel's own and for those ten generations below: with followForks this filter passes for ${never ? 'hardly any' : 'nearly all'}`,
            'Remove the 1, or leave followForks out.',
          );
        }
        if (
          filterOperator === 'In' &&
          !isNamespacePID &&
          values.length > 0 &&
          values.every((pid) => pid === 0)
        ) {
          context.warning(
            'TR-never-matches',
            [...path, index],
            'no process has the id 0',
            'Write the process id, or use isNamespacePID for processes of a namespace.',
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
