/** Stage "output": verdicts that post nothing, and what the return half of an event shows. */
import type { ActionName } from '../plan/plan.ts';
import type { Effects, SelectorReason, Verdict } from './verdict.ts';

const nothing: Effects = { signals: [], intended: [] };

/** No selector matched. */
export function noMatch(reasons: () => readonly SelectorReason[]): Verdict {
  return {
    selector: undefined,
    post: false,
    action: 'Post',
    actions: [],
    effects: nothing,
    monitored: false,
    rateLimited: false,
    reasons,
  };
}

/** A filter that decides needs a value that nobody knows. */
export function unknownMatch(reasons: () => readonly SelectorReason[]): Verdict {
  const open = reasons()
    .flatMap(({ filters }) => filters)
    .find(({ result }) => result === 'unknown');
  return {
    ...noMatch(reasons),
    undetermined: open?.words() ?? 'a value that a filter looks at is not known',
  };
}

/**
 * `return_action` of a return half without actions of its own. Tetragon leaves what the entry wrote where it enforced,
 * else it is Post.
 */
export function returnedAction(entry: ActionName): ActionName {
  return entry === 'Signal' || entry === 'Override' ? entry : 'Post';
}
