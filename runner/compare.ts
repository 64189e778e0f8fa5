/** Parity: the results of a scenario's steps on several backends, compared. */
import type { Backend } from '../core/backend/backend.ts';
import type { ObservedOutcome } from '../core/backend/observer.ts';
import { backendText } from '../core/backend/id.ts';
import { compareOutcomes } from '../core/scenario/parity.ts';
import type { Scenario, Step } from '../core/scenario/scenario.ts';
import type { ParityResult } from './result.ts';
import type { KeptStep } from './run-on-backend.ts';

/** Each backend is held against the first one that is meant for the same kernel; one that has no such peer, against none. */
export function compareBackends(
  scenario: Scenario,
  steps: readonly KeptStep[],
  backends: readonly Backend[],
): ParityResult[] {
  const byStep = new Map(steps.map((kept) => [`${kept.result.backend} ${kept.result.number}`, kept]));
  const of = (name: string, step: Step): KeptStep | undefined => byStep.get(`${name} ${step.number}`);
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
      const [one, two] = [observed(left), observed(right)];
      if (one !== undefined && two !== undefined) return [{ ...base, ...compareOutcomes(step, one, two) }];
      const why = `${one === undefined ? first : other} has no outcome of this step`;
      return [{ ...base, status: 'skipped', differences: [], assumptionDifferences: [], why }];
    }),
  );
}

const observed = ({ result: { outcome }, events }: KeptStep): ObservedOutcome | undefined =>
  outcome && { ...outcome, events };

/** A simulator that takes the kernel from the recordings is a peer to whatever runs. */
function pairs(backends: readonly Backend[]): [string, string][] {
  return backends.flatMap((other, index): [string, string][] => {
    const peer = backends
      .slice(0, index)
      .find(({ id }) => id.kernel === undefined || id.kernel === other.id.kernel);
    return peer === undefined ? [] : [[backendText(peer.id), backendText(other.id)]];
  });
}
