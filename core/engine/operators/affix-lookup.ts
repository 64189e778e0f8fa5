/** Whether a text starts or ends with one of many values: one set lookup for each length that occurs among them. */
import type { ByteString } from '../../values/value.ts';

/** Up to here trying one after the other is quicker. */
const few = 8;

type Lookup = (text: ByteString) => boolean;

export function startLookup(values: readonly ByteString[]): Lookup {
  if (values.length <= few) return (text) => values.some((value) => text.startsWith(value));
  const buckets = byLength(values);
  return (text) => {
    for (const [length, set] of buckets) {
      if (length > text.length) return false;
      if (set.has(text.slice(0, length))) return true;
    }
    return false;
  };
}

export function endLookup(values: readonly ByteString[]): Lookup {
  if (values.length <= few) return (text) => values.some((value) => text.endsWith(value));
  const buckets = byLength(values);
  return (text) => {
    for (const [length, set] of buckets) {
      if (length > text.length) return false;
      if (set.has(text.slice(text.length - length))) return true;
    }
    return false;
  };
}

/** Shortest first. */
function byLength(values: readonly ByteString[]): [number, Set<ByteString>][] {
  const buckets = new Map<number, Set<ByteString>>();
  for (const value of values) {
    const bucket = buckets.get(value.length);
    if (bucket === undefined) buckets.set(value.length, new Set([value]));
    else bucket.add(value);
  }
  return [...buckets].sort(([a], [b]) => a - b);
}
