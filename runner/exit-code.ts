/** The exit codes of `tracerig`, in one place. */
import type { FailureKind } from '../core/backend/error.ts';
import type { ProblemKind } from '../core/backend/problem.ts';
import { hasErrors } from '../core/source/diagnostic.ts';
import type { RunError, ScenarioResult } from './result.ts';

export const exitCodes = {
  ok: 0,
  /** A failed expectation, not modelled, not known, timeout, lost events. */
  failed: 1,
  /** Usage, malformed policy, scenario or trace. */
  usage: 2,
  /** This machine cannot run the asked backend, or the backend cannot do what a policy says. */
  unavailable: 3,
  disagree: 4,
  interrupted: 130,
} as const;

/** If several apply, the first of these. */
const precedence = [
  exitCodes.interrupted,
  exitCodes.usage,
  exitCodes.unavailable,
  exitCodes.disagree,
  exitCodes.failed,
];

/** What each kind of problem is a failure of: something is not known. A file that is no trace at all is an error instead. */
const problemKinds: Readonly<Record<ProblemKind, FailureKind>> = {
  'not-modelled': 'failed',
  'not-known': 'failed',
  'unread-lines': 'failed',
  'missing-lines': 'failed',
  timeout: 'failed',
  'lost-events': 'failed',
  'failed-signals': 'failed',
  'failed-overrides': 'failed',
  'left-processes': 'failed',
  'out-of-memory': 'failed',
  trace: 'failed',
  load: 'failed',
  crash: 'failed',
};

export const exitCodeOfFailure = (kind: FailureKind): number => exitCodes[kind];

/** Of problems alone; `ok` if there are none. */
export function exitCodeOfProblems(problems: readonly { readonly kind: ProblemKind }[]): number {
  const found = new Set<number>(problems.map(({ kind }) => exitCodes[problemKinds[kind]]));
  return precedence.find((code) => found.has(code)) ?? exitCodes.ok;
}

export interface Ending {
  readonly scenarios: readonly ScenarioResult[];
  readonly errors: readonly RunError[];
  readonly interrupted: boolean;
}

export function exitCodeOf({ scenarios, errors, interrupted }: Ending): number {
  const found = new Set<number>(errors.map(({ kind }) => exitCodes[kind]));
  if (interrupted) found.add(exitCodes.interrupted);
  let ran = false;
  let lacking = false;
  for (const scenario of scenarios) {
    if (hasErrors(scenario.diagnostics)) found.add(exitCodes.usage);
    if (scenario.skips.length > 0) lacking = true;
    for (const step of scenario.steps) {
      if (step.status !== 'skipped') ran = true;
      for (const { kind } of step.errors) found.add(exitCodes[kind]);
      found.add(exitCodeOfProblems(step.outcome?.problems ?? []));
      if (step.status === 'failed') found.add(exitCodes.failed);
    }
    // Beside another backend that ran it, what one cannot do is a skip. On its own nothing was tested.
    if (scenario.skips.length > 0 && scenario.steps.every(({ status }) => status === 'skipped')) {
      found.add(exitCodes.unavailable);
    }
    if (scenario.parity.some((parity) => parity.status === 'disagree')) found.add(exitCodes.disagree);
  }
  found.delete(exitCodes.ok);
  // Nothing but skips is no success: nothing was tested.
  if (!ran && !lacking && found.size === 0) found.add(exitCodes.usage);
  return precedence.find((code) => found.has(code)) ?? exitCodes.ok;
}
