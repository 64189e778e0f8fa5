/** Go's quoting of strings, which Tetragon uses for compact output and for policy messages and tags. */

/** strconv.IsPrint: letters, marks, numbers, punctuation, symbols and the ASCII space. */
const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;
const short: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

function escaped(char: string): string {
  const known = short[char];
  if (known) return known;
  if (printable.test(char)) return char;
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x10000
    ? `\\u${code.toString(16).padStart(4, '0')}`
    : `\\U${code.toString(16).padStart(8, '0')}`;
}

/** strconv.Quote without the quotes around. */
export function goEscape(text: string): string {
  // Most texts need nothing: spare them the walk.
  if (/^[ !#-[\]-~]*$/.test(text)) return text;
  let out = '';
  for (const char of text) out += escaped(char);
  return out;
}

export const goQuote = (text: string): string => `"${goEscape(text)}"`;

/** Quoted only if it holds a space or something unprintable: how compact output keeps one word per field. */
export function quoteIfNeeded(text: string): string {
  if (/^[!-~]*$/.test(text)) return text;
  for (const char of text) if (char === ' ' || !printable.test(char)) return goQuote(text);
  return text;
}
