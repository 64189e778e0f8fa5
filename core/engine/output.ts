/** Stage "output": verdicts, and what the return half of an event shows. */
import type { ActionName, ActionPlan } from '../plan/plan.ts';
import type { ActionResult } from './actions.ts';
import type { Effects, SelectorReason, Verdict } from './verdict.ts';

const nothing: Effects = { signals: [], intended: [] };

/** A verdict of this engine remembers which selectors the process may reach at the return. */
export interface EntryVerdict extends Verdict {
  readonly active?: readonly boolean[];
}

/** A selector matched, or there is none. Spelled out: copying by spread takes most of a hit's time. */
export function verdictOf(
  result: ActionResult,
  selector: number | 'default',
  actions: readonly ActionPlan[],
  reasons: () => readonly SelectorReason[],
  active: readonly boolean[] = [],
): EntryVerdict {
  return {
    selector,
    post: result.post,
    action: result.action,
    actions,
    effects: result.effects,
    monitored: result.monitored,
    rateLimited: result.rateLimited,
    reasons,
    active,
  };
}

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
