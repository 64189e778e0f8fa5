/** The exam in the VM: the workload runs again under its policies, on a kernel, and its events are held against Tetragon's. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Backend } from '../../core/backend/backend.ts';
import { BackendError } from '../../core/backend/error.ts';
import { observeStep } from '../../core/backend/observe-step.ts';
import type { ObservedOutcome } from '../../core/backend/observer.ts';
import { problemText } from '../../core/backend/problem-words.ts';
import type { GivenFile, StepRequest, TestedPolicy } from '../../core/backend/request.ts';
import { inBestOrder } from '../../core/events/best-order.ts';
import type { TetragonEvent } from '../../core/events/event.ts';
import type { KernelFacts } from '../../core/kernels/kernel-facts.ts';
import { loadPolicies } from '../../core/plan/load.ts';
import { placeText } from '../../core/source/spans.ts';
import {
  policyFiles,
  recordedCrash,
  recordedEvents,
  recordedRefusal,
  textOf,
  type ExamCase,
} from './case.ts';
import type { Verdict } from './verdict.ts';

/** What a recorder leaves beside the case: nothing of it was there when the workload ran. */
const recorded =
  /^(policy.*\.ya?ml|events\.jsonl|trace\..*|start\.json|meta\.json|compact\.txt|workload\.out)$/;
const folderInVm = '/opt/case';
/** Where the recorder had the workload's output, and where the VM has it. */
const [recordedOutput, outputHere] = [
  `${folderInVm}/workload.out`,
  /\/run\/tracerig\/0\.(out|err)/g,
] as const;
const timeoutMs = 60_000;

/** The static program that workloads call: built of `t.c` in the folder of cases or above. Undefined if there is none. */
export function buildTool(folder: string): Uint8Array | undefined {
  const source = [folder, dirname(folder)].map((at) => join(at, 't.c')).find((at) => existsSync(at));
  if (source === undefined) return undefined;
  const scratch = mkdtempSync(join(tmpdir(), 'tracerig-exam-'));
  try {
    const out = join(scratch, 't');
    execFileSync('gcc', ['-O1', '-static', '-w', '-o', out, source]);
    return readFileSync(out);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/**
 * Runs a case. A policy that is refused here and was refused by Tetragon, too, leaves the bare workload, as there.
 * @throws BackendError if the machine fails
 */
export async function examineInVm(
  examCase: ExamCase,
  backend: Backend,
  tool: Uint8Array | undefined,
): Promise<Verdict> {
  const kernel = await backend.target(stepOf(examCase));
  const common = { name: examCase.name, kernel: kernel.release ?? kernel.id };
  const refused = (why: readonly string[]): Verdict => ({
    ...common,
    verdict: 'refused',
    why,
    differences: [],
  });
  const refusal = recordedRefusal(examCase);
  const { policies, names } = compiled(examCase, backend, kernel);
  if (names.length > 0 && refusal === undefined) return refused(names);
  if (names.length > 0 && recordedCrash(examCase))
    return { ...common, verdict: 'equal', why: [], differences: [] };
  const run = (under: readonly TestedPolicy[]): Promise<ObservedOutcome> =>
    runCase(examCase, backend, kernel, under, tool);
  let outcome: ObservedOutcome;
  let loads = names.length === 0;
  try {
    outcome = await run(policies);
  } catch (error) {
    if (!(error instanceof BackendError) || !refusals.has(error.code)) throw error;
    if (refusal === undefined) return refused([`${error.code}: ${error.message}`]);
    loads = false;
    outcome = await run([]);
  }
  const shown = (events: readonly TetragonEvent[]): TetragonEvent[] => withoutIds(events, policies);
  const { differences } = inBestOrder(shown(recordedEvents(examCase)), shown(eventsOf(outcome)));
  const why = outcome.problems.map(problemText);
  if (refusal !== undefined && loads) why.push(`loads here, and Tetragon refused it: ${refusal}`);
  const verdict = differences.length > 0 ? 'different' : why.length > 0 ? 'refused' : 'equal';
  return { ...common, verdict, why, differences };
}

/** Codes of what is a property of the policy and the kernel, and not a failure of the machine. */
const refusals: ReadonlySet<string> = new Set(['TR-load', 'TR-unsupported-on-kernel', 'TR-kernel-lacks']);

/** The policies that can be tested, and the names of what keeps others from it. */
function compiled(
  examCase: ExamCase,
  backend: Backend,
  kernel: KernelFacts,
): { readonly policies: TestedPolicy[]; readonly names: string[] } {
  const policies: TestedPolicy[] = [];
  const names: string[] = [];
  for (const file of policyFiles(examCase)) {
    const text = textOf(examCase, file);
    const { plans, diagnostics } = loadPolicies(text, file, kernel);
    for (const { severity, code, message, span } of diagnostics)
      if (severity === 'error') names.push(`${placeText(span)}: ${code}: ${message}`);
    for (const plan of plans) {
      const lacking = backend.supports(plan, kernel);
      for (const { feature, span } of lacking) names.push(`${placeText(span)}: not supported: ${feature}`);
      if (lacking.length === 0) policies.push({ text, plan });
    }
  }
  return { policies, names };
}

async function runCase(
  examCase: ExamCase,
  backend: Backend,
  kernel: KernelFacts,
  policies: readonly TestedPolicy[],
  tool: Uint8Array | undefined,
): Promise<ObservedOutcome> {
  const executable = (path: string, content: Uint8Array): GivenFile => ({ path, content, mode: 0o755 });
  const beside = examCase.files.filter((file) => !recorded.test(file));
  const session = await backend.open({
    ...{ scenario: examCase.name, policies, kernel },
    given: {
      files: [
        ...(tool === undefined ? [] : [executable('/opt/t', tool)]),
        ...beside.map((file) => executable(`${folderInVm}/${file}`, examCase.read(file))),
      ],
      env: {},
      // The recorder did not ask how it ended.
      run: beside.includes('setup.sh') ? [`/usr/bin/bash ${folderInVm}/setup.sh || :`] : [],
    },
  });
  try {
    return await observeStep(session, stepOf(examCase));
  } finally {
    await session.close();
  }
}

const stepOf = ({ name }: ExamCase): StepRequest => ({
  ...{ name, run: ['/usr/bin/bash', `${folderInVm}/workload.sh`] },
  ...{ timeoutMs, daemons: 'kill', watchFiles: [], watchCalls: [] },
});

/** Ends of a `resolve` that lead to the id of a task: each run has others. */
const taskId = /(^|\.)(pid|tgid)$/;

/** What arguments say the ids of tasks are is left out, where only the policy says that they are any. */
function withoutIds(events: readonly TetragonEvent[], policies: readonly TestedPolicy[]): TetragonEvent[] {
  const ids = new Set(
    policies.flatMap(({ plan }) =>
      plan.hooks.flatMap(({ target, args }) =>
        args.flatMap(({ resolve = '' }, position) => (taskId.test(resolve) ? [`${target} ${position}`] : [])),
      ),
    ),
  );
  if (ids.size === 0) return [...events];
  return events.map((event) => {
    if (!('process_kprobe' in event)) return event;
    const { function_name = '', args = [] } = event.process_kprobe;
    const kept = args.map((arg, position) => (ids.has(`${function_name} ${position}`) ? {} : arg));
    return { ...event, process_kprobe: { ...event.process_kprobe, args: kept } };
  });
}

function eventsOf({ events }: ObservedOutcome): TetragonEvent[] {
  const text = JSON.stringify(events.map(({ event }) => event)).replace(outputHere, recordedOutput);
  return JSON.parse(text) as TetragonEvent[];
}
