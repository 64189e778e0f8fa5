/** What an operator family has to say to the engine. */
import type { ArgValue } from '../../values/value.ts';
import type { Relation } from '../tri.ts';

export type Test = (value: ArgValue) => Relation;

/** `C`: the comparison of the family. Negation is applied outside. */
export interface OperatorEngine<C> {
  /** Prepares the constants once; the test runs for every hit. */
  prepare(comparison: C): Test;
  /** `is one of 1, 2` if the relation holds, `is none of 1, 2` if not. */
  words(comparison: C, holds: boolean): string;
}

/** Values in words, long lists cut. */
export function listed(values: readonly string[]): string {
  const shown = values.slice(0, 5);
  const rest = values.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ');
}
