/** Regular expressions as Go's regexp package takes them, judged without running them. */

const lookaround = /\(\?(?:[=!]|<[=!])/;
/** Escapes of Go: classes, anchors, characters by number. Any punctuation may be escaped, too. */
const escapes = /^[aAbBCdDEfnpPQrsStvwWxz0-7]$/;

/** Why Go would not compile the pattern; undefined if it would, as far as can be told. */
export function regexpProblem(pattern: string): string | undefined {
  const text = pattern.replace(/\\Q([\s\S]*?)(?:\\E|$)/g, (_all, literal: string) =>
    literal.replace(/[^a-zA-Z0-9]/g, 'x'),
  );
  if (lookaround.test(text.replace(/\\./g, ''))) return 'looks around, which Go does not';
  for (const [, escaped = ''] of text.matchAll(/\\(.)/gs)) {
    if (/^[1-9]$/.test(escaped)) return 'refers back to a group, which Go does not';
    if (/^[a-zA-Z0-9]$/.test(escaped) && !escapes.test(escaped)) return `has an unknown escape \\${escaped}`;
  }
  try {
    new RegExp(asJavaScript(text));
    return undefined;
  } catch {
    return 'is malformed';
  }
}

/** True for a pattern that means the same in JavaScript, as far as texts of ASCII characters go. */
export const likeJavaScript = (pattern: string): boolean =>
  regexpProblem(pattern) === undefined && !/\\[QEaC]/.test(pattern) && asJavaScript(pattern) === pattern;

/** What JavaScript writes otherwise, replaced by something of the same form. */
function asJavaScript(text: string): string {
  return text
    .replace(/\(\?P</g, '(?<')
    .replace(/\(\?[imsU-]+\)/g, '')
    .replace(/\(\?[imsU-]+:/g, '(?:')
    .replace(/\[:\^?[a-z]+:\]/g, 'a')
    .replace(/\\[pP](?:\{\^?\w+\}|[A-Z])/g, 'a')
    .replace(/\\x\{[0-9a-fA-F]+\}/g, 'a')
    .replace(/\\[AzC]/g, '');
}
