/** Comparisons of texts as the sets of texts that pass them. */
import type { Comparison, ProcessFilter } from '../../plan/plan.ts';

type Bytes = Extract<Comparison, { kind: 'bytes' }>;
type Binary = Extract<ProcessFilter, { kind: 'binary' }>;

/** Texts that are hit by one of the values, or, negated, those that are hit by none. */
export interface TextSet {
  readonly match: Bytes['match'];
  readonly negated: boolean;
  readonly values: readonly string[];
}

export const binaryTexts = ({ match, negated, values }: Binary): TextSet => ({
  match: match === 'exact' ? 'equal' : match,
  negated,
  values,
});

const hits: Readonly<Record<Bytes['match'], (text: string, wanted: string) => boolean>> = {
  equal: (text, wanted) => text === wanted,
  prefix: (text, wanted) => text.startsWith(wanted),
  postfix: (text, wanted) => text.endsWith(wanted),
  substring: (text, wanted) => text.includes(wanted),
  'substring-ignore-case': (text, wanted) => folded(text).includes(folded(wanted)),
};

/** The kernel folds ASCII only. */
const folded = (text: string): string =>
  text.replace(/[A-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 32));

/** Whether it is certain that each text of the one is one of the other. */
export function textsWithin(narrow: TextSet, wide: TextSet): boolean {
  if (narrow.negated)
    return wide.negated && textsWithin({ ...wide, negated: false }, { ...narrow, negated: false });
  if (wide.negated) return narrow.values.every((value) => isApart(narrow.match, value, wide));
  return narrow.values.every((value) =>
    wide.values.some((wanted) => valueWithin(narrow, value, wide, wanted)),
  );
}

/** What has a value in it, at an end or anywhere, has its parts there, too. */
function valueWithin(narrow: TextSet, value: string, wide: TextSet, wanted: string): boolean {
  const keeps =
    narrow.match === 'equal' ||
    narrow.match === wide.match ||
    wide.match === 'substring-ignore-case' ||
    (wide.match === 'substring' && narrow.match !== 'substring-ignore-case');
  // Another end, such as an ending of what begins so, is not told.
  return keeps && wide.match !== 'equal'
    ? hits[wide.match](value, wanted)
    : narrow.match === 'equal' && value === wanted;
}

/** No text that the value hits is hit by one of the other's. */
function isApart(match: Bytes['match'], value: string, other: TextSet): boolean {
  const clash = (wanted: string): boolean => {
    if (match === 'equal') return hits[other.match](value, wanted);
    if (other.match === 'equal') return hits[match](wanted, value);
    // Two beginnings, or two endings, go together only if one is part of the other.
    const sameEnd = match === other.match && (match === 'prefix' || match === 'postfix');
    return !sameEnd || hits[match](value, wanted) || hits[match](wanted, value);
  };
  return !other.values.some(clash);
}
