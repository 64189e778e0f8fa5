/** `tracerig record`: makes the recordings that scenarios are replayed from. */
import { parseScenario } from '../../core/scenario/parse.ts';
import type { Scenario } from '../../core/scenario/scenario.ts';
import { exitCodeOfFailure, exitCodes } from '../../runner/exit-code.ts';
import { readProblem } from '../../runner/policies.ts';
import { readText } from '../../runner/read-file.ts';
import { chooseRecorder } from '../../runner/record/choose.ts';
import { recordCourses } from '../../runner/record/courses.ts';
import { recordScenario } from '../../runner/record/record.ts';
import { hostChoice } from '../itself.ts';
import { defaultTimeoutMs } from '../../runner/prepare.ts';
import { asRunError } from '../../runner/run-error.ts';
import { cleanUpLeftovers } from '../leftovers.ts';
import { interruptible } from '../interrupt.ts';
import { UsageError, parseSeconds } from '../options.ts';
import { standardOutput } from '../output.ts';
import { printDiagnostics } from '../print-diagnostics.ts';
import { shownLine } from '../shown.ts';
import { errorText } from '../reporters/failure-text.ts';

export interface RecordCommandOptions {
  readonly scenario: readonly string[];
  readonly backend?: 'kernel' | 'vm';
  readonly kernel?: string;
  readonly timeout?: string;
  readonly totalTimeout?: string;
  readonly here?: boolean;
  readonly allowOutside?: boolean;
}

/** Returns the exit code. */
export async function record(options: RecordCommandOptions): Promise<number> {
  const { out, err } = standardOutput;
  const say = (step: string, file: string | undefined, note: string | undefined): void =>
    out(
      `  ${shownLine(`${step}${file === undefined ? '' : ` -> ${file}`}${note === undefined ? '' : ` (${note})`}`)}\n`,
    );
  const timeoutMs = parseSeconds(options.timeout, '--timeout') ?? defaultTimeoutMs;
  const totalMs = parseSeconds(options.totalTimeout, '--total-timeout');
  const scenarios = options.scenario.map(readScenario);
  if (scenarios.includes(undefined)) return exitCodes.usage;
  if (options.here === true) await cleanUpLeftovers();
  return interruptible(async (signal) => {
    let failed = false;
    try {
      const recorder = await chooseRecorder(options.backend, options.kernel, hostChoice(options.here));
      signal.addEventListener('abort', () => void recorder.close(), { once: true });
      out(`recording on ${recorder.describe()}\n`);
      try {
        for (const scenario of scenarios) {
          if (scenario === undefined || signal.aborted) continue;
          out(`${shownLine(scenario.name)}\n`);
          const steps = await recordScenario({
            scenario,
            recorder,
            timeoutMs,
            signal,
            onStep: ({ step, file, note }) => say(step.name, file, note),
          });
          failed ||= steps.some((step) => step.failed);
          if (failed || signal.aborted || !recorder.enforces) continue;
          await recordCourses({
            scenario,
            kernel: options.kernel,
            allowOutside: options.allowOutside === true,
            timeoutMs,
            signal,
            onCourse: ({ step, file, note }) => say(step.name, file, note),
          });
        }
      } finally {
        await recorder.close();
      }
    } catch (error) {
      if (signal.aborted) return exitCodes.interrupted;
      const failure = asRunError(error);
      err(`${errorText(failure)}\n`);
      return exitCodeOfFailure(failure.kind);
    }
    if (signal.aborted) return exitCodes.interrupted;
    return failed ? exitCodes.failed : exitCodes.ok;
  }, totalMs);
}

function readScenario(file: string): Scenario | undefined {
  let text: string;
  try {
    text = readText(file);
  } catch (error) {
    throw new UsageError(`scenario ${file}: ${readProblem(error)}`);
  }
  const { scenario, diagnostics } = parseScenario(text, file);
  standardOutput.err(printDiagnostics(diagnostics, new Map([[file, text]]), standardOutput.color));
  return scenario;
}
