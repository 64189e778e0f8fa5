/** Stage "output": verdicts, and what the return half of an event shows. */
import type { ActionName, ActionPlan } from '../plan/plan.ts';
import type { ActionResult } from './actions.ts';
import type { Tri } from './tri.ts';
import type { Effects, Reason, Verdict } from './verdict.ts';

const nothing: Effects = { signals: [], intended: [] };
const none: readonly never[] = [];

/** A selector matched, or there is none. Spelled out: copying by spread takes most of a hit's time. */
export function verdictOf(
  result: ActionResult,
  side: Verdict['side'],
  selector: number | 'default',
  actions: readonly ActionPlan[],
  active: readonly Tri[] = none,
): Verdict {
  return {
    side,
    selector,
    post: result.post,
    action: result.action,
    actions,
    effects: result.effects,
    monitored: result.monitored,
    rateLimited: result.rateLimited,
    active,
  };
}

/** No selector matched. */
export function noMatch(side: Verdict['side']): Verdict {
  return {
    side,
    selector: undefined,
    post: false,
    action: 'Post',
    actions: none,
    effects: nothing,
    monitored: false,
    rateLimited: false,
    active: none,
  };
}

/** A filter that decides needs a value that nobody knows. */
export function unknownMatch(side: Verdict['side'], undetermined: Reason): Verdict {
  return { ...noMatch(side), undetermined };
}

/**
 * `return_action` of a return half without actions of its own. Tetragon leaves what the entry wrote where it enforced,
 * else it is Post.
 */
export function returnedAction(entry: ActionName): ActionName {
  return entry === 'Signal' || entry === 'Override' ? entry : 'Post';
}
