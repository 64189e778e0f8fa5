/** Stage "filter": one entry of matchArgs, matchData or matchReturnArgs against the values of a hit. */
import { celArguments } from '../plan/cel/arguments.ts';
import type { ArgFilter, Comparison, HookPlan, Outside } from '../plan/plan.ts';
import { integerIn } from '../plan/record/bytes.ts';
import type { ArgValue } from '../values/value.ts';
import { seenAt } from './arg-window.ts';
import { reader, valueAt } from './args.ts';
import { coded } from './codes.ts';
import type { Coded, ReasonCode } from './codes.ts';
import type { ProbeHit } from './hit.ts';
import { prepareCel } from './operators/cel.ts';
import { isNegated, prepareTest } from './operators/index.ts';
import type { SingleComparison } from './operators/index.ts';
import { preparePart } from './operators/parts.ts';
import { FOREIGN, HOLDS, LACKS, NO_ADDRESS, NO_PATH } from './tri.ts';

export type ArgTest = (hit: ProbeHit) => Coded;

const comparedPassed = coded('compared-passed');
const comparedFailed = coded('compared-failed');
const constantPassed = coded('constant-passed');
const constantFailed = coded('constant-failed');
const unreadable = coded('unreadable');
const unknown = coded('unknown');
const missing = coded('missing');
const foreign = coded('foreign');
const beyondUnknown = coded('beyond-unknown');
const bytesPassed = coded('beyond-bytes-passed');
const bytesFailed = coded('beyond-bytes-failed');

export function prepareArgFilter(filter: ArgFilter, hook: HookPlan): ArgTest {
  const { comparison } = filter;
  if (comparison.kind === 'constant') return prepareConstant(filter, comparison.result);
  if (comparison.kind === 'cel') return prepareExpression(filter, comparison, hook);
  if (comparison.kind === 'capabilities-gained') return prepareGained(filter, hook);
  return prepareSingle(filter, comparison, hook);
}

/** A constant lets nothing pass that could not be read: that is looked at before the filter. */
function prepareConstant({ on, positions }: ArgFilter, result: boolean): ArgTest {
  if (!result) return () => constantFailed;
  const [position = 0] = positions;
  return (hit) => {
    const value = valueAt(hit, on, position);
    if (value?.kind === 'unknown' && value.ifRead !== undefined) return unknown;
    return value?.kind === 'unreadable' ? unreadable : constantPassed;
  };
}

/** What the plan's answers come to where the comparison is not asked; undefined: it is. */
function answer(
  says: Outside[keyof Outside],
  codes: Partial<Record<'fails' | 'passes' | 'unknown', ReasonCode>>,
): Coded | undefined {
  if (says === 'itself' || says === 'bytes') return undefined;
  const code = codes[says];
  if (code === undefined) throw new Error(`no reason code for a filter that ${says} here`);
  return coded(code);
}

function prepareSingle(
  { on, positions, outside }: ArgFilter,
  comparison: SingleComparison,
  hook: HookPlan,
): ArgTest {
  const [position = 0] = positions;
  const test = prepareTest(comparison);
  const negated = isNegated(comparison);
  const badDescriptor = answer(outside.badDescriptor, {
    fails: 'bad-descriptor-failed',
    passes: 'bad-descriptor-passed',
  });
  const noPath = answer(outside.noPath, { fails: 'no-path' }) ?? foreign;
  const noAddress = answer(outside.noAddress, { fails: 'no-address' }) ?? foreign;
  const ofPart = preparePart(comparison);
  const ofText = comparison.kind === 'bytes';
  const compare = (value: ArgValue): Coded => {
    if (value.kind === 'unknown') {
      // What could not be read fails: then only what would pass is in doubt.
      if (value.ifRead !== undefined)
        return compare(value.ifRead) === comparedFailed ? comparedFailed : unknown;
      if (value.ifNamed !== undefined && ofText && test(value.ifNamed) === HOLDS)
        return negated ? comparedFailed : comparedPassed;
      const relation = value.part && ofPart(value.part);
      if (relation === undefined) return unknown;
      return (relation === HOLDS) === negated ? comparedFailed : comparedPassed;
    }
    if (value.kind === 'bad-fd' && badDescriptor !== undefined) return badDescriptor;
    switch (test(value)) {
      case HOLDS:
        return negated ? comparedFailed : comparedPassed;
      case LACKS:
        return negated ? comparedPassed : comparedFailed;
      case NO_PATH:
        return noPath;
      case NO_ADDRESS:
        return noAddress;
      case FOREIGN:
        return foreign;
    }
  };
  const beyond = answer(outside.beyond, { fails: 'beyond-failed', passes: 'beyond-passed' });
  const read = reader(on, position);
  // The usual case has no more steps than it needs: it is run for every hit.
  if (outside.beyond === 'itself' || on === 'return') {
    return (hit) => {
      const value = read(hit);
      if (value === undefined) return missing;
      return value.kind === 'unreadable' ? unreadable : compare(value);
    };
  }
  return (hit) => {
    const value = read(hit);
    if (value === undefined) return missing;
    if (value.kind === 'unreadable') return unreadable;
    const seen = seenAt(hook, hit, on, position);
    if (seen === 'itself') return compare(value);
    if (seen === 'unknown') return beyondUnknown;
    if (beyond !== undefined) return beyond;
    if (seen.bytes === undefined) return beyondUnknown;
    const holds = test({ kind: 'int', value: integerIn(seen.bytes) }) === HOLDS;
    return holds === negated ? bytesFailed : bytesPassed;
  };
}

/** Whether the last argument that the filter looks at, and so all of them, lie where filters see them. */
function prepareVisible(
  { on, outside }: ArgFilter,
  last: number,
  hook: HookPlan,
): (hit: ProbeHit) => boolean {
  if (outside.beyond === 'itself' || on === 'return') return () => true;
  return (hit) => seenAt(hook, hit, on, last) === 'itself';
}

function prepareExpression(
  filter: ArgFilter,
  { program }: Extract<Comparison, { kind: 'cel' }>,
  hook: HookPlan,
): ArgTest {
  const evaluate = prepareCel(program);
  const used = celArguments(program);
  const isVisible = prepareVisible(filter, Math.max(...used, 0), hook);
  return (hit) => {
    if (used.some((position) => hit.arg(position).kind === 'unreadable')) return unreadable;
    if (!isVisible(hit)) return beyondUnknown;
    const result = evaluate(hit);
    if (result === false) return comparedFailed;
    // What is not known could not be read, perhaps; then nothing passes.
    return result === undefined || used.some((position) => hit.arg(position).kind === 'unknown')
      ? unknown
      : comparedPassed;
  };
}

function prepareGained(filter: ArgFilter, hook: HookPlan): ArgTest {
  const { on, positions } = filter;
  const [before = 0, after = 1] = positions;
  const isVisible = prepareVisible(filter, Math.max(before, after), hook);
  return (hit) => {
    const from = valueAt(hit, on, before);
    const to = valueAt(hit, on, after);
    if (from === undefined || to === undefined) return missing;
    if (from.kind === 'unreadable' || to.kind === 'unreadable') return unreadable;
    if (!isVisible(hit)) return beyondUnknown;
    if (from.kind !== 'caps' || to.kind !== 'caps') return unknown;
    return ((from.value ^ to.value) & to.value) !== 0n ? comparedPassed : comparedFailed;
  };
}
