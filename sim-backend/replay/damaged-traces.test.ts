import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fuzzTraces } from '../testing/fuzz.ts';
import { damages } from '../testing/mutations.ts';
import { fuzzedPlans, fuzzedTraces } from '../proofs/damaged.ts';

it('says so of each damage that shows', async () => {
  const { silent, judged } = await fuzzTraces(fuzzedTraces, fuzzedPlans, 10_000, 11);
  expect(silent).toEqual([]);
  expect(judged).toBeGreaterThan(7000);
}, 600_000);

it('says on the page of foreign logs which damage shows', () => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'foreign-logs.md'), 'utf8');
  const listed = damages.map(({ words, byTimes }) =>
    byTimes === true ? `- ${words} (in a log with the times of \`-ttt\`)` : `- ${words}`,
  );
  expect(page).toContain(listed.join('\n'));
});
