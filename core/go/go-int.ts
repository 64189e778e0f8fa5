/** Integers as Go's strconv reads them: the texts that Tetragon takes as numbers, and its errors. */

export type IntKind = 's32' | 'u32' | 's64' | 'u64';

const limits: Readonly<Record<IntKind, readonly [bigint, bigint]>> = {
  s32: [-(2n ** 31n), 2n ** 31n - 1n],
  u32: [0n, 2n ** 32n - 1n],
  s64: [-(2n ** 63n), 2n ** 63n - 1n],
  u64: [0n, 2n ** 64n - 1n],
};

/** `auto`: 0x, 0o, 0b and 0 prefixes, and underscores between digits; `decimal`: no prefix means anything. */
export type IntBase = 'auto' | 'decimal';

/** The number, or why the text is none. */
export type ParsedInt = { readonly value: bigint } | { readonly problem: string };

/** Reads a number of the kind; signed kinds take a sign, unsigned ones none. */
export function parseGoInt(text: string, kind: IntKind, base: IntBase): ParsedInt {
  const signed = kind === 's32' || kind === 's64';
  const sign = signed && /^[+-]/.test(text) ? text.charAt(0) : '';
  const digits = magnitude(text.slice(sign.length), base);
  if (digits === undefined) {
    return { problem: /^-\d/.test(text) && !signed ? 'is negative' : 'is no number' };
  }
  const value = sign === '-' ? -digits : digits;
  const [least, most] = limits[kind];
  if (value < least || value > most) return { problem: `is out of range (${least} to ${most})` };
  return { value };
}

function magnitude(text: string, base: IntBase): bigint | undefined {
  if (base === 'auto') {
    if (/^0[xX]/.test(text)) return digitsOf(text.slice(2), /^_?[0-9a-fA-F]+(_[0-9a-fA-F]+)*$/, '0x');
    if (/^0[bB]/.test(text)) return digitsOf(text.slice(2), /^_?[01]+(_[01]+)*$/, '0b');
    if (/^0[oO]/.test(text)) return digitsOf(text.slice(2), /^_?[0-7]+(_[0-7]+)*$/, '0o');
    if (/^0./.test(text)) return digitsOf(text.slice(1), /^_?[0-7]+(_[0-7]+)*$/, '0o');
    return digitsOf(text, /^[0-9]+(_[0-9]+)*$/, '');
  }
  return digitsOf(text, /^[0-9]+$/, '');
}

function digitsOf(text: string, form: RegExp, prefix: string): bigint | undefined {
  return form.test(text) ? BigInt(prefix + text.replaceAll('_', '')) : undefined;
}
