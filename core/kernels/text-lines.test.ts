import { expect, it } from 'vitest';
import { TextLines } from './text-lines.ts';

const words = Array.from({ length: 150 }, (_, index) => `line ${index}`.repeat(index % 3));

it('finds the lines that splitting finds, with no more than a text between line feeds', () => {
  const lines = new TextLines(words.map((word) => `${word}\n`).join(''));
  expect(lines.length).toBe(150);
  for (const [index, word] of words.entries()) expect(lines.at(index)).toBe(word);
  expect(lines.at(150)).toBeUndefined();
  expect(lines.slice(60, 70)).toEqual(words.slice(60, 70));
  expect(lines.slice(140, 1000)).toEqual(words.slice(140));
  expect(lines.slice(150, 200)).toEqual([]);
});

it('leaves out a last line without a line feed, and takes an empty text', () => {
  expect(new TextLines('a\nb').slice(0, 9)).toEqual(['a']);
  expect(new TextLines('').length).toBe(0);
});
