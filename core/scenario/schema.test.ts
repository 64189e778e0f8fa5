import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { scenarioJsonSchema } from './schema.ts';

it('ships the JSON Schema of just this source', () => {
  const file = new URL('../../schemas/scenario.schema.json', import.meta.url);
  const shipped: unknown = JSON.parse(readFileSync(file, 'utf8'));
  // Made again by: node scripts/run-ts.mjs scripts/write-schemas.ts
  expect(shipped).toEqual(JSON.parse(JSON.stringify(scenarioJsonSchema())));
});
