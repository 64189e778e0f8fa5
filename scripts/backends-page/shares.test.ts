import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hasExamples, sharesPage } from './shares.ts';

it.skipIf(!hasExamples)(
  'is what docs/backend-shares.md shows (needs the examples of Tetragon); else run `node scripts/run-ts.mjs scripts/backends-page.ts`',
  { timeout: 120_000 },
  async () => {
    const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'backend-shares.md'), 'utf8');
    expect(page).toBe(await sharesPage());
  },
);
