/** The replay: a trace, a start and plans give an outcome. */
import type { StepObserver } from '../../core/backend/observer.ts';
import type { Outcome } from '../../core/backend/outcome.ts';
import { TraceError } from '../../core/trace/trace-error.ts';
import { Call } from '../machine/call.ts';
import { fork } from '../machine/lifecycle.ts';
import { type Instant, TraceInstant } from '../machine/instant.ts';
import type { Task } from '../machine/task.ts';
import { CallText } from '../trace/call-text.ts';
import { type LineIndex, lineKind, type TaskEnd } from '../trace/line-index.ts';
import { rowOf, signatureOf } from '../syscalls/index.ts';
import { cloneFlags } from '../syscalls/processes.ts';
import type { State } from '../syscalls/row.ts';
import { changesAny } from './apply-effects.ts';
import { Calls } from './calls.ts';
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

/** Lines that are shown of those that were not understood. */
const mostUnread = 5;

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
  /** Microseconds between the first line and the last one read; undefined before the first. */
  private since: number | undefined;
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
    for await (const { lines, line } of window.batches(trace.open(signal))) {
      signal?.throwIfAborted();
      for (let at = 0; at < lines.count; at += 1) this.take(lines, at);
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
    const row = rowOf(name);
    return (
      row?.life !== undefined ||
      (row?.submits === true && !this.world.index.empty) ||
      changesAny(name, (state) => this.needs(state)) ||
      this.world.watchedCalls.has(name) ||
      Output.mayWrite(name) ||
      (this.world.acts && row?.data !== undefined) ||
      (this.world.watchesFiles && Contents.concerns(name)) ||
      (this.world.achieved !== undefined && Achieved.concerns(name)) ||
      (this.world.acts && ChangedPaths.names(name)) ||
      !this.world.index.ofCall(name).none
    );
  }

  /** Somebody may ask for this part of the machine's state. */
  private needs(state: State): boolean {
    if (state === 'knowledge') return !this.world.index.empty;
    return state === 'handlers' || state === 'waits' ? this.world.acts : true;
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

  private take(lines: LineIndex, at: number): void {
    const kind = lines.kind(at);
    const whole = kind === lineKind.call || kind === lineKind.resumed;
    const call = whole ? lines.call(at) : undefined;
    if (kind >= lineKind.unknown || (whole && !call)) {
      this.notUnderstood(lines, at);
      return;
    }
    const line = lines.line(at);
    const time = this.timeOf(lines.time(at));
    const end = kind === lineKind.end ? lines.end(at) : undefined;
    if (end && end.kind !== 'superseded') this.world.machine.foresight.ended(lines.pid(at), line);
    const task = this.taskOf(lines.pid(at), time, line);
    if (!task) return;
    task.seen = true;
    const name = lines.name(at);
    if (end) this.ends(task, end, time);
    else if (kind === lineKind.unfinished)
      task.pending = { name, args: lines.firstHalf(at), line, start: time };
    else if (kind === lineKind.resumed && call) this.resumes(task, name, call, time);
    else if (call) this.calls.call(new Call(name, call, task, line, time, time, signatureOf(name)));
  }

  private notUnderstood(lines: LineIndex, at: number): void {
    this.unread.count += 1;
    if (this.unread.first.length >= mostUnread) return;
    const cut = lines.kind(at) === lineKind.cut;
    this.unread.first.push({ line: lines.line(at), text: lines.shown(at), cut });
  }

  private resumes(task: Task, name: string, rest: CallText, time: Instant): void {
    const { pending } = task;
    task.pending = undefined;
    if (!pending || pending.name !== name) return;
    const text = rest.after(pending.args);
    this.calls.call(new Call(name, text, task, pending.line, pending.start, time, signatureOf(name)));
  }

  private ends(task: Task, end: TaskEnd, time: Instant): void {
    const { deaths } = this.calls;
    if (end.kind === 'superseded') deaths.supersede(task, end.by);
    else if (end.kind === 'exited') deaths.taskEnds(task, { code: end.code }, time);
    else deaths.taskEnds(task, { signal: end.signal, code: 0 }, time);
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

  /** When a line was; a trace without times counts lines. */
  private timeOf(seconds: number): Instant {
    this.since = this.microsecondsAt(seconds);
    return new TraceInstant(this.world.start.bootNs, this.since);
  }

  private microsecondsAt(seconds: number): number {
    const next = this.since === undefined ? 0 : this.since + 1;
    if (Number.isNaN(seconds)) return next;
    this.firstTime ??= seconds;
    const since = seconds - this.firstTime;
    // A damaged line may show any time; its place in the trace is then all that is known.
    return Math.abs(since) > longestTrace ? next : Math.round(since * 1e6);
  }

  /** The task that a line is about; undefined if it is void. */
  private taskOf(pid: number, time: Instant, line: number): Task | undefined {
    const known = this.world.machine.tasks.get(pid);
    if (known) return known.alive && !known.process.endedEarly ? known : undefined;
    if (this.world.void.has(pid)) {
      const orphan = this.orphans.get(pid);
      if (orphan) orphan.lines += 1;
      return undefined;
    }
    if (!this.world.root) {
      return this.world.addRoot(pid < 0 ? (this.world.start.pid ?? 1) : pid);
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
    if (!pending || rowOf(pending.name)?.life !== 'fork') {
      this.world.void.add(pid);
      return undefined;
    }
    const text = CallText.of(pending.args, '0');
    const signature = signatureOf(pending.name);
    const call = new Call(pending.name, text, parent, pending.line, time, time, signature);
    return fork(this.world.machine, parent, pid, cloneFlags(call), time.ns);
  }
}
