/** Paths of matchBinaries and matchParentBinaries. */
import type { NodePath } from '../../source/spans.ts';
import type { BinaryFilter } from '../schema/selector.ts';
import { hooksOf, selectorsOf } from '../selectors.ts';
import type { RuleContext } from './rule.ts';

/** Longest value, in bytes, of each operator. */
const longest: Readonly<Record<BinaryFilter['operator'], number>> = {
  In: 255,
  NotIn: 255,
  Prefix: 256,
  NotPrefix: 256,
  Postfix: 127,
  NotPostfix: 127,
};

export function binaries(context: RuleContext): void {
  const encoder = new TextEncoder();
  const check = (filter: BinaryFilter, path: NodePath): void => {
    const most = longest[filter.operator];
    filter.values.forEach((value, index) => {
      const length = encoder.encode(value).length;
      if (length > most) {
        context.error(
          'TR-binary',
          [...path, 'values', index],
          `the path has ${length} bytes; ${filter.operator} takes at most ${most}`,
          'Compare a part of it, by Prefix or Postfix.',
        );
      }
    });
    if (filter.values.length === 0) {
      context.warning(
        'TR-binary',
        path,
        'a filter without values lets every binary pass',
        'Add values, or remove the filter.',
      );
    }
    if (
      filter.followChildren &&
      filter.values.length > 0 &&
      filter.operator !== 'In' &&
      filter.operator !== 'NotIn'
    ) {
      context.error(
        'TR-binary',
        [...path, 'followChildren'],
        `followChildren works with In and NotIn, not with ${filter.operator}`,
        'Remove it, or list the binaries.',
        {
          atKey: true,
        },
      );
    }
  };
  for (const entry of hooksOf(context.document)) {
    for (const { selector, listPath } of selectorsOf(context.document, entry)) {
      for (const list of ['matchBinaries', 'matchParentBinaries'] as const) {
        selector[list]?.forEach((filter, index) => {
          check(filter, [...listPath(list), index]);
        });
      }
    }
  }
}
