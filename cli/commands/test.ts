/** `tracerig test`: scenarios on backends. */
import { chooseBackends } from '../../runner/backends.ts';
import type { BackendChoice } from '../../runner/backends.ts';
import { besideConfig, loadConfig } from '../../runner/config.ts';
import type { FoundConfig } from '../../runner/config.ts';
import { exitCodes } from '../../runner/exit-code.ts';
import { listSteps, scenariosOf } from '../../runner/list.ts';
import { missingRecordings } from '../../runner/record/missing.ts';
import { stepRoles } from '../../runner/selection.ts';
import { recordScenarios, type ToRecord } from '../record-scenarios.ts';
import type { Step } from '../../core/scenario/scenario.ts';
import { runScenarios } from '../../runner/run.ts';
import type { RunOptions } from '../../runner/run.ts';
import { hostChoice } from '../itself.ts';
import { cleanUpLeftovers } from '../leftovers.ts';
import { interruptible } from '../interrupt.ts';
import { standardOutput } from '../output.ts';
import { machinesAtOnce } from '../../vm/at-once.ts';
import {
  UsageError,
  kernelList,
  machineOf,
  namePattern,
  parseCount,
  parseSeconds,
  parseShard,
} from '../options.ts';
import { openReports, reportSpec, reportSpecs } from '../reports.ts';
import type { ReportSpec } from '../reports.ts';
import { errorText } from '../reporters/failure-text.ts';
import { shownLine } from '../shown.ts';

export interface TestOptions {
  readonly backend?: BackendChoice;
  readonly kernel?: string;
  readonly cpus?: string;
  readonly reporter?: readonly string[];
  readonly outputFile?: string;
  readonly timeout?: string;
  readonly totalTimeout?: string;
  readonly here?: boolean;
  readonly allowOutside?: boolean;
  readonly testNamePattern?: string;
  readonly tag?: readonly string[];
  readonly bail?: string;
  readonly repeat?: string;
  readonly shard?: string;
  readonly jobs?: string;
  readonly list?: boolean;
  readonly watch?: boolean;
  readonly allowOnly?: boolean;
  readonly recordMissing?: boolean;
  readonly config?: string;
}

/** Returns the exit code. */
export async function test(paths: readonly string[], options: TestOptions): Promise<number> {
  const asked = askedOf(paths, options, loadConfig('.', options.config));
  if (options.recordMissing === true) refuseRecording(asked, options);
  if (options.list === true) return list(asked);
  if (asked.here) await cleanUpLeftovers();
  if (options.watch === true) return watch(asked);
  const work = async (signal: AbortSignal): Promise<number> => {
    const recorded = options.recordMissing === true ? await recordMissing(asked, signal) : exitCodes.ok;
    // A step that could not be recorded fails as one without a recording.
    if (recorded !== exitCodes.ok && recorded !== exitCodes.failed) return recorded;
    return (await once(asked, asked.run.paths, signal)).exitCode;
  };
  return interruptible(work, parseSeconds(options.totalTimeout, '--total-timeout'));
}

type Asked = ReturnType<typeof askedOf>;

/** What the command line says, then the configuration, then nothing. */
function askedOf(paths: readonly string[], options: TestOptions, { config, folder, file }: FoundConfig) {
  const { test = {} } = config;
  const beside = (path: string): string => besideConfig(folder, path);
  const kernels = options.kernel === undefined ? test.kernels : kernelList(options.kernel);
  const timeoutMs =
    parseSeconds(options.timeout, '--timeout') ??
    (test.timeout === undefined ? undefined : test.timeout * 1000);
  const bail = parseCount(options.bail, '--bail') ?? test.bail;
  const repeat = parseCount(options.repeat, '--repeat');
  const shard = parseShard(options.shard);
  const machine = machineOf(options.cpus);
  const jobs = jobsOf(options.jobs ?? test.jobs, machine);
  const tags = options.tag ?? test.tags;
  const pattern = namePattern(options.testNamePattern);
  const ofConfig = (test.reporters ?? []).map(reportSpec).map((spec): ReportSpec => ({
    ...spec,
    ...(spec.file !== undefined && { file: beside(spec.file) }),
  }));
  const specs = options.reporter === undefined ? ofConfig : options.reporter.map(reportSpec);
  const configured = test.paths?.map(beside) ?? (file === undefined ? ['.'] : [beside('.')]);
  const run = {
    paths: paths.length === 0 ? configured : paths,
    allowOutside: options.allowOutside ?? test.allowOutside ?? false,
    allowOnly: options.allowOnly === true || !isCi(process.env),
    selection: { ...(pattern && { namePattern: pattern }), ...(tags && { tags }) },
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(bail !== undefined && { bail }),
    ...(repeat !== undefined && { repeat }),
    ...(shard && { shard }),
    ...(jobs !== undefined && { jobs }),
  } satisfies Partial<RunOptions>;
  return {
    run,
    specs: reportSpecs(specs, options.outputFile, process.env),
    backend: options.backend ?? test.backend ?? 'sim',
    kernels: kernels && { kernels },
    machine,
    here: options.here === true,
  };
}

/** As Vitest asks. */
const isCi = (env: NodeJS.ProcessEnv): boolean =>
  env['CI'] !== undefined && env['CI'] !== '' && env['CI'] !== 'false';

/** `auto`: as many machines as this one can run. */
function jobsOf(
  jobs: string | number | undefined,
  machine: { readonly processors?: number },
): number | undefined {
  if (jobs === 'auto') return machinesAtOnce(machine.processors);
  return typeof jobs === 'number' ? jobs : parseCount(jobs, '--jobs');
}

async function once(
  asked: Asked,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<{ exitCode: number }> {
  const reports = await openReports(asked.specs, standardOutput, process.env);
  const chosen = await chooseBackends(asked.backend, {
    ...asked.kernels,
    ...asked.machine,
    ...hostChoice(asked.here),
  });
  // A closed VM is what ends a step that does not listen to the signal.
  const closeAll = async (): Promise<void> => {
    await Promise.allSettled(chosen.backends.map((backend) => backend.close()));
  };
  const abort = (): void => void closeAll();
  signal.addEventListener('abort', abort, { once: true });
  try {
    const result = await runScenarios({
      ...asked.run,
      paths,
      backends: chosen.backends,
      skippedBackends: chosen.skipped,
      errors: chosen.errors,
      reporter: reports.reporter,
      ready: () => reports.drained(signal),
      signal,
    });
    reports.end();
    return result;
  } finally {
    signal.removeEventListener('abort', abort);
    reports.close();
    await closeAll();
  }
}

function refuseRecording({ backend }: Asked, { list, watch }: TestOptions): void {
  if (list === true || watch === true)
    throw new UsageError('--record-missing is for a run: no --list, no --watch');
  if (backend !== 'sim' && backend !== 'all')
    throw new UsageError(`--record-missing is for the simulator: --backend ${backend} replays nothing`);
}

/** Of the steps that will run. Reports are on standard output: what is recorded is said beside them. Returns the exit code. */
async function recordMissing({ run, kernels, here }: Asked, signal: AbortSignal): Promise<number> {
  const { allowOutside, selection, timeoutMs } = run;
  // Courses are of one kernel.
  const kernel = kernels?.kernels.length === 1 ? kernels.kernels[0] : undefined;
  const wanted: ToRecord[] = [];
  for (const scenario of scenariosOf(run)) {
    const roles = stepRoles(scenario, selection);
    const isWanted = ({ number }: Step): boolean => (roles?.[number - 1]?.kind ?? 'skipped') !== 'skipped';
    const steps = await missingRecordings(scenario, { kernel, allowOutside, wanted: isWanted, signal });
    if (steps !== undefined) wanted.push({ scenario, steps });
  }
  if (wanted.length === 0) return exitCodes.ok;
  const say = (line: string): void => standardOutput.err(line);
  return recordScenarios(wanted, { backend: undefined, kernel, timeoutMs, here, allowOutside, signal, say });
}

async function watch(asked: Asked): Promise<number> {
  if (asked.specs.some(({ name }) => name !== 'pretty'))
    throw new UsageError('--watch reports to people: it takes no other reporter than pretty');
  const { watchScenarios } = await import('../../runner/watch.ts');
  return interruptible(async (signal) => {
    await watchScenarios({
      ...asked.run,
      signal,
      run: async (files) => {
        await once(asked, files, signal);
        if (!signal.aborted) standardOutput.out('\nwaiting for changes; Ctrl-C ends it\n');
      },
    });
    return exitCodes.ok;
  });
}

function list({ run, specs }: Asked): number {
  const { steps, errors } = listSteps(run);
  for (const error of errors) standardOutput.err(`${errorText(error)}\n`);
  if (specs.some(({ name }) => name === 'json')) standardOutput.out(`${JSON.stringify(steps, null, 2)}\n`);
  else {
    for (const { file, scenario, step, tags, skipped } of steps) {
      const more = [...tags.map((tag) => ` [${tag}]`), ...(skipped === undefined ? [] : [` (${skipped})`])];
      standardOutput.out(`${shownLine(`${file} > ${scenario} > ${step}${more.join('')}`)}\n`);
    }
  }
  return errors.length > 0 ? exitCodes.usage : exitCodes.ok;
}
