/** What an operator family has to say to the engine. */
import type { ArgValue } from '../../values/value.ts';
import { HOLDS } from '../tri.ts';
import type { Relation } from '../tri.ts';

export type Test = (value: ArgValue) => Relation;
/** undefined: none of them. */
export type Which = (value: ArgValue) => number | undefined;

/** `C`: the comparison of the family. Negation is applied outside. */
export interface OperatorEngine<C> {
  /** Prepares the constants once; the test runs for every hit. */
  prepare(comparison: C): Test;
  /** Position of the first constant that a value equals, lies in or has something of: values first, then ranges. */
  which(comparison: C): Which;
  /** `is one of 1, 2` if the relation holds, `is none of 1, 2` if not. */
  words(comparison: C, holds: boolean): string;
}

/** Position of the first part of a comparison that holds alone. */
export function firstOf<T>(parts: readonly T[], prepare: (part: T) => Test): Which {
  const tests = parts.map(prepare);
  return (value) => {
    const index = tests.findIndex((test) => test(value) === HOLDS);
    return index === -1 ? undefined : index;
  };
}

/** Each value's first position. */
export function placesOf<T>(values: readonly T[]): ReadonlyMap<T, number> {
  const places = new Map<T, number>();
  values.forEach((value, index) => {
    if (!places.has(value)) places.set(value, index);
  });
  return places;
}

/** Values in words, long lists cut. */
export function listed(values: readonly string[]): string {
  const shown = values.slice(0, 5);
  const rest = values.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ');
}
