/** The engine: a plan and a probe hit give a verdict. */
import type { ActionPlan, HookPlan, Plan, SelectorPlan } from '../plan/plan.ts';
import { runActions } from './actions.ts';
import type { ActionResult } from './actions.ts';
import { Counters } from './counters.ts';
import type { Asked, HookEvaluator, PolicyEvaluator } from './engine.ts';
import type { ProbeHit } from './hit.ts';
import { MarkKeeper } from './marks.ts';
import { noMatch, returnedAction, unknownMatch, verdictOf } from './output.ts';
import { RateLimiter, type Uptime } from './rate-limit.ts';
import { reasonsFor, unknownReason, unknownWorkload } from './reasons.ts';
import { activity, passes, prepareSelector } from './select.ts';
import type { PreparedSelector } from './select.ts';
import { FAILED, PASSED, UNKNOWN } from './tri.ts';
import type { Tri } from './tri.ts';
import { RETURNED, type Reason, type Verdict } from './verdict.ts';
import { selectsWorkload } from './workloads.ts';

export interface EvaluatorOptions {
  /** Note which selector, filter and value decided. Default: no. */
  readonly marks?: boolean;
  /** For rate limits. Default: longer than every window. */
  readonly uptime?: Uptime;
}

/** Prepares a plan. The evaluator holds the state of one loaded policy: rate limits, counters and marks. */
export function createEvaluator(plan: Plan, options: EvaluatorOptions = {}): PolicyEvaluator {
  const counters = new Counters(plan);
  const limiter = new RateLimiter(options.uptime);
  const hooks = plan.hooks.map((hook, index) => new Hook(plan, hook, index, options, counters, limiter));
  return {
    plan,
    hooks,
    counters: () => counters.all(),
    marks: () => hooks.flatMap((hook) => hook.marks?.all() ?? []),
  };
}

class Hook implements HookEvaluator {
  readonly marks: MarkKeeper | undefined;
  readonly #selectors: readonly PreparedSelector[];
  readonly #monitor: boolean;

  constructor(
    readonly plan: Plan,
    readonly hook: HookPlan,
    readonly index: number,
    options: EvaluatorOptions,
    readonly counters: Counters,
    readonly limiter: RateLimiter,
  ) {
    this.#selectors = hook.selectors.map((selector) => prepareSelector(selector, hook));
    this.marks = options.marks === true ? new MarkKeeper(this.#selectors) : undefined;
    // A policy without enforcing actions at the entry is monitor_only by name; its return actions act all the same.
    this.#monitor = plan.mode === 'monitor' || plan.options['policy-mode'] === 'monitor';
  }

  mayMatch(hit: ProbeHit): boolean {
    const isOfWorkload = this.#isOfWorkload(hit);
    if (isOfWorkload !== PASSED) return isOfWorkload === UNKNOWN;
    const selectors = this.#selectors;
    return (
      selectors.length === 0 ||
      selectors.some((selector) => passes(activity(selector, hit), selector.args, hit) !== FAILED)
    );
  }

  #isOfWorkload({ task }: ProbeHit): Tri {
    const { workload, namespace } = this.plan;
    if (workload === undefined) return PASSED;
    if (task.doubt?.('workload') !== undefined) return UNKNOWN;
    return selectsWorkload(workload, task.workload, namespace) ? PASSED : FAILED;
  }

  entry(hit: ProbeHit, asked?: Asked): Verdict {
    const isOfWorkload = this.#isOfWorkload(hit);
    if (isOfWorkload === FAILED) return noMatch('entry');
    const verdict =
      isOfWorkload === PASSED
        ? this.#entry(hit)
        : unknownMatch('entry', unknownWorkload(hit.task.doubt?.('workload') ?? ''));
    return this.marks === undefined && asked === undefined ? verdict : this.#told(verdict, hit, asked);
  }

  exit(hit: ProbeHit, entered: Verdict, asked?: Asked): Verdict | undefined {
    const verdict = this.#exit(hit, entered);
    if (verdict === undefined) return undefined;
    const told = this.#told(verdict, hit, asked);
    // Whether a later selector was active is a matter of the entry; what the return says of the winner is not.
    const { reasons } = told;
    if (verdict.side === 'return' || reasons === undefined) return told;
    const ofReturn = reasonsFor(this.#selectors, hit, 'return').map((each) => ({
      ...each,
      side: 'return' as const,
    }));
    const isWinner = ({ selector }: Reason): boolean => selector === entered.selector;
    return { ...told, reasons: [...reasons.filter((each) => !isWinner(each)), ...ofReturn.filter(isWinner)] };
  }

  /** With what was asked for beside the verdict itself. */
  #told(verdict: Verdict, hit: ProbeHit, asked: Asked | undefined): Verdict {
    this.marks?.note(hit, verdict);
    if (asked?.reasons !== true) return verdict;
    return { ...verdict, reasons: reasonsFor(this.#selectors, hit, verdict.side) };
  }

  #entry(hit: ProbeHit): Verdict {
    const selectors = this.#selectors;
    if (selectors.length === 0) {
      const result = this.#act([], hit);
      // The output program of an LSM hook runs only for a selector.
      const post = result.post && this.hook.kind !== 'lsm';
      this.counters.count(this.index, undefined, [], { posted: post, monitored: false });
      return verdictOf(post === result.post ? result : { ...result, post }, 'entry', 'default', []);
    }
    const active = selectors.map((selector) => activity(selector, hit));
    /** The first that may match, for all that is known; whether it does matters only if what then wins acts otherwise. */
    let unsure: number | undefined;
    for (let index = 0; index < selectors.length; index++) {
      const selector = selectors[index];
      if (selector === undefined) continue;
      const passed = passes(active[index] ?? FAILED, selector.args, hit);
      if (passed === FAILED) continue;
      if (passed !== PASSED) {
        if (unsure !== undefined && !this.#endsAlike(unsure, index)) return this.#unsure(unsure, hit);
        unsure ??= index;
        continue;
      }
      if (unsure !== undefined && !this.#endsAlike(unsure, index)) return this.#unsure(unsure, hit);
      const { actions } = selector.plan;
      const result = this.#act(actions, hit);
      this.counters.count(this.index, index, actions, { posted: result.post, monitored: this.#monitor });
      return verdictOf(result, 'entry', index, actions, active);
    }
    return unsure === undefined ? noMatch('entry') : this.#unsure(unsure, hit);
  }

  #unsure(index: number, hit: ProbeHit): Verdict {
    const selector = this.#selectors[index];
    if (selector === undefined) throw new Error(`no selector ${index}`);
    return unknownMatch('entry', unknownReason(selector, index, hit, 'entry'));
  }

  /** Whether it is all the same which of the two selectors wins. */
  #endsAlike(one: number, other: number): boolean {
    const [a, b] = [this.#selectors[one]?.plan, this.#selectors[other]?.plan];
    return (
      [a, b].every((plan) => plan !== undefined && this.#endsAtEntry(plan)) &&
      actionsText(a?.actions) === actionsText(b?.actions) &&
      a?.label === b?.label
    );
  }

  /** Nothing but its actions depends on its having won. */
  #endsAtEntry({ process, returnArgs, returnActions }: SelectorPlan): boolean {
    const { args, returnArg } = this.hook;
    return (
      returnArg === undefined &&
      returnArgs.length === 0 &&
      returnActions.length === 0 &&
      !args.some(({ returnCopy }) => returnCopy) &&
      !process.some(({ kind }) => kind === 'namespace-change' || kind === 'capability-change')
    );
  }

  #exit(hit: ProbeHit, entered: Verdict): Verdict | undefined {
    const { selector: winner, active } = entered;
    if (winner === undefined) return undefined;
    if (winner === 'default')
      return verdictOf(this.#returned(this.#act([], hit), [], entered, hit), 'return', winner, []);
    for (let index = winner; index < this.#selectors.length; index++) {
      const selector = this.#selectors[index];
      if (selector === undefined) continue;
      const reached = index === winner ? PASSED : (active[index] ?? FAILED);
      const passed = passes(reached, selector.returnArgs, hit);
      if (passed === FAILED) continue;
      if (reached !== PASSED) return unknownMatch('entry', unknownReason(selector, index, hit, 'entry'));
      if (passed !== PASSED) return unknownMatch('return', unknownReason(selector, index, hit, 'return'));
      const actions = selector.plan.returnActions;
      const result = this.#returned(this.#act(actions, hit), actions, entered, hit);
      return verdictOf(result, 'return', index, actions, active);
    }
    return undefined;
  }

  #act(actions: readonly ActionPlan[], hit: ProbeHit): ActionResult {
    return runActions(actions, this.hook, hit, this.#monitor, (post, previous) =>
      post.rateLimit === undefined
        ? false
        : this.limiter.limits(this.hook, this.index, previous, post.rateLimit, hit),
    );
  }

  /** The event needs both halves; returnArgAction acts on what is returned and does not show. */
  #returned(
    result: ActionResult,
    actions: readonly ActionPlan[],
    entered: Verdict,
    hit: ProbeHit,
  ): ActionResult {
    const { returnArgAction } = this.hook;
    const { sockets = [] } = result.effects;
    const returned = { position: RETURNED, tracked: returnArgAction === 'TrackSock' };
    const tracked =
      returnArgAction === undefined || hit.returnValue === undefined
        ? {}
        : { sockets: [returned, ...sockets] };
    return {
      ...result,
      post: result.post && entered.post,
      action: actions.length > 0 ? result.action : returnedAction(entered.action),
      effects: { ...result.effects, ...tracked },
    };
  }
}

/** Equal for actions that do the same. */
function actionsText(actions: readonly ActionPlan[] | undefined): string {
  return JSON.stringify(actions, (key, value: unknown) =>
    key === 'span' ? undefined : typeof value === 'bigint' ? String(value) : value,
  );
}
