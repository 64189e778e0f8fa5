/** Ends of tasks: by the trace's own lines, and by signals that actions raise. */
import { buildExit } from '../../core/events/build.ts';
import type { Fate } from '../../core/backend/outcome.ts';
import { noEffects } from '../../core/judge/effects.ts';
import type { KernelValue } from '../kernel-model/kernel-value.ts';
import { callOf, rowOf } from '../syscalls/index.ts';
import type { Call } from '../machine/call.ts';
import { Cause } from '../machine/cause.ts';
import type { OpenFile } from '../machine/file.ts';
import type { Instant } from '../machine/instant.ts';
import { closeSocket } from '../machine/sockets.ts';
import type { Image, Process, Task } from '../machine/task.ts';
import { signalName } from '../../core/names/signals.ts';
import { CallText } from '../trace/call-text.ts';
import { killed, nameOf } from './courses.ts';
import { type End, TaskExits } from './task-exit.ts';
import type { World } from './world.ts';

const sigpipe = 13;

const isExecuting = ({ pending }: Task): boolean =>
  pending !== undefined && rowOf(pending.name)?.life === 'exec';

const fateOf = ({ signal, code }: End): Fate =>
  signal === undefined ? { kind: 'exited', code } : { kind: 'killed', signal };

export class Deaths {
  readonly exits = new TaskExits();
  /** Ends of threads that another one's execve brought about: they come when its call comes to them. */
  private readonly held = new Map<Process, (() => void)[]>();

  /** @param call takes the call that a task never came back from */
  constructor(
    private readonly world: World,
    private readonly call: (call: Call) => void,
  ) {}

  /** Files whose last descriptor went, in that order: the last one is released first. */
  release(
    dropped: readonly OpenFile[],
    call: Call,
    task: Task,
    image: Image | undefined,
    timeNs: bigint,
  ): void {
    if (dropped.length === 0) return;
    const files = dropped.toReversed();
    if (!image || image === this.world.launcher) {
      for (const { socket } of files) if (socket) closeSocket(socket);
      return;
    }
    for (const file of files) {
      for (const { site, hooks } of this.world.index.ofCall('@release').sites) {
        if (site.about?.(file) === false) continue;
        const wanted = noEffects();
        const raw = (index: number): KernelValue | undefined =>
          site.args[index]?.(call, this.world.machine, file);
        this.world.enter(hooks, { symbol: site.hook, raw, call, caller: task, image, timeNs }, wanted);
        const death = this.world.deathOf(task, wanted.signals);
        if (death !== undefined && task.alive) this.kill(task.process, death, call);
      }
    }
    for (const { socket } of files) if (socket) closeSocket(socket);
  }

  supersede(leader: Task, by: number, at: Instant): void {
    const thread = this.world.machine.tasks.get(by);
    if (!thread || thread.process !== leader.process) return;
    this.hold(leader.process, () => {
      const args = this.exits.argumentsOf(leader, { code: 0 });
      const call = callOf('@exit', CallText.of(args, '?'), leader, 0, at, at);
      for (const hooks of ['@exit', '@exited'])
        this.machineHooks(hooks, call, leader, leader.process.image, at.ns);
    });
    leader.superseded = thread;
    leader.pending = thread.pending;
    leader.files = thread.files;
    leader.fs = thread.fs;
    leader.cred = thread.cred;
    leader.namespaces = thread.namespaces;
    thread.alive = false;
    leader.process.threads.delete(thread);
    this.world.machine.tasks.delete(by);
  }

  private hold(process: Process, end: () => void): void {
    const ends = this.held.get(process);
    if (ends) ends.push(end);
    else this.held.set(process, [end]);
  }

  /** The execve has come to where no other thread of its process is left; or it failed, and they ended by themselves. */
  endHeld(process: Process): void {
    const ends = this.held.get(process) ?? [];
    this.held.delete(process);
    for (const end of ends) end();
  }

  get holdsAny(): boolean {
    return this.held.size > 0;
  }

  /** An exit line of one task. */
  taskEnds(task: Task, how: End, at: Instant): void {
    const timeNs = at.ns;
    const { process } = task;
    if ([...process.threads].some((other) => other !== task && isExecuting(other))) {
      this.hold(process, () => {
        if (task.alive) this.taskEnds(task, how, at);
      });
      return;
    }
    const { pending } = task;
    const last = process.threads.size <= 1;
    // A call that never came back: its entry was reached all the same.
    if (pending) {
      task.pending = undefined;
      const text = CallText.of(pending.args, '?');
      this.call(callOf(pending.name, text, task, pending.line, pending.start, at));
      if (!task.alive) return;
    }
    if (how.signal === 'SIGKILL' && this.world.start.left.has(process.pid)) {
      process.fate = { kind: 'running' };
      task.alive = false;
      return;
    }
    const args = this.exits.argumentsOf(task, how);
    const call = callOf('@exit', CallText.of(args, '?'), task, 0, at, at);
    const image = process.image;
    this.machineHooks('@exit', call, task, image, timeNs);
    if (last) {
      this.machineHooks('@last-exit', call, task, image, timeNs);
      process.fate = fateOf(how);
      if (how.signal !== undefined) this.world.options.effects?.died(process, how.signal);
      if (image && image !== this.world.launcher) {
        this.world.record.event(
          buildExit(
            image.facts,
            { ...(how.signal !== undefined && { signal: how.signal }), code: how.code },
            this.world.clock,
            this.world.judge.tick(timeNs),
          ),
          process,
        );
      }
    }
    const parent = process.realParent;
    this.afterExit(task, last, call, timeNs);
    if (last && process.diverged) this.world.courses.ends(process, parent, process.diverged);
  }

  /** Everything that a task leaves behind; hooks are attributed to the parent, for Tetragon has dropped the entry. */
  private afterExit(task: Task, last: boolean, call: Call, timeNs: bigint): void {
    const { process } = task;
    task.alive = false;
    process.threads.delete(task);
    // The parent of the root and of orphans is none of the step's.
    const image = last ? process.realParent?.image : process.image;
    this.machineHooks('@exited', call, task, image, timeNs);
    task.files.users -= 1;
    if (task.files.users <= 0) {
      const released: OpenFile[] = [];
      for (const [fd] of task.files.entries()) {
        const file = task.files.close(fd);
        if (file) released.push(file);
      }
      if (process.endedEarly) this.world.courses.released(released, process.endedEarly);
      this.release(released, call, task, image, timeNs);
    }
    this.world.machine.tasks.delete(task.tid);
    if (!last) return;
    this.world.machine.end(process);
  }

  /** Some process was ended that read from a pipe. */
  get pipesBroke(): boolean {
    return this.world.courses.unread.size > 0;
  }

  /** A writer to a pipe that nobody reads any more dies of SIGPIPE. */
  meetsBrokenPipe(call: Call): { readonly signal: number; readonly cause: Cause } | undefined {
    const { machine, courses } = this.world;
    if (!this.pipesBroke) return undefined;
    const { to } = rowOf(call.name)?.data ?? {};
    const pipe = to === undefined ? undefined : machine.fileAt(call, to)?.pipe;
    const from = pipe === undefined ? undefined : courses.unread.get(pipe);
    if (from === undefined || !call.ok) return undefined;
    const { process } = call.task;
    const cause = new Cause(`from whose pipe ${nameOf(process)} has no reader at line ${call.line}`, from);
    if (this.world.isFatal(call.task, sigpipe)) return { signal: sigpipe, cause };
    courses.diverge(process, cause);
    return undefined;
  }

  private machineHooks(name: string, call: Call, task: Task, image: Image | undefined, timeNs: bigint): void {
    const hooks = this.world.index.ofCall(name);
    if (hooks.none || !image) return;
    for (const { site, hooks: at } of hooks.sites) {
      if (site.when?.test(call, this.world.machine) === false) continue;
      const raw = (index: number): KernelValue | undefined =>
        site.args[index]?.(call, this.world.machine, undefined);
      this.world.enter(at, { symbol: site.hook, raw, call, caller: task, image, timeNs }, noEffects());
    }
  }

  /** A process dies of a signal that an action raised in a call. */
  kill(process: Process, signal: number, at: Call, cause = killed(process, signal, at)): void {
    // The trace goes on as it does with the effect, and shows the end itself.
    if (this.world.options.effects?.takes(at, signalName(signal)) === true) return;
    this.end(process, { signal: signalName(signal), code: 0 }, at, cause);
  }

  /** A process exits since an action kept it from going on. */
  exit(process: Process, code: number, at: Call, cause: Cause): void {
    this.end(process, { code }, at, cause);
  }

  private end(process: Process, how: End, at: Call, cause: Cause): void {
    if (process.fate || process.endedEarly) return;
    const timeNs = at.endNs;
    process.endedEarly = cause;
    // Who was to end in an execve ends with the process.
    this.held.delete(process);
    this.world.courses.died(process, cause);
    for (const task of process.threads) this.world.ghosts.add(task, cause, task.tid, task.pending);
    process.fate = fateOf(how);
    // A launcher that gets no further is all that there is of the step.
    if (process.image && process.image === this.world.launcher) process.image = { ...process.image, process };
    const image = process.image;
    const parent = process.realParent;
    const tasks = [...process.threads];
    const exits = tasks.map((task) => this.exits.argumentsOf(task, how, at));
    for (const [index, task] of tasks.entries()) {
      const last = index === tasks.length - 1;
      task.pending = undefined;
      const call = callOf('@exit', CallText.of(exits[index] ?? '', '?'), task, at.line, at.end, at.end);
      this.machineHooks('@exit', call, task, image, timeNs);
      if (last) {
        this.machineHooks('@last-exit', call, task, image, timeNs);
        if (image) {
          this.world.record.event(
            buildExit(image.facts, how, this.world.clock, this.world.judge.tick(timeNs)),
            process,
          );
        }
      }
      this.afterExit(task, last, call, timeNs);
      this.world.void.add(task.tid);
    }
    this.world.output.broken(process, cause);
    this.world.courses.ends(process, parent, cause);
    if (process.namespaceInit) this.killNamespace(process, at, cause);
  }

  /** With the first process of a pid namespace all of it dies. */
  private killNamespace(init: Process, call: Call, from: Cause): void {
    for (const process of this.world.machine.processes) {
      if (process === init || process.fate || !process.inInitTree) continue;
      let at = process.parent;
      while (at && at !== init) at = at.parent;
      if (at === init) this.kill(process, 9, call, killed(process, 9, call, from));
    }
  }
}
