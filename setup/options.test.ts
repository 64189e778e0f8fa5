import { afterEach, expect, it, vi } from 'vitest';
import { parseOptions } from './options.ts';

afterEach(() => void vi.restoreAllMocks());

it('takes the default kernel line, or those that are named', () => {
  expect(parseOptions([])).toEqual({ kernels: ['6.12'], hostOnly: false, refresh: false });
  expect(parseOptions(['--kernel', '6.1,6.12', '--kernel', '5.10'])).toMatchObject({
    kernels: ['6.1', '6.12', '5.10'],
  });
  expect(parseOptions(['--host-only', '--refresh'])).toMatchObject({ hostOnly: true, refresh: true });
});

it('explains what it does not take', () => {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect(parseOptions(['--kernel', 'six'])).toBe(2);
  expect(parseOptions(['--nonsense'])).toBe(2);
  expect(parseOptions(['extra'])).toBe(2);
  expect(stderr.mock.calls.join('\n')).toMatch(/6\.12[^]*nonsense/);
});
