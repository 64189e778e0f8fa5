/** Writes schemas/scenario.schema.json from its source. Usage: node scripts/run-ts.mjs scripts/write-schemas.ts */
import { mkdirSync, writeFileSync } from 'node:fs';
import { scenarioJsonSchema } from '../core/scenario/schema.ts';

mkdirSync('schemas', { recursive: true });
writeFileSync('schemas/scenario.schema.json', `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
