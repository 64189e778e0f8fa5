import { expect, it } from 'vitest';
import { machinesAtOnce } from './at-once.ts';

const gib = 2 ** 30;

it.each([
  [1, 8, 64 * gib, 8],
  [2, 8, 64 * gib, 4],
  [1, 8, 3 * gib, 4],
  [1, 2, 64 * gib, 2],
  [4, 2, 100, 1],
])('of %i processors each on %i, %i bytes free: %i machines', (guest, processors, free, machines) => {
  expect(machinesAtOnce(guest, processors, free)).toBe(machines);
});
