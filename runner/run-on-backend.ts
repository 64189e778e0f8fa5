/** One scenario on one backend: a session for each kernel, its steps in order, each held against its expectations. */
import type { Session } from '../core/backend/backend.ts';
import type { OutcomeEvent } from '../core/backend/outcome.ts';
import { StepWatch } from '../core/scenario/expect.ts';
import { Posted } from '../core/scenario/posted.ts';
import type { Scenario, Step } from '../core/scenario/scenario.ts';
import type { PreparedRun, Target } from './prepare.ts';
import type { Reporter } from './reporter.ts';
import type { RunError, StepResult } from './result.ts';
import { asRunError } from './run-error.ts';
import { Witnesses } from './witness.ts';

export interface BackendRun {
  readonly scenario: Scenario;
  readonly prepared: PreparedRun;
  /** Text of the scenario file, for code frames. */
  readonly text: string;
  readonly report: Reporter;
  readonly ready: (() => Promise<unknown> | undefined) | undefined;
  readonly signal: AbortSignal | undefined;
  /** Asked before each step: true if nothing more is to be started. */
  readonly enough: () => boolean;
  /** Events are kept, to be compared with those of another backend. */
  readonly keepEvents: boolean;
}

/** A step's result, and its events if they are kept. */
export interface KeptStep {
  readonly result: StepResult;
  readonly events: readonly OutcomeEvent[];
}

/** Results of all steps. Once the machine itself has failed, the steps after it are failures with the same cause. */
export async function runOnBackend(run: BackendRun): Promise<KeptStep[]> {
  const { scenario, report, signal } = run;
  const { backend, name } = run.prepared;
  const results: KeptStep[] = [];
  const sessions = new Map<Target, Session>();
  let broken: RunError | undefined;
  const open = (target: Target): Promise<Session> =>
    backend.open({
      scenario: scenario.name,
      ...target,
      given: scenario.given,
      ...(signal === undefined ? {} : { signal }),
    });
  const sessionOf = async (target: Target): Promise<Session> => {
    const known = sessions.get(target);
    if (known !== undefined) return known;
    const session = await open(target);
    sessions.set(target, session);
    return session;
  };
  const witnesses = new Witnesses(open, run.prepared.steps, scenario);
  try {
    for (const prepared of run.prepared.steps) {
      const { step } = prepared;
      if (aborted(signal) || run.enough()) break;
      report({ type: 'step-start', file: scenario.file, step: step.name, backend: name });
      const began = performance.now();
      const events: OutcomeEvent[] = [];
      const finish = (rest: Pick<StepResult, 'status'> & Partial<StepResult>): void => {
        const result = { ...blankResult(run, step), elapsedMs: performance.now() - began, ...rest };
        results.push({ result, events });
        report({ type: 'step-end', result, text: run.text });
      };
      if ('skip' in prepared) {
        finish({ status: 'skipped', skip: { why: prepared.skip } });
        continue;
      }
      if ('error' in prepared) {
        finish({ status: 'failed', errors: [prepared.error] });
        continue;
      }
      if (broken !== undefined) {
        finish({ status: 'failed', errors: [broken] });
        continue;
      }
      try {
        const session = await sessionOf(prepared.target);
        const watch = new StepWatch(step);
        const posted = new Posted(prepared.target.policies.map(({ plan }) => plan));
        const outcome = await session.runStep(prepared.request, {
          event(event) {
            watch.event(event);
            if (backend.takes === 'command') posted.event(event.event);
            report({ type: 'event', event });
            if (run.keepEvents) events.push(event);
          },
          ...(run.ready && { ready: run.ready }),
        });
        if (aborted(signal)) break;
        if (prepared.effects !== undefined && outcome.problems.length === 0) {
          finish({ status: 'skipped', skip: { why: prepared.effects } });
          continue;
        }
        // What is not known of a step that only runs for others is not known of those, either.
        const failures = prepared.effects === undefined ? watch.failures(outcome) : [];
        const failed = failures.length > 0 || outcome.problems.length > 0;
        // Only what replays can be asked again: a command might do something else the second time.
        const witness =
          failures.length === 0
            ? {}
            : backend.takes === 'trace'
              ? { witness: await witnesses.of(prepared) }
              : { witness: { hooks: [], calls: [], posted: posted.rows() } };
        finish({ status: failed ? 'failed' : 'passed', outcome, failures, ...witness });
      } catch (error) {
        if (aborted(signal)) break;
        const failure = asRunError(error);
        // A recording that cannot be read concerns its own step; a machine that failed, all that follow.
        if (backend.takes === 'command') broken = failure;
        finish({ status: 'failed', errors: [failure] });
      }
    }
  } finally {
    for (const session of sessions.values()) await session.close();
    await witnesses.close();
  }
  return results;
}

const aborted = (signal: AbortSignal | undefined): boolean => signal?.aborted ?? false;

function blankResult(
  { scenario, prepared }: BackendRun,
  step: Step,
): Omit<StepResult, 'status' | 'elapsedMs'> {
  return {
    scenario: scenario.name,
    file: scenario.file,
    step: step.name,
    number: step.number,
    backend: prepared.name,
    failures: [],
    errors: [],
  };
}
