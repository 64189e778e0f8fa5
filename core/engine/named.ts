/** What an event shows of a file of which only the name that the call gave is known. */
import type { HookPlan } from '../plan/plan.ts';
import type { ArgValue } from '../values/value.ts';
import { isNegated, prepareTest } from './operators/index.ts';
import { HOLDS } from './tri.ts';
import type { Verdict } from './verdict.ts';

/** The named file, where the selector that won speaks of it by this name; else the value. */
export function asSelected(value: ArgValue, position: number, hook: HookPlan, verdict: Verdict): ArgValue {
  if (value.kind !== 'unknown' || value.ifNamed === undefined || typeof verdict.selector !== 'number')
    return value;
  const file = value.ifNamed;
  const speaksOfIt = hook.selectors[verdict.selector]?.args.some(
    ({ on, positions, comparison }) =>
      on === 'args' &&
      positions[0] === position &&
      comparison.kind === 'bytes' &&
      !isNegated(comparison) &&
      prepareTest(comparison)(file) === HOLDS,
  );
  return speaksOfIt === true ? file : value;
}
