import { expect, it } from 'vitest';
import { fuzz, kinds } from './fuzz-inputs.ts';

it.each(kinds)('a damaged $name is read, or refused by name', async (kind) => {
  const { crashes } = await fuzz(kind, 500, 1);
  expect(crashes).toEqual([]);
});
