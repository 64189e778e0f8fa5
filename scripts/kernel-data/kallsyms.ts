/**
 * The kernel's own table of symbols, as its image carries it (scripts/kallsyms.c writes it, kernel/kallsyms.c reads it). The images
 * of packages have no other. Where the table lies is found by what it looks like, and believed only if it is right throughout.
 */
import type { ElfImage, ElfSection } from '../../core/btf/elf.ts';

/** A symbol, as a line of /proc/kallsyms. */
export interface KernelSymbol {
  readonly address: bigint;
  /** As nm prints it: `T` and `t` are functions. */
  readonly type: string;
  readonly name: string;
}

/** Names are packed in bytes that stand for tokens. */
const tokenCount = 256;
/** The table remembers where every so manieth name begins. */
const markerDistance = 256;
const fewestSymbols = 20_000;
/** Bytes that a packed name takes at most (KSYM_NAME_LEN). */
const longestName = 512;

const aligned = (at: number): number => (at + 7) & ~7;

/** In the order of addresses. @throws Error if the image has no table that can be read */
export function kernelSymbols(image: ElfImage): KernelSymbol[] {
  const section = image.section('.rodata');
  if (section === undefined) throw new Error('the image has no .rodata section');
  const { data } = section;
  const { tokens, start: tokenTable, end } = readTokens(data);
  const { names, start } = readNames(data, tokenTable, tokens);
  const addresses = readAddresses(section, start, end, names.length);
  return names.map((name, i) => ({
    address: addresses[i] ?? 0n,
    type: name.charAt(0),
    name: name.slice(1),
  }));
}

interface Tokens {
  readonly tokens: readonly string[];
  readonly start: number;
  /** Behind the table of the tokens' places. */
  readonly end: number;
}

/** Digits are tokens of their own: they stand in a row, and the places of all tokens follow their texts. */
function readTokens(data: Uint8Array): Tokens {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const digits = Buffer.from('0123456789'.split('').join('\0') + '\0');
  for (let at = bytes.indexOf(digits); at >= 0; at = bytes.indexOf(digits, at + 1)) {
    for (let index = aligned(at); index < at + 4096; index += 4) {
      const offset = (token: number): number => bytes.readUInt16LE(index + 2 * token);
      if (offset(0) !== 0) continue;
      const start = at - offset('0'.charCodeAt(0));
      const tokens = Array.from({ length: tokenCount }, (_, token) => {
        const from = start + offset(token);
        return bytes.toString('latin1', from, bytes.indexOf(0, from));
      });
      const follows = tokens.every(
        (_, token) =>
          token === 0 || offset(token) === offset(token - 1) + (tokens[token - 1] ?? '').length + 1,
      );
      if (follows) return { tokens, start, end: index + 2 * tokenCount };
    }
  }
  throw new Error('the image has no table of symbols');
}

/** Where every 256th name begins stands right before the tokens, which tells where the first begins. */
function readNames(
  data: Uint8Array,
  before: number,
  tokens: readonly string[],
): { names: string[]; start: number } {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  for (const markers of markersBefore(view, before)) {
    const last = (markers.end - markers.start) / 4 - 1;
    const marker = (i: number): number => view.getUint32(markers.start + 4 * i, true);
    const firstPossible = markers.start - marker(last) - markerDistance * longestName;
    for (let start = (markers.start - marker(last)) & ~3; start >= Math.max(0, firstPossible); start -= 4) {
      const names: string[] = [];
      let at = start;
      let right = true;
      while (right && at < markers.start) {
        const { length } = names;
        if (length % markerDistance === 0) right = at - start === marker(length / markerDistance);
        const read = right ? nameAt(data, at, tokens) : undefined;
        if (read === undefined) break;
        names.push(read.name);
        at = read.end;
      }
      // Zeros fill what is left up to the markers.
      const whole = Math.floor((names.length - 1) / markerDistance) === last && markers.start - at < 8;
      if (right && whole) return { names, start };
    }
  }
  throw new Error('the image has no names of symbols');
}

/** They rise from zero; what follows them, by chance, too: in 6.1 the order of the names, three bytes each. */
function* markersBefore(view: DataView, before: number): Generator<{ start: number; end: number }> {
  let end = before;
  while (end > 8) {
    let start = end - 4;
    while (start >= 4 && view.getUint32(start - 4, true) < view.getUint32(start, true)) start -= 4;
    const isLong = (end - start) / 4 > fewestSymbols / markerDistance;
    if (isLong && view.getUint32(start, true) === 0)
      for (let cut = 0; cut < 4; cut += 1) {
        const last = view.getUint32(end - 4 * cut - 4, true);
        if (last < Math.min(start, ((end - start) / 4) * markerDistance * longestName))
          yield { start, end: end - 4 * cut };
      }
    end = start;
  }
}

function nameAt(
  data: Uint8Array,
  at: number,
  tokens: readonly string[],
): { name: string; end: number } | undefined {
  let from = at;
  let length = data[from++] ?? 0;
  // Names of more bytes than seven bits tell take two for their length.
  if (length & 0x80) length = (length & 0x7f) | ((data[from++] ?? 0) << 7);
  let name = '';
  for (const byte of data.subarray(from, from + length)) name += tokens[byte] ?? '';
  return /^[a-zA-Z?][\x21-\x7e]+$/.test(name) ? { name, end: from + length } : undefined;
}

/**
 * Offsets to one address: they stand before the names, since 6.4 behind the tokens. Where variables of each processor are absolute
 * (CONFIG_KALLSYMS_ABSOLUTE_PERCPU), offsets of all else are negative. Since 7.0 each is relative to its own place.
 */
function readAddresses(
  { data, address }: ElfSection,
  names: number,
  tokensEnd: number,
  count: number,
): bigint[] {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const size = aligned(4 * count);
  const behind = aligned(tokensEnd);
  const based = [
    { offsets: names - 16 - size, base: names - 16 },
    { offsets: behind, base: behind + size },
  ].filter(({ offsets, base }) => offsets >= 0 && base + 8 <= data.length);
  const ways = based.flatMap(({ offsets, base }) => {
    const from = view.getBigUint64(base, true);
    return [
      (i: number): bigint => {
        const offset = view.getInt32(offsets + 4 * i, true);
        return offset >= 0 ? BigInt(offset) : from - 1n - BigInt(offset);
      },
      (i: number): bigint => from + BigInt(view.getUint32(offsets + 4 * i, true)),
    ];
  });
  ways.push((i) => address + BigInt(behind + 4 * i) + BigInt(view.getInt32(behind + 4 * i, true)));
  for (const way of ways) {
    const all = Array.from({ length: count }, (_, i) => way(i));
    const ordered = all.every((each, i) => i === 0 || each >= (all[i - 1] ?? 0n));
    if (ordered && (all.at(-1) ?? 0n) >= address) return all;
  }
  throw new Error('the addresses of symbols cannot be read');
}
