/**
 * Tasks that the trace goes on with though an action ended them, or kept them from being made. Nothing of their lines
 * happened; they are read for what others would have had of it.
 */
import type { Call } from '../machine/call.ts';
import type { Cause } from '../machine/cause.ts';
import type { Machine } from '../machine/machine.ts';
import type { Task } from '../machine/task.ts';
import { rowOf } from '../syscalls/index.ts';
import type { Courses } from './courses.ts';

interface Ghost {
  readonly task: Task;
  readonly cause: Cause;
}

export class Ghosts {
  private readonly byPid = new Map<number, Ghost>();

  constructor(
    private readonly machine: Machine,
    private readonly courses: Courses,
  ) {}

  /** The task as it is now, before anything of it goes. */
  add(task: Task, cause: Cause, pid = task.tid, pending: Task['pending'] = undefined): void {
    const files = task.files.shadow();
    const fs = { ...task.fs };
    this.byPid.set(pid, { task: { ...task, tid: pid, files, fs, alive: false, pending }, cause });
  }

  /** The task of lines of which nothing happened. */
  taskOf(pid: number): Task | undefined {
    return this.byPid.get(pid)?.task;
  }

  /** Its last line, or another task of its process takes its place by an exec. */
  ends(pid: number, by?: number): void {
    const other = by === undefined ? undefined : this.byPid.get(by);
    this.byPid.delete(pid);
    if (other !== undefined && by !== undefined) {
      this.byPid.delete(by);
      this.add(other.task, other.cause, pid, other.task.pending);
      return;
    }
    this.courses.ended.delete(pid);
  }

  /** A call that would have been made. Its first half alone may be all that is known before others depend on it. */
  would(call: Call): void {
    const ghost = this.byPid.get(call.task.tid);
    if (ghost === undefined) return;
    const row = rowOf(call.name);
    this.machine.inodes.frozen = true;
    try {
      this.courses.spread(call, 'would have', ghost.cause);
      if (!call.ok) return;
      for (const { on, apply } of row?.effects ?? []) {
        if (on === 'descriptors' || on === 'context') apply({ machine: this.machine, call, released: [] });
      }
    } finally {
      this.machine.inodes.frozen = false;
    }
    const child = row?.life === 'fork' ? (call.result.hostPid ?? call.returned) : undefined;
    if (child !== undefined && child > 0 && this.machine.tasks.get(child)?.alive !== true)
      this.add(ghost.task, ghost.cause, child);
  }

  /** A child whose lines come before its maker's call returned. */
  born(pid: number, maker: number): Task | undefined {
    const ghost = this.byPid.get(maker);
    if (ghost !== undefined) this.add(ghost.task, ghost.cause, pid);
    return this.taskOf(pid);
  }
}
