import { expect, it } from 'vitest';
import { consoleExcerpt } from './console.ts';

const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}`);

it('begins where the trouble does and ends with the panic', () => {
  const text = [
    ...numbered(1, 50),
    'BUG: kernel NULL pointer',
    ...numbered(51, 90),
    'Kernel panic - not syncing',
  ].join('\r\n');
  const excerpt = consoleExcerpt(text).split('\n');
  expect(excerpt.slice(0, 4)).toEqual(['line 49', 'line 50', 'BUG: kernel NULL pointer', 'line 51']);
  expect(excerpt.at(-1)).toBe('Kernel panic - not syncing');
});

it('is the end where nothing is wrong, and empty where nothing was said', () => {
  expect(consoleExcerpt(numbered(1, 60).join('\n')).split('\n').at(-1)).toBe('line 60');
  expect(consoleExcerpt('')).toBe('');
});
