import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { codeStages, codes } from './codes.ts';
import type { DiagnosticCode } from './codes.ts';

const root = join(import.meta.dirname, '..', '..');
const folders = ['core', 'sim-backend', 'kernel-backend', 'vm', 'runner', 'setup', 'cli'];
/** Files that speak of codes without raising them. */
const tables = /source\/codes(\/|\.ts)|check\/tetragon-errors\.ts|lints\/examples\.ts|reporters\/testing\.ts/;

const sources = folders
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  )
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !tables.test(file))
  .map((file) => readFileSync(join(root, file), 'utf8'));

/** A code that is raised and not in the table does not compile. */
test('every code of the table is raised somewhere', () => {
  const raised = new Set(
    sources.flatMap((text) => text.match(/'TR-[a-z-]+'/g) ?? []).map((quoted) => quoted.slice(1, -1)),
  );
  expect(Object.keys(codes).filter((code) => !raised.has(code))).toEqual([]);
});

test('no code stands in two stages', () => {
  const all = Object.values(codeStages).flatMap((stage) => Object.keys(stage));
  expect(all).toHaveLength(new Set(all).size);
});

test.each(Object.entries(codes))('%s is told in sentences', (code, { meaning, cause, cure }) => {
  expect(code).toMatch(/^TR-[a-z]+(-[a-z]+)*$/);
  for (const text of [meaning, cause, cure]) expect(text).toMatch(/^[A-Z`/$a-z].*\.$/);
});

test('errors of backends end as the table says', () => {
  const raised = sources.flatMap((text) => [
    ...text.matchAll(/new BackendError\(\s*'(TR-[a-z-]+)',.*?,\s*'(failed|usage|unavailable)'/gs),
  ]);
  expect(raised.length).toBeGreaterThan(10);
  for (const [, code = '', kind] of raised)
    expect([code, codes[code as DiagnosticCode].exit]).toEqual([code, kind]);
});
