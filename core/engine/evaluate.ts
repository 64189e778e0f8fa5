/** The engine: a plan and a probe hit give a verdict. */
import type { HookPlan, Plan } from '../plan/plan.ts';
import { runActions } from './actions.ts';
import type { ActionResult } from './actions.ts';
import { Counters } from './counters.ts';
import type { HookEvaluator, PolicyEvaluator } from './engine.ts';
import type { ProbeHit } from './hit.ts';
import { noMatch, returnedAction, unknownMatch, verdictOf } from './output.ts';
import type { EntryVerdict } from './output.ts';
import { RateLimiter } from './rate-limit.ts';
import { reasonsFor } from './reasons.ts';
import { isActive, passes, prepareSelector } from './selector.ts';
import type { PreparedSelector } from './selector.ts';
import { FAILED, PASSED } from './tri.ts';
import type { Verdict } from './verdict.ts';
import { selectsWorkload } from './workloads.ts';

/** Prepares a plan. The evaluator holds the state of one loaded policy: rate limits and counters. */
export function createEvaluator(plan: Plan): PolicyEvaluator {
  const counters = new Counters(plan);
  const limiter = new RateLimiter();
  const hooks = plan.hooks.map((hook, index) => new Hook(plan, hook, index, counters, limiter));
  return { plan, hooks, counters: () => counters.all() };
}

class Hook implements HookEvaluator {
  readonly #selectors: readonly PreparedSelector[];
  readonly #monitor: boolean;

  constructor(
    readonly plan: Plan,
    readonly hook: HookPlan,
    readonly index: number,
    readonly counters: Counters,
    readonly limiter: RateLimiter,
  ) {
    this.#selectors = hook.selectors.map((selector) => prepareSelector(selector, hook));
    // A policy without enforcing actions at the entry is monitor_only by name; its return actions act all the same.
    this.#monitor = plan.mode === 'monitor' || plan.options['policy-mode'] === 'monitor';
  }

  entry(hit: ProbeHit): Verdict {
    const { workload, namespace } = this.plan;
    if (workload !== undefined && !selectsWorkload(workload, hit.task.workload, namespace)) {
      return noMatch(() => []);
    }
    const selectors = this.#selectors;
    const reasons = (): ReturnType<typeof reasonsFor> => reasonsFor(selectors, this.hook, hit);
    if (selectors.length === 0) {
      const result = this.#act([], hit);
      // The output program of an LSM hook runs only for a selector.
      const post = result.post && this.hook.kind !== 'lsm';
      this.counters.count(this.index, undefined, [], { posted: post, monitored: false });
      return verdictOf(post === result.post ? result : { ...result, post }, 'default', [], reasons);
    }
    const active = selectors.map((selector) => isActive(selector, hit));
    for (let index = 0; index < selectors.length; index++) {
      const selector = selectors[index];
      if (selector === undefined || active[index] !== true) continue;
      const passed = passes(selector.args, hit);
      if (passed === FAILED) continue;
      if (passed !== PASSED) return unknownMatch(reasons);
      const { actions } = selector.plan;
      const result = this.#act(actions, hit);
      this.counters.count(this.index, index, actions, { posted: result.post, monitored: this.#monitor });
      return verdictOf(result, index, actions, reasons, active);
    }
    return noMatch(reasons);
  }

  exit(hit: ProbeHit, entered: EntryVerdict): Verdict | undefined {
    const { selector: winner } = entered;
    if (winner === undefined) return undefined;
    const reasons = (): ReturnType<typeof reasonsFor> =>
      reasonsFor(this.#selectors, this.hook, hit, 'return');
    if (winner === 'default') {
      return verdictOf(this.#returned(this.#act([], hit), [], entered, hit), winner, [], reasons);
    }
    for (let index = winner; index < this.#selectors.length; index++) {
      const selector = this.#selectors[index];
      if (selector === undefined || (index !== winner && entered.active?.[index] !== true)) continue;
      const passed = passes(selector.returnArgs, hit);
      if (passed === FAILED) continue;
      if (passed !== PASSED) return unknownMatch(reasons);
      const actions = selector.plan.returnActions;
      return verdictOf(
        this.#returned(this.#act(actions, hit), actions, entered, hit),
        index,
        actions,
        reasons,
      );
    }
    return undefined;
  }

  #act(actions: HookPlan['selectors'][number]['actions'], hit: ProbeHit): ActionResult {
    return runActions(actions, this.hook, hit, this.#monitor, (post, previous) =>
      post.rateLimit === undefined ? false : this.limiter.limits(this.index, previous, post.rateLimit, hit),
    );
  }

  /** The event needs both halves; returnArgAction acts on what is returned and does not show. */
  #returned(
    result: ActionResult,
    actions: readonly unknown[],
    entered: Verdict,
    hit: ProbeHit,
  ): ActionResult {
    const { returnArgAction } = this.hook;
    const tracked =
      returnArgAction === undefined || hit.returnValue === undefined
        ? {}
        : returnArgAction === 'TrackSock'
          ? { trackSock: -1 }
          : { untrackSock: -1 };
    return {
      ...result,
      post: result.post && entered.post,
      action: actions.length > 0 ? result.action : returnedAction(entered.action),
      effects: { ...result.effects, ...tracked },
    };
  }
}
