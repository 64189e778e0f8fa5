/** matchBinaries and matchParentBinaries. */
import type { BinaryFilter } from '../../policy/schema/selector.ts';
import type { ProcessFilter } from '../plan.ts';
import type { Reporter } from '../reporter.ts';
import type { Part } from '../selector-parts.ts';
import { toBytes } from '../../values/value.ts';

/** Entries without values are ignored by Tetragon, hence by the plan. */
export function compileBinaries(
  { items, path }: Part<BinaryFilter>,
  of: 'self' | 'parent',
  reporter: Reporter,
): ProcessFilter[] {
  return items.flatMap((item, index): ProcessFilter[] => {
    if (item.values.length === 0) return [];
    const { operator } = item;
    return [
      {
        kind: 'binary',
        of,
        match: operator.endsWith('Prefix') ? 'prefix' : operator.endsWith('Postfix') ? 'postfix' : 'exact',
        negated: operator.startsWith('Not'),
        followChildren: item.followChildren,
        values: item.values.map(toBytes),
        span: reporter.span([...path, index]),
      },
    ];
  });
}
