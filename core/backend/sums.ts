/** What of an outcome is counted. Rows with the same key add up, so that the sums of steps, files and machines merge. */
import type { ActionCount, CoverageMark } from '../judge/counters.ts';

export type { ActionCount, CoverageMark };

/** An effect that took place. `target`: a path, or an address with its port. */
export interface Achievement {
  readonly what: 'read' | 'written' | 'executed' | 'reached';
  readonly target: string;
  /** Of data that were moved. */
  readonly bytes?: number;
  readonly count: number;
  /** It rests on the recorded course of a process whose course an action changed. */
  readonly diverged: boolean;
}

type Row = ActionCount | CoverageMark | Achievement;
const counted = new Set(['count', 'bytes']);

function keyOf(row: Row): string {
  return JSON.stringify(
    Object.entries(row)
      .filter(([name]) => !counted.has(name))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Rows with equal keys become one, in the order of their first occurrence. Associative; the counts are commutative. */
export function mergeRows<R extends Row>(...lists: readonly (readonly R[])[]): R[] {
  const merged = new Map<string, R>();
  for (const row of lists.flat()) {
    const key = keyOf(row);
    const known = merged.get(key);
    merged.set(key, known === undefined ? row : added(known, row));
  }
  return [...merged.values()];
}

function added<R extends Row>(a: R, b: R): R {
  const bytes = 'bytes' in a || 'bytes' in b ? { bytes: bytesOf(a) + bytesOf(b) } : {};
  return { ...a, ...bytes, count: a.count + b.count };
}

const bytesOf = (row: Row): number => ('bytes' in row ? (row.bytes ?? 0) : 0);
