/** The replay: a trace, a start and plans give an outcome. */
import type { StepObserver } from '../../core/backend/observer.ts';
import type { Outcome } from '../../core/backend/outcome.ts';
import { TraceError } from '../../core/trace/trace-error.ts';
import { Call } from '../machine/call.ts';
import { changesState } from '../machine/effects/index.ts';
import { fork, forkFlags } from '../machine/lifecycle.ts';
import type { Task } from '../machine/task.ts';
import type { TraceItem } from '../trace/reader.ts';
import { Calls, lifeCycle } from './calls.ts';
import { Achieved } from './achieved.ts';
import { ChangedPaths } from './changed-paths.ts';
import { Contents } from './contents.ts';
import type { ReplayOptions } from './options.ts';
import { type UnreadLines, outcomeOf } from './outcome.ts';
import { Output } from './output.ts';
import { TraceWindow } from './window.ts';
import { World } from './world.ts';

/** Seconds: ten years. */
const longestTrace = 315_360_000;

/** Milliseconds of work after which others get their turn, so that an abort can reach a replay that never waits. */
const longestTurnMs = 50;

/**
 * Replays a trace; events and problems flow to the observer. Rejects with TraceError when the input is no trace, and with
 * the reason of an aborted signal.
 */
export function replay(options: ReplayOptions, observer: StepObserver = {}): Promise<Outcome> {
  return new Replay(options, observer).run();
}

class Replay {
  private readonly began = performance.now();
  private readonly world: World;
  private readonly calls: Calls;
  private firstTime: number | undefined;
  private lastNs = 0n;
  private readonly unread: UnreadLines = { count: 0, first: [] };
  /** Lines of processes of which the trace does not show who made them, by pid. */
  private readonly orphans = new Map<number, { lines: number; readonly first: number }>();

  constructor(
    options: ReplayOptions,
    private readonly observer: StepObserver,
  ) {
    this.world = new World(options, observer);
    this.calls = new Calls(this.world);
  }

  async run(): Promise<Outcome> {
    const { trace, signal } = this.world.options;
    const { foresight } = this.world.machine;
    const window = new TraceWindow((name) => this.wants(name), foresight);
    let turn = performance.now();
    for await (const { items, line } of window.batches(trace.open(signal))) {
      signal?.throwIfAborted();
      for (const item of items) this.take(item);
      foresight.passed(line);
      await this.observer.ready?.();
      if (performance.now() - turn > longestTurnMs) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        turn = performance.now();
      }
    }
    signal?.throwIfAborted();
    if (!this.world.root) this.noTrace();
    this.reportStrays();
    return outcomeOf(this.world, this.unread, window.exceeded, performance.now() - this.began);
  }

  private wants(name: string): boolean {
    return (
      lifeCycle.has(name) ||
      (name === 'io_uring_enter' && !this.world.index.empty) ||
      (changesState(name) && !this.canSkip(name)) ||
      this.world.watchedCalls.has(name) ||
      Output.mayWrite(name) ||
      (this.world.acts && name === 'read') ||
      (this.world.watchesFiles && Contents.concerns(name)) ||
      (this.world.achieved !== undefined && Achieved.concerns(name)) ||
      (this.world.acts && ChangedPaths.names(name)) ||
      !this.world.index.ofCall(name).none
    );
  }

  /** Calls whose effects nothing asks for. */
  private canSkip(name: string): boolean {
    if (/^(stat|lstat|fstat|newfstatat|statx)$/.test(name)) return this.world.index.empty;
    return !this.world.acts && /^(rt_sigaction|wait4|waitid|waitpid)$/.test(name);
  }

  private noTrace(): never {
    const { file } = this.world.options.trace;
    const first = this.unread.first[0];
    if (!first) throw new TraceError('TR-trace-empty', 'the trace holds no system call', file);
    throw new TraceError(
      'TR-trace-unreadable',
      `this is no strace output: ${JSON.stringify(first.text.slice(0, 80))}`,
      file,
      first.line,
    );
  }

  private take(item: TraceItem): void {
    if (item.kind === 'unknown') {
      this.unread.count += 1;
      if (this.unread.first.length < 5) this.unread.first.push(item);
      return;
    }
    const timeNs = this.timeOf(item.time);
    const task = this.taskOf(item.pid, timeNs, item.line);
    if (!task) return;
    task.seen = true;
    switch (item.kind) {
      case 'unfinished':
        task.pending = { name: item.name, args: item.args, line: item.line, startNs: timeNs };
        return;
      case 'resumed': {
        const { pending } = task;
        task.pending = undefined;
        if (!pending || pending.name !== item.name) return;
        this.calls.call(
          new Call(
            item.name,
            pending.args + item.args,
            item.result,
            task,
            pending.line,
            pending.startNs,
            timeNs,
          ),
        );
        return;
      }
      case 'call':
        this.calls.call(new Call(item.name, item.args, item.result, task, item.line, timeNs, timeNs));
        return;
      case 'signal':
        return;
      case 'exited':
        this.calls.deaths.taskEnds(task, { code: item.code }, timeNs);
        return;
      case 'killed':
        this.calls.deaths.taskEnds(task, { signal: item.signal, code: 0 }, timeNs);
        return;
      case 'superseded':
        this.calls.deaths.supersede(task, item.by);
        return;
    }
  }

  /** What the trace has of processes that it does not begin, and lacks of those that it does. */
  private reportStrays(): void {
    const { record, machine } = this.world;
    const orphans = [...this.orphans.values()];
    const first = orphans[0]?.first;
    const lines = orphans.reduce((sum, orphan) => sum + orphan.lines, 0);
    if (lines > 0) record.problem({ kind: 'unread-lines', processes: orphans.length }, first, lines);
    let silent = 0;
    for (const task of machine.tasks.values()) {
      if (task.alive && !task.seen && !task.process.endedEarly) silent += 1;
    }
    if (silent > 0) record.problemOf({ kind: 'missing-lines' }, undefined, silent);
  }

  /** Nanoseconds since boot; a trace without times counts lines. */
  private timeOf(seconds: number): bigint {
    if (Number.isNaN(seconds)) {
      this.lastNs = this.lastNs === 0n ? this.world.start.bootNs : this.lastNs + 1000n;
      return this.lastNs;
    }
    this.firstTime ??= seconds;
    const since = seconds - this.firstTime;
    // A damaged line may show any time; its place in the trace is then all that is known.
    if (Math.abs(since) > longestTrace) return this.timeOf(NaN);
    this.lastNs = this.world.start.bootNs + BigInt(Math.round(since * 1e6)) * 1000n;
    return this.lastNs;
  }

  /** The task that a line is about; undefined if it is void. */
  private taskOf(pid: number, timeNs: bigint, line: number): Task | undefined {
    const known = this.world.machine.tasks.get(pid);
    if (known) return known.alive && !known.process.endedEarly ? known : undefined;
    if (this.world.void.has(pid)) {
      const orphan = this.orphans.get(pid);
      if (orphan) orphan.lines += 1;
      return undefined;
    }
    if (!this.world.root) {
      const task = this.world.machine.addRoot(pid < 0 ? (this.world.start.pid ?? 1) : pid);
      task.process.image = this.world.launcher;
      this.world.root = task.process;
      return task;
    }
    if (pid < 0) {
      // No process column: there is one process, and the root task is it.
      for (const task of this.world.machine.tasks.values()) return task.alive ? task : undefined;
      return undefined;
    }
    // A child whose first lines come before its parent's call returned.
    const { foresight } = this.world.machine;
    const parentPid = foresight.makerOf(pid);
    if (parentPid === undefined) this.orphans.set(pid, { lines: 1, first: line });
    const parent = parentPid === undefined ? undefined : this.world.machine.tasks.get(parentPid);
    if (!parent?.alive || parent.process.endedEarly) {
      this.world.void.add(pid);
      return undefined;
    }
    const pending = parent.pending;
    if (!pending || !lifeCycle.has(pending.name)) {
      this.world.void.add(pid);
      return undefined;
    }
    const call = new Call(pending.name, pending.args, '0', parent, pending.line, timeNs, timeNs);
    return fork(this.world.machine, parent, pid, forkFlags(call), timeNs);
  }
}
