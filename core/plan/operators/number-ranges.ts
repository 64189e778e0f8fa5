/** Values that are numbers, ranges or names of numbers: ports, protocols, families and states. */
import { parseGoInt } from '../../go/go-int.ts';
import type { NumberNames } from '../../names/number-names.ts';
import type { Range } from '../plan.ts';
import type { FilterInput } from './operator.ts';
import { splitRange } from './ranges.ts';

/** Every value as a range, a reversed one turned; undefined when one was reported. */
export function parseNumberRanges(
  input: Pick<FilterInput, 'values' | 'fail'>,
  names?: NumberNames,
): Range<number>[] | undefined {
  const ranges: Range<number>[] = [];
  let ok = true;
  input.values.forEach((text, position) => {
    const named = names?.numberOf(text);
    if (named !== undefined) {
      ranges.push({ from: named, to: named });
      return;
    }
    const [first, second] = (splitRange(text) ?? [text]).map((bound) => parseGoInt(bound, 'u64', 'decimal'));
    if (first === undefined || 'problem' in first || (second !== undefined && 'problem' in second)) {
      ok = false;
      const example = names?.names()[1];
      input.fail(
        'TR-filter-value',
        `value ${JSON.stringify(text)} is neither a decimal number nor a range${example === undefined ? '' : ` nor a name such as ${example}`}`,
        undefined,
        position,
      );
      return;
    }
    const from = Number(first.value);
    const to = Number((second ?? first).value);
    ranges.push({ from: Math.min(from, to), to: Math.max(from, to) });
  });
  return ok ? ranges : undefined;
}
