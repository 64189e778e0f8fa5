/** Text as expectations write it: exact, or `/regex/`. */

/** The regular expression in `/…/`; undefined for plain text. Throws SyntaxError when it is malformed. */
export function asRegex(text: string): RegExp | undefined {
  return text.length > 2 && text.startsWith('/') && text.endsWith('/')
    ? new RegExp(text.slice(1, -1), 's')
    : undefined;
}

/** True if `seen` is the text or matches the expression. `/tmp/` as text still equals itself. */
export function matchesText(expected: string, seen: string): boolean {
  return seen === expected || (asRegex(expected)?.test(seen) ?? false);
}
