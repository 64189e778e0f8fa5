import { expect, it } from 'vitest';
import { oneColumnEach, plain, shown, shownLine } from './shown.ts';

it.each([
  ['\u001b[31mred\u001b]0;title\u0007', '\\x1b[31mred\\x1b]0;title\\x07'],
  ['hidden\rseen', 'hidden\\rseen'],
  ['\u009b2J\u007f', '\\x9b2J\\x7f'],
  ['a\u202egnp.exe', 'a\\u202egnp.exe'],
  ['a\u2028b', 'a\\u2028b'],
  ['::error file=a::b', '\\x3a:error file=a::b'],
  ['  \u00a0::warning::', '  \u00a0\\x3a:warning::'],
  ['x ##[error]a ##vso[task] ##teamcity[x]', 'x \\x23#[error]a \\x23#vso[task] \\x23#teamcity[x]'],
  ['tab\tand über 漢字 🚀 a::b ## c', 'tab\tand über 漢字 🚀 a::b ## c'],
])('%j is shown as %j, also as a line', (text, expected) => {
  expect(shown(text)).toBe(expected);
  expect(shownLine(text)).toBe(expected);
  expect(shown(shown(text))).toBe(expected);
});

it('keeps lines, none of which is a command, or makes one line of them', () => {
  expect(shown('a\n::error::b\n\n  ::c')).toBe('a\n\\x3a:error::b\n\n  \\x3a:c');
  expect(shown('\r\n::error::b')).toBe('\\r\n\\x3a:error::b');
  expect(shownLine('a\n::error::b')).toBe('a\\n::error::b');
  expect(plain('a\n::b\u001b')).toBe('a\n::b\\x1b');
});

it('keeps columns', () => {
  expect(oneColumnEach('a\tb\u001b[0m\u202ec')).toBe('a b\ufffd[0m\ufffdc');
});
