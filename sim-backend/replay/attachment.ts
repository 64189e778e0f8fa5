/**
 * Where strace was attached to a process that ran already: its lines begin with something else than the execve that a
 * recorder makes. What it ran then is told by the start, or not known.
 */
import { residentImage } from '../machine/lifecycle.ts';
import type { Task } from '../machine/task.ts';
import { rowOf } from '../syscalls/index.ts';
import { changesAny } from './apply-effects.ts';
import type { Unread } from './unread.ts';
import type { World } from './world.ts';

export class Attachment {
  /** The first process was; undefined: no call has shown it yet. */
  attached: boolean | undefined;

  constructor(
    private readonly world: World,
    private readonly unread: Unread,
  ) {}

  /** A call, or half of one. Those that a policy hooks are noted as unread if the task's program is not known. */
  meets(task: Task, name: string, line: number): void {
    if (this.attached === undefined) {
      this.attached = rowOf(name)?.life !== 'exec';
      if (this.attached) this.resident(task);
    }
    if (this.attached && task.process.image === undefined && !this.world.index.ofCall(name).none)
      this.unread.add('attached', task.tid, line);
  }

  /**
   * The end of a call whose beginning is missing. `first`: nothing of the task came before, so the call may have begun
   * before strace was there; then it matters only if a policy hooks it or it changes what later calls are about.
   */
  lacksFirstHalf(task: Task, name: string, line: number, first: boolean): void {
    const matters =
      rowOf(name)?.life !== undefined ||
      !this.world.index.ofCall(name).none ||
      changesAny(name, (state) => state !== 'knowledge');
    if (!(this.attached && first) || matters) this.unread.add('no-first-half', task.tid, line);
  }

  /** The process runs the program that the start names, and is one of those that are looked at. */
  private resident({ process }: Task): void {
    const resident = residentImage(this.world.machine);
    const { pid } = process;
    process.image = resident && { ...resident, facts: { ...resident.facts, pid, tid: pid }, process };
  }
}
