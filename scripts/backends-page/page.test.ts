import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { backendsPage } from './page.ts';

it('is what docs/backends.md shows; else run `node scripts/run-ts.mjs scripts/backends-page.ts`', () => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'backends.md'), 'utf8');
  expect(page).toBe(backendsPage());
});
