/** Why filters pass and fail: the table of reason codes, and the numbers that stand for them where hits are judged. */
import { FAILED, PASSED, UNKNOWN } from './tri.ts';
import type { Tri } from './tri.ts';

export type FilterResult = 'passed' | 'failed' | 'unknown' | 'not-tried';

/** Each code with the result it belongs to. Codes are data that other programs may keep: they do not change. */
export const reasonCodes = {
  /** What the filter asks of the process is so, or is not. */
  'process-passed': 'passed',
  'process-failed': 'failed',
  /** The path of the process's binary is not known: no filter on it passes. */
  'binary-unknown': 'failed',
  /** The source of the hit cannot tell the binary, and so not how the filter fares. */
  'binary-not-told': 'unknown',
  'capabilities-not-told': 'unknown',
  'namespaces-not-told': 'unknown',
  'pid-not-told': 'unknown',
  'workload-not-told': 'unknown',
  /** No parent binary is recorded, and a filter on it is skipped. */
  'parent-missing': 'passed',
  /** The capability was asked for outside of the host's user namespace, and the process is in it. */
  'host-user-namespace': 'failed',
  /** Namespaces or capabilities at the exec are not known: no change of them is found. */
  'exec-unknown': 'failed',
  /** The comparison with the value decided. */
  'compared-passed': 'passed',
  'compared-failed': 'failed',
  /** An oddity of Tetragon or of the kernel makes the filter a constant. */
  'constant-passed': 'passed',
  'constant-failed': 'failed',
  /** From here on: the argument is one that the comparison cannot be put to (`Outside` in the plan). */
  unreadable: 'failed',
  unknown: 'unknown',
  'no-path': 'failed',
  'no-address': 'failed',
  'bad-descriptor-passed': 'passed',
  'bad-descriptor-failed': 'failed',
  /** Beyond what filters see: nothing is found there, or the bytes that stand there were compared. */
  'beyond-passed': 'passed',
  'beyond-failed': 'failed',
  'beyond-bytes-passed': 'passed',
  'beyond-bytes-failed': 'failed',
  'beyond-unknown': 'unknown',
  /** There is no such value: a return half without the value that was returned. */
  missing: 'failed',
  /** The backend gave a value of a kind that the comparison is not about. */
  foreign: 'unknown',
  /** A filter before it in the selector failed. */
  'not-tried': 'not-tried',
} as const satisfies Readonly<Record<string, FilterResult>>;
export type ReasonCode = keyof typeof reasonCodes;

/** A code as a number, its result in the two low bits. */
export type Coded = number;

const names = Object.keys(reasonCodes) as ReasonCode[];
const tri: Readonly<Record<FilterResult, Tri>> = {
  passed: PASSED,
  failed: FAILED,
  unknown: UNKNOWN,
  'not-tried': FAILED,
};

export function coded(code: ReasonCode): Coded {
  return (names.indexOf(code) << 2) | tri[reasonCodes[code]];
}

export function codeOf(number: Coded): ReasonCode {
  return names[number >> 2] ?? 'not-tried';
}

export function resultOf(number: Coded): Tri {
  return (number & 3) as Tri;
}
