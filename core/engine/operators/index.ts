/** Comparisons of one value: how they are prepared, and what they say in words. One file a family. */
import type { Comparison } from '../../plan/plan.ts';
import { bytes } from './bytes.ts';
import { fileType } from './file-type.ts';
import { intMask } from './int-mask.ts';
import { intOrder } from './int-order.ts';
import { intRange } from './int-range.ts';
import { intSet } from './int-set.ts';
import type { OperatorEngine, Test, Which } from './operator.ts';
import { address, port, socketNumber } from './sockets.ts';
import { syscallId } from './syscall-id.ts';

export type { Test } from './operator.ts';

/** Comparisons that look at a single value; the others are constants, CEL and CapabilitiesGained. */
export type SingleComparison = Exclude<Comparison, { kind: 'constant' | 'cel' | 'capabilities-gained' }>;

const engines: {
  readonly [K in SingleComparison['kind']]: OperatorEngine<Extract<Comparison, { kind: K }>>;
} = {
  'int-set': intSet,
  'int-order': intOrder,
  'int-mask': intMask,
  'int-range': intRange,
  bytes,
  address,
  port,
  'socket-number': socketNumber,
  'file-type': fileType,
  'syscall-id': syscallId,
};

function engineOf(comparison: SingleComparison): OperatorEngine<SingleComparison> {
  return engines[comparison.kind];
}

export function prepareTest(comparison: SingleComparison): Test {
  return engineOf(comparison).prepare(comparison);
}

export function prepareWhich(comparison: SingleComparison): Which {
  return engineOf(comparison).which(comparison);
}

export function comparisonWords(comparison: SingleComparison, holds: boolean): string {
  return engineOf(comparison).words(comparison, holds);
}

export function isNegated(comparison: SingleComparison): boolean {
  return 'negated' in comparison && comparison.negated;
}
