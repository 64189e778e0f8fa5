/** One scenario on one backend: a session, its steps in order, each held against its expectations. */
import type { Plan } from '../core/plan/plan.ts';
import { BackendError } from '../core/backend/backend.ts';
import type { Backend, Session, StepRequest } from '../core/backend/backend.ts';
import { checkExpectations, watchedCalls, watchedFiles } from '../core/scenario/expect.ts';
import type { Scenario, Step } from '../core/scenario/scenario.ts';
import type { Reporter } from './reporter.ts';
import type { RunError, StepResult } from './result.ts';
import { openStepTrace } from './traces.ts';

/** Milliseconds a step may take unless it or the caller says otherwise. Slow machines emulate the VM's CPU. */
export const defaultTimeoutMs = 60_000;

export interface BackendRun {
  readonly scenario: Scenario;
  readonly plans: readonly Plan[];
  /** Text of the scenario file, for code frames. */
  readonly source: string;
  readonly backend: Backend;
  readonly report: Reporter;
  readonly timeoutMs: number | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Results of all steps. Once the machine itself has failed, the steps after it are failures with the same cause. */
export async function runOnBackend(run: BackendRun): Promise<StepResult[]> {
  const { scenario, backend, report } = run;
  const results: StepResult[] = [];
  let session: Session | undefined;
  let broken: RunError | undefined;
  const finish = (result: StepResult): void => {
    results.push(result);
    report({ type: 'step-end', result, source: run.source });
  };
  try {
    for (const step of scenario.steps) {
      if (run.signal?.aborted === true) break;
      report({ type: 'step-start', file: scenario.file, step: step.name, backend: backend.name });
      const began = performance.now();
      const prepared = prepareStep(run, step);
      if ('result' in prepared) {
        finish(prepared.result);
        continue;
      }
      if (broken !== undefined) {
        finish(stepResult(run, step, began, { status: 'failed', errors: [broken] }));
        continue;
      }
      try {
        session ??= await backend.open({
          scenario: scenario.name,
          plans: run.plans,
          given: scenario.given,
          ...(run.signal === undefined ? {} : { signal: run.signal }),
        });
        const outcome = await session.runStep(prepared.request);
        if (aborted(run.signal)) break;
        const failures = checkExpectations(step, outcome);
        const failed = failures.length > 0 || outcome.problems.length > 0;
        finish(stepResult(run, step, began, { status: failed ? 'failed' : 'passed', outcome, failures }));
      } catch (error) {
        if (aborted(run.signal)) break;
        const failure = asRunError(error);
        // A recording that cannot be read concerns its own step; a machine that failed, all that follow.
        if (backend.name !== 'sim') broken = failure;
        finish(stepResult(run, step, began, { status: 'failed', errors: [failure] }));
      }
    }
  } finally {
    await session?.close();
  }
  return results;
}

const aborted = (signal: AbortSignal | undefined): boolean => signal?.aborted ?? false;

type Prepared = { readonly request: StepRequest } | { readonly result: StepResult };

/** What the backend is asked for; or why the step cannot be asked. */
function prepareStep(run: BackendRun, step: Step): Prepared {
  const { scenario, backend } = run;
  const began = performance.now();
  const request = {
    name: step.name,
    ...(step.run === undefined ? {} : { run: step.run }),
    timeoutMs: step.timeoutMs ?? run.timeoutMs ?? defaultTimeoutMs,
    daemons: step.daemons,
    watchFiles: watchedFiles(step),
    watchCalls: watchedCalls(step),
  };
  if (backend.name !== 'sim') {
    if (step.run !== undefined) return { request };
    const skip = { why: 'the step has a trace and no command to run' };
    return { result: stepResult(run, step, began, { status: 'skipped', skip }) };
  }
  const opened = openStepTrace(scenario, step);
  if ('error' in opened) {
    return { result: stepResult(run, step, began, { status: 'failed', errors: [opened.error] }) };
  }
  return { request: { ...request, trace: opened.trace } };
}

function stepResult(
  run: BackendRun,
  step: Step,
  began: number,
  rest: Pick<StepResult, 'status'> & Partial<StepResult>,
): StepResult {
  return {
    scenario: run.scenario.name,
    file: run.scenario.file,
    step: step.name,
    number: step.number,
    backend: run.backend.name,
    failures: [],
    errors: [],
    elapsedMs: performance.now() - began,
    ...rest,
  };
}

/** Any error as one of the run. An unforeseen one keeps its stack as the log: it is a bug of tracerig. */
export function asRunError(error: unknown): RunError {
  if (error instanceof BackendError) {
    const { exitCode, enable, log } = error.detail;
    return {
      code: error.code,
      message: error.message,
      exitCode,
      ...(enable === undefined ? {} : { enable }),
      ...(log === undefined ? {} : { log }),
    };
  }
  const { code, message, file, line } = error as {
    code?: unknown;
    message?: string;
    file?: string;
    line?: number;
  };
  // Errors of input that is no trace at all name their file and line.
  if (typeof code === 'string' && file !== undefined) {
    return {
      code,
      message: `${file}${line === undefined ? '' : `:${line}`}: ${message ?? 'cannot be read'}`,
      exitCode: 2,
    };
  }
  return {
    code: 'TR-internal',
    message: error instanceof Error ? error.message : String(error),
    exitCode: 1,
    ...(error instanceof Error && error.stack !== undefined ? { log: error.stack } : {}),
  };
}
