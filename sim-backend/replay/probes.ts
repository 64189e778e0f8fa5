/** Probe hits: arguments are read, the engine judges, events are written, actions are noted for the caller. */
import { buildHookEvent } from '../../core/events/build.ts';
import type { EventClock } from '../../core/events/facts.ts';
import type { TetragonEvent } from '../../core/events/event.ts';
import type { ProbeHit } from '../../core/engine/hit.ts';
import type { Verdict } from '../../core/engine/verdict.ts';
import type { ArgPlan, HookPlan } from '../../core/plan/plan.ts';
import type { ArgValue } from '../../core/values/value.ts';
import { coerce } from '../kernel-model/coerce.ts';
import type { Raw } from '../kernel-model/raw.ts';
import type { Call } from '../machine/call.ts';
import type { Machine } from '../machine/machine.ts';
import { lacksPort, partsChosenPorts } from '../machine/sockets.ts';
import type { Image, Task } from '../machine/task.ts';
import { currentTaskValue } from './current-task.ts';
import type { Bound } from './hooks.ts';
import { taskView } from './task-view.ts';

/** A hit whose return side is still to come. */
export interface Entered {
  readonly bound: Bound;
  readonly hit: ProbeHit;
  readonly verdict: Verdict;
  readonly image: Image;
  readonly raws: readonly (Raw | undefined)[];
  /** Action to name, when the verdict's own failed. */
  readonly action: Verdict['action'] | undefined;
  /** Function that was hit, for a hook on many. */
  readonly symbol: string | undefined;
}

/** What actions want done to the calling task. */
export interface Wanted {
  signals: number[];
  override: number | undefined;
  notify: { readonly error: number; readonly signal: number } | undefined;
}
export const nothingWanted = (): Wanted => ({ signals: [], override: undefined, notify: undefined });

export interface ProbeSink {
  event(event: TetragonEvent, task: Task, image: Image): void;
  /** A filter or an argument needs what nobody knows. */
  undetermined(bound: Bound, why: string, line: number): void;
}

/** Identity by which TrackSock re-attributes events: the socket, and who tracked it. */
type Owners = WeakMap<object, { readonly image: Image; readonly tid: number }>;

export class Probes {
  private readonly owners = new Map<string, Owners>();
  private lastNs = 0n;

  constructor(
    private readonly machine: Machine,
    private readonly clock: EventClock,
    private readonly sink: ProbeSink,
    private readonly suppressed: (image: Image) => boolean,
  ) {}

  /** Every hit has a time of its own, so that those of one call keep their order. */
  tick(timeNs: bigint): bigint {
    this.lastNs = timeNs > this.lastNs ? timeNs : this.lastNs + 1n;
    return this.lastNs;
  }

  /** One call of a hooked function. */
  hit(
    bounds: readonly Bound[],
    symbol: string | undefined,
    rawOf: (index: number) => Raw | undefined,
    call: Call,
    task: Task,
    image: Image,
    timeNs: bigint,
    wanted: Wanted,
  ): Entered[] {
    const entered: Entered[] = [];
    for (const bound of bounds) {
      const { hook } = bound;
      const bootNs = this.tick(timeNs);
      const raws = hook.args.map((arg) => rawOf(arg.index));
      const args = hook.args.map((arg, position) =>
        needsPort(hook, position, raws[position])
          ? ({ kind: 'unknown', why: 'the source port is not in the trace' } as const)
          : this.read(raws[position], arg, task),
      );
      const hit: ProbeHit = {
        task: taskView(this.machine, task, image),
        args,
        data: hook.data.map((data) => currentTaskValue(data, call, task)),
        bootNs,
      };
      const verdict = bound.evaluator.entry(hit);
      if (verdict.undetermined !== undefined) {
        this.sink.undetermined(bound, verdict.undetermined, call.line);
        continue;
      }
      if (verdict.selector === undefined) continue;
      this.take(verdict, wanted);
      const action = this.track(bound, verdict, raws, image, task);
      const item: Entered = {
        bound,
        hit,
        verdict,
        image,
        raws,
        action,
        symbol: bound.hook.generated ? symbol : undefined,
      };
      if (verdict.post) renewRecorded(bound, verdict, task);
      if (hook.returnArg || hook.args.some((arg) => arg.returnCopy)) entered.push(item);
      else if (verdict.post) this.post(item, task);
    }
    return entered;
  }

  /** The return of the hooked function. */
  leave(
    entered: Entered,
    returned: bigint | undefined,
    returnedRaw: Raw | undefined,
    task: Task,
    timeNs: bigint,
    wanted: Wanted,
  ): void {
    const { bound, hit, verdict } = entered;
    const { hook } = bound;
    const args = hit.args.map((value, position) => {
      const plan = hook.args[position];
      const raw = entered.raws[position];
      if (!plan?.returnCopy || !raw) return value;
      return coerce(raw, plan, { machine: this.machine, task, ...(returned !== undefined && { returned }) });
    });
    const returnValue: ArgValue | undefined =
      hook.returnArg &&
      (returnedRaw
        ? this.read(returnedRaw, hook.returnArg, task)
        : returned === undefined
          ? { kind: 'unknown', why: 'what the function returned is not in the trace' }
          : coerce({ kind: 'number', value: returned }, hook.returnArg, { machine: this.machine, task }));
    const back: ProbeHit = { ...hit, args, bootNs: timeNs, ...(returnValue && { returnValue }) };
    const result = bound.evaluator.exit(back, verdict);
    if (!result) return;
    if (result.undetermined !== undefined) {
      this.sink.undetermined(bound, result.undetermined, 0);
      return;
    }
    this.take(result, wanted);
    if (verdict.post && result.post) {
      this.post({ ...entered, hit: { ...back, bootNs: hit.bootNs } }, task, {
        returnAction: result.action,
        returnValue,
      });
    }
  }

  private read(raw: Raw | undefined, plan: ArgPlan, task: Task): ArgValue {
    if (!raw) {
      return plan.type === 'nop'
        ? { kind: 'nop' }
        : { kind: 'unknown', why: `argument ${plan.index} of the function is not in the trace` };
    }
    return coerce(raw, plan, { machine: this.machine, task });
  }

  private take(verdict: Verdict, wanted: Wanted): void {
    if (verdict.monitored) return;
    const { effects } = verdict;
    wanted.signals.push(...effects.signals);
    if (effects.override !== undefined) wanted.override = effects.override;
    if (effects.notifyEnforcer) wanted.notify = effects.notifyEnforcer;
  }

  private track(
    bound: Bound,
    verdict: Verdict,
    raws: readonly (Raw | undefined)[],
    image: Image,
    task: Task,
  ): Verdict['action'] | undefined {
    const { trackSock, untrackSock } = verdict.effects;
    const socketAt = (position: number | undefined): object | undefined => {
      const raw = position === undefined ? undefined : raws[position];
      return raw?.kind === 'sock' ? (raw.identity ?? raw.socket) : undefined;
    };
    const tracked = socketAt(trackSock);
    const key = bound.plan.policyName;
    if (tracked) {
      let owners = this.owners.get(key);
      if (!owners) this.owners.set(key, (owners = new WeakMap()));
      owners.set(tracked, { image, tid: task.tid });
    }
    const dropped = socketAt(untrackSock);
    if (untrackSock === undefined) return undefined;
    const was = dropped !== undefined && this.owners.get(key)?.delete(dropped) === true;
    if (was || verdict.action !== 'UntrackSock') return undefined;
    // To drop what was never tracked fails, and the action before stays the one that is named.
    return verdict.actions.filter(({ kind }) => kind !== 'UntrackSock').at(-1)?.kind ?? 'Post';
  }

  private owner(entered: Entered): { readonly image: Image; readonly tid: number } | undefined {
    const owners = this.owners.get(entered.bound.plan.policyName);
    if (!owners) return undefined;
    for (const raw of entered.raws) {
      const owner = raw?.kind === 'sock' ? owners.get(raw.identity ?? raw.socket) : undefined;
      if (owner) return owner;
    }
    return undefined;
  }

  private post(
    entered: Entered,
    task: Task,
    back?: { readonly returnAction: Verdict['action']; readonly returnValue: ArgValue | undefined },
  ): void {
    const { bound, hit, verdict } = entered;
    const owner = this.owner(entered);
    const image = owner?.image ?? entered.image;
    if (this.suppressed(image)) return;
    for (const value of [...hit.args, ...hit.data]) {
      if (value.kind === 'unknown') this.sink.undetermined(bound, value.why, -1);
    }
    const post = verdict.actions.find((action) => action.kind === 'Post');
    this.sink.event(
      buildHookEvent(
        {
          plan: bound.plan,
          hook: bound.hook,
          facts: image.facts,
          tid: owner?.tid ?? task.tid,
          args: hit.args,
          data: hit.data,
          action: entered.action ?? verdict.action,
          ...(entered.symbol !== undefined && { symbol: entered.symbol }),
          ...(back && { returnAction: back.returnAction }),
          ...(back?.returnValue && { returnValue: back.returnValue }),
          ...(post?.kind === 'Post' && post.kernelStack && { kernelStack: [{ symbol: 'not modelled' }] }),
        },
        this.clock,
        hit.bootNs,
      ),
      task,
      image,
    );
  }
}

/** A filter looks at the source port of a socket, which the kernel chose and no line shows. */
function needsPort(hook: HookPlan, position: number, raw: Raw | undefined): boolean {
  if (raw?.kind !== 'sock') return false;
  if (!lacksPort(raw.socket)) return false;
  return hook.selectors.some(({ args }) =>
    args.some(
      ({ comparison, positions }) =>
        comparison.kind === 'port' &&
        comparison.side === 'source' &&
        positions.includes(position) &&
        comparison.ranges.some(partsChosenPorts),
    ),
  );
}

/** A posted match of a filter on changes makes the present state the one that is compared with next. */
function renewRecorded(bound: Bound, verdict: Verdict, task: Task): void {
  const selector = bound.hook.selectors.find(({ index }) => index === verdict.selector);
  for (const filter of selector?.process ?? []) {
    const { process, cred } = task;
    if (filter.kind === 'namespace-change' && process.recordedNamespaces)
      process.recordedNamespaces = task.namespaces;
    if (filter.kind === 'capability-change' && process.recordedCapabilities) {
      process.recordedCapabilities = {
        Effective: cred.effective,
        Inheritable: cred.inheritable,
        Permitted: cred.permitted,
      };
    }
  }
}
