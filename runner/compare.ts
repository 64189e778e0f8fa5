/** Parity: the results of a scenario's steps on several backends, compared. */
import type { Backend } from '../core/backend/backend.ts';
import type { ObservedOutcome } from '../core/backend/observer.ts';
import { backendText } from '../core/backend/id.ts';
import { compareOutcomes, nothingCompared } from '../core/scenario/parity.ts';
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
  return pairs(backends).flatMap(([first, other]) => {
    const between = [backendText(first.id), backendText(other.id)] as const;
    return scenario.steps.flatMap((step): ParityResult[] => {
      const [left, right] = [of(between[0], step), of(between[1], step)];
      if (left === undefined || right === undefined) return [];
      const base = {
        scenario: scenario.name,
        file: scenario.file,
        step: step.name,
        between,
      };
      const [one, two] = [observed(left), observed(right)];
      if (one !== undefined && two !== undefined)
        return [{ ...base, ...compareOutcomes(step, one, two, [first.id.kind, other.id.kind]) }];
      const why = `${between[one === undefined ? 0 : 1]} has no outcome of this step`;
      return [{ ...base, ...nothingCompared(why) }];
    });
  });
}

const observed = ({ result: { outcome }, events }: KeptStep): ObservedOutcome | undefined =>
  outcome && { ...outcome, events };

/** A simulator that takes the kernel from the recordings is a peer to whatever runs. */
function pairs(backends: readonly Backend[]): [Backend, Backend][] {
  return backends.flatMap((other, index): [Backend, Backend][] => {
    const peer = backends
      .slice(0, index)
      .find(({ id }) => id.kernel === undefined || id.kernel === other.id.kernel);
    return peer === undefined ? [] : [[peer, other]];
  });
}
