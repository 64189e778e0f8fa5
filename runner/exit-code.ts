/** The exit codes of `tracerig test`, in one place. */
import { hasErrors } from '../core/source/diagnostic.ts';
import type { RunError, ScenarioResult } from './result.ts';

export const exitCodes = {
  ok: 0,
  /** A failed expectation, not modelled, not known, timeout, lost events. */
  failed: 1,
  /** Usage, malformed policy, scenario or trace. */
  usage: 2,
  /** This machine cannot run the asked backend. */
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

export interface Ending {
  readonly scenarios: readonly ScenarioResult[];
  readonly errors: readonly RunError[];
  readonly interrupted: boolean;
}

export function exitCodeOf({ scenarios, errors, interrupted }: Ending): number {
  const found = new Set<number>(errors.map((error) => error.exitCode));
  if (interrupted) found.add(exitCodes.interrupted);
  let ran = false;
  for (const scenario of scenarios) {
    if (hasErrors(scenario.diagnostics)) found.add(exitCodes.usage);
    for (const step of scenario.steps) {
      if (step.status !== 'skipped') ran = true;
      for (const error of step.errors) found.add(error.exitCode);
      if (step.outcome?.problems.some((problem) => problem.kind === 'trace') === true)
        found.add(exitCodes.usage);
      if (step.status === 'failed') found.add(exitCodes.failed);
    }
    if (scenario.parity.some((parity) => parity.status === 'disagree')) found.add(exitCodes.disagree);
  }
  // A skip never makes a run green by itself.
  if (!ran && found.size === 0) found.add(exitCodes.usage);
  return precedence.find((code) => found.has(code)) ?? exitCodes.ok;
}
