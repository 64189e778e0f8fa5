/**
 * Holds the BPF programs' stages against the engine on random policies and hits: `npm run fuzz -- [--cases N] [--seed S] [--hits H]`.
 * It needs root, what `npx tracerig setup` builds, and any kernel with BPF: no kprobes, since BPF_PROG_TEST_RUN runs them.
 * Prints each disagreement, shrunk, as a policy and a hit file. Exit code 1 if there is one, 3 if it cannot run here.
 */
import { parseArgs } from 'node:util';
import { openTestHost } from '../kernel-backend/fuzz/host.ts';
import { inHostPids, readOwnProcess } from '../kernel-backend/fuzz/process.ts';
import { fuzz } from '../kernel-backend/fuzz/run.ts';
import { writtenHits, writtenPolicy } from '../kernel-backend/fuzz/written.ts';
import { artefacts, canLoad, setupHint } from '../kernel-backend/testing.ts';
import { exitCodes } from '../runner/exit-code.ts';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    hits: { type: 'string', default: '30' },
  },
});
const [cases, seed, hits] = [Number(values.cases), Number(values.seed), Number(values.hits)];
if (![cases, seed, hits].every((number) => Number.isSafeInteger(number) && number >= 0)) {
  console.error('usage: npm run fuzz -- [--cases N] [--seed S] [--hits H]');
  process.exit(exitCodes.usage);
}
if (!canLoad || artefacts === undefined || !inHostPids()) {
  console.error(`this needs root in the host's pid namespace, and ${setupHint}`);
  process.exit(exitCodes.unavailable);
}

/** Cases of one seed: what is found ends them, and the next seed goes on. */
const batch = 200;
const host = await openTestHost(artefacts);
const setting = { ...host, own: readOwnProcess(), hits };
const refused = new Map<string, number>();
const total = { plans: 0, hits: 0, found: 0 };
const begin = Date.now();
for (let done = 0, own = seed; done < cases; done += batch, own++) {
  const result = await fuzz(Math.min(batch, cases - done), own, setting);
  total.plans += result.plans;
  total.hits += result.hits;
  for (const [why, count] of result.refused) refused.set(why, (refused.get(why) ?? 0) + count);
  const seconds = Math.round((Date.now() - begin) / 1000);
  console.log(`seed ${own}: ${total.plans} plans and ${total.hits} halves of hits so far, ${seconds} s`);
  if (result.found === undefined) continue;
  total.found++;
  const { fuzzCase, disagreement } = result.found;
  console.log(`--- disagreement ${total.found}`);
  console.log(
    JSON.stringify(disagreement, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  );
  console.log(writtenPolicy(fuzzCase));
  console.log(writtenHits(fuzzCase));
}
host.rig.close();
console.log(`refused: ${JSON.stringify(Object.fromEntries(refused))}`);
console.log(`${total.plans} plans, ${total.hits} halves of hits, ${total.found} disagreements`);
process.exitCode = total.found > 0 ? exitCodes.failed : exitCodes.ok;
