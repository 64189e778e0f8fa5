/**
 * What a filter says where its comparison cannot be put to the argument. One row for each such case; the compiler writes
 * the answers into every filter of the plan, and engine, encoder, BPF programs and explanations read them there.
 *
 * A function that the kernel lacks is no row: the compiler makes such a filter a constant.
 */
import type { ArgTypeName } from '../values/arg-type-name.ts';
import { recordSize } from './record/layout.ts';
import type { Comparison, Outside } from './plan.ts';

/** A filter, as far as the rows depend on it. */
interface Subject {
  readonly comparison: Comparison;
  /** Arguments before it in the record can be so long that this one lies outside of what filters see. */
  readonly mayMove: boolean;
}

type Rows = { readonly [K in keyof Outside]: (subject: Subject) => Outside[K] };

const negated = ({ comparison }: Subject): boolean => 'negated' in comparison && comparison.negated;
const passesIfNegated = (subject: Subject): 'passes' | 'fails' => (negated(subject) ? 'passes' : 'fails');

const rows: Rows = {
  /** Tetragon fails the selector by the argument's status, before it looks at the filter (recording 176; spec rows 53, 55). */
  unreadable: () => 'fails',

  /** Only a constant does not depend on the value. */
  unknown: ({ comparison }) => (comparison.kind === 'constant' ? 'itself' : 'unknown'),

  /**
   * No filter on a path passes, negated or not; the file's type is there all the same (quirks 2.2: anonymous objects,
   * paths beyond 4096 bytes; recording 196).
   */
  noPath: ({ comparison }) => (comparison.kind === 'bytes' && comparison.of === 'path' ? 'fails' : 'itself'),

  /** Not* operators pass, the others do not (quirks 2.1; recordings 148, 212). */
  badDescriptor: (subject) => (subject.comparison.kind === 'constant' ? 'itself' : passesIfNegated(subject)),

  /** Of AF_UNIX even NotSAddr is false (spec row 74; recording 175). Ports, family and state are there. */
  noAddress: ({ comparison }) => (comparison.kind === 'address' ? 'fails' : 'itself'),

  /**
   * Integers are read from whatever bytes stand at the wrapped offset (recording 155). As a text, path or socket these
   * hardly ever make sense: nothing is found, so that only what is negated passes.
   */
  beyond: (subject) => {
    const { comparison, mayMove } = subject;
    if (!mayMove) return 'itself';
    switch (comparison.kind) {
      case 'constant':
        return 'itself';
      case 'int-set':
      case 'int-order':
      case 'int-mask':
      case 'int-range':
      case 'syscall-id':
        return 'bytes';
      case 'bytes':
      case 'address':
      case 'port':
      case 'socket-number':
      case 'file-type':
        return passesIfNegated(subject);
      case 'cel':
      case 'capabilities-gained':
        // Not recorded.
        return 'unknown';
    }
  },
};

/** @param before types of all arguments that stand before the filter's in the record; none for a returned value */
export function outsideOf(comparison: Comparison, before: readonly ArgTypeName[]): Outside {
  const subject = { comparison, mayMove: before.some((type) => recordSize(type).counted) };
  return {
    unreadable: rows.unreadable(subject),
    unknown: rows.unknown(subject),
    noPath: rows.noPath(subject),
    badDescriptor: rows.badDescriptor(subject),
    noAddress: rows.noAddress(subject),
    beyond: rows.beyond(subject),
  };
}
