/** Partial match of a pattern on Tetragon's JSON, and what keeps it from matching. */
import { whyLeftOut } from '../events/left-out.ts';
import { matchesText } from './pattern.ts';

/** One place where a pattern and a value differ. `seen` is undefined where the value has no such key. */
export interface Difference {
  /** Dotted path below the event, e.g. `process_kprobe.args[1].file_arg.path`. */
  readonly path: string;
  readonly expected: unknown;
  readonly seen: unknown;
  /** Why the value may be as expected all the same: it is not known. */
  readonly unknown?: string;
}

/**
 * Where `pattern` does not fit `value`. Maps match when every key of the pattern does; lists match item by item and are
 * equally long; texts match exactly or as `/regex/`; a number also matches its decimal text, as 64-bit integers are
 * written. Keys that Tetragon omits because they are zero (0, false, '') match a pattern of that value.
 */
export function differences(pattern: unknown, value: unknown, path = ''): Difference[] {
  if (Array.isArray(pattern)) {
    if (!Array.isArray(value)) {
      return pattern.length === 0 && value === undefined ? [] : [{ path, expected: pattern, seen: value }];
    }
    const found = pattern.flatMap((item, index) => differences(item, value[index], `${path}[${index}]`));
    return value.length > pattern.length
      ? [...found, { path: `${path}[${pattern.length}]`, expected: undefined, seen: value[pattern.length] }]
      : found;
  }
  if (typeof pattern === 'object' && pattern !== null) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return [{ path, expected: pattern, seen: value }];
    }
    const record = value as Record<string, unknown>;
    return Object.entries(pattern).flatMap(([key, inner]) => {
      const at = path === '' ? key : `${path}.${key}`;
      const why = record[key] === undefined ? whyLeftOut(record, key) : undefined;
      if (why !== undefined) return [{ path: at, expected: inner, seen: undefined, unknown: why }];
      return differences(inner, record[key], at);
    });
  }
  return scalarMatches(pattern, value) ? [] : [{ path, expected: pattern, seen: value }];
}

/** Whether the pattern fits; a text: it does, but for what is not known, and what that is. */
export function fit(pattern: unknown, value: unknown): boolean | string {
  const found = differences(pattern, value);
  if (found.length === 0) return true;
  return found.every(({ unknown }) => unknown !== undefined) && unknownWords(found);
}

/** What keeps a pattern from being held against an event: `process_exec.process.uid (no start snapshot …)`. */
export const unknownWords = (found: readonly Difference[]): string =>
  found.map(({ path, unknown }) => `${path} (${unknown ?? ''})`).join(', ');

function scalarMatches(pattern: unknown, value: unknown): boolean {
  if (pattern === value) return true;
  if (value === undefined) return pattern === 0 || pattern === false || pattern === '' || pattern === null;
  if (typeof pattern === 'string' && typeof value === 'string') return matchesText(pattern, value);
  if (typeof pattern === 'number' && typeof value === 'string') return String(pattern) === value;
  return typeof pattern === 'string' && typeof value === 'number' && matchesText(pattern, String(value));
}
