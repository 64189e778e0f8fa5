/** Text as expectations write it: exact, or `/regex/`. */
import { type LinearPattern, linearPattern } from './linear-pattern.ts';

/** Signs that a text between slashes may be meant as an expression though slashes are in it. */
const signs = /[\\^$*+?()[\]{}|]/;

/** Each event is held against the same few. */
const compiled = new Map<string, LinearPattern>();

/**
 * The regular expression in `/…/`; undefined for plain text. A path such as `/tmp/w/` is plain text: with slashes inside, an
 * expression has a sign of one. Throws SyntaxError when it is malformed or has no bound on its time.
 */
export function asRegex(text: string): LinearPattern | undefined {
  if (text.length <= 2 || !text.startsWith('/') || !text.endsWith('/')) return undefined;
  const inner = text.slice(1, -1);
  if (inner.includes('/') && !signs.test(inner)) return undefined;
  const known = compiled.get(inner) ?? linearPattern(inner);
  compiled.set(inner, known);
  return known;
}

/** Plain text that only makes sense as an expression, such as `fd_.*`. */
export function looksLikeRegex(text: string): boolean {
  return !text.startsWith('/') && /\.[*+?]|\[[^\]]+\][*+]|\\[dwsb]|^\^.|.\$$/.test(text);
}

/** True if `seen` is the text or matches the expression. `/tmp/` as text still equals itself. */
export function matchesText(expected: string, seen: string): boolean {
  return seen === expected || (asRegex(expected)?.test(seen) ?? false);
}
