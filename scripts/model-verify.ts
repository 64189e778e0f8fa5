/**
 * Holds the kernel model against a kernel: `npm run model:verify -- [--kernel 6.12] [SCENARIO...]`. Steps of the scenarios (without
 * any: of those shipped) run in the VM while policies without filters observe every function that the model holds, with
 * strace beside them; the trace is replayed under the same policies, and what each process hit is compared in order. As
 * it is one run, nothing differs but by the model. Exit code 1: something differs, and nothing said so.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { OutcomeEvent } from '../core/backend/outcome.ts';
import type { ObservedOutcome } from '../core/backend/observer.ts';
import type { TestedPolicy } from '../core/backend/request.ts';
import { commonPairs } from '../core/events/compare.ts';
import { parseScenario } from '../core/scenario/parse.ts';
import { renumbered } from '../core/scenario/process-pairs.ts';
import type { Scenario } from '../core/scenario/scenario.ts';
import { straceSource } from '../core/trace/trace-source.ts';
import { makeBackend } from '../runner/backends.ts';
import { packageRoot } from '../cache/package-root.ts';
import { compileText } from '../runner/policies.ts';
import { prepareRun } from '../runner/prepare.ts';
import { openVm } from '../runner/record/courses.ts';
import { replay } from '../sim-backend/replay/replay.ts';
import { modelledHooks } from '../sim-backend/syscalls/index.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { kernel: { type: 'string', default: '6.12' } },
});
const { kernel } = values;
const shipped = join(packageRoot(), 'scenarios');
const files =
  positionals.length > 0
    ? positionals.map((file) => resolve(file))
    : readdirSync(shipped)
        .filter((name) => name.endsWith('.scenario.yaml'))
        .map((name) => join(shipped, name));

interface Tally {
  agreed: number;
  /** Hits that only the kernel has, or only the model. */
  missing: number;
  extra: number;
  /** Where the first of them is. */
  where: string;
  /** The model says that it does not know. */
  readonly named: Set<string>;
}
const tallies = new Map<string, Tally>();
const unobserved = new Map<string, string>();
const skipped: string[] = [];

function tallyOf(hook: string): Tally {
  const known = tallies.get(hook) ?? { agreed: 0, missing: 0, extra: 0, where: '', named: new Set() };
  tallies.set(hook, known);
  return known;
}

const hooks = [...modelledHooks(kernel)].sort();

const policyOf = (hook: string): string => `apiVersion: cilium.io/v1alpha1
kind: TracingPolicy
metadata: { name: ${hook.replaceAll(/[^a-z0-9]/g, '-')} }
spec:
  kprobes: [{ call: ${hook}, syscall: false }]
`;

/** One policy for each function that can be observed; why the others cannot is noted. */
async function observing(scenario: Scenario): Promise<readonly TestedPolicy[]> {
  const vm = await makeBackend('vm', kernel);
  try {
    const { steps } = await prepareRun({ ...scenario, policies: [] }, vm);
    const [first] = steps.flatMap((step) => ('target' in step ? [step.target] : []));
    if (first === undefined) return [];
    return hooks.flatMap((hook) => {
      if (hook.includes(':')) return (unobserved.set(hook, 'a tracepoint: no function'), []);
      const text = policyOf(hook);
      const { plans, diagnostics } = compileText(text, hook, first.kernel);
      const [plan] = plans;
      const why =
        diagnostics.find(({ severity }) => severity === 'error')?.message ??
        (plan === undefined
          ? 'no plan came of it'
          : (plan.refusals[0]?.message ?? vm.supports(plan, first.kernel)[0]?.feature));
      if (why !== undefined) unobserved.set(hook, why);
      return plan === undefined || why !== undefined ? [] : [{ text, plan }];
    });
  } finally {
    await vm.close();
  }
}

async function verify(scenario: Scenario): Promise<void> {
  const policies = await observing(scenario);
  const [vm, controller] = [await makeBackend('vm', kernel), new AbortController()];
  const prepared = await prepareRun({ ...scenario, policies: [] }, vm).finally(() => vm.close());
  const requests = prepared.steps.flatMap((step) => ('request' in step ? [step] : []));
  const [first] = requests;
  if (first === undefined) return;
  const session = await openVm(
    {
      ...{ scenario: scenario.name, policies, kernel: first.target.kernel },
      ...{ given: scenario.given, signal: controller.signal },
    },
    kernel,
  );
  try {
    for (const { request } of requests) {
      const { trace, start, outcome } = await session.run(request);
      const events: OutcomeEvent[] = [];
      const simulated = await replay(
        {
          trace: straceSource('trace', () => once(trace), start),
          ...{ plans: policies.map(({ plan }) => plan), kernel: first.target.kernel },
          ...{ given: scenario.given, step: request.name, daemons: request.daemons },
        },
        { event: (event) => void events.push(event) },
      );
      compare(`${scenario.name}, ${request.name}`, outcome, { ...simulated, events });
    }
  } finally {
    await session.close();
  }
}

function compare(step: string, kernels: ObservedOutcome, models: ObservedOutcome): void {
  const [lost] = kernels.problems;
  if (lost !== undefined) {
    skipped.push(`${step}: ${lost.kind} in the VM`);
    return;
  }
  for (const problem of models.problems) {
    const hook = 'hook' in problem ? problem.hook : undefined;
    if (hook === undefined) skipped.push(`${step}: ${problem.kind}: ${'why' in problem ? problem.why : ''}`);
    else tallyOf(hook).named.add(problem.kind);
  }
  const model = renumbered(kernels, models);
  for (const { number, binary } of kernels.processes) {
    const [real, own] = [kernels, model].map(({ events }) => hitsOf(events, number)) as [string[], string[]];
    let [i, j] = [0, 0];
    for (const [at, other] of [...commonPairs(real, own), [real.length, own.length] as const]) {
      for (const hook of real.slice(i, at))
        note(hook, 'missing', `${step}, ${binary}, behind ${real[i - 1]}`);
      for (const hook of own.slice(j, other)) note(hook, 'extra', `${step}, ${binary}, behind ${own[j - 1]}`);
      const agreed = real[at];
      if (agreed !== undefined) tallyOf(agreed).agreed += 1;
      [i, j] = [at + 1, other + 1];
    }
  }
}

function note(hook: string, what: 'missing' | 'extra', where: string): void {
  const tally = tallyOf(hook);
  tally[what] += 1;
  tally.where ||= where;
}

const hitsOf = (events: readonly OutcomeEvent[], process: number): string[] =>
  events.flatMap(({ event, process: of }) => {
    const [, body] = Object.entries(event).find(([key]) => key === 'process_kprobe') ?? [];
    const hook = (body as { readonly function_name?: string } | undefined)?.function_name;
    return hook === undefined || of !== process ? [] : [hook];
  });

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

for (const file of files) {
  const { scenario } = parseScenario(readFileSync(file, 'utf8'), file);
  if (scenario === undefined) throw new Error(`${file} is no scenario`);
  await verify(scenario);
}

const rows = [...tallies].sort(([one], [other]) => (one < other ? -1 : 1));
console.log('hook: hits that agree, that the model lacks, that only the model has');
for (const [hook, { agreed, missing, extra, where, named }] of rows) {
  const first = where === '' ? '' : ` (first: ${where})`;
  const said = named.size === 0 ? '' : `, said: ${[...named].join(', ')}`;
  console.log(`${hook}: ${agreed}, ${missing}, ${extra}${said}${first}`);
}
for (const why of new Set(skipped)) console.log(`not compared: ${why}`);
console.log(`not observed: ${[...unobserved].map(([hook, why]) => `${hook} (${why})`).join('; ') || 'none'}`);
const silent = rows.filter(([, { missing, extra, named }]) => missing + extra > 0 && named.size === 0);
const sum = (of: (tally: Tally) => number): number => rows.reduce((all, [, tally]) => all + of(tally), 0);
console.log(
  `${hooks.length} hooks, ${rows.length} hit: ${sum((one) => one.agreed)} hits agree, ${sum((one) => one.missing + one.extra)} differ, of ${silent.length} hooks without a word`,
);
process.exitCode = silent.length > 0 ? 1 : 0;
