/** Hits of the replay: hooked functions that a system call runs, with what the trace and the machine know of them. */
import type { RecordedUpdate } from '../../core/engine/recorded.ts';
import type { TaskView } from '../../core/engine/hit.ts';
import type { SourceHit, SourceReturn } from '../../core/judge/source.ts';
import { isZeroAtField } from '../../core/kernels/tracepoint-types.ts';
import type { ArgPlan, Comparison, HookPlan } from '../../core/plan/plan.ts';
import type { ArgValue } from '../../core/values/value.ts';
import { coerce } from '../kernel-model/coerce.ts';
import type { KernelValue } from '../kernel-model/kernel-value.ts';
import type { Call } from '../machine/call.ts';
import type { Machine } from '../machine/machine.ts';
import { doubtOf } from '../machine/credential-doubts.ts';
import { lacksPort, partsChosenPorts } from '../machine/sockets.ts';
import type { Image, Task } from '../machine/task.ts';
import { currentTaskValue } from './current-task.ts';
import { taskView } from './task-view.ts';

/** One run of a hooked function. */
export interface FunctionRun {
  /** Its name, for hooks on many. */
  readonly symbol?: string | undefined;
  /** Argument by its position in the function's prototype; undefined: the trace does not tell it. */
  readonly raw: (index: number) => KernelValue | undefined;
  readonly call: Call;
  readonly caller: Task;
  readonly image: Image;
  readonly timeNs: bigint;
}

export class CallHit implements SourceHit {
  readonly #raws = new Map<number, KernelValue | undefined>();
  #task: TaskView | undefined;

  constructor(
    readonly machine: Machine,
    readonly run: FunctionRun,
    /** The launcher calls it, as part of the step. */
    readonly ofLauncher = false,
  ) {}

  get task(): TaskView {
    return (this.#task ??= taskView(this.machine, this.run.caller, this.run.image));
  }

  get process(): Image {
    return this.run.image;
  }

  get timeNs(): bigint {
    return this.run.timeNs;
  }

  get clockStepNs(): bigint | undefined {
    return this.machine.clockStepNs;
  }

  get symbol(): string | undefined {
    return this.run.symbol;
  }

  arg(hook: HookPlan, position: number): ArgValue {
    const plan = hook.args[position];
    if (plan === undefined) throw new Error(`${hook.target} has no argument at position ${position}`);
    if (hook.kind === 'tracepoint' && isZeroAtField(plan.type))
      return { kind: 'unknown', why: `of a tracepoint's field Tetragon takes no ${plan.type}, but 0 for it` };
    const raw = this.raw(plan.index);
    if (hook.kind === 'tracepoint' && plan.type === 'string' && raw?.kind === 'string')
      return { kind: 'unknown', why: 'what a dynamic text is as a string (its type is data_loc)' };
    if (needsPort(hook, position, raw))
      return { kind: 'unknown', why: 'the source port is not in the trace' };
    if (needsSource(hook, position, raw))
      return { kind: 'unknown', why: 'the source address is not in the trace (record with strace -yy)' };
    return read(raw, plan, this.machine, this.run.caller);
  }

  data(hook: HookPlan, position: number): ArgValue {
    const plan = hook.data[position];
    if (plan === undefined) throw new Error(`${hook.target} has no data at position ${position}`);
    return currentTaskValue(plan, this.run.call, this.run.caller);
  }

  identity(hook: HookPlan, position: number): object | undefined {
    const raw = this.raw(hook.args[position]?.index ?? -1);
    return raw?.kind === 'sock' ? (raw.identity ?? raw.socket) : undefined;
  }

  kernelStack(): readonly { readonly symbol: string }[] {
    return [{ symbol: 'not modelled' }];
  }

  renew(update: RecordedUpdate): void {
    const { process, cred, namespaces } = this.run.caller;
    if (update.namespaces && process.recordedNamespaces) process.recordedNamespaces = namespaces;
    if (update.capabilities && process.recordedCapabilities) {
      process.recordedDoubt = doubtOf(cred, 'capabilities');
      process.recordedCapabilities = {
        Effective: cred.effective,
        Inheritable: cred.inheritable,
        Permitted: cred.permitted,
      };
    }
  }

  /** Made once, whatever many hooks ask for it. */
  raw(index: number): KernelValue | undefined {
    if (!this.#raws.has(index)) this.#raws.set(index, this.run.raw(index));
    return this.#raws.get(index);
  }
}

/** The return of a function that a hit was of. */
export class CallReturn implements SourceReturn {
  /**
   * @param returned what it returned; undefined: the trace does not tell
   * @param returnedRaw what stands behind that, such as the file of a descriptor
   */
  constructor(
    readonly hit: CallHit,
    readonly timeNs: bigint,
    readonly returned: bigint | undefined,
    readonly returnedRaw?: KernelValue,
  ) {}

  arg(hook: HookPlan, position: number): ArgValue | undefined {
    const plan = hook.args[position];
    const raw = plan && this.hit.raw(plan.index);
    if (!raw) return undefined;
    const { machine, run } = this.hit;
    const { returned } = this;
    return coerce(raw, plan, {
      ...{ machine, task: run.caller },
      ...(returned !== undefined && { returned }),
    });
  }

  returnValue({ returnArg }: HookPlan): ArgValue {
    const { machine, run } = this.hit;
    const { returned, returnedRaw } = this;
    if (returnArg === undefined || (returned === undefined && returnedRaw === undefined))
      return { kind: 'unknown', why: 'what the function returned is not in the trace' };
    return read(returnedRaw ?? { kind: 'number', value: returned ?? 0n }, returnArg, machine, run.caller);
  }
}

function read(raw: KernelValue | undefined, plan: ArgPlan, machine: Machine, task: Task): ArgValue {
  if (!raw) {
    return plan.type === 'nop'
      ? { kind: 'nop' }
      : { kind: 'unknown', why: `argument ${plan.index} of the function is not in the trace` };
  }
  const value = coerce(raw, plan, { machine, task });
  if (value.kind === 'sock') {
    if (value.sportAssumed)
      machine.notes.add('source port 32768 stands for those that the trace does not show');
    if (value.saddrUnknown) machine.notes.add('source addresses that the trace does not show are left out');
  }
  return value;
}

/** A filter looks at the source port of a socket, which the kernel chose and no line shows. */
function needsPort(hook: HookPlan, position: number, raw: KernelValue | undefined): boolean {
  return (
    raw?.kind === 'sock' &&
    lacksPort(raw.socket) &&
    compares(
      hook,
      position,
      (one) => one.kind === 'port' && one.side === 'source' && one.ranges.some(partsChosenPorts),
    )
  );
}

/** The same of its address. */
function needsSource(hook: HookPlan, position: number, raw: KernelValue | undefined): boolean {
  return (
    raw?.kind === 'sock' &&
    raw.socket.sourceAssumed === true &&
    compares(hook, position, (one) => one.kind === 'address' && one.side === 'source')
  );
}

/** Some filter compares the argument in such a way. */
const compares = (hook: HookPlan, position: number, how: (comparison: Comparison) => boolean): boolean =>
  hook.selectors.some(({ args }) =>
    args.some(({ comparison, positions }) => positions.includes(position) && how(comparison)),
  );
