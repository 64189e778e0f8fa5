/** A source's hit as one hook's evaluator sees it: each value is read once, when it is first asked for. */
import type { ProbeHit, TaskView } from '../engine/hit.ts';
import type { HookPlan } from '../plan/plan.ts';
import type { ArgValue } from '../values/value.ts';
import type { SourceHit, SourceReturn } from './source.ts';
import type { Owner, Tracking } from './tracking.ts';

export class HookHit<H extends SourceHit> implements ProbeHit {
  readonly #args: (ArgValue | undefined)[] = [];
  readonly #data: (ArgValue | undefined)[] = [];
  #owner: Owner<H['process']> | undefined;
  #ownerUnknown = false;

  constructor(
    readonly source: H,
    readonly hook: HookPlan,
    readonly bootNs: bigint,
    readonly tracking: Tracking<H>,
  ) {}

  get task(): TaskView {
    return this.source.task;
  }

  get clockStepNs(): bigint | undefined {
    return this.source.clockStepNs;
  }

  arg(position: number): ArgValue {
    return (this.#args[position] ??= this.source.arg(this.hook, position));
  }

  data(position: number): ArgValue {
    return (this.#data[position] ??= this.source.data(this.hook, position));
  }

  /** Whose the event is: of the tracked socket's owner as it is before the hit's own actions. */
  get owner(): Owner<H['process']> | undefined {
    return this.#owner;
  }

  /** It may be the event of another, who is not known. */
  get ownerUnknown(): boolean {
    return this.#ownerUnknown;
  }

  noteOwner(): void {
    this.#owner = this.tracking.ownerOf(this.source, this.hook);
    this.#ownerUnknown = this.#owner === undefined && this.tracking.mayBeOthers(this.source, this.hook);
  }

  isTracked(position: number): boolean {
    return this.tracking.isTracked(this.source, this.hook, position);
  }

  /** Reads what was not asked for yet. */
  readAll(): { readonly args: readonly ArgValue[]; readonly data: readonly ArgValue[] } {
    return {
      args: this.hook.args.map((_arg, position) => this.arg(position)),
      data: this.hook.data.map((_data, position) => this.data(position)),
    };
  }

  /** What was asked for. */
  get read(): {
    readonly args: readonly (ArgValue | undefined)[];
    readonly data: readonly (ArgValue | undefined)[];
  } {
    return {
      args: this.hook.args.map((_arg, position) => this.#args[position]),
      data: this.hook.data.map((_data, position) => this.#data[position]),
    };
  }
}

/** The same at the return: what is copied then, and the returned value, come from there. */
export class ReturnedHit<H extends SourceHit> implements ProbeHit {
  #returned: ArgValue | undefined;

  constructor(
    readonly entered: HookHit<H>,
    readonly back: SourceReturn,
  ) {}

  get task(): TaskView {
    return this.entered.task;
  }

  get bootNs(): bigint {
    return this.back.timeNs;
  }

  get clockStepNs(): bigint | undefined {
    return this.entered.clockStepNs;
  }

  arg(position: number): ArgValue {
    const { hook } = this.entered;
    const again = hook.args[position]?.returnCopy === true ? this.back.arg(hook, position) : undefined;
    return again ?? this.entered.arg(position);
  }

  data(position: number): ArgValue {
    return this.entered.data(position);
  }

  get returnValue(): ArgValue | undefined {
    const { hook } = this.entered;
    return hook.returnArg && (this.#returned ??= this.back.returnValue(hook));
  }
}
