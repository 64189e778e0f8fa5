/** How a filter fares: it fails, passes, or needs a value that nobody knows. Numbers, since this is the hot path. */
export const FAILED = 0;
export const PASSED = 1;
export const UNKNOWN = 2;
export type Tri = typeof FAILED | typeof PASSED | typeof UNKNOWN;

/** How a value stands to the constants of a comparison, before a negation is applied. */
export const LACKS = 0;
export const HOLDS = 1;
/** It has nothing to compare: a file without a path, a socket without IP addresses. The plan says what follows. */
export const NO_PATH = 2;
export const NO_ADDRESS = 3;
/** The value is of a kind that the comparison does not know. */
export const FOREIGN = 4;
export type Relation = typeof LACKS | typeof HOLDS | typeof NO_PATH | typeof NO_ADDRESS | typeof FOREIGN;
