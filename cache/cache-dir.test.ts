import { userInfo } from 'node:os';
import { expect, it } from 'vitest';
import { cacheDir } from './cache-dir.ts';

it('takes the first variable that says something', () => {
  expect(cacheDir({ TRACERIG_CACHE: '/a', XDG_CACHE_HOME: '/b', HOME: '/c' })).toBe('/a');
  expect(cacheDir({ TRACERIG_CACHE: '', XDG_CACHE_HOME: '/b', HOME: '/c' })).toBe('/b/tracerig');
  expect(cacheDir({ HOME: '/c' })).toBe('/c/.cache/tracerig');
});

it('does without HOME', () => {
  const expected = `${userInfo().homedir}/.cache/tracerig`;
  expect(cacheDir({})).toBe(expected);
  expect(cacheDir({ HOME: '', XDG_CACHE_HOME: '' })).toBe(expected);
});
