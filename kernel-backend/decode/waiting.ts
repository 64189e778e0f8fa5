/** Calls of hooked functions that have not returned: the first half of their events. */
import type { ProcessFacts } from '../../core/events/facts.ts';
import type { NumberedHook } from '../encode/plan.ts';
import type { KernelRecord } from './records.ts';

type Entered = Extract<KernelRecord, { kind: 'hook' }>;
type Returned = Extract<KernelRecord, { kind: 'return' }>;

/** The entry, and the image that entered: by the return of an execve there is another. */
export interface WaitingCall {
  readonly entered: Entered;
  readonly facts: ProcessFacts | undefined;
}

/** Functions that end the thread, and so never return. */
const neverReturns = /^(do_exit|do_group_exit|make_task_dead|__(x64|ia32)_sys_exit(_group)?)$/;

export class WaitingCalls {
  readonly #calls = new Map<string, WaitingCall>();
  readonly #hooks: readonly NumberedHook[];
  readonly #lost = new Map<number, number>();

  constructor(hooks: readonly NumberedHook[]) {
    this.#hooks = hooks;
  }

  /**
   * By hook, returns that nobody told of: a kretprobe has room for a few calls at once, and of a function that calls itself
   * only the inner call is met. What a policy would have said of them is not known.
   */
  get lost(): ReadonlyMap<number, number> {
    return this.#lost;
  }

  #lose({ hook }: Entered): void {
    this.#lost.set(hook, (this.#lost.get(hook) ?? 0) + 1);
  }

  enter(entered: Entered, facts: ProcessFacts | undefined): void {
    const key = keyOf(entered);
    const before = this.#calls.get(key);
    if (before !== undefined) this.#lose(before.entered);
    this.#calls.set(key, { entered, facts });
  }

  /** The entry that the return belongs to; undefined for one of a call from before the step, and for one that nobody met. */
  leave(returned: Returned): WaitingCall | undefined {
    const key = keyOf(returned);
    const call = this.#calls.get(key);
    this.#calls.delete(key);
    if (!returned.unmet) return call;
    if (call !== undefined) this.#lose(call.entered);
    return undefined;
  }

  /** The process has ended: what it has not returned from by now it should have. */
  end(pid: number): void {
    for (const [key, { entered }] of this.#calls) {
      const { head, hook } = entered;
      if (head.pid !== pid) continue;
      this.#calls.delete(key);
      if (!neverReturns.test(this.#hooks[hook]?.hook.target ?? '')) this.#lose(entered);
    }
  }
}

const keyOf = ({ head, hook }: Entered | Returned): string => `${head.tid} ${hook}`;
