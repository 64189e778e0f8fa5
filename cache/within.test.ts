import { expect, it } from 'vitest';
import { within } from './within.ts';

const late = (): Error => new Error('it is late');

it('gives what comes in time, be it a failure', async () => {
  expect(await within(Promise.resolve(3), 60_000, late)).toBe(3);
  await expect(within(Promise.reject(new Error('broken')), 60_000, late)).rejects.toThrow('broken');
});

it('says what did not come', async () => {
  await expect(within(new Promise(() => undefined), 1, late)).rejects.toThrow('it is late');
});
