/** `tracerig record`: makes the recordings that scenarios are replayed from. */
import { existsSync, writeFileSync } from 'node:fs';
import { basename, dirname, relative } from 'node:path';
import { parseScenario } from '../../core/scenario/parse.ts';
import type { Scenario } from '../../core/scenario/scenario.ts';
import { exitCodeOfFailure, exitCodeOfProblems, exitCodes } from '../../runner/exit-code.ts';
import { discoverScenarios } from '../../runner/discover.ts';
import { readProblem } from '../../runner/policies.ts';
import { readText } from '../../runner/read-file.ts';
import { chooseRecorder } from '../../runner/record/choose.ts';
import { recordCourses } from '../../runner/record/courses.ts';
import { recordScenario } from '../../runner/record/record.ts';
import { commandScenario, withExpectations } from '../../runner/record/skeleton.ts';
import { hostChoice } from '../itself.ts';
import { defaultTimeoutMs } from '../../runner/prepare.ts';
import { asRunError } from '../../runner/run-error.ts';
import { cleanUpLeftovers } from '../leftovers.ts';
import { interruptible } from '../interrupt.ts';
import { UsageError, parseSeconds } from '../options.ts';
import { standardOutput } from '../output.ts';
import { printDiagnostics } from '../print-diagnostics.ts';
import { shownLine } from '../shown.ts';
import { errorText, problemLine } from '../reporters/failure-text.ts';

export interface RecordCommandOptions {
  readonly scenario?: readonly string[];
  readonly policy?: readonly string[];
  readonly output?: string;
  readonly backend?: 'kernel' | 'vm';
  readonly kernel?: string;
  readonly timeout?: string;
  readonly totalTimeout?: string;
  readonly here?: boolean;
  readonly allowOutside?: boolean;
}

/**
 * Records scenarios: files, and those in folders. With a command instead, a scenario of it is written.
 * Returns the exit code.
 */
export async function record(
  paths: readonly string[],
  command: readonly string[],
  options: RecordCommandOptions,
): Promise<number> {
  const named = [...paths, ...(options.scenario ?? [])];
  if (command.length > 0) {
    if (named.length > 0) throw new UsageError('record takes either scenarios or a command after --');
    return recordNew(command, options);
  }
  if ((options.policy ?? options.output) !== undefined)
    throw new UsageError('--policy and --output belong to a command after --');
  if (named.length === 0)
    throw new UsageError('record takes scenario files or folders, or a command after --');
  const { files, errors } = discoverScenarios(named, options.allowOutside);
  for (const error of errors) standardOutput.err(`${errorText(error)}\n`);
  if (errors.length > 0) return exitCodes.usage;
  const scenarios = files.map(readScenario);
  if (scenarios.includes(undefined)) return exitCodes.usage;
  return recordAll(
    scenarios.filter((scenario) => scenario !== undefined),
    options,
  );
}

/** Writes a scenario of the command beside its recording. */
async function recordNew(argv: readonly string[], options: RecordCommandOptions): Promise<number> {
  const { out, err } = standardOutput;
  const [program = ''] = argv;
  const file = options.output ?? `${basename(program)}.scenario.yaml`;
  if (!/\.scenario\.ya?ml$/.test(file))
    throw new UsageError(`--output ${file}: a scenario's name ends with .scenario.yaml`);
  if (existsSync(file)) throw new UsageError(`${file} is there already; --output names another`);
  const policies = (options.policy ?? []).map((path) => relative(dirname(file), path));
  for (const path of options.policy ?? [])
    if (!existsSync(path)) throw new UsageError(`--policy ${path}: no such file`);
  // What the command names by a relative path is there only where it is called.
  const here = argv.some((word) => !/^[-/]/.test(word) && word.includes('/') && existsSync(word));
  const kept = { file, argv, policies, ...(here && { cwd: process.cwd() }) };
  const scenario = commandScenario(kept);
  const code = await recordAll([scenario], options);
  if (code !== exitCodes.ok) return code;
  const { text, outcome, error } = await withExpectations(kept, scenario);
  writeFileSync(file, text, { flag: 'wx' });
  out(`wrote ${file}: review what it expects\n`);
  const problems = outcome?.problems ?? [];
  for (const problem of problems) err(`${problemLine(problem)}\n`);
  if (error !== undefined) err(`${shownLine(error)}\n`);
  return error === undefined ? exitCodeOfProblems(problems) : exitCodes.failed;
}

async function recordAll(scenarios: readonly Scenario[], options: RecordCommandOptions): Promise<number> {
  const { out, err } = standardOutput;
  const say = (step: string, file: string | undefined, note: string | undefined): void =>
    out(
      `  ${shownLine(`${step}${file === undefined ? '' : ` -> ${file}`}${note === undefined ? '' : ` (${note})`}`)}\n`,
    );
  const timeoutMs = parseSeconds(options.timeout, '--timeout') ?? defaultTimeoutMs;
  const totalMs = parseSeconds(options.totalTimeout, '--total-timeout');
  if (options.here === true) await cleanUpLeftovers();
  return interruptible(async (signal) => {
    let failed = false;
    try {
      const recorder = await chooseRecorder(options.backend, options.kernel, hostChoice(options.here));
      signal.addEventListener('abort', () => void recorder.close(), { once: true });
      out(`recording on ${recorder.describe()}\n`);
      try {
        for (const scenario of scenarios) {
          if (signal.aborted) continue;
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
