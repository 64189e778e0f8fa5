import { expect, it } from 'vitest';
import { textDiff } from './text-diff.ts';

it('shows what must go and what must come, and leaves equal runs out', () => {
  const same = 'b\nc\nd\ne\nf\ng\n';
  expect(textDiff(`a\n${same}h\n`, `A\n${same}h\ni\n`)).toEqual([
    '- a',
    '+ A',
    '  b',
    '  c',
    '  … 3 equal lines',
    '  g',
    '  h',
    '+ i',
  ]);
});

it('ends somewhere', () => {
  const many = (word: string): string => Array.from({ length: 100 }, (_, at) => `${word}${at}\n`).join('');
  const lines = textDiff(many('a'), many('b'));
  expect(lines).toHaveLength(41);
  expect(lines.at(-1)).toBe('… 160 more lines');
});
