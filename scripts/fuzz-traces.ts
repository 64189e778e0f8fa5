/** Damages the shipped recordings: `npm run fuzz:traces -- N SEED`. Prints each damage that passed in silence. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { killOnOpen, plansOf } from '../sim-backend/testing/sample.ts';
import { fuzzTraces } from '../sim-backend/testing/fuzz.ts';

const [count = '10000', seed = '1'] = process.argv.slice(2);
const traces = readdirSync('scenarios', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.strace'))
  .map((file) => readFileSync(join('scenarios', file), 'latin1'))
  .filter((text) => text.length < 100_000);
const silent = await fuzzTraces(traces, plansOf(killOnOpen), Number(count), Number(seed));
for (const line of silent) console.log(line);
console.log(`${count} damages, ${silent.length} in silence`);
if (silent.length > 0) process.exitCode = 1;
