/** How a filter fares: it fails, passes, or needs a value that nobody knows. Numbers, since this is the hot path. */
export const FAILED = 0;
export const PASSED = 1;
export const UNKNOWN = 2;
export type Tri = typeof FAILED | typeof PASSED | typeof UNKNOWN;

/**
 * How a value stands to the constants of a comparison, before a negation is applied. `VOID`: it has nothing to compare
 * (a pathless file, a socket without IP addresses): the filter fails, negated or not.
 */
export const LACKS = 0;
export const HOLDS = 1;
export const VOID = 2;
/** The value is of a kind that the comparison does not know. */
export const FOREIGN = 3;
export type Relation = typeof LACKS | typeof HOLDS | typeof VOID | typeof FOREIGN;
