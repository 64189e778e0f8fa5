import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exitCodes } from '../../runner/exit-code.ts';
import { codesPage } from './code-text.ts';

it('is what docs/codes.md shows; else run `node scripts/run-ts.mjs scripts/codes-page.ts`', () => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'codes.md'), 'utf8');
  expect(page).toBe(codesPage(exitCodes));
});
