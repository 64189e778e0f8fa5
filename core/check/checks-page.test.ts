import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { codeStages } from '../source/codes.ts';
import { checksPage } from './checks-page.ts';
import { lintExamples } from './lints/examples.ts';

it('is what docs/checks.md shows; else run `node scripts/run-ts.mjs scripts/checks-page.ts`', () => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'checks.md'), 'utf8');
  expect(page).toBe(checksPage());
});

it('has an example of every lint', () => {
  const shown = new Set<string>(lintExamples.map(([code]) => code));
  expect(Object.keys(codeStages.Lints).filter((code) => !shown.has(code))).toEqual([]);
});
