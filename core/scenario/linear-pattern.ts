/**
 * JavaScript's regular expressions on an engine whose time is linear in the text: an expectation may come from a stranger, and
 * `/(a+)+$/` must not hang a run. What is written in JavaScript's form is rewritten into RE2's, piece by piece, so that it
 * means the same; but for characters beyond U+FFFF, which are one character here.
 */
import { RE2JS } from 're2js';

/** A regular expression that is searched for in texts. */
export interface LinearPattern {
  test(text: string): boolean;
}

const space =
  '\\t-\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}';
/** All but these, written out: a class in a class has no negation. */
const noSpace =
  '\\x{0}-\\x{8}\\x{e}-\\x{1f}!-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}';
const controls: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13 };

/** Throws SyntaxError for what is malformed, and what cannot be had in linear time: it is named. */
export function linearPattern(source: string): LinearPattern {
  new RegExp(source, 's');
  const text = rewritten(source);
  try {
    const compiled = RE2JS.compile(text, RE2JS.DOTALL);
    return { test: (seen) => compiled.matcher(seen).find() };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SyntaxError(
      `Invalid regular expression: /${source}/: ${why.replace('error parsing regexp: ', '')}`,
    );
  }
}

function rewritten(source: string): string {
  const refuse = (what: string): never => {
    throw new SyntaxError(
      `Invalid regular expression: /${source}/: ${what} cannot be matched in linear time`,
    );
  };
  let out = '';
  let inClass = false;
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(source);
    if (found !== null) at += found[0].length;
    return found ?? undefined;
  };
  while (at < source.length) {
    let found;
    if ((found = take(/\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|c([a-z]))/iy))) {
      const [, unicode, byte, control = ''] = found;
      const hex = unicode ?? byte;
      out += literal(hex === undefined ? control.charCodeAt(0) % 32 : parseInt(hex, 16));
    } else if ((found = take(/\\([dDwW])/y))) out += found[0];
    else if (take(/\\s/y)) out += inClass ? space : `[${space}]`;
    else if (take(/\\S/y)) out += inClass ? noSpace : `[${noSpace}]`;
    else if ((found = take(/\\([bB])/y))) out += inClass ? literal(found[1] === 'b' ? 8 : 66) : found[0];
    else if (take(/\\0(?!\d)/y)) out += literal(0);
    else if (take(/\\[0-9]/y)) refuse('what refers back to a group');
    else if (take(/\\k</y)) refuse('what refers back to a group');
    else if ((found = take(/\\([\s\S])/y))) {
      const [, char = ''] = found;
      out += literal(controls[char] ?? char.charCodeAt(0));
    } else if (inClass) {
      if (take(/\]/y)) {
        inClass = false;
        out += ']';
      } else if (take(/-/y)) out += '-';
      else out += literal(take(/[\s\S]/uy)?.[0].codePointAt(0) ?? 0);
    } else if (take(/\[\^\]/y)) out += '[\\x{0}-\\x{10ffff}]';
    else if (take(/\[\]/y)) out += '[^\\x{0}-\\x{10ffff}]';
    else if ((found = take(/\[\^?/y))) {
      inClass = true;
      out += found[0];
    } else if (take(/\(\?<?[=!]/y)) refuse('what looks ahead or behind');
    else if (take(/\(\?<[^>]*>/y)) out += '(?:';
    else if (take(/\(\?:/y)) out += '(?:';
    else if (take(/\(\?/y)) refuse('an option in the middle');
    else out += take(/[\s\S]/uy)?.[0] ?? '';
  }
  return out;
}

const literal = (code: number): string => `\\x{${code.toString(16)}}`;
