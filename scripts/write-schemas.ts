/** Writes schemas/*.schema.json from their sources. Usage: node scripts/run-ts.mjs scripts/write-schemas.ts */
import { mkdirSync, writeFileSync } from 'node:fs';
import { policyJsonSchema } from '../core/policy/schema/json-schema.ts';
import { scenarioJsonSchema } from '../core/scenario/schema.ts';
import { configJsonSchema } from '../runner/config.ts';
import { startSnapshotJsonSchema } from '../core/trace/start-snapshot.ts';

mkdirSync('schemas', { recursive: true });
const write = (name: string, schema: Record<string, unknown>): void => {
  writeFileSync(`schemas/${name}.schema.json`, `${JSON.stringify(schema, null, 2)}\n`);
};
write('scenario', scenarioJsonSchema());
write('config', configJsonSchema());
write('start-snapshot', startSnapshotJsonSchema());
write('tracingpolicy', policyJsonSchema());
