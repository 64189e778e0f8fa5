/** What bytes mean, remembered by the bytes: most names, paths and numbers of a trace come again and again. */

/** Says what the bytes `start`..`end` (exclusive) mean. */
export type BytesReader<T> = (bytes: Uint8Array, start: number, end: number) => T;

interface Entry<T> {
  readonly hash: number;
  readonly key: Uint8Array;
  readonly value: T;
  readonly next: Entry<T> | undefined;
}

/** Longer ones hardly come again, and would cost memory. */
const longest = 512;
const buckets = 4096;
/** Entries of one generation. Two are kept, so that what is in use stays and memory does not grow. */
const generation = 8192;

export class Interned<T> {
  private young: (Entry<T> | undefined)[] = empty();
  private old: (Entry<T> | undefined)[] = empty();
  private count = 0;

  /** @param read must depend on nothing but those bytes */
  constructor(private readonly read: BytesReader<T>) {}

  of(bytes: Uint8Array, start: number, end: number): T {
    if (end - start > longest) return this.read(bytes, start, end);
    let hash = end - start;
    for (let at = start; at < end; at += 1) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0;
    // The low bits of a product know little of the first bytes.
    const bucket = (hash ^ (hash >>> 15)) & (buckets - 1);
    const known = find(this.young[bucket], hash, bytes, start, end);
    if (known) return known.value;
    const older = find(this.old[bucket], hash, bytes, start, end);
    if (this.count >= generation) {
      this.old = this.young;
      this.young = empty();
      this.count = 0;
    }
    const key = older?.key ?? new Uint8Array(bytes.subarray(start, end));
    const value = older ? older.value : this.read(bytes, start, end);
    this.young[bucket] = { hash, key, value, next: this.young[bucket] };
    this.count += 1;
    return value;
  }
}

const empty = <T>(): (Entry<T> | undefined)[] => new Array<Entry<T> | undefined>(buckets).fill(undefined);

function find<T>(
  first: Entry<T> | undefined,
  hash: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): Entry<T> | undefined {
  for (let entry = first; entry; entry = entry.next)
    if (entry.hash === hash && equal(entry.key, bytes, start, end)) return entry;
  return undefined;
}

function equal(key: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (key.length !== end - start) return false;
  for (let at = 0; at < key.length; at += 1) if (key[at] !== bytes[start + at]) return false;
  return true;
}
