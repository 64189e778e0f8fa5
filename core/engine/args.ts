/** Stage "args": one entry of matchArgs, matchData or matchReturnArgs against the values of a hit. */
import type { ArgFilter, HookPlan } from '../plan/plan.ts';
import type { ArgValue, ByteString } from '../values/value.ts';
import type { ProbeHit } from './hit.ts';
import { isNegated, prepareTest } from './operators/index.ts';
import type { SingleComparison, Test } from './operators/index.ts';
import { prepareCel } from './operators/cel.ts';
import { canMoveBeyond, integerIn, seenAt } from './arg-window.ts';
import { FAILED, FOREIGN, HOLDS, PASSED, UNKNOWN, VOID } from './tri.ts';
import type { Tri } from './tri.ts';

export type ArgTest = (hit: ProbeHit) => Tri;

/** The values that a filter addresses by position. */
export function valuesFor(hit: ProbeHit, on: ArgFilter['on']): readonly ArgValue[] {
  if (on === 'args') return hit.args;
  if (on === 'data') return hit.data;
  return hit.returnValue === undefined ? [] : [hit.returnValue];
}

export function prepareArgFilter(filter: ArgFilter, hook: HookPlan): ArgTest {
  const { comparison, on } = filter;
  const position = filter.positions[0] ?? 0;
  if (comparison.kind === 'constant') {
    return (hit) =>
      valuesFor(hit, on)[position]?.kind === 'unreadable' || !comparison.result ? FAILED : PASSED;
  }
  if (comparison.kind === 'cel') {
    const evaluate = prepareCel(comparison.program);
    return (hit) => evaluate(hit.args);
  }
  if (comparison.kind === 'capabilities-gained') return prepareGained(filter);
  return prepareSingle(comparison, filter, hook);
}

function prepareSingle(comparison: SingleComparison, { on, positions }: ArgFilter, hook: HookPlan): ArgTest {
  const position = positions[0] ?? 0;
  const test = prepareTest(comparison);
  const negated = isNegated(comparison);
  const mayMove = on !== 'return' && canMoveBeyond(hook, on, position);
  return (hit) => {
    const value = valuesFor(hit, on)[position];
    if (value === undefined) return FAILED;
    if (mayMove && value.kind !== 'unreadable') {
      const seen = seenAt(hook, hit, on === 'data' ? 'data' : 'args', position);
      if (seen === 'unknown') return UNKNOWN;
      if (seen !== 'itself') return compareMoved(seen.bytes, comparison, test, negated);
    }
    return compare(value, test, negated);
  };
}

/** Integers are read from whatever stands there; as a text or structure other bytes hardly ever make sense. */
function compareMoved(bytes: ByteString, { kind }: SingleComparison, test: Test, negated: boolean): Tri {
  if (!kind.startsWith('int-')) return negated ? PASSED : FAILED;
  return compare({ kind: 'int', value: integerIn(bytes) }, test, negated);
}

function compare(value: ArgValue, test: Test, negated: boolean): Tri {
  if (value.kind === 'unreadable') return FAILED;
  if (value.kind === 'unknown') return UNKNOWN;
  if (value.kind === 'bad-fd') return negated ? PASSED : FAILED;
  const relation = test(value);
  if (relation === VOID) return FAILED;
  if (relation === FOREIGN) return UNKNOWN;
  return (relation === HOLDS) !== negated ? PASSED : FAILED;
}

function prepareGained({ on, positions: [before = 0, after = 1] }: ArgFilter): ArgTest {
  return (hit) => {
    const values = valuesFor(hit, on);
    const from = values[before];
    const to = values[after];
    if (from === undefined || to === undefined) return FAILED;
    if (from.kind === 'unreadable' || to.kind === 'unreadable') return FAILED;
    if (from.kind !== 'caps' || to.kind !== 'caps') return UNKNOWN;
    return ((from.value ^ to.value) & to.value) !== 0n ? PASSED : FAILED;
  };
}
