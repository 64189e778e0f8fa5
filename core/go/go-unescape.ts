const short: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** The text that Go's strconv.Quote has escaped (without the quotes around). */
export function goUnescape(escaped: string): string {
  return escaped.replace(
    /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))/g,
    (_whole, byte?: string, unit?: string, code?: string, letter: string = '') => {
      const hex = byte ?? unit ?? code;
      return hex === undefined ? (short[letter] ?? letter) : String.fromCodePoint(parseInt(hex, 16));
    },
  );
}
