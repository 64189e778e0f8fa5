/** Two lists of events of the same thing, compared process by process. */
import type { TetragonEvent } from './event.ts';
import type { NormalEvent } from './normalise.ts';
import { constantsOf, normalise } from './normalise.ts';

export interface Difference {
  /** Number of the process, -1 for events of none. */
  readonly process: number;
  readonly kind: 'missing' | 'extra' | 'different';
  /** For `different`: where in the event, such as `body.args.0.int_arg`. */
  readonly path?: string;
  readonly expected?: unknown;
  readonly got?: unknown;
}

/**
 * Events of different processes come in any order; those of one process are put in the order of their times, since an
 * agent may export one late. Empty if the lists agree.
 */
export function compareEvents(
  expected: readonly TetragonEvent[],
  got: readonly TetragonEvent[],
): Difference[] {
  // `head -n 200` is no mention of a process that happens to have that pid in one of the runs.
  const left = byProcess(expected, constantsOf(got));
  const right = byProcess(got, constantsOf(expected));
  const numbers = [...new Set([...left.keys(), ...right.keys()])].sort((a, b) => a - b);
  return numbers.flatMap((number) => compareLists(number, left.get(number) ?? [], right.get(number) ?? []));
}

const byProcess = (
  events: readonly TetragonEvent[],
  constants: ReadonlySet<number>,
): Map<number, NormalEvent[]> =>
  new Map(
    [...placedByProcess(events, constants)].map(([process, list]) => [
      process,
      list.map(({ event }) => event),
    ]),
  );

/** An event, normal, and where in the list it stood. */
export interface PlacedEvent {
  readonly event: NormalEvent;
  readonly index: number;
}

/** The events of each process in the order of their times. */
export function placedByProcess(
  events: readonly TetragonEvent[],
  constants: ReadonlySet<number>,
): Map<number, PlacedEvent[]> {
  const lists = new Map<number, (PlacedEvent & { readonly time: string })[]>();
  normalise(events, constants).forEach((event, index) => {
    const list = lists.get(event.process) ?? [];
    // Those without a time stay behind the one they came after.
    const time = sortableTime(events[index]?.time) ?? list.at(-1)?.time ?? '';
    list.push({ time, event, index });
    lists.set(event.process, list);
  });
  return new Map(
    [...lists].map(([process, list]) => [
      process,
      list.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0)),
    ]),
  );
}

/** Fractions have 0, 3, 6 or 9 digits: only padded ones compare as text. */
function sortableTime(time: string | undefined): string | undefined {
  const match = time === undefined ? null : /^([^.Z]*)(?:\.(\d+))?Z$/.exec(time);
  return match ? `${match[1]}.${(match[2] ?? '').padEnd(9, '0')}` : undefined;
}

/** Equal events are matched up along the longest common run; what is left over in between is paired. */
function compareLists(
  process: number,
  left: readonly NormalEvent[],
  right: readonly NormalEvent[],
): Difference[] {
  const differences: Difference[] = [];
  const flush = (missing: readonly NormalEvent[], extra: readonly NormalEvent[]): void => {
    for (let i = 0; i < Math.max(missing.length, extra.length); i += 1) {
      const [a, b] = [missing[i], extra[i]];
      if (a && b) {
        const at = firstDifference(a, b, '');
        if (at) differences.push({ process, kind: 'different', ...at });
      } else if (a) differences.push({ process, kind: 'missing', expected: a });
      else differences.push({ process, kind: 'extra', got: b });
    }
  };
  let [atLeft, atRight] = [0, 0];
  const texts = (events: readonly NormalEvent[]): string[] => events.map((event) => canonical(event));
  for (const [i, j] of commonPairs(texts(left), texts(right))) {
    flush(left.slice(atLeft, i), right.slice(atRight, j));
    flush(left.slice(i, i + 1), right.slice(j, j + 1));
    [atLeft, atRight] = [i + 1, j + 1];
  }
  flush(left.slice(atLeft), right.slice(atRight));
  return differences;
}

const LARGEST_TABLE = 4_000_000;

/** Index pairs of a longest common subsequence. */
export function commonPairs(a: readonly string[], b: readonly string[]): [number, number][] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  const cells = (a.length - start + 1) * (b.length - start + 1);
  // Two long lists that differ early: what follows is paired in order, the first difference tells what to know.
  if (cells > LARGEST_TABLE) return Array.from({ length: start }, (_, i) => [i, i]);
  const width = b.length + 1;
  // Agreement is the rule: the table is only as large as what follows the common beginning.
  const table = new Uint32Array(cells);
  const at = (i: number, j: number): number => (i - start) * (width - start) + (j - start);
  for (let i = a.length - 1; i >= start; i -= 1) {
    for (let j = b.length - 1; j >= start; j -= 1) {
      table[at(i, j)] =
        a[i] === b[j]
          ? (table[at(i + 1, j + 1)] ?? 0) + 1
          : Math.max(table[at(i + 1, j)] ?? 0, table[at(i, j + 1)] ?? 0);
    }
  }
  const pairs: [number, number][] = Array.from({ length: start }, (_, i) => [i, i]);
  for (let i = start, j = start; i < a.length && j < b.length;) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if ((table[at(i + 1, j)] ?? 0) >= (table[at(i, j + 1)] ?? 0)) i += 1;
    else j += 1;
  }
  return pairs;
}

/** Permissions of a file: an event that was made of a trace has them only if they are known. */
const permissions = 'permission';

/** Text that is equal exactly for values that differ in no more than permissions, whatever the order of keys. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) =>
    key === permissions
      ? undefined
      : typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
  );
}

interface Place {
  readonly path: string;
  readonly expected: unknown;
  readonly got: unknown;
}

/** Where two values differ first; undefined if they are equal. */
export function firstDifference(expected: unknown, got: unknown, path: string): Place | undefined {
  if (isContainer(expected) && isContainer(got) && Array.isArray(expected) === Array.isArray(got)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(got)])) {
      // Compared where both know them.
      if (key === permissions && !(key in expected && key in got)) continue;
      const inner = firstDifference(expected[key], got[key], path ? `${path}.${key}` : key);
      if (inner) return inner;
    }
    return undefined;
  }
  return Object.is(expected, got) ? undefined : { path, expected, got };
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
