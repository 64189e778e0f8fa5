import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CODES } from './codes.ts';

test('every code of the table is raised somewhere, and every code raised is in the table', () => {
  const core = join(import.meta.dirname, '..');
  const raised = new Set(
    readdirSync(core, { recursive: true, encoding: 'utf8' })
      .filter(
        (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.endsWith('source/codes.ts'),
      )
      .flatMap((file) => readFileSync(join(core, file), 'utf8').match(/'TR-[a-z-]+'/g) ?? [])
      .map((quoted) => quoted.slice(1, -1)),
  );
  const table = Object.keys(CODES);
  expect(table.filter((code) => !raised.has(code))).toEqual([]);
  expect([...raised].filter((code) => !table.includes(code))).toEqual([]);
});
