/** How a text is compared with a value, before negation. */
import type { Comparison } from '../../plan/plan.ts';

export type Bytes = Extract<Comparison, { kind: 'bytes' }>;

/** Whether a text is hit by one of the values of a match; undefined where that is not told here. */
export const textHits: Readonly<
  Record<Bytes['match'], ((text: string, wanted: string) => boolean) | undefined>
> = {
  equal: (text, wanted) => text === wanted,
  prefix: (text, wanted) => text.startsWith(wanted),
  postfix: (text, wanted) => text.endsWith(wanted),
  substring: (text, wanted) => text.includes(wanted),
  'substring-ignore-case': undefined,
};

/** Whether no text is hit by both: neither value begins, or ends, with the other. */
export function areApart(match: Bytes['match'], one: string, other: string): boolean {
  const fit = textHits[match];
  return fit !== undefined && !fit(one, other) && !fit(other, one);
}
