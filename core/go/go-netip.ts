/**
 * IP addresses and blocks as Go's netip reads and prints them. Libraries for addresses take more than it does (numbers with
 * leading zeros, in octal, of fewer parts), and print IPv4-mapped addresses otherwise.
 */

/** Addresses that begin with the same bits. */
export interface IpPrefix {
  readonly family: 4 | 6;
  /** 4 or 16 bytes, host bits cleared. */
  readonly bytes: readonly number[];
  readonly length: number;
}

/** The block, a single address being one of full length; or what is wrong with the text. */
export function parseAddressPrefix(text: string): IpPrefix | string {
  const slash = text.lastIndexOf('/');
  const address = slash === -1 ? text : text.slice(0, slash);
  // A zone is read over; in a block it is refused.
  const zone = slash === -1 ? address.indexOf('%') : -1;
  const bytes = parseAddress(zone > 0 && zone < address.length - 1 ? address.slice(0, zone) : address);
  if (bytes === undefined || (zone !== -1 && bytes.length === 4)) return 'is no IP address';
  const full = bytes.length * 8;
  let length = full;
  if (slash !== -1) {
    const written = text.slice(slash + 1);
    if (!/^(0|[1-9]\d{0,2})$/.test(written)) return 'has no valid prefix length';
    length = Number(written);
    if (length > full) return `has a prefix length above ${full}`;
  }
  return { family: bytes.length === 4 ? 4 : 6, bytes: clearHostBits(bytes, length), length };
}

function clearHostBits(bytes: readonly number[], length: number): number[] {
  return bytes.map((byte, index) => {
    const kept = Math.min(8, Math.max(0, length - index * 8));
    return byte & (0xff << (8 - kept)) & 0xff;
  });
}

/** 4 or 16 bytes; an IPv4-mapped IPv6 address stays one of 16. */
export function parseAddress(text: string): number[] | undefined {
  return text.includes(':') ? parseV6(text) : parseV4(text);
}

function parseV4(text: string): number[] | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) {
    return undefined;
  }
  return parts.map(Number);
}

function parseV6(text: string): number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [before = '', after] = halves;
  const head = groups(before, after === undefined);
  const tail = after === undefined ? [] : groups(after, true);
  if (head === undefined || tail === undefined) return undefined;
  const missing = 16 - head.length - tail.length;
  if (after === undefined ? missing !== 0 : missing < 2) return undefined;
  return [...head, ...new Array<number>(missing).fill(0), ...tail];
}

/** Bytes of `a:b:c`; a trailing IPv4 part is allowed at the end of the address. */
function groups(text: string, atEnd: boolean): number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const bytes: number[] = [];
  for (const [index, part] of parts.entries()) {
    if (part.includes('.')) {
      const v4 = atEnd && index === parts.length - 1 ? parseV4(part) : undefined;
      if (v4 === undefined) return undefined;
      bytes.push(...v4);
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return undefined;
      const value = parseInt(part, 16);
      bytes.push(value >> 8, value & 0xff);
    }
  }
  return bytes;
}

/**
 * RFC 5952, with IPv4-mapped addresses in dotted form. `invalid IP` for anything but 4 or 16 bytes: what Tetragon prints
 * for families without addresses.
 */
export function addressText(bytes: readonly number[] | undefined): string {
  if (bytes?.length === 4) return bytes.join('.');
  if (bytes?.length !== 16) return 'invalid IP';
  if (bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff)
    return `::ffff:${bytes.slice(12).join('.')}`;
  const words = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0));
  const { start, length } = longestZeroRun(words);
  const hex = (part: readonly number[]): string => part.map((word) => word.toString(16)).join(':');
  if (length < 2) return hex(words);
  return `${hex(words.slice(0, start))}::${hex(words.slice(start + length))}`;
}

function longestZeroRun(words: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < words.length; start += 1) {
    let end = start;
    while (words[end] === 0) end += 1;
    if (end - start > best.length) best = { start, length: end - start };
  }
  return best;
}
