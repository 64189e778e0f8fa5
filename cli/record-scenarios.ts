/** Records scenarios and says what was recorded: for `record`, and for `test --record-missing`. */
import type { Scenario } from '../core/scenario/scenario.ts';
import { exitCodeOfFailure, exitCodes } from '../runner/exit-code.ts';
import { defaultTimeoutMs } from '../runner/prepare.ts';
import { chooseRecorder } from '../runner/record/choose.ts';
import { recordCourses } from '../runner/record/courses.ts';
import { recordScenario } from '../runner/record/record.ts';
import { asRunError } from '../runner/run-error.ts';
import { hostChoice } from './itself.ts';
import { standardOutput } from './output.ts';
import { errorText } from './reporters/failure-text.ts';
import { shownLine } from './shown.ts';

/** A scenario, and what is recorded of it. */
export interface ToRecord {
  readonly scenario: Scenario;
  /** Numbers of the steps whose recordings are written; none: only its courses. Default: all. */
  readonly steps?: ReadonlySet<number>;
}

export interface RecordScenariosOptions {
  readonly backend: 'kernel' | 'vm' | undefined;
  /** Kernel line of the VM. */
  readonly kernel: string | undefined;
  readonly timeoutMs: number | undefined;
  readonly here: boolean;
  readonly allowOutside: boolean;
  readonly signal: AbortSignal;
  /** Is told, a line at a time, what is recorded. */
  readonly say: (line: string) => void;
}

/** Returns the exit code. */
export async function recordScenarios(
  wanted: readonly ToRecord[],
  { backend, kernel, timeoutMs = defaultTimeoutMs, here, allowOutside, signal, say }: RecordScenariosOptions,
): Promise<number> {
  const saySteps = (step: string, file: string | undefined, note: string | undefined): void =>
    say(
      `  ${shownLine(`${step}${file === undefined ? '' : ` -> ${file}`}${note === undefined ? '' : ` (${note})`}`)}\n`,
    );
  let failed = false;
  try {
    const recorder = await chooseRecorder(backend, kernel, hostChoice(here));
    signal.addEventListener('abort', () => void recorder.close(), { once: true });
    say(`recording on ${recorder.describe()}\n`);
    try {
      for (const { scenario, steps } of wanted) {
        if (signal.aborted) continue;
        say(`${shownLine(scenario.name)}\n`);
        if (steps?.size === 0 && !recorder.enforces)
          say('  what policies change is recorded in the VM only\n');
        const recorded =
          steps?.size === 0
            ? []
            : await recordScenario({
                ...{ scenario, recorder, timeoutMs, signal, ...(steps && { steps }) },
                onStep: ({ step, file, note }) => saySteps(step.name, file, note),
              });
        failed ||= recorded.some((step) => step.failed);
        if (failed || signal.aborted || !recorder.enforces) continue;
        await recordCourses({
          ...{ scenario, kernel, allowOutside, timeoutMs, signal },
          onCourse: ({ step, file, note }) => saySteps(step.name, file, note),
        });
      }
    } finally {
      await recorder.close();
    }
  } catch (error) {
    if (signal.aborted) return exitCodes.interrupted;
    const failure = asRunError(error);
    standardOutput.err(`${errorText(failure)}\n`);
    return exitCodeOfFailure(failure.kind);
  }
  if (signal.aborted) return exitCodes.interrupted;
  return failed ? exitCodes.failed : exitCodes.ok;
}
