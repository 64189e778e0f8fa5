import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { supportMatrix } from './support-matrix.ts';

it('is what docs/policy-language.md shows; else run `node scripts/run-ts.mjs scripts/policy-language-matrix.ts`', () => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'policy-language.md'), 'utf8');
  expect(page).toBe(supportMatrix());
});
