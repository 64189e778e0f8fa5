/** What a backend is asked for in a scenario: its steps, the kernels they are meant for, and the policies compiled for them. */
import type { Backend, Unsupported } from '../core/backend/backend.ts';
import { backendText } from '../core/backend/id.ts';
import type { StepRequest, TestedPolicy } from '../core/backend/request.ts';
import type { KernelFacts } from '../core/kernels/kernel-facts.ts';
import { watchedCalls, watchedFiles } from '../core/scenario/expect.ts';
import { stepOn } from '../core/scenario/for-backend.ts';
import { unmet } from '../core/scenario/requirements.ts';
import type { Scenario, Step } from '../core/scenario/scenario.ts';
import type { Diagnostic } from '../core/source/diagnostic.ts';
import { kernelOf } from './kernel-data.ts';
import { loadScenarioPolicies } from './policies.ts';
import type { RunError } from './result.ts';
import type { StepRole } from './selection.ts';
import { asRunError } from './run-error.ts';
import { openStepTrace } from './traces.ts';

/** Milliseconds a step may take unless it or the caller says otherwise. Slow machines emulate the VM's CPU. */
export const defaultTimeoutMs = 60_000;

/** The policies as one kernel would take them. Steps that share it share a session. */
export interface Target {
  readonly kernel: KernelFacts;
  readonly policies: readonly TestedPolicy[];
}

export type PreparedStep =
  | {
      readonly step: Step;
      readonly request: StepRequest;
      readonly target: Target;
      /** It is not judged and only runs for the sake of steps after it: why. */
      readonly effects?: string;
    }
  /** It cannot be asked. */
  | { readonly step: Step; readonly error: RunError }
  /** There is nothing in it for this backend. */
  | { readonly step: Step; readonly skip: string };

export interface PreparedRun {
  readonly backend: Backend;
  readonly name: string;
  readonly steps: readonly PreparedStep[];
  /** What of the policies the backend cannot do, on any of the kernels. */
  readonly unsupported: readonly Unsupported[];
  readonly diagnostics: readonly Diagnostic[];
  /** Texts that the diagnostics point into, by file. */
  readonly texts: ReadonlyMap<string, string>;
}

export interface PrepareOptions {
  readonly timeoutMs?: number | undefined;
  readonly allowOutside?: boolean | undefined;
  /** Of each step, in order; default: all are judged. */
  readonly roles?: readonly StepRole[];
}

/**
 * Reads the recordings' start and compiles the policies once for each kernel; nothing runs yet. `allowOutside`: the scenario
 * may name files outside of its project.
 */
export async function prepareRun(
  scenario: Scenario,
  backend: Backend,
  { timeoutMs, allowOutside = false, roles = [] }: PrepareOptions = {},
): Promise<PreparedRun> {
  const targets = new Map<string, Target>();
  const diagnostics: Diagnostic[] = [];
  const texts = new Map<string, string>();
  const compileFor = (kernel: KernelFacts): Target => {
    const known = targets.get(kernel.id);
    if (known !== undefined) return known;
    const loaded = loadScenarioPolicies(scenario, kernel, allowOutside);
    for (const finding of loaded.diagnostics) diagnostics.push(finding);
    for (const [file, text] of loaded.texts) texts.set(file, text);
    const target = { kernel, policies: loaded.policies };
    targets.set(kernel.id, target);
    return target;
  };
  const steps: PreparedStep[] = [];
  for (const [index, written] of scenario.steps.entries()) {
    const step = stepOn(written, backend.id.kind);
    const role = roles[index];
    if (role?.kind === 'skipped') {
      steps.push({ step, skip: role.why });
      continue;
    }
    const effects = role?.kind === 'effects' ? { effects: role.why } : {};
    const asked = requestOf({ scenario, step, backend, timeoutMs, allowOutside });
    if (!('request' in asked)) {
      steps.push({ step, ...asked });
      continue;
    }
    try {
      const kernel = await backend.target(asked.request);
      const lacking = unmet(scenario.requires, backend.id, kernel.release ?? kernel.version);
      steps.push(
        lacking === undefined
          ? { step, ...asked, ...effects, target: compileFor(kernel) }
          : { step, skip: lacking },
      );
    } catch (error) {
      steps.push({ step, error: asRunError(error) });
    }
  }
  // A scenario without a step that can run is still told what is wrong with its policies.
  if (targets.size === 0) compileFor(await kernelOf(''));
  const unsupported = [...targets.values()].flatMap(({ kernel, policies }) =>
    policies.flatMap(({ plan }) => backend.supports(plan, kernel)),
  );
  return { backend, name: backendText(backend.id), steps, unsupported, diagnostics, texts };
}

type Asked = { readonly request: StepRequest } | { readonly error: RunError } | { readonly skip: string };

interface AskedOf {
  readonly scenario: Scenario;
  readonly step: Step;
  readonly backend: Backend;
  readonly timeoutMs: number | undefined;
  readonly allowOutside: boolean;
}

function requestOf({ scenario, step, backend, timeoutMs, allowOutside }: AskedOf): Asked {
  const request = {
    name: step.name,
    ...(step.run === undefined ? {} : { run: step.run }),
    timeoutMs: step.timeoutMs ?? timeoutMs ?? defaultTimeoutMs,
    daemons: step.daemons,
    watchFiles: watchedFiles(step),
    watchCalls: watchedCalls(step),
  };
  const lacking = unmet(scenario.requires, backend.id);
  if (lacking !== undefined) return { skip: lacking };
  if (backend.takes === 'command') {
    return step.run === undefined ? { skip: 'the step has a trace and no command to run' } : { request };
  }
  const opened = openStepTrace(scenario, step, allowOutside);
  return 'error' in opened ? opened : { request: { ...request, ...opened } };
}
