/** The value sets that filters refer to by number: texts in hash maps by length, affixes in tries, integers as ranges. */
import type { IpPrefix } from '../../core/go/go-netip.ts';
import type { ByteString } from '../../core/values/value.ts';
import {
  trAddressKey,
  trLimit,
  trRange,
  trString128,
  trString32,
  trStringPiece,
  trTrieKey,
  type trMatch,
} from '../layout/generated.ts';
import { bytesOf, concat, numberBytes } from './bytes.ts';
import { searchTable } from './search-table.ts';

/** Contents of one BPF map. */
export interface MapEntries {
  readonly map: string;
  readonly keySize: number;
  readonly valueSize: number;
  /** Key and value of each entry, one after another. */
  readonly entries: readonly Uint8Array[];
}

export interface RangeRun {
  readonly base: number;
  readonly count: number;
}

/** Keys of the maps `equal_SIZE`, shortest first; longer texts go piece by piece into `equal_long`. */
const buckets = [trString32, trString128].map((key) => ({
  key,
  size: key.fields.bytes.field.size,
}));
const present = Uint8Array.of(1);

/** AF_INET and AF_INET6. */
const addressFamilies = { 4: 2, 6: 10 } as const;

/** Where signed numbers begin when they are moved into unsigned order. */
const signedZero = 1n << 63n;

export class ValueSets {
  readonly #equal = new Map<number, Uint8Array[]>(buckets.map(({ size }) => [size, []]));
  readonly #pieces: Uint8Array[] = [];
  readonly #prefixes: Uint8Array[] = [];
  readonly #postfixes: Uint8Array[] = [];
  readonly #searches: number[] = [];
  readonly #addresses: Uint8Array[] = [];
  readonly #ranges: Uint8Array[] = [];
  readonly #pieceNodes = new Map<string, number>();
  readonly #known = new Map<string, number>();
  #texts = 0;
  /** Nodes between pieces, from the largest number down: sets have theirs from 0 on. */
  #nodes: number = trLimit.LAST_PIECE;
  #prefixSets = 0;
  #postfixSets = 0;
  #addressSets = 0;

  /** Number of the set that holds exactly these texts, to be matched so; undefined when there are too many such sets. */
  texts(match: keyof typeof trMatch, values: readonly ByteString[]): number | undefined {
    switch (match) {
      case 'MATCH_EQUAL':
        return this.equal(values);
      case 'MATCH_PREFIX':
        return this.prefixes(values);
      case 'MATCH_POSTFIX':
        return this.postfixes(values);
      case 'MATCH_SUBSTRING':
        return this.substrings(values, false);
      case 'MATCH_SUBSTRING_IGNORE_CASE':
        return this.substrings(values, true);
    }
  }

  equal(values: readonly ByteString[]): number {
    return this.#once('equal', values, () => {
      const set = this.#texts++;
      for (const value of new Set(values)) {
        // An argument is never longer than 4095 bytes, nor equal to an empty value.
        if (value.length >= trLimit.PATH_SIZE || value === '') continue;
        const bucket = buckets.find(({ size }) => value.length <= size);
        if (bucket === undefined) {
          this.#addLong(set, bytesOf(value));
          continue;
        }
        const key = bucket.key.encode({ set, length: value.length, bytes: bytesOf(value) });
        this.#equal.get(bucket.size)?.push(concat([key, present]));
      }
      return set;
    });
  }

  /** `left` is in each key, so texts of different lengths share nothing. */
  #addLong(set: number, bytes: Uint8Array): void {
    let node = set;
    for (let at = 0; at < bytes.length; at += trLimit.PIECE_SIZE) {
      const left = bytes.length - at;
      const piece = bytes.subarray(at, at + trLimit.PIECE_SIZE);
      const key = trStringPiece.encode({ node, left, bytes: piece });
      node = this.#nodeBehind(key, left <= trLimit.PIECE_SIZE);
    }
  }

  /** The node that the piece leads to, made if it is not there. */
  #nodeBehind(key: Uint8Array, last: boolean): number {
    const text = Buffer.from(key).toString('latin1');
    const known = this.#pieceNodes.get(text);
    if (known !== undefined) return known;
    const node = last ? trLimit.LAST_PIECE : --this.#nodes;
    this.#pieceNodes.set(text, node);
    this.#pieces.push(concat([key, numberBytes(node)]));
    return node;
  }

  /** Undefined when there are more sets than a trie can tell apart. */
  prefixes(values: readonly ByteString[]): number | undefined {
    if (this.#prefixSets > 255) return undefined;
    return this.#once('prefix', values, () => {
      const set = this.#prefixSets++;
      for (const value of new Set(values))
        if (value.length <= trLimit.PREFIX_SIZE) this.#prefixes.push(trieEntry(set, bytesOf(value)));
      return set;
    });
  }

  postfixes(values: readonly ByteString[]): number | undefined {
    if (this.#postfixSets > 255) return undefined;
    return this.#once('postfix', values, () => {
      const set = this.#postfixSets++;
      for (const value of new Set(values))
        if (value.length <= trLimit.POSTFIX_SIZE)
          this.#postfixes.push(trieEntry(set, bytesOf(value).reverse()));
      return set;
    });
  }

  /** Texts that are looked for within others; `ignoreCase`: whatever the case of their letters. */
  substrings(values: readonly ByteString[], ignoreCase: boolean): number {
    return this.#once(`substring ${ignoreCase}`, values, () => {
      const set = this.#searches.length;
      this.#searches.push(...searchTable(values, ignoreCase, set));
      return set;
    });
  }

  /** Blocks of addresses; undefined as with prefixes. */
  addresses(values: readonly IpPrefix[]): number | undefined {
    if (this.#addressSets > 255) return undefined;
    const texts = values.map(({ bytes, length }) => `${bytes.join('.')}/${length}`);
    return this.#once('address', texts, () => {
      const set = this.#addressSets++;
      for (const { family, bytes, length } of values) {
        const key = {
          bits: 16 + length,
          set,
          family: addressFamilies[family],
          bytes: Uint8Array.from(bytes),
        };
        this.#addresses.push(concat([trAddressKey.encode(key), present]));
      }
      return set;
    });
  }

  /** A run of sorted, disjoint ranges; `signed` moves them into unsigned order. What lies outside 64 bits falls away. */
  ranges(wanted: readonly { readonly from: bigint; readonly to: bigint }[], signed: boolean): RangeRun {
    const least = signed ? -signedZero : 0n;
    const most = least + 2n ** 64n - 1n;
    const clipped = wanted
      .map(({ from, to }) => ({ from: from < least ? least : from, to: to > most ? most : to }))
      .filter(({ from, to }) => from <= to)
      .sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
    const merged: { from: bigint; to: bigint }[] = [];
    for (const next of clipped) {
      const last = merged.at(-1);
      if (last !== undefined && next.from <= last.to + 1n) last.to = next.to > last.to ? next.to : last.to;
      else merged.push({ ...next });
    }
    const base = this.#ranges.length;
    for (const { from, to } of merged)
      this.#ranges.push(trRange.encode({ from: from - least, to: to - least }));
    return { base, count: merged.length };
  }

  get usesLong(): boolean {
    return this.#pieces.length > 0;
  }
  get usesPrefixes(): boolean {
    return this.#prefixSets > 0;
  }
  get usesPostfixes(): boolean {
    return this.#postfixSets > 0;
  }

  get usesSearches(): boolean {
    return this.#searches.length > 0;
  }

  get usesAddresses(): boolean {
    return this.#addressSets > 0;
  }

  /** Contents of all the maps that have any. */
  maps(): MapEntries[] {
    const all: MapEntries[] = buckets.map(({ key, size }) => ({
      map: `equal_${size}`,
      keySize: key.size,
      valueSize: 1,
      entries: this.#equal.get(size) ?? [],
    }));
    all.push({ map: 'equal_long', keySize: trStringPiece.size, valueSize: 4, entries: this.#pieces });
    all.push({ map: 'prefixes', keySize: trTrieKey.size, valueSize: 1, entries: this.#prefixes });
    all.push({ map: 'postfixes', keySize: trTrieKey.size, valueSize: 1, entries: this.#postfixes });
    all.push({ map: 'addresses', keySize: trAddressKey.size, valueSize: 1, entries: this.#addresses });
    const searches = this.#searches.map((entry, index) => concat([numberBytes(index), numberBytes(entry)]));
    all.push({ map: 'searches', keySize: 4, valueSize: 4, entries: searches });
    const numbered = this.#ranges.map((entry, index) => concat([numberBytes(index), entry]));
    all.push({ map: 'ranges', keySize: 4, valueSize: trRange.size, entries: numbered });
    return all.filter(({ entries }) => entries.length > 0);
  }

  #once(kind: string, values: readonly ByteString[], make: () => number): number {
    const key = JSON.stringify([kind, [...new Set(values)].sort()]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#known.set(key, made);
    return made;
  }
}

function trieEntry(set: number, bytes: Uint8Array): Uint8Array {
  return concat([trTrieKey.encode({ bits: 8 + bytes.length * 8, set, bytes }), present]);
}
