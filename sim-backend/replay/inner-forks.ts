/**
 * Children that are made inside a pid namespace of the trace: what their parents' calls return is a pid of that namespace,
 * while their own lines have one of strace's. They are told apart only as long as one at a time is sought.
 */
import type { Call } from '../machine/call.ts';
import type { Machine } from '../machine/machine.ts';
import type { Task } from '../machine/task.ts';
import { rowOf } from '../syscalls/index.ts';

export class InnerForks {
  /** Calls that returned before a line of their child came. */
  private readonly returned: Call[] = [];
  /** Children whose lines came before their maker's call returned, by the maker. */
  private readonly early = new Map<Task, Task>();

  constructor(private readonly machine: Machine) {}

  /** Does a call that makes a task return a pid that is not strace's? */
  concerns({ task, result }: Call): boolean {
    return result.hostPid === undefined && this.isInner(task);
  }

  /** The call returned the child's pid there; undefined: no line of the child has come yet. */
  returns(call: Call): Task | undefined {
    const child = this.early.get(call.task);
    if (child === undefined) this.returned.push(call);
    else {
      this.early.delete(call.task);
      child.process.nsPid = call.returned ?? child.process.nsPid;
    }
    return child;
  }

  /** Whose child a process of unknown origin is: a call that returned, or a task that is in one; undefined if it may be several's. */
  makerOf(): Call | Task | undefined {
    const inside = [...this.machine.tasks.values()].filter(
      (task) =>
        task.alive &&
        task.pending !== undefined &&
        rowOf(task.pending.name)?.life === 'fork' &&
        this.isInner(task) &&
        !this.early.has(task),
    );
    const candidates = [...this.returned, ...inside];
    return candidates.length === 1 ? candidates[0] : undefined;
  }

  /** The child of that maker was made. */
  made(child: Task, maker: Call | Task): void {
    if ('tid' in maker) {
      this.early.set(maker, child);
      return;
    }
    this.returned.splice(this.returned.indexOf(maker), 1);
    child.process.nsPid = maker.returned ?? child.process.nsPid;
  }

  private isInner({ namespaces }: Task): boolean {
    return namespaces.Pid !== this.machine.start.namespaces.Pid;
  }
}
