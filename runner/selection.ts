/** Which steps of a scenario are judged, which only run for the sake of those, and which do not run. */
import type { Scenario, Step } from '../core/scenario/scenario.ts';

/** What a user chose. */
export interface Selection {
  /** Matched against `SCENARIO STEP`, as Vitest matches names of tests. */
  readonly namePattern?: RegExp;
  /** A step has one of those, and none of those that begin with `!`. */
  readonly tags?: readonly string[];
}

/** `effects`: it runs, since what it leaves behind is part of what a judged step after it starts from. */
export type StepRole =
  { readonly kind: 'judged' } | { readonly kind: 'effects' | 'skipped'; readonly why: string };

/** A role for each step, in order; undefined if none of them was chosen. */
export function stepRoles(scenario: Scenario, selection: Selection): StepRole[] | undefined {
  const { steps } = scenario;
  if (!steps.some((step) => isChosen(scenario, step, selection))) return undefined;
  const exclusive = steps.some(({ mark }) => mark?.kind === 'only');
  const reasons = steps.map((step) => reasonOf(scenario, step, selection, exclusive));
  const last = reasons.lastIndexOf(undefined);
  return steps.map(({ mark }, index): StepRole => {
    const why = reasons[index];
    if (why === undefined) return { kind: 'judged' };
    const runs = index < last && mark?.kind !== 'todo';
    return runs
      ? { kind: 'effects', why: `${why}; it ran for the steps after it` }
      : { kind: 'skipped', why };
  });
}

/** Why it is not judged; undefined if it is. */
function reasonOf(
  scenario: Scenario,
  step: Step,
  selection: Selection,
  exclusive: boolean,
): string | undefined {
  const { mark } = step;
  if (mark !== undefined && mark.kind !== 'only')
    return mark.why === undefined ? mark.kind : `${mark.kind}: ${mark.why}`;
  if (!isChosen(scenario, step, selection)) return 'not selected';
  return exclusive && mark === undefined ? 'another step says only' : undefined;
}

/** It is one of those that the user chose, whatever its marks say. */
export function isChosen({ name }: Scenario, step: Step, { namePattern, tags }: Selection): boolean {
  if (namePattern !== undefined && !namePattern.test(`${name} ${step.name}`)) return false;
  if (tags === undefined) return true;
  const refused = tags.filter((tag) => tag.startsWith('!')).map((tag) => tag.slice(1));
  const wanted = tags.filter((tag) => !tag.startsWith('!'));
  if (refused.some((tag) => step.tags.includes(tag))) return false;
  return wanted.length === 0 || wanted.some((tag) => step.tags.includes(tag));
}
