import { expect, it } from 'vitest';
import { shardOf } from './shard.ts';

const files = Array.from({ length: 11 }, (_, index) => `scenarios/${index}.scenario.yaml`);

it.each([1, 2, 3, 11])('%i parts hold each file once, and differ by one at most', (count) => {
  const parts = Array.from({ length: count }, (_, at) => shardOf(files, { index: at + 1, count }).files);
  expect(parts.flat().sort()).toEqual([...files].sort());
  const sizes = parts.map(({ length }) => length);
  expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThan(2);
  expect(Math.min(...sizes)).toBeGreaterThan(0);
});

it('refuses parts that would be empty', () => {
  expect(shardOf(files.slice(0, 2), { index: 1, count: 3 }).error?.kind).toBe('usage');
});
