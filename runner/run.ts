/** Runs scenarios on backends: the library behind `tracerig test`. */
import { readFileSync } from 'node:fs';
import type { Backend } from '../core/backend/backend.ts';
import { compareOutcomes } from '../core/scenario/parity.ts';
import { parseScenario } from '../core/scenario/parse.ts';
import type { Scenario } from '../core/scenario/scenario.ts';
import { hasErrors } from '../core/source/diagnostic.ts';
import type { Diagnostic } from '../core/source/diagnostic.ts';
import { discoverScenarios } from './discover.ts';
import { exitCodeOf } from './exit-code.ts';
import { loadScenarioPolicies, readProblem, startOf } from './policies.ts';
import type { LoadedPolicies } from './policies.ts';
import type { Reporter } from './reporter.ts';
import { countResults } from './result.ts';
import type {
  ParityResult,
  RunError,
  RunResult,
  ScenarioResult,
  SkippedBackend,
  StepResult,
} from './result.ts';
import { runOnBackend } from './run-on-backend.ts';

export interface RunOptions {
  /** Files, and folders that are searched for `*.scenario.yaml`. */
  readonly paths: readonly string[];
  /** Backends that can run; the caller closes them. With more than one, outcomes are compared. */
  readonly backends: readonly Backend[];
  readonly skippedBackends?: readonly SkippedBackend[];
  /** Errors of choosing backends: reported, nothing runs. */
  readonly errors?: readonly RunError[];
  readonly reporter?: Reporter;
  /** Aborted: the current step ends as soon as its backend can end it, nothing else starts. */
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

/** Never throws for what is wrong with scenarios, policies, traces or machines: that is in the result. */
export async function runScenarios(options: RunOptions): Promise<RunResult> {
  const report: Reporter = options.reporter ?? (() => undefined);
  const began = performance.now();
  const { files, errors: notFound } = discoverScenarios(options.paths);
  const errors = [...(options.errors ?? []), ...notFound];
  const skippedBackends = options.skippedBackends ?? [];
  report({
    type: 'run-start',
    files,
    backends: options.backends.map((backend) => ({ name: backend.name, description: backend.describe() })),
  });
  for (const error of errors) report({ type: 'error', error });
  if (options.errors === undefined || options.errors.length === 0) {
    for (const skip of skippedBackends) report({ type: 'backend-skipped', skip });
  }
  const scenarios: ScenarioResult[] = [];
  const interrupted = (): boolean => options.signal?.aborted ?? false;
  for (const file of errors.some((error) => error.exitCode === 3) ? [] : files) {
    if (interrupted()) break;
    scenarios.push(await runScenarioFile(file, options, report));
  }
  const ending = { scenarios, errors, interrupted: interrupted() };
  const result: RunResult = {
    ...ending,
    skippedBackends,
    counts: countResults(scenarios),
    exitCode: exitCodeOf(ending),
    elapsedMs: performance.now() - began,
  };
  report({ type: 'run-end', result });
  return result;
}

interface ReadScenario {
  readonly text: string;
  readonly scenario?: Scenario;
  readonly policies?: LoadedPolicies;
  readonly diagnostics: readonly Diagnostic[];
}

async function readScenario(file: string): Promise<ReadScenario> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const message = `scenario ${file}: ${readProblem(error)}`;
    return {
      text: '',
      diagnostics: [{ code: 'TR-scenario-file', severity: 'error', message, span: startOf(file) }],
    };
  }
  const { scenario, diagnostics } = parseScenario(text, file);
  if (scenario === undefined) return { text, diagnostics };
  const policies = await loadScenarioPolicies(scenario);
  return { text, scenario, policies, diagnostics: [...diagnostics, ...policies.diagnostics] };
}

async function runScenarioFile(file: string, options: RunOptions, report: Reporter): Promise<ScenarioResult> {
  const { text, scenario, policies, diagnostics } = await readScenario(file);
  report({ type: 'scenario-start', file, name: scenario?.name ?? file });
  if (diagnostics.length > 0) {
    report({
      type: 'diagnostics',
      diagnostics,
      sources: new Map([...(policies?.sources ?? []), [file, text]]),
    });
  }
  const steps: StepResult[] = [];
  const parity: ParityResult[] = [];
  if (scenario !== undefined && policies !== undefined && !hasErrors(diagnostics)) {
    for (const backend of options.backends) {
      if (options.signal?.aborted === true) break;
      const results = await runOnBackend({
        scenario,
        plans: policies.plans,
        source: text,
        backend,
        report,
        timeoutMs: options.timeoutMs,
        signal: options.signal,
      });
      steps.push(...results);
    }
    for (const result of compareBackends(scenario, steps, options.backends)) {
      parity.push(result);
      report({ type: 'parity-end', result });
    }
  }
  const result = { name: scenario?.name ?? file, file, diagnostics, steps, parity };
  report({ type: 'scenario-end', result });
  return result;
}

/** Each backend after the first against the first. */
function compareBackends(
  scenario: Scenario,
  results: readonly StepResult[],
  backends: readonly Backend[],
): ParityResult[] {
  const [first, ...others] = backends;
  if (first === undefined) return [];
  return others.flatMap((other) =>
    scenario.steps.flatMap((step): ParityResult[] => {
      const of = (backend: Backend): StepResult | undefined =>
        results.find((result) => result.backend === backend.name && result.number === step.number);
      const [left, right] = [of(first), of(other)];
      if (left === undefined || right === undefined) return [];
      const base = {
        scenario: scenario.name,
        file: scenario.file,
        step: step.name,
        between: [first.name, other.name],
      } as const;
      if (left.outcome === undefined || right.outcome === undefined) {
        const without = left.outcome === undefined ? first.name : other.name;
        return [
          {
            ...base,
            status: 'skipped',
            differences: [],
            assumptionDifferences: [],
            why: `${without} has no outcome of this step`,
          },
        ];
      }
      return [{ ...base, ...compareOutcomes(step, left.outcome, right.outcome) }];
    }),
  );
}
