/**
 * The judge: plans, and what they say of the hits that a source tells of. It gives the verdicts, what the actions of all
 * policies together want done, and the events. It knows no machine and no trace.
 */
import { createEvaluator } from '../engine/evaluate.ts';
import type { HookEvaluator, PolicyEvaluator } from '../engine/engine.ts';
import type { ProbeHit } from '../engine/hit.ts';
import type { Uptime } from '../engine/rate-limit.ts';
import { asSelected } from '../engine/named.ts';
import { recordedUpdate } from '../engine/recorded.ts';
import type { Verdict } from '../engine/verdict.ts';
import { buildHookEvent } from '../events/build.ts';
import type { EventClock } from '../events/facts.ts';
import type { HookPlan, Plan } from '../plan/plan.ts';
import type { ArgValue } from '../values/value.ts';
import { actionCounts, coverageMarks } from './counters.ts';
import type { ActionCount, CoverageMark } from './counters.ts';
import { addEffects } from './effects.ts';
import type { MergedEffects } from './effects.ts';
import { HookHit, ReturnedHit } from './hook-hit.ts';
import type { LoadedHook } from './loaded-hook.ts';
import type { JudgeObserver } from './observer.ts';
import type { SourceHit, SourceReturn } from './source.ts';
import { Tracking } from './tracking.ts';

/** A hit whose return is still to come. */
export interface Entered<H extends SourceHit> {
  readonly hook: LoadedHook;
  readonly hit: HookHit<H>;
  readonly verdict: Verdict;
}

export interface JudgeOptions<H extends SourceHit> {
  readonly observer: JudgeObserver<H>;
  readonly clock: EventClock;
  /** Whether events of a process, of this hit, are shown. Default: all are. */
  readonly shows?: (process: H['process'], hit: H) => boolean;
  /** Keep marks beside the counters. */
  readonly marks?: boolean;
  /** For rate limits. Default: longer than every window. */
  readonly uptime?: Uptime;
  /** Judged hits carry reasons. */
  readonly reasons?: boolean;
}

const vagueTimes = {
  kind: 'unknown',
  why: 'whether its rate limit lets an event pass: the times of the trace do not tell (record with strace -ttt)',
} as const;
const vagueOwner = {
  kind: 'unknown',
  why: 'whose event it is: which socket a function returned, and had tracked for another thread, is not known',
} as const;
const vagueLimit = {
  kind: 'unknown',
  why: 'whether its rate limit suppresses the event depends on a value that is not known',
} as const;

interface Loaded extends LoadedHook {
  readonly evaluator: HookEvaluator;
}

export class Judge<H extends SourceHit> {
  /** Of all policies, in the order in which those on one function run: of two policies the one loaded later comes first. */
  readonly hooks: readonly LoadedHook[];
  readonly #policies: readonly PolicyEvaluator[];
  readonly #loaded: readonly (readonly Loaded[])[];
  readonly #tracking: readonly Tracking<H>[];
  readonly #options: JudgeOptions<H>;
  readonly #asked: { readonly reasons: boolean };
  #lastNs = 0n;

  /** @param plans in load order */
  constructor(plans: readonly Plan[], options: JudgeOptions<H>) {
    const { marks = false, reasons = false, uptime } = options;
    this.#options = options;
    this.#asked = { reasons };
    this.#policies = plans.map((plan) => createEvaluator(plan, { marks, ...(uptime && { uptime }) }));
    this.#loaded = this.#policies.map(({ plan, hooks }, policy) =>
      hooks.map((evaluator, index) => ({ plan, hook: evaluator.hook, policy, index, evaluator })),
    );
    this.hooks = [...this.#loaded].reverse().flat();
    this.#tracking = plans.map(() => new Tracking());
  }

  /** Every hit has a time of its own, so that those of one call keep their order. Nanoseconds since boot. */
  tick(timeNs: bigint): bigint {
    this.#lastNs = timeNs > this.#lastNs ? timeNs : this.#lastNs + 1n;
    return this.#lastNs;
  }

  /**
   * A hooked function is entered. `hooks` are this judge's own, in its order; what they want done is added to `merged`.
   * Returns the hits that go on at the function's return (`leave`).
   */
  enter(hooks: readonly LoadedHook[], source: H, merged: MergedEffects): Entered<H>[] {
    const entered: Entered<H>[] = [];
    for (const { policy, index } of hooks) {
      const loaded = this.#at(policy, index);
      const hit = new HookHit(source, loaded.hook, this.tick(source.timeNs), this.#trackingOf(policy));
      const verdict = loaded.evaluator.entry(hit, this.#asked);
      if (verdict.undetermined !== undefined) this.#undetermined(loaded, source, verdict);
      else if (verdict.selector !== undefined && this.#act(loaded, hit, verdict, merged))
        entered.push({ hook: loaded, hit, verdict });
      this.#tell(loaded, hit, verdict, hit.bootNs);
    }
    return entered;
  }

  /** Those of the hooks that could match the hit, if it takes place: some of it may not be known. Nothing comes of it. */
  mayMatch(hooks: readonly LoadedHook[], source: H): LoadedHook[] {
    return hooks.filter(({ policy, index }) => {
      const { evaluator, hook } = this.#at(policy, index);
      return evaluator.mayMatch(new HookHit(source, hook, source.timeNs, this.#trackingOf(policy)));
    });
  }

  /** A selector matched. Returns whether the hit goes on at the return. */
  #act(loaded: Loaded, hit: HookHit<H>, verdict: Verdict, merged: MergedEffects): boolean {
    const { hook } = loaded;
    addEffects(merged, verdict);
    if (verdict.rateLimited === 'unknown') this.#limitUnknown(loaded, hit.source, verdict);
    hit.noteOwner();
    hit.tracking.apply(verdict.effects, hit.source, hook);
    if (verdict.post) hit.source.renew?.(recordedUpdate(hook, verdict));
    if (hook.returnArg || hook.args.some(({ returnCopy }) => returnCopy)) {
      // What the function changes must not show in what is read of its entry.
      hit.readAll();
      return true;
    }
    if (verdict.post) this.#post(loaded, hit, verdict, merged);
    return false;
  }

  /** The function returns. */
  leave(
    { hook: { policy, index }, hit, verdict }: Entered<H>,
    back: SourceReturn,
    merged: MergedEffects,
  ): void {
    const loaded = this.#at(policy, index);
    const returned = new ReturnedHit(hit, back);
    const result = loaded.evaluator.exit(returned, verdict, this.#asked);
    if (result === undefined) return;
    if (result.undetermined !== undefined) this.#undetermined(loaded, hit.source, result);
    else {
      addEffects(merged, result);
      hit.tracking.apply(result.effects, hit.source, loaded.hook, back);
      if (result.rateLimited === 'unknown') this.#limitUnknown(loaded, hit.source, result);
      if (verdict.post && result.post) this.#post(loaded, hit, verdict, merged, { hit: returned, result });
    }
    this.#tell(loaded, hit, result, returned.bootNs);
  }

  /** How often actions ran so far. */
  counters(): ActionCount[] {
    return actionCounts(this.#policies);
  }

  /** What decided so far; nothing unless the judge was made with marks. */
  marks(): CoverageMark[] {
    return coverageMarks(this.#policies);
  }

  #at(policy: number, index: number): Loaded {
    const loaded = this.#loaded[policy]?.[index];
    if (loaded === undefined) throw new Error(`the judge has no hook ${index} of policy ${policy}`);
    return loaded;
  }

  #trackingOf(policy: number): Tracking<H> {
    const tracking = this.#tracking[policy];
    if (tracking === undefined) throw new Error(`the judge has no policy ${policy}`);
    return tracking;
  }

  #undetermined(loaded: Loaded, hit: H, { side, undetermined }: Verdict): void {
    this.#options.observer.undetermined({
      ...{ hook: loaded, hit, side },
      ...(undetermined && { reason: undetermined }),
    });
  }

  #limitUnknown(loaded: Loaded, hit: H, { side }: Verdict): void {
    const value = (hit.clockStepNs ?? 0n) > 0n ? vagueTimes : vagueLimit;
    this.#options.observer.undetermined({ hook: loaded, hit, side, value });
  }

  #tell({ plan, hook, policy, index }: Loaded, hit: HookHit<H>, verdict: Verdict, timeNs: bigint): void {
    const { observer } = this.#options;
    if (!observer.hit) return;
    const { source, task } = hit;
    observer.hit({
      ...{ loaded: { policy, index }, policy: plan.policyName, hook: hook.target },
      ...(source.symbol !== undefined && { symbol: source.symbol }),
      ...{ pid: task.pid, tid: task.tid, timeNs, verdict },
      ...hit.read,
    });
  }

  #post(
    loaded: Loaded,
    hit: HookHit<H>,
    verdict: Verdict,
    merged: MergedEffects,
    back?: { readonly hit: ReturnedHit<H>; readonly result: Verdict },
  ): void {
    const { observer, clock, shows } = this.#options;
    const { source, owner } = hit;
    const { plan, hook } = loaded;
    const process: H['process'] = owner?.process ?? source.process;
    if (shows?.(process, source) === false) return;
    const { args: read, data } = back ? valuesOf(back.hit, hook) : hit.readAll();
    const args = read.map((value, position) => asSelected(value, position, hook, verdict));
    const returnValue = back?.hit.returnValue;
    for (const value of [...args, ...data, ...(returnValue ? [returnValue] : [])]) {
      if (value.kind === 'unknown')
        observer.undetermined({ hook: loaded, hit: source, side: verdict.side, value, shown: true });
    }
    if (hit.ownerUnknown)
      observer.undetermined({ hook: loaded, hit: source, side: verdict.side, value: vagueOwner });
    const post = verdict.actions.find((action) => action.kind === 'Post');
    const event = buildHookEvent(
      {
        ...{ plan, hook, facts: process.facts, tid: owner?.tid ?? source.task.tid, args, data },
        action: verdict.action,
        ...(hook.generated && source.symbol !== undefined && { symbol: source.symbol }),
        ...(back && { returnAction: back.result.action }),
        ...(returnValue && { returnValue }),
        ...(post?.kind === 'Post' &&
          post.kernelStack &&
          source.kernelStack && { kernelStack: source.kernelStack() }),
      },
      clock,
      hit.bootNs,
    );
    merged.events++;
    observer.event(event, process, source);
  }
}

function valuesOf(hit: ProbeHit, { args, data }: HookPlan): { args: ArgValue[]; data: ArgValue[] } {
  return {
    args: args.map((_arg, position) => hit.arg(position)),
    data: data.map((_data, position) => hit.data(position)),
  };
}
