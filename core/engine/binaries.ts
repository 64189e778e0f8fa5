/** matchBinaries and matchParentBinaries against recorded paths of executables. */
import type { ProcessFilter } from '../plan/plan.ts';
import type { ByteString } from '../values/value.ts';
import type { Binary, TaskView } from './hit.ts';
import { endLookup, startLookup } from './operators/affix-lookup.ts';
import { FAILED, PASSED, UNKNOWN } from './tri.ts';
import type { Tri } from './tri.ts';

type BinaryFilter = Extract<ProcessFilter, { kind: 'binary' }>;

/** Bytes of a path that are compared: from its start, and for Postfix to its end. */
const window = 255;
const tail = 127;

export function prepareBinary(filter: BinaryFilter): (task: TaskView) => Tri {
  const matches = matcher(filter);
  const is = (binary: Binary): Tri =>
    typeof binary === 'string' ? (matches(binary) ? PASSED : FAILED) : UNKNOWN;
  const { of, negated, followChildren } = filter;
  return (task) => {
    const binary = of === 'self' ? task.binary : task.parentBinary;
    if (binary === undefined) {
      // Nothing known of the own binary: no match at all. No parent entry: the filter is skipped.
      return of === 'parent' ? PASSED : FAILED;
    }
    let result = is(binary);
    if (result !== PASSED && followChildren) {
      const ancestors = of === 'self' ? task.ancestorBinaries : task.ancestorBinaries.slice(1);
      for (const ancestor of ancestors) {
        const one = is(ancestor);
        if (one !== FAILED) result = one;
        if (one === PASSED) break;
      }
    }
    return result === UNKNOWN || !negated ? result : result === PASSED ? FAILED : PASSED;
  };
}

function matcher({ match, values }: BinaryFilter): (path: ByteString) => boolean {
  switch (match) {
    case 'exact': {
      const set = new Set(values);
      return (path) => set.has(path.slice(0, window));
    }
    case 'prefix':
      return startLookup(values.filter((value) => value.length <= window));
    case 'postfix':
      return endLookup(values.filter((value) => value.length <= tail));
  }
}
