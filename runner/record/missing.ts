/** Which recordings of a scenario are missing: the simulator cannot tell a step, or not what comes after an action. */
import type { Scenario, Step } from '../../core/scenario/scenario.ts';
import { makeBackend } from '../backends.ts';
import { prepareRun, type PreparedStep } from '../prepare.ts';
import { runOnBackend } from '../run-on-backend.ts';
import { openStepTrace } from '../traces.ts';
import { wasRefused } from './refused-courses.ts';

export interface MissingOptions {
  /** Kernel that the recordings are replayed on; default: that of each. */
  readonly kernel: string | undefined;
  /** The scenario may name files outside of its project. */
  readonly allowOutside: boolean;
  /** Steps that are asked for. */
  readonly wanted: (step: Step) => boolean;
  readonly signal: AbortSignal;
}

/** Numbers of the steps to record; none: only the courses under the policies. Undefined: nothing is missing. */
export async function missingRecordings(
  scenario: Scenario,
  options: MissingOptions,
): Promise<ReadonlySet<number> | undefined> {
  const { allowOutside, wanted } = options;
  const lacking = scenario.steps.filter(
    (step) => isRecorded(step) && wanted(step) && lacksTrace(scenario, step, allowOutside),
  );
  if (lacking.length === 0 && !(await lacksCourse(scenario, options))) return undefined;
  return new Set(lacking.map(({ number }) => number));
}

/** A recorder runs it and writes its trace. */
export const isRecorded = ({ run, mark }: Step): boolean => run !== undefined && mark?.kind !== 'todo';

function lacksTrace(scenario: Scenario, step: Step, allowOutside: boolean): boolean {
  const opened = openStepTrace(scenario, step, allowOutside);
  return (
    'error' in opened &&
    (opened.error.code === 'TR-trace-missing' || opened.error.code === 'TR-trace-outdated')
  );
}

function isRefused(one: PreparedStep): boolean {
  if (!('request' in one) || one.request.trace === undefined) return false;
  const { file, start } = one.request.trace;
  return wasRefused({ trace: file, policies: one.target.policies, digest: start?.digest });
}

/** An action changes the course of a process, and no recorded course fits. */
async function lacksCourse(
  scenario: Scenario,
  { kernel, allowOutside, wanted, signal }: MissingOptions,
): Promise<boolean> {
  const backend = await makeBackend('sim', kernel);
  const prepared = await prepareRun(scenario, backend, { allowOutside });
  // They are errors of the test, too, and no recording cures them.
  if (prepared.unsupported.length > 0 || prepared.diagnostics.some(({ severity }) => severity === 'error'))
    return false;
  const told = await runOnBackend({
    ...{ scenario, prepared, text: '', report: () => undefined, keepEvents: false },
    ...{ ready: undefined, signal, enough: () => false },
  });
  const lacking = told.flatMap(({ result }) => {
    const diverged = result.outcome?.processes.some((process) => process.diverged) === true;
    const found = prepared.steps.find(({ step }) => diverged && step.name === result.step);
    return found !== undefined && isRecorded(found.step) && wanted(found.step) ? [found] : [];
  });
  // Where the first is none that the VM can give, those behind it are none either.
  const [first] = lacking;
  return first !== undefined && !isRefused(first);
}
