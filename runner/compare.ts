/** Parity: the results of a scenario's steps on several backends, compared. */
import type { Backend } from '../core/backend/backend.ts';
import { backendText } from '../core/backend/id.ts';
import { compareOutcomes } from '../core/scenario/parity.ts';
import type { Scenario, Step } from '../core/scenario/scenario.ts';
import type { ParityResult, StepResult } from './result.ts';

/** Each backend is held against the first one that is meant for the same kernel; one that has no such peer, against none. */
export function compareBackends(
  scenario: Scenario,
  results: readonly StepResult[],
  backends: readonly Backend[],
): ParityResult[] {
  const byStep = new Map(results.map((result) => [`${result.backend} ${result.number}`, result]));
  const of = (name: string, step: Step): StepResult | undefined => byStep.get(`${name} ${step.number}`);
  return pairs(backends).flatMap(([first, other]) =>
    scenario.steps.flatMap((step): ParityResult[] => {
      const [left, right] = [of(first, step), of(other, step)];
      if (left === undefined || right === undefined) return [];
      const base = {
        scenario: scenario.name,
        file: scenario.file,
        step: step.name,
        between: [first, other],
      } as const;
      if (left.outcome !== undefined && right.outcome !== undefined) {
        return [{ ...base, ...compareOutcomes(step, left.outcome, right.outcome) }];
      }
      const why = `${left.outcome === undefined ? first : other} has no outcome of this step`;
      return [{ ...base, status: 'skipped', differences: [], assumptionDifferences: [], why }];
    }),
  );
}

/** A simulator that takes the kernel from the recordings is a peer to whatever runs. */
function pairs(backends: readonly Backend[]): [string, string][] {
  return backends.flatMap((other, index): [string, string][] => {
    const peer = backends
      .slice(0, index)
      .find(({ id }) => id.kernel === undefined || id.kernel === other.id.kernel);
    return peer === undefined ? [] : [[backendText(peer.id), backendText(other.id)]];
  });
}
