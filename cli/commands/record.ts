/** `tracerig record`: makes the recordings that scenarios are replayed from. */
import { existsSync, writeFileSync } from 'node:fs';
import { basename, dirname, relative } from 'node:path';
import { parseScenario } from '../../core/scenario/parse.ts';
import type { Scenario, Step } from '../../core/scenario/scenario.ts';
import { exitCodeOfProblems, exitCodes } from '../../runner/exit-code.ts';
import { discoverScenarios } from '../../runner/discover.ts';
import { withSources } from '../../runner/given-sources.ts';
import { readProblem } from '../../runner/policies.ts';
import { readText } from '../../runner/read-file.ts';
import { isRecorded, missingRecordings } from '../../runner/record/missing.ts';
import { commandScenario, withExpectations } from '../../runner/record/skeleton.ts';
import { isChosen } from '../../runner/selection.ts';
import { cleanUpLeftovers } from '../leftovers.ts';
import { interruptible } from '../interrupt.ts';
import { UsageError, namePattern, parseSeconds } from '../options.ts';
import { standardOutput } from '../output.ts';
import { printDiagnostics } from '../print-diagnostics.ts';
import { recordScenarios, type ToRecord } from '../record-scenarios.ts';
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
  readonly missing?: boolean;
  readonly step?: string;
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
    if ((options.missing ?? options.step) !== undefined)
      throw new UsageError('--missing and --step belong to scenarios, not to a command after --');
    return recordNew(command, options);
  }
  if ((options.policy ?? options.output) !== undefined)
    throw new UsageError('--policy and --output belong to a command after --');
  if (named.length === 0)
    throw new UsageError('record takes scenario files or folders, or a command after --');
  const { files, errors } = discoverScenarios(named, options.allowOutside);
  for (const error of errors) standardOutput.err(`${errorText(error)}\n`);
  if (errors.length > 0) return exitCodes.usage;
  const scenarios = files.map((file) => readScenario(file, options.allowOutside === true));
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

async function recordAll(
  scenarios: readonly Scenario[],
  {
    backend,
    kernel,
    timeout,
    totalTimeout,
    here = false,
    allowOutside = false,
    ...chosen
  }: RecordCommandOptions,
): Promise<number> {
  const timeoutMs = parseSeconds(timeout, '--timeout');
  const totalMs = parseSeconds(totalTimeout, '--total-timeout');
  const pattern = namePattern(chosen.step, '--step');
  if (here) await cleanUpLeftovers();
  return interruptible(async (signal) => {
    const say = (line: string): void => standardOutput.out(line);
    const wanted: ToRecord[] = [];
    let selected = pattern === undefined;
    for (const scenario of scenarios) {
      const isWanted = (step: Step): boolean =>
        isRecorded(step) && isChosen(scenario, step, pattern === undefined ? {} : { namePattern: pattern });
      const steps = scenario.steps.filter(isWanted);
      selected ||= steps.length > 0;
      if (chosen.missing === true) {
        const missing = await missingRecordings(scenario, { kernel, allowOutside, wanted: isWanted, signal });
        if (missing !== undefined) wanted.push({ scenario, steps: missing });
      } else if (pattern === undefined) wanted.push({ scenario });
      else if (steps.length > 0) wanted.push({ scenario, steps: new Set(steps.map(({ number }) => number)) });
    }
    if (!selected)
      throw new UsageError(`--step ${chosen.step}: no step that can be recorded has such a name`);
    if (wanted.length > 0)
      return recordScenarios(wanted, { backend, kernel, timeoutMs, here, allowOutside, signal, say });
    say('nothing is missing\n');
    return exitCodes.ok;
  }, totalMs);
}

function readScenario(file: string, allowOutside: boolean): Scenario | undefined {
  let text: string;
  try {
    text = readText(file);
  } catch (error) {
    throw new UsageError(`scenario ${file}: ${readProblem(error)}`);
  }
  const { scenario, diagnostics } = parseScenario(text, file);
  const read = scenario && withSources(scenario, allowOutside);
  const found = [...diagnostics, ...(read !== undefined && 'diagnostics' in read ? read.diagnostics : [])];
  standardOutput.err(printDiagnostics(found, new Map([[file, text]]), standardOutput.color));
  return read !== undefined && 'scenario' in read ? read.scenario : undefined;
}
