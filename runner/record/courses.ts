/**
 * Records the courses that a scenario's policies make: each step runs under them in the VM, with strace beside it, and what
 * comes of that is kept beside the step's trace with the effects by which it is told from others. It is kept only if a
 * replay under the policies has exactly these effects and tells what the kernel told.
 */
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ObservedOutcome } from '../../core/backend/observer.ts';
import type { SessionRequest } from '../../core/backend/request.ts';
import type { OutcomeEvent } from '../../core/backend/outcome.ts';
import { compareOutcomes } from '../../core/scenario/parity.ts';
import type { Scenario, Step } from '../../core/scenario/scenario.ts';
import { coursesPathOf } from '../../core/scenario/trace-place.ts';
import type { CourseEffect, StartSnapshot } from '../../core/trace/start-snapshot.ts';
import { straceSource } from '../../core/trace/trace-source.ts';
import { CourseEffects } from '../../sim-backend/replay/course-effects.ts';
import { Earlier } from '../../sim-backend/replay/earlier.ts';
import type { ReplayOptions } from '../../sim-backend/replay/options.ts';
import { replay } from '../../sim-backend/replay/replay.ts';
import { makeBackend } from '../backends.ts';
import { prepareRun, type PreparedRun, type PreparedStep } from '../prepare.ts';
import { writeRecording } from './record.ts';
import { noteRefusal } from './refused-courses.ts';
import { removeStaleCourses } from './stale-courses.ts';
import { checkTraceTarget } from './trace-target.ts';
import type { EnforcedSession, EnforcedStep } from './under-policies.ts';

export interface RecordedCourse {
  readonly step: Step;
  /** Where it was written; absent if it was not. */
  readonly file?: string;
  /** What it is, or why it was not written. */
  readonly note: string;
}

export interface CoursesOptions {
  readonly scenario: Scenario;
  readonly kernel: string | undefined;
  readonly timeoutMs: number;
  /** The scenario may name files outside of its project. */
  readonly allowOutside: boolean;
  readonly signal: AbortSignal;
  readonly onCourse: (recorded: RecordedCourse) => void;
}

type Ready = Extract<PreparedStep, { readonly request: unknown }>;
type Observed = Pick<ReplayOptions, 'trace' | 'earlier' | 'effects'>;

/** Needs the recordings of the steps. Throws BackendError when the machine fails. */
export async function recordCourses(options: CoursesOptions): Promise<void> {
  const { scenario, kernel, timeoutMs, allowOutside } = options;
  const simulated = await prepareRun(scenario, await makeBackend('sim', kernel), { timeoutMs, allowOutside });
  const vm = await makeBackend('vm', kernel);
  try {
    const real = await prepareRun(scenario, vm, { timeoutMs, allowOutside });
    const [unsupported] = [...simulated.unsupported, ...real.unsupported];
    const steps = stepsOf(simulated, real);
    const first = await firstChanged(scenario, steps);
    const written: string[] = [];
    if (first !== undefined && unsupported !== undefined)
      refuse(options, first.simulated, `the VM lacks ${unsupported.feature}`, written);
    else if (first !== undefined) await recordFrom(options, steps, first.index, written);
    if (options.signal.aborted) return;
    for (const { simulated: one } of steps) removeOld(one, written);
  } finally {
    await vm.close();
  }
}

/**
 * Courses of what the policies did before are none any more. Those of steps that were not looked at may be; and of a trace that
 * the step names, other scenarios may have courses of their policies.
 */
function removeOld({ request: { trace }, step }: Ready, written: readonly string[]): void {
  if (trace !== undefined && step.trace === undefined) removeStaleCourses(trace.file, written);
}

interface BothSteps {
  readonly simulated: Ready;
  readonly real: Ready;
  /** Effects of the policies on the recording that was made without them. */
  effects: readonly CourseEffect[];
}

/** Steps that both can run, up to the first one that they cannot. */
function stepsOf(simulated: PreparedRun, real: PreparedRun): BothSteps[] {
  const both: BothSteps[] = [];
  for (const [index, one] of simulated.steps.entries()) {
    const other = real.steps[index];
    if (!('request' in one) || other === undefined || !('request' in other)) break;
    both.push({ simulated: one, real: other, effects: [] });
  }
  return both;
}

/** The first step in which an action changes the course of a process. */
async function firstChanged(
  scenario: Scenario,
  steps: readonly BothSteps[],
): Promise<{ readonly index: number; readonly simulated: Ready } | undefined> {
  const earlier = new Earlier();
  let first: number | undefined;
  for (const [index, step] of steps.entries()) {
    const { trace } = step.simulated.request;
    if (trace === undefined) break;
    const effects = new CourseEffects('absent');
    await replayed(scenario, step.simulated, { trace, earlier, effects });
    step.effects = effects.found;
    if (effects.found.length > 0) first ??= index;
  }
  const found = first === undefined ? undefined : steps[first];
  return first === undefined || found === undefined
    ? undefined
    : { index: first, simulated: found.simulated };
}

/** Said, and kept for who asks what lacks. */
function refuse(
  { scenario, onCourse }: CoursesOptions,
  { step, request: { trace }, target }: Ready,
  why: string,
  written: string[],
): void {
  onCourse({ step, note: `no course recorded: ${why}` });
  if (trace === undefined) return;
  checkTraceTarget(scenario.file, join(coursesPathOf(trace.file), 'refused'));
  const refused = { trace: trace.file, policies: target.policies, digest: trace.start?.digest };
  written.push(noteRefusal(refused, why));
}

async function recordFrom(
  options: CoursesOptions,
  steps: readonly BothSteps[],
  first: number,
  written: string[],
): Promise<void> {
  const { scenario, kernel, signal, onCourse } = options;
  const [target] = steps.map(({ real }) => real.target);
  if (target === undefined) return;
  const session = await openVm({ scenario: scenario.name, ...target, given: scenario.given, signal }, kernel);
  const earlier = new Earlier();
  let after: string | undefined;
  try {
    for (const [index, step] of steps.entries()) {
      if (signal.aborted) return;
      const enforced = await session.run(step.real.request);
      const effects = new CourseEffects('sought', step.effects);
      const trace = straceSource('the course', () => once(enforced.trace), enforced.start);
      const outcome = await replayed(scenario, step.simulated, { trace, earlier, effects });
      const refusal = whyNot(step.simulated.step, outcome, effects, earlier, enforced);
      if (refusal !== undefined) {
        refuse(options, step.simulated, refusal, written);
        return;
      }
      if (index < first) continue;
      const digest = digestOf(effects.found, after);
      const course = {
        means: 'kernel',
        digest,
        ...(after !== undefined && { after }),
        effects: effects.found,
      };
      const file = write(scenario, step.simulated, enforced, digest, course);
      written.push(file);
      onCourse({ step: step.simulated.step, file, note: effectsText(effects.found) });
      after = digest;
    }
  } finally {
    await session.close();
  }
}

/** Why a replay of the course may not stand for what the kernel did; undefined: it may. */
function whyNot(
  step: Step,
  outcome: ObservedOutcome,
  effects: CourseEffects,
  earlier: Earlier,
  { outcome: real }: EnforcedStep,
): string | undefined {
  if (effects.fault !== undefined) return effects.fault;
  const [diverged] = outcome.processes.filter((process) => process.diverged);
  if (diverged !== undefined || earlier.changed.any)
    return `an effect is not in its trace: ${diverged?.restsOn ?? 'of a process that ended'}`;
  const { status, differences, why } = compareOutcomes(step, outcome, real);
  if (status === 'agree') return undefined;
  const [first] = differences;
  return first === undefined
    ? (why ?? 'it cannot be compared with what the kernel told')
    : `the simulator tells it otherwise than the kernel: ${first.what}: ${first.left}, and ${first.right}`;
}

async function replayed(
  { given }: Scenario,
  { request, target }: Ready,
  what: Observed,
): Promise<ObservedOutcome> {
  const events: OutcomeEvent[] = [];
  const { watchFiles, watchCalls, daemons, name } = request;
  const outcome = await replay(
    {
      ...what,
      plans: target.policies.map(({ plan }) => plan),
      kernel: target.kernel,
      given,
      step: name,
      watchFiles,
      watchCalls,
      daemons,
    },
    { event: (event) => void events.push(event) },
  );
  return { ...outcome, events };
}

/** The VM with these policies loaded, which traces what runs under them. */
export async function openVm(request: SessionRequest, kernel: string | undefined): Promise<EnforcedSession> {
  const vm = await import('../../vm/index.ts');
  const { openUnderPolicies } = await import('./under-policies.ts');
  const line = kernel ?? vm.defaultKernelLine;
  const programs = await vm.readImagePrograms(await vm.requireImage(vm.cacheDir(), line));
  const machine = await vm.restoreRig({ kernel: line, ...(request.signal && { signal: request.signal }) });
  try {
    return await openUnderPolicies(machine.rig, request, programs, () => machine.close());
  } catch (error) {
    await machine.close();
    throw error;
  }
}

function write(
  scenario: Scenario,
  { request }: Ready,
  { trace, start }: EnforcedStep,
  digest: string,
  course: NonNullable<StartSnapshot['course']>,
): string {
  const base = request.trace?.file ?? '';
  const folder = coursesPathOf(base);
  const file = join(folder, `${digest.slice(0, 12)}.strace`);
  checkTraceTarget(scenario.file, file);
  mkdirSync(folder, { recursive: true });
  const own = request.trace?.start?.digest;
  writeRecording(file, trace, { ...start, ...(own !== undefined && { digest: own }), course });
  return file;
}

const digestOf = (effects: readonly CourseEffect[], after: string | undefined): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        after ?? '',
        ...effects.map(({ process, call, nth, effect }) => [process, call, nth, effect]),
      ]),
    )
    .digest('hex');

const effectsText = (effects: readonly CourseEffect[]): string =>
  effects.length === 0
    ? 'after other courses'
    : effects.map(({ process, call, effect }) => `${effect} in ${call} of process ${process}`).join(', ');

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
