/** Whether a scenario is meant for a backend and a kernel. */
import type { BackendId } from '../backend/id.ts';
import type { Requirements } from './scenario.ts';

/**
 * Why it is skipped there; undefined if it is meant for both. `kernel`: a release or version, `6.12.117+deb13-amd64`; without
 * one only the backend is asked for.
 */
export function unmet(
  { kernel: range, backend }: Requirements,
  on: Pick<BackendId, 'kind'>,
  kernel?: string,
): string | undefined {
  if (backend !== undefined && !backend.some((kind) => kind === on.kind))
    return `the scenario requires backend ${backend.join(' or ')}`;
  if (range !== undefined && kernel !== undefined && !inRange(kernel, range))
    return `the scenario requires kernel ${range.trim()}, and this is ${kernel}`;
  return undefined;
}

/** True if the version satisfies all comparisons; a line such as `6.12` has all its versions. */
export function inRange(version: string, range: string): boolean {
  const own = numbersOf(version);
  return [...range.matchAll(/(>=|<=|>|<|=)?\s*(\d+(?:\.\d+)+)/g)].every(([, operator = '=', text = '']) => {
    const wanted = numbersOf(text);
    const order = Math.sign(compare(own.slice(0, wanted.length), wanted));
    switch (operator) {
      case '>=':
        return order >= 0;
      case '<=':
        return order <= 0;
      case '>':
        return order > 0;
      case '<':
        return order < 0;
      default:
        return order === 0;
    }
  });
}

const numbersOf = (text: string): number[] => (/^\d+(\.\d+)*/.exec(text)?.[0] ?? '').split('.').map(Number);

function compare(one: readonly number[], other: readonly number[]): number {
  for (const [index, part] of other.entries()) {
    const difference = (one[index] ?? 0) - part;
    if (difference !== 0) return difference;
  }
  return 0;
}
