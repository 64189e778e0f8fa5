/** What scenarios came to on several kernels: a table, scenario × kernel. */
import type { RunResult, ScenarioResult, StepResult } from './result.ts';
import { problemText } from '../core/backend/problem-words.ts';

/** `does not load`: the kernel does not take a policy. */
export type MatrixVerdict = 'pass' | 'fail' | 'skip' | 'does not load';

export interface MatrixCell {
  /** Text of the backend's id: `vm@6.12`. */
  readonly backend: string;
  readonly verdict: MatrixVerdict;
  /** Why, where it is no pass: in one line. */
  readonly why?: string;
}

export interface MatrixRow {
  readonly scenario: string;
  readonly file: string;
  /** One for each backend that the scenario came to, in the run's order. */
  readonly cells: readonly MatrixCell[];
}

/** Undefined of a run on fewer than two kernels. */
export function kernelMatrix({ backends, scenarios }: RunResult): MatrixRow[] | undefined {
  const kernels = new Set(backends.flatMap(({ kernel }) => kernel ?? []));
  if (kernels.size < 2) return undefined;
  return scenarios.map((scenario) => ({
    scenario: scenario.name,
    file: scenario.file,
    cells: backends.flatMap(({ id }) => cellOf(scenario, id) ?? []),
  }));
}

function cellOf(scenario: ScenarioResult, backend: string): MatrixCell | undefined {
  const error = scenario.diagnostics.find(({ severity }) => severity === 'error');
  if (error !== undefined) return { backend, verdict: 'fail', why: error.message };
  const skip = scenario.skips.find((one) => one.backend === backend);
  if (skip !== undefined)
    return { backend, verdict: 'skip', why: skip.unsupported.map(({ feature }) => feature).join(', ') };
  const steps = scenario.steps.filter((step) => step.backend === backend);
  if (steps.length === 0) return undefined;
  const failed = steps.find(({ status }) => status === 'failed');
  if (failed !== undefined) {
    const refused = refusalOf(failed);
    if (refused !== undefined) return { backend, verdict: 'does not load', why: refused };
    return { backend, verdict: 'fail', why: `step "${failed.step}"` };
  }
  const disagrees = scenario.parity.find(
    ({ between, status }) => status === 'disagree' && between[1] === backend,
  );
  if (disagrees !== undefined)
    return { backend, verdict: 'fail', why: `step "${disagrees.step}": unlike ${disagrees.between[0]}` };
  if (steps.some(({ status }) => status === 'passed')) return { backend, verdict: 'pass' };
  const why = steps[0]?.skip?.why;
  return { backend, verdict: 'skip', ...(why !== undefined && { why }) };
}

/** What the kernel, or the simulator in its place, said to a policy that it did not take. */
function refusalOf({ errors, outcome }: StepResult): string | undefined {
  const error = errors.find(({ code }) => code === 'TR-kernel-lacks' || code === 'TR-load');
  const problem = outcome?.problems.find(({ kind }) => kind === 'load');
  return error?.message ?? (problem && problemText(problem));
}
