/** Whose a line is: the task of its process column, as far as the trace shows how it came to be. */
import type { Call } from '../machine/call.ts';
import type { Instant } from '../machine/instant.ts';
import { fork } from '../machine/lifecycle.ts';
import type { Task } from '../machine/task.ts';
import { callOf, rowOf } from '../syscalls/index.ts';
import { cloneFlags } from '../syscalls/processes.ts';
import { CallText } from '../trace/call-text.ts';
import type { Unread } from './unread.ts';
import type { World } from './world.ts';

export class LineOwners {
  /** Those whose end the trace has shown. */
  private readonly ended = new Set<number>();
  /** Those that nothing shows the origin of. */
  private readonly strays = new Set<number>();

  constructor(
    private readonly world: World,
    private readonly unread: Unread,
  ) {}

  /** The recorded end of a task. */
  ends(pid: number, line: number): void {
    this.ended.add(pid);
    this.strays.delete(pid);
    // What an action kept from being is over, too: whoever has this pid next is another.
    this.world.void.delete(pid);
    this.world.machine.foresight.ended(pid, line);
  }

  /**
   * The task that a line is about. undefined: what it tells did not take place, since an action changed the course before;
   * or nobody knows whose it is, which is noted. `isEnd`: it tells of an end, and of nothing else.
   */
  of(pid: number, time: Instant, line: number, isEnd: boolean): Task | undefined {
    const { machine, root } = this.world;
    if (!root) return this.first(pid);
    if (pid < 0) return root.endedEarly ? undefined : this.rootTask();
    const known = machine.tasks.get(pid);
    if (known) return known.alive && !known.process.endedEarly ? known : undefined;
    if (this.world.ghosts.taskOf(pid)) return undefined;
    return this.early(pid, time, line, isEnd);
  }

  /** The one process of a trace without a process column. */
  private rootTask(): Task | undefined {
    return [...(this.world.root?.threads ?? [])].find(({ alive }) => alive);
  }

  private first(pid: number): Task {
    return this.world.addRoot(pid < 0 ? (this.world.start.pid ?? 1) : pid);
  }

  /** A child whose lines come before its parent's call returned, or one that is not to be. */
  private early(pid: number, time: Instant, line: number, isEnd: boolean): Task | undefined {
    const { machine, inner } = this.world;
    const { foresight } = machine;
    const makerPid = foresight.makerOf(pid, line);
    if (makerPid === undefined || this.strays.has(pid)) {
      if (this.isVoid(pid, line)) return undefined;
      const maker = inner.makerOf();
      if (maker === undefined) return this.stray(pid, line, isEnd);
      const child = 'tid' in maker ? this.childOfPending(maker, pid, time) : this.child(maker, pid, time);
      if (child) inner.made(child, maker);
      return child;
    }
    const maker = makerPid < 0 ? this.rootTask() : machine.tasks.get(makerPid);
    // Its maker was ended, or never made, so it was never made either.
    if (this.world.void.has(makerPid) || maker?.alive === false || maker?.process.endedEarly) {
      this.world.void.add(pid);
      this.world.ghosts.born(pid, makerPid);
      return undefined;
    }
    return (maker && this.childOfPending(maker, pid, time)) ?? this.stray(pid, line, isEnd);
  }

  /** An action kept it from coming to be, or ended it earlier. */
  private isVoid(pid: number, line: number): boolean {
    if (this.strays.has(pid)) return false;
    if (this.world.void.has(pid)) return true;
    return !this.ended.has(pid) && this.world.machine.foresight.wasMade(pid, line);
  }

  private stray(pid: number, line: number, isEnd: boolean): undefined {
    const ended = this.ended.has(pid) && !this.strays.has(pid);
    // A thread that another one's execve ended may still tell of it.
    if (ended && isEnd) return;
    if (!ended) this.strays.add(pid);
    this.unread.add(ended ? 'ended' : 'unborn', pid, line);
  }

  private childOfPending(maker: Task, pid: number, time: Instant): Task | undefined {
    const { pending } = maker;
    if (!pending || rowOf(pending.name)?.life !== 'fork') return undefined;
    const text = CallText.of(pending.args, '0');
    this.world.bornEarly.set(pid, pending.line);
    return this.child(callOf(pending.name, text, maker, pending.line, time, time), pid, time);
  }

  private child(made: Call, pid: number, time: Instant): Task {
    this.world.void.delete(pid);
    this.world.ghosts.ends(pid);
    this.ended.delete(pid);
    return fork(this.world.machine, made.task, pid, cloneFlags(made), time.ns);
  }
}
