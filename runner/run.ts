/** Runs scenarios on backends: the library behind `tracerig test`. */
import { backendText } from '../core/backend/id.ts';
import type { Backend } from '../core/backend/backend.ts';
import { checkNever } from '../core/scenario/check-never.ts';
import { parseScenario } from '../core/scenario/parse.ts';
import type { Scenario } from '../core/scenario/scenario.ts';
import { hasErrors } from '../core/source/diagnostic.ts';
import type { Diagnostic } from '../core/source/diagnostic.ts';
import { discoverScenarios } from './discover.ts';
import { exitCodeOf } from './exit-code.ts';
import { compareBackends } from './compare.ts';
import { readProblem, startOf } from './policies.ts';
import { prepareRun } from './prepare.ts';
import { withSources } from './given-sources.ts';
import { readText } from './read-file.ts';
import type { PreparedRun } from './prepare.ts';
import type { Reporter } from './reporter.ts';
import { flakySteps } from './flaky.ts';
import { stepRoles } from './selection.ts';
import { sideBySide } from './side-by-side.ts';
import type { Selection } from './selection.ts';
import { shardOf } from './shard.ts';
import type { Shard } from './shard.ts';
import { countResults } from './result.ts';
import type {
  NamedBackend,
  ParityResult,
  RunError,
  RunResult,
  ScenarioResult,
  ScenarioSkip,
  SkippedBackend,
} from './result.ts';
import { runOnBackend } from './run-on-backend.ts';
import type { KeptStep } from './run-on-backend.ts';

/** What is run, on what, and who is told. */
export interface RunOptions {
  /** Files, and folders that are searched for `*.scenario.yaml`. */
  readonly paths: readonly string[];
  /** Backends that can run; the caller closes them. With more than one, outcomes are compared. */
  readonly backends: readonly Backend[];
  readonly skippedBackends?: readonly SkippedBackend[];
  /** Errors of choosing backends: reported, nothing runs. */
  readonly errors?: readonly RunError[];
  readonly reporter?: Reporter;
  /** Asked while steps run: a promise, if the reporter should be told more only when it is kept. */
  readonly ready?: () => Promise<unknown> | undefined;
  /** Aborted: the current step ends as soon as its backend can end it, nothing else starts. */
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** Scenarios may name files outside of their project: the nearest folder with a package.json or a .git, else their own. */
  readonly allowOutside?: boolean;
  /** Which steps are judged. Default: all that the scenarios do not mark otherwise. */
  readonly selection?: Selection;
  /** Part of the files. Default: all. */
  readonly shard?: Shard;
  /** Nothing more is started after so many failed steps. */
  readonly bail?: number;
  /** How often each scenario is run, to find steps that do not always end alike. Default: once. */
  readonly repeat?: number;
  /** False: a step that says `only` is an error, so that it never hides the others on CI. Default: true. */
  readonly allowOnly?: boolean;
  /**
   * How many scenarios run at once; their reports come one after the other all the same. One, if a backend runs steps on this
   * machine itself, where they would meet. Default: one.
   */
  readonly jobs?: number;
}

/**
 * Never throws for what is wrong with scenarios, policies, traces or machines: that is in the result.
 *
 * @example
 * ```ts
 * import { chooseBackends, runScenarios } from 'tracerig';
 *
 * const { backends, errors } = await chooseBackends('sim', {});
 * try {
 *   const result = await runScenarios({
 *     paths: ['scenarios'],
 *     backends,
 *     errors,
 *     reporter: (event) => {
 *       if (event.type === 'step-end') console.log(event.result.step, event.result.status);
 *     },
 *   });
 *   process.exitCode = result.exitCode;
 * } finally {
 *   await Promise.all(backends.map((backend) => backend.close()));
 * }
 * ```
 */
export async function runScenarios(options: RunOptions): Promise<RunResult> {
  let failedSteps = 0;
  const report: Reporter = (event) => options.reporter?.(event);
  const began = performance.now();
  const found = discoverScenarios(options.paths, options.allowOutside);
  const { files, error: badShard } =
    options.shard === undefined ? { files: found.files } : shardOf(found.files, options.shard);
  const errors = [...(options.errors ?? []), ...found.errors, ...(badShard === undefined ? [] : [badShard])];
  const skippedBackends = options.skippedBackends ?? [];
  const backends = options.backends.map(named);
  report({
    type: 'run-start',
    files,
    backends,
  });
  for (const error of errors) report({ type: 'error', error });
  const reported = errors.length;
  if (options.errors === undefined || options.errors.length === 0) {
    for (const skip of skippedBackends) report({ type: 'backend-skipped', skip });
  }
  const interrupted = (): boolean => options.signal?.aborted ?? false;
  const enough = (): boolean => failedSteps >= (options.bail ?? Infinity);
  const runs = options.repeat ?? 1;
  const cannotRun = (options.errors ?? []).length > 0 || badShard !== undefined;
  const tasks = (cannotRun ? [] : files).flatMap((file) =>
    Array.from({ length: runs }, (_, index) => ({
      file,
      ...(runs > 1 && { turn: { number: index + 1, of: runs } }),
    })),
  );
  const meet = options.backends.some(({ id }) => id.kind === 'kernel');
  const results = await sideBySide(
    tasks,
    {
      ...{ jobs: meet ? 1 : (options.jobs ?? 1), report, ready: options.ready },
      goOn: () => !interrupted() && !enough(),
    },
    async (task, { report: tell, ready }) => {
      const counted: Reporter = (event) => {
        if (event.type === 'step-end' && event.result.status === 'failed') failedSteps++;
        tell(event);
      };
      const result = await runScenarioFile({ ...task, report: counted, enough }, { ...options, ready });
      return result ?? 'not selected';
    },
  );
  const scenarios = results.flatMap((result) =>
    result === undefined || result === 'not selected' ? [] : [result],
  );
  const unselected = tasks.filter((_, index) => results[index] === 'not selected');
  const notSelected = new Set(unselected.map(({ file }) => file)).size;
  if (scenarios.length === 0 && notSelected > 0) errors.push(nothingSelected(notSelected));
  for (const error of errors.slice(reported)) report({ type: 'error', error });
  const ending = { scenarios, errors, interrupted: interrupted() };
  const result: RunResult = {
    ...ending,
    backends,
    skippedBackends,
    counts: countResults(scenarios),
    notSelected,
    bailed: enough(),
    flaky: flakySteps(scenarios),
    exitCode: exitCodeOf(ending),
    elapsedMs: performance.now() - began,
  };
  report({ type: 'run-end', result });
  return result;
}

const nothingSelected = (scenarios: number): RunError => ({
  code: 'TR-nothing-selected',
  message: `none of the steps of ${scenarios} scenarios is selected`,
  kind: 'usage',
});

function named(backend: Backend): NamedBackend {
  return { ...backend.id, id: backendText(backend.id), description: backend.describe() };
}

interface ReadScenario {
  readonly text: string;
  readonly scenario?: Scenario;
  readonly diagnostics: readonly Diagnostic[];
}

function readScenario(file: string, allowOutside: boolean): ReadScenario {
  let text: string;
  try {
    text = readText(file);
  } catch (error) {
    const message = `scenario ${file}: ${readProblem(error)}`;
    return {
      text: '',
      diagnostics: [{ code: 'TR-scenario-file', severity: 'error', message, span: startOf(file) }],
    };
  }
  const { scenario, diagnostics } = parseScenario(text, file);
  if (scenario === undefined) return { text, diagnostics };
  const read = withSources(scenario, allowOutside);
  return 'scenario' in read
    ? { text, scenario: read.scenario, diagnostics }
    : { text, diagnostics: [...diagnostics, ...read.diagnostics] };
}

interface FileRun {
  readonly file: string;
  readonly report: Reporter;
  readonly enough: () => boolean;
  readonly turn?: { readonly number: number; readonly of: number };
}

/** Undefined if none of its steps is selected. */
async function runScenarioFile(
  { file, report, enough, turn }: FileRun,
  options: RunOptions,
): Promise<ScenarioResult | undefined> {
  const { text, scenario, diagnostics: found } = readScenario(file, options.allowOutside === true);
  const roles = scenario && stepRoles(scenario, options.selection ?? {});
  if (scenario !== undefined && roles === undefined) return undefined;
  const own = [...found, ...(options.allowOnly === false ? refusedOnly(scenario) : [])];
  report({ type: 'scenario-start', file, name: scenario?.name ?? file, ...(turn && { turn }) });
  const prepared: PreparedRun[] = [];
  if (scenario !== undefined) {
    for (const backend of options.backends)
      prepared.push(await prepareRun(scenario, backend, { ...options, ...(roles && { roles }) }));
  }
  const compiling = unique(prepared.flatMap((one) => one.diagnostics));
  const never = hasErrors(compiling) ? [] : neverSent(scenario, prepared);
  const diagnostics = [...own, ...compiling, ...never];
  if (diagnostics.length > 0) {
    const texts = new Map(prepared.flatMap((one) => [...one.texts]));
    report({ type: 'diagnostics', diagnostics, texts: texts.set(file, text) });
  }
  const kept: KeptStep[] = [];
  const skips: ScenarioSkip[] = [];
  const parity: ParityResult[] = [];
  if (scenario !== undefined && !hasErrors(diagnostics)) {
    for (const run of prepared) {
      if (options.signal?.aborted === true || enough()) break;
      if (run.unsupported.length > 0) {
        const skip = { scenario: scenario.name, file, backend: run.name, unsupported: run.unsupported };
        skips.push(skip);
        report({ type: 'scenario-skipped', skip });
        continue;
      }
      const { signal, ready, backends } = options;
      const keepEvents = backends.length > 1;
      kept.push(
        ...(await runOnBackend({ scenario, prepared: run, text, report, ready, signal, enough, keepEvents })),
      );
    }
    for (const result of compareBackends(scenario, kept, options.backends)) {
      parity.push(result);
      report({ type: 'parity-end', result });
    }
  }
  const steps = kept.map(({ result }) => result);
  const result = { name: scenario?.name ?? file, file, diagnostics, skips, steps, parity };
  report({ type: 'scenario-end', result });
  return result;
}

/** What no hook of the policies sends, on any of the kernels: not said where no step can run. */
function neverSent(scenario: Scenario | undefined, prepared: readonly PreparedRun[]): Diagnostic[] {
  const targets = prepared.flatMap(({ steps }) =>
    steps.flatMap((step) => ('target' in step ? step.target : [])),
  );
  if (scenario === undefined || targets.length === 0) return [];
  return checkNever(
    scenario,
    [...new Set(targets)].flatMap(({ policies }) => policies.map(({ plan }) => plan)),
  );
}

/** A step that says `only` where that is refused. */
function refusedOnly(scenario: Scenario | undefined): Diagnostic[] {
  const marked = scenario?.steps.filter(({ mark }) => mark?.kind === 'only') ?? [];
  return marked.map(({ span, name }) => ({
    code: 'TR-scenario-only',
    severity: 'error',
    message: `step "${name}" says only, so that no other is judged`,
    span,
    help: 'Remove `only`, or give --allow-only.',
  }));
}

/** What is wrong with a policy on every kernel is said once. */
function unique(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Map(
    diagnostics.map((one) => [`${one.code} ${one.span.file} ${one.span.start.offset} ${one.message}`, one]),
  );
  return [...seen.values()];
}
