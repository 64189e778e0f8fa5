/** Many cases, each shrunk where the sides disagree. */
import fc from 'fast-check';
import type { Rig } from '../rig.ts';
import type { Programs } from '../session/load.ts';
import { policyText, type FuzzCase } from './case.ts';
import { compare, type Disagreement, type Note } from './compare.ts';
import { fuzzCase } from './plans.ts';
import type { OwnProcess } from './process.ts';
import { fuzzPlan } from './taken.ts';

export interface FuzzSetting {
  readonly rig: Rig;
  readonly programs: Programs;
  readonly own: OwnProcess;
  /** Most hits of a process. */
  readonly hits?: number;
  readonly note?: Note;
}

export interface FuzzResult {
  /** Plans that were judged, and halves of hits. */
  readonly plans: number;
  readonly hits: number;
  /** Cases of which there is no plan that both sides take, by why. */
  readonly refused: ReadonlyMap<string, number>;
  /** The shrunk case, if the sides disagree in one. */
  readonly found?: { readonly fuzzCase: FuzzCase; readonly disagreement: Disagreement };
}

/** Runs `cases` of a seed, up to the first that the sides disagree in. Throws what is no disagreement. */
export async function fuzz(cases: number, seed: number, setting: FuzzSetting): Promise<FuzzResult> {
  let [plans, hits] = [0, 0];
  const refused = new Map<string, number>();
  let found: FuzzResult['found'];
  const { note } = setting;
  const counted: Note = (...half) => {
    hits++;
    note?.(...half);
  };
  const property = fc.asyncProperty(fuzzCase(setting.own, setting.hits), async (random) => {
    const plan = fuzzPlan(policyText(random));
    if ('refused' in plan) {
      refused.set(plan.refused, (refused.get(plan.refused) ?? 0) + 1);
      return true;
    }
    plans++;
    const disagreement = await compare(random, plan, setting, counted);
    if (disagreement !== undefined) found = { fuzzCase: random, disagreement };
    return disagreement === undefined;
  });
  const details = await fc.check(property, { numRuns: cases, seed });
  const { errorInstance } = details;
  if (details.failed && errorInstance !== undefined && errorInstance !== null && found === undefined)
    throw errorInstance instanceof Error ? errorInstance : new Error(JSON.stringify(errorInstance));
  return { plans, hits, refused, ...(found === undefined ? {} : { found }) };
}
