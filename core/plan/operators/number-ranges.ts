/** Values that are numbers, ranges or names of numbers: ports, protocols, families and states. */
import { parseGoInt } from '../../go/go-int.ts';
import { nameMeant } from '../../names/name-meant.ts';
import type { NumberNames } from '../../names/number-names.ts';
import type { Range } from '../plan.ts';
import type { FilterInput } from './operator.ts';
import { splitRange } from './ranges.ts';

/** Every value as a range, a reversed one turned; undefined when one was reported. */
export function parseNumberRanges(
  input: Pick<FilterInput, 'values' | 'fail'>,
  names?: NumberNames,
  help?: (text: string) => string | undefined,
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
        whatToWrite(text, names, help),
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

function whatToWrite(
  text: string,
  names: NumberNames | undefined,
  help: ((text: string) => string | undefined) | undefined,
): string {
  const meant = names && nameMeant(text, names.names());
  if (meant !== undefined) return `Write ${meant}.`;
  const range = /^\s*(\d+)\s*(?:-|\.\.+|,|to)\s*(\d+)\s*$/.exec(text);
  if (range !== null) return `Write "${range[1]}:${range[2]}" for a range.`;
  return help?.(text) ?? 'Write a number from 0 on, or two with ":" between them.';
}
