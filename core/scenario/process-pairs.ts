/** Which processes of two runs of a step are the same: the root, and of each process its first child, its second … */
import type { ObservedOutcome } from '../backend/observer.ts';
import type { ProcessOutcome } from '../backend/outcome.ts';

/**
 * The right outcome with the left one's numbers. Order of creation alone tells too little: of two processes that both make
 * others, either may be the first in another run. What has no peer gets a number that the left one does not have.
 */
export function renumbered(left: ObservedOutcome, right: ObservedOutcome): ObservedOutcome {
  const numbers = new Map<number, number>();
  pair(left.processes, right.processes, undefined, undefined, numbers);
  let next = Math.max(-1, ...left.processes.map(({ number }) => number)) + 1;
  const of = (number: number): number => {
    const known = numbers.get(number);
    if (known !== undefined) return known;
    numbers.set(number, next);
    return next++;
  };
  const processes = right.processes.map((process) => ({
    ...process,
    number: of(process.number),
    ...(process.parent !== undefined && { parent: of(process.parent) }),
  }));
  return {
    ...right,
    processes: processes.sort((one, other) => one.number - other.number),
    events: right.events.map((event) => ({ ...event, process: of(event.process) })),
    calls: right.calls.map((call) => ({ ...call, process: of(call.process) })),
  };
}

function pair(
  left: readonly ProcessOutcome[],
  right: readonly ProcessOutcome[],
  leftParent: number | undefined,
  rightParent: number | undefined,
  numbers: Map<number, number>,
): void {
  const theirs = childrenOf(right, rightParent);
  for (const [index, own] of childrenOf(left, leftParent).entries()) {
    const other = theirs[index];
    if (other === undefined) return;
    numbers.set(other.number, own.number);
    pair(left, right, own.number, other.number, numbers);
  }
}

/** In order of their creation. A parent that is none of the step's is nobody's. */
function childrenOf(all: readonly ProcessOutcome[], parent: number | undefined): readonly ProcessOutcome[] {
  const isOurs = (number: number): boolean => all.some((one) => one.number === number);
  return all
    .filter((one) => (one.parent !== undefined && isOurs(one.parent) ? one.parent : undefined) === parent)
    .toSorted((one, other) => one.number - other.number);
}
