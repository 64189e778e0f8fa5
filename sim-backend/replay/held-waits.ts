/**
 * Waits that a trace shows before their child has ended, as one does that was merged by the times at which calls began:
 * they return at the end of the child.
 */
import type { Call } from '../machine/call.ts';
import type { Machine } from '../machine/machine.ts';
import type { Task } from '../machine/task.ts';
import { childWaitedFor } from '../syscalls/processes.ts';

export class HeldWaits {
  private readonly byChild = new Map<number, Call>();
  private readonly byParent = new Map<Task, number>();

  constructor(private readonly machine: Machine) {}

  /** True if the call is kept until its child has ended. */
  holds(call: Call): boolean {
    const child = childWaitedFor(call);
    if (child === undefined || this.machine.tasks.get(child)?.alive !== true) return false;
    this.byChild.set(child, call);
    this.byParent.set(call.task, child);
    return true;
  }

  /** The wait that was for this child, which has ended. */
  ofChild(child: number): Call | undefined {
    return this.release(child);
  }

  /** The wait that this task is in, though the trace goes on with it. */
  ofParent(task: Task): Call | undefined {
    const child = this.byParent.get(task);
    return child === undefined ? undefined : this.release(child);
  }

  private release(child: number): Call | undefined {
    const call = this.byChild.get(child);
    if (call === undefined) return undefined;
    this.byChild.delete(child);
    this.byParent.delete(call.task);
    return call;
  }
}
