import { expect, test } from 'vitest';
import { likeJavaScript, regexpProblem } from './go-regexp.ts';

test.each([
  '^ksys_',
  '^security_(file|path)_.*$',
  '(?i)tcp',
  '(?P<what>a+)b',
  '[[:alpha:]]+',
  String.raw`\Avfs_\w+\z`,
  String.raw`\Q(*\E`,
  String.raw`\p{Greek}|\pL|\x{1F}`,
  String.raw`a\.b`,
])('%s is taken', (pattern) => {
  expect(regexpProblem(pattern)).toBeUndefined();
});

test.each([
  ['[', 'malformed'],
  ['(', 'malformed'],
  ['*a', 'malformed'],
  ['a{2,1}', 'malformed'],
  ['(?=a)b', 'looks around'],
  ['(?<!a)b', 'looks around'],
  [String.raw`(a)\1`, 'refers back'],
  [String.raw`\ya`, 'unknown escape'],
])('%s is refused', (pattern, problem) => {
  expect(regexpProblem(pattern)).toContain(problem);
});

test.each([
  ['^security_(file|path)_.*$', true],
  [String.raw`a\.b\d+`, true],
  ['(?i)tcp', false],
  ['[[:alpha:]]+', false],
  [String.raw`\Avfs_\w+\z`, false],
  [String.raw`\Q(*\E`, false],
  ['(?=a)b', false],
])('%s means the same in JavaScript: %s', (pattern, same) => {
  expect(likeJavaScript(pattern)).toBe(same);
});
