/** Whether the kernel that a replay is like would take a policy at all. */
import type { ProblemCause } from '../../core/backend/problem.ts';
import type { Plan } from '../../core/plan/plan.ts';

/** A policy that does not load, and what of it is to blame. */
export interface Refused {
  readonly cause: ProblemCause;
  readonly place: { readonly file: string; readonly line: number };
}

/** The policies that load, in order; each of the others is a problem, and takes no part in the replay. */
export function loadable(
  plans: readonly Plan[],
  kernel: string,
): { readonly plans: readonly Plan[]; readonly problems: readonly Refused[] } {
  const problems: Refused[] = [];
  const loaded = plans.filter(({ refusals: [first, ...others], policyName }) => {
    if (first === undefined) return true;
    const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
    problems.push({
      cause: { kind: 'load', policy: policyName, kernel, why: `${first.said ?? first.message}${more}` },
      place: { file: first.span.file, line: first.span.start.line },
    });
    return false;
  });
  return { plans: loaded, problems };
}
