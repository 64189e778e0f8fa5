/**
 * Damages small traces: `npm run fuzz:traces -- N SEED`, in rounds of 10,000, each with the next seed. Prints each damage that
 * passed in silence.
 */
import { fuzzTraces } from '../sim-backend/testing/fuzz.ts';
import { fuzzedPlans, fuzzedTraces } from '../sim-backend/proofs/damaged.ts';

const round = 10_000;
const [count = '10000', first = '1'] = process.argv.slice(2);
let judged = 0;
let silent = 0;
for (let done = 0; done < Number(count); done += round) {
  const runs = Math.min(round, Number(count) - done);
  const seed = Number(first) + done / round;
  const found = await fuzzTraces(fuzzedTraces, fuzzedPlans, runs, seed);
  for (const { words, what, trace } of found.silent)
    console.log(`seed ${seed}, ${words} (trace ${trace}): ${what}`);
  judged += found.judged;
  silent += found.silent.length;
  console.log(`${done + runs} damages, ${judged} judged, ${silent} in silence`);
}
if (silent > 0) process.exitCode = 1;
