import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { meantInstead, nearPath, orMeant } from './near-path.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracerig-near-'));
  mkdirSync(join(folder, 'policies'));
  for (const name of ['policies/guard.yaml', 'policies/watch.yaml', 'top.yaml'])
    writeFileSync(join(folder, name), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  ['policy/guard.yaml', 'policies/guard.yaml'],
  ['guard.yaml', 'policies/guard.yaml'],
  ['policies/gaurd.yaml', 'policies/guard.yaml'],
  ['policies/unlike-anything.yaml', undefined],
])('of %s finds %s', (path, meant) => {
  expect(nearPath(folder, path)).toBe(meant);
});

it('knows what was meant on a command line', () => {
  expect(meantInstead(join(folder, 'tpo.yaml'))).toBe(join(folder, 'top.yaml'));
  expect(orMeant(join(folder, 'tpo.yaml'))).toBe(`; did you mean ${join(folder, 'top.yaml')}?`);
  expect(orMeant(join(folder, 'unlike-anything'))).toBe('');
});

it('finds nothing where there is no folder', () => {
  expect(nearPath(join(folder, 'none'), 'a.yaml')).toBeUndefined();
});
