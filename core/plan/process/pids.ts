/** matchPIDs. Tetragon looks at the first four values of a single entry; with a second entry nothing ever matches. */
import type { PidFilter } from '../../policy/schema/selector.ts';
import type { ProcessFilter } from '../plan.ts';
import type { Reporter } from '../reporter.ts';
import type { Part } from '../selector-parts.ts';

const effectiveValues = 4;

export function compilePids({ items, path }: Part<PidFilter>, reporter: Reporter): ProcessFilter[] {
  const [first] = items;
  if (first === undefined) return [];
  if (items.length > 1) {
    return [
      {
        kind: 'constant',
        of: 'matchPIDs',
        result: false,
        why: 'with more than one matchPIDs entry a selector never matches',
        span: reporter.span(path),
      },
    ];
  }
  return [
    {
      kind: 'pid',
      negated: first.operator === 'NotIn',
      values: first.values.slice(0, effectiveValues),
      namespacePid: first.isNamespacePID,
      followForks: first.followForks,
      span: reporter.span([...path, 0]),
    },
  ];
}
