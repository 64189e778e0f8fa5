import { expect, it } from 'vitest';
import { traceName } from './trace-place.ts';

it.each([
  ['read', 'read'],
  ['read it twice', 'read it twice'],
  ['a/b:c*d', 'a_b_c_d'],
  ['what?', 'what_'],
  ['..', '_'],
  ['ends. ', 'ends__'],
  ['nul', '_nul'],
  ['com1.txt', '_com1.txt'],
  ['console', 'console'],
])('%j is a file %j', (step, name) => {
  expect(traceName(step)).toBe(name);
});

it('names of other letters stay apart, however they are composed', () => {
  const names = ['größe', 'grüße', '読む', '書く'].map(traceName);
  expect(new Set(names).size).toBe(4);
  for (const name of names) expect(name).toMatch(/^[\x20-\x7e]+$/);
  expect(traceName('u\u0308')).not.toBe(traceName('o\u0308'));
  expect(traceName('u\u0308')).toBe(traceName('\u00fc'));
});

it('long names are cut, and stay apart', () => {
  const [one, other] = ['1', '2'].map((end) => traceName('x'.repeat(300) + end));
  expect(one).not.toBe(other);
  expect(one).toHaveLength(109);
});
