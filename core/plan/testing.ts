/** What the tests of plans share. */
import type { Plan } from './plan.ts';

/** The plan without places in the text, which printing moves; bigints as text. */
export function plainPlan(plan: Plan): unknown {
  return JSON.parse(
    JSON.stringify(plan, (key, value: unknown) => {
      if (key === 'span') return undefined;
      return typeof value === 'bigint' ? `${value}n` : value;
    }),
  );
}
