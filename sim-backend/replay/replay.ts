/** The replay: a trace, a start and plans give an outcome. */
import type { StepObserver } from '../../core/backend/observer.ts';
import type { Outcome } from '../../core/backend/outcome.ts';
import { signalName, signalNumber } from '../../core/names/signals.ts';
import { TraceError } from '../../core/trace/trace-error.ts';
import type { Call } from '../machine/call.ts';
import { Cause } from '../machine/cause.ts';
import type { Instant } from '../machine/instant.ts';
import type { Task } from '../machine/task.ts';
import { CallText } from '../trace/call-text.ts';
import { type LineIndex, lineKind, type TaskEnd } from '../trace/line-index.ts';
import type { LogForm } from '../trace/log-clock.ts';
import { plainForm } from '../trace/plain-form.ts';
import { syscallNumber } from '../../core/names/syscalls.ts';
import { callOf, rowOf } from '../syscalls/index.ts';
import type { State } from '../syscalls/row.ts';
import { changesAny } from './apply-effects.ts';
import { Attachment } from './attachment.ts';
import { Calls } from './calls.ts';
import { Achieved } from './achieved.ts';
import { Contents } from './contents.ts';
import { CourseEffects } from './course-effects.ts';
import { Courses } from './courses.ts';
import { LogFilter, type LogSigns } from './filtered-log.ts';
import { HeldWaits } from './held-waits.ts';
import { LineOrder } from './line-order.ts';
import { LineOwners } from './line-owners.ts';
import { NamedFiles } from './named-files.ts';
import type { ReplayOptions } from './options.ts';
import { type UnreadLines, outcomeOf } from './outcome.ts';
import { Output } from './output.ts';
import { TraceClock } from './trace-clock.ts';
import { Unread } from './unread.ts';
import { withDoubts } from '../machine/start.ts';
import { TraceWindow } from './window.ts';
import { World } from './world.ts';

/** Lines, and processes, that are shown of many of the same fault. */
const mostShown = 5;

/** A name of another ABI: none of its hooks stand here. */
const isForeign = (name: string): boolean => syscallNumber(name, 'i386') !== undefined;

/** Bytes of a line that is not understood. */
const longestShown = 80;

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
  /** Lines that are no strace output. */
  private readonly garbage: UnreadLines = { count: 0, first: [] };
  private readonly unread = new Unread();
  private readonly owners: LineOwners;
  private readonly waits: HeldWaits;
  private readonly attachment: Attachment;
  private readonly form: LogForm = { stepNs: 0n };
  private readonly clock: TraceClock;
  private readonly order: LineOrder;
  private readonly filter: LogFilter;
  /** Of all calls in the trace. */
  private readonly names = new Set<string>();
  /** Names of calls that no kernel has. */
  private readonly unheardOf = new Set<string>();
  /** Calls that matter only once a course was changed. */
  private readonly lateNames = new Set<string>();

  constructor(
    options: ReplayOptions,
    private readonly observer: StepObserver,
  ) {
    this.world = new World(options, observer);
    this.calls = new Calls(this.world);
    this.owners = new LineOwners(this.world, this.unread);
    this.waits = new HeldWaits(this.world.machine);
    this.attachment = new Attachment(this.world, this.unread);
    this.clock = new TraceClock(this.world.machine, this.form);
    this.order = new LineOrder(this.world.record, this.form);
    this.filter = new LogFilter(this.world.start);
  }

  async run(): Promise<Outcome> {
    const { trace, signal } = this.world.options;
    const { foresight } = this.world.machine;
    const window = new TraceWindow((name) => this.wants(name), foresight);
    let turn = performance.now();
    let last = 0;
    for await (const { lines, line } of window.batches(plainForm(trace.open(signal), this.form))) {
      signal?.throwIfAborted();
      if (last === 0) this.doubtStart();
      for (let at = 0; at < lines.count; at += 1) this.take(lines, at);
      foresight.passed(line);
      await this.observer.ready?.();
      last = line;
      if (performance.now() - turn > longestTurnMs) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        turn = performance.now();
      }
    }
    signal?.throwIfAborted();
    if (!this.world.root) this.noTrace();
    this.reportMissing();
    this.unread.report(this.world.record);
    this.filter.report(this.world, this.signs(this.attachment.attached === false));
    const outcome = outcomeOf(
      this.world,
      { garbage: this.garbage, lines: last, exceeded: window.exceeded },
      performance.now() - this.began,
    );
    this.leave();
    this.world.options.effects?.ends();
    return outcome;
  }

  /** A log that hides calls may hide some that changed what the start tells: it shows by what was read ahead. */
  private doubtStart(): void {
    const { machine, start } = this.world;
    const doubts = this.filter.doubts(this.signs(this.names.has('execve')));
    if (doubts.size > 0) machine.start = withDoubts(start, doubts);
  }

  private signs(executed: boolean): LogSigns {
    const { glibc } = this.world.machine.foresight;
    return { names: this.names, executed, loader: glibc.opened, loaderMissed: glibc.soughtPreload };
  }

  /** What later steps will meet. */
  private leave(): void {
    const { earlier, step } = this.world.options;
    const where = step === undefined ? 'before' : `in step "${step}"`;
    if (earlier === undefined) return;
    earlier.changed.takeOver(this.world.courses.paths, (cause) => new Cause(`${where} ${cause.text}`));
    earlier.files = this.world.output.filesLeft();
  }

  private wants(name: string): boolean {
    this.names.add(name);
    const needed = this.wantsAlways(name);
    if (!needed) this.lateNames.add(name);
    return needed || (this.world.acts && Courses.concerns(name));
  }

  private wantsAlways(name: string): boolean {
    const row = rowOf(name);
    if (row === undefined) this.withoutRow(name);
    return (
      row?.life !== undefined ||
      (this.world.acts && Courses.prepares(name)) ||
      (row?.submits === true && !this.world.index.empty) ||
      changesAny(name, (state) => this.needs(state)) ||
      this.world.watchedCalls.has(name) ||
      (this.world.options.effects !== undefined && CourseEffects.concerns(name)) ||
      Output.mayWrite(name) ||
      (this.world.watchesFiles && Contents.concerns(name)) ||
      (this.world.achieved !== undefined && Achieved.concerns(name)) ||
      (this.world.names !== undefined && NamedFiles.concerns(name)) ||
      !this.world.index.ofCall(name).none
    );
  }

  /** Nothing is known of what the call runs: a hooked function may be among it. */
  private withoutRow(name: string): void {
    const { index } = this.world;
    if (index.empty) return;
    const exists = syscallNumber(name, 'x64') !== undefined;
    if (exists ? !index.hooksFunctions : isForeign(name)) return;
    if (!exists && this.unheardOf.size >= mostShown) return;
    if (!exists) this.unheardOf.add(name);
    const why = exists
      ? 'the table of system calls does not tell which kernel functions it runs'
      : 'no kernel that is known has such a system call (the log is damaged, or the kernel is newer than this)';
    this.world.record.problemOf({ kind: 'not-modelled', feature: name, why });
  }

  /** Somebody may ask for this part of the machine's state. */
  private needs(state: State): boolean {
    if (state === 'knowledge') return !this.world.index.empty;
    return state === 'handlers' ? this.world.acts : true;
  }

  private noTrace(): never {
    const { file } = this.world.options.trace;
    const first = this.garbage.first[0];
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
    const pid = lines.pid(at);
    const seconds = lines.time(at);
    this.order.take(lines, at, seconds);
    const time = this.clock.at(seconds);
    const end = kind === lineKind.end ? lines.end(at) : undefined;
    const ends = end !== undefined && end.kind !== 'superseded';
    if (kind === lineKind.signal) {
      this.delivered(lines, at);
      return;
    }
    if (kind === lineKind.personality) {
      this.personality(lines, at);
      return;
    }
    const task = this.owners.of(pid, time, line, end !== undefined);
    if (ends) this.owners.ends(pid, line);
    if (task) this.takeOf(task, lines, at, call, time, end);
    else this.ghostly(lines, at, end, call, time);
    const waited = ends ? this.waits.ofChild(pid) : undefined;
    if (waited) this.replays(waited);
  }

  /** A signal is of use only where it may be of a policy. */
  private delivered(lines: LineIndex, at: number): void {
    const { machine, root, options } = this.world;
    if (options.effects === undefined) return;
    const pid = lines.pid(at);
    const task = pid < 0 ? [...(root?.threads ?? [])][0] : machine.tasks.get(pid);
    const [, signal] = /--- (SIG\w+) \{/.exec(lines.shown(at)) ?? [];
    if (task !== undefined && signal !== undefined) options.effects.delivered(task, signal);
  }

  private personality(lines: LineIndex, at: number): void {
    const { pid, mode } = lines.personality(at) ?? {};
    if (pid === undefined) return;
    if (mode === '64 bit') this.world.compat.delete(pid);
    else this.world.compat.add(pid);
  }

  /** A line of this task. */
  private takeOf(
    task: Task,
    lines: LineIndex,
    at: number,
    call: CallText | undefined,
    time: Instant,
    end: TaskEnd | undefined,
  ): void {
    const kind = lines.kind(at);
    const line = lines.line(at);
    const name = lines.name(at);
    const first = !task.seen;
    task.seen = true;
    const waited = this.waits.ofParent(task);
    if (waited) this.replays(waited);
    if (end) {
      this.ends(task, end, time, line);
      return;
    }
    this.attachment.meets(task, name, line);
    if (kind !== lineKind.resumed && task.pending) this.lacksHalf(task);
    if (kind === lineKind.unfinished || kind === lineKind.call) this.world.options.effects?.saw(task, name);
    if (kind === lineKind.unfinished) {
      const detached = lines.isDetached(at);
      task.pending = { name, args: lines.firstHalf(at), line, start: time, detached };
    } else if (kind === lineKind.resumed && call) this.resumes(task, name, call, line, time, first);
    else if (call && (this.world.courses.any || !this.lateNames.has(name))) {
      const whole = callOf(name, call, task, line, time, time);
      if (!this.waits.holds(whole)) this.replays(whole);
    }
  }

  private replays(call: Call): void {
    const { task } = call;
    if (task.alive && !task.process.endedEarly) this.makes(call);
  }

  private makes(call: Call): void {
    this.calls.call(call);
    if (!call.broken) return;
    const text = `${call.name}(${call.text}`.slice(0, longestShown);
    this.world.record.problem({ kind: 'trace', fault: 'not-understood', text }, call.line);
  }

  /** The task goes on though the end of its call is missing. */
  private lacksHalf(task: Task): void {
    if (task.pending && !task.pending.detached)
      this.unread.add('no-second-half', task.tid, task.pending.line);
    task.pending = undefined;
  }

  private notUnderstood(lines: LineIndex, at: number): void {
    this.garbage.count += 1;
    if (this.garbage.first.length >= mostShown) return;
    const cut = lines.kind(at) === lineKind.cut;
    this.garbage.first.push({ line: lines.line(at), text: lines.shown(at), cut });
  }

  private resumes(
    task: Task,
    name: string,
    rest: CallText,
    line: number,
    time: Instant,
    first: boolean,
  ): void {
    const { pending } = task;
    if (!pending || pending.name !== name) {
      this.lacksHalf(task);
      this.attachment.lacksFirstHalf(task, name, line, first);
      return;
    }
    task.pending = undefined;
    const text = rest.after(pending.args);
    this.makes(callOf(name, text, task, pending.line, pending.start, time));
  }

  /** A line of a task that an action ended, or kept from being made. */
  private ghostly(
    lines: LineIndex,
    at: number,
    end: TaskEnd | undefined,
    call: CallText | undefined,
    time: Instant,
  ): void {
    const { ghosts, root } = this.world;
    // Without a process column there is one process.
    const pid = lines.pid(at) < 0 ? (root?.pid ?? -1) : lines.pid(at);
    const task = ghosts.taskOf(pid);
    if (!task) return;
    if (end) {
      ghosts.ends(pid, end.kind === 'superseded' ? end.by : undefined);
      return;
    }
    const name = lines.name(at);
    const line = lines.line(at);
    const kind = lines.kind(at);
    if (kind === lineKind.unfinished) {
      const args = lines.firstHalf(at);
      task.pending = { name, args, line, start: time, detached: lines.isDetached(at) };
      ghosts.would(callOf(name, CallText.of(args, '?'), task, line, time, time));
    } else if (call) {
      const half = kind === lineKind.resumed ? task.pending : undefined;
      task.pending = undefined;
      if (kind === lineKind.resumed && half?.name !== name) return;
      const text = half === undefined ? call : call.after(half.args);
      ghosts.would(callOf(name, text, task, half?.line ?? line, time, time));
    }
  }

  private ends(task: Task, end: TaskEnd, time: Instant, line: number): void {
    const { deaths } = this.calls;
    if (end.kind === 'superseded') deaths.supersede(task, end.by, time);
    else if (end.kind === 'exited') {
      const asked = deaths.exits.asked(task, end.code);
      if (asked !== undefined && asked !== end.code)
        this.world.record.problem({ kind: 'trace', fault: 'other-code', code: end.code, asked }, line);
      deaths.taskEnds(task, { code: end.code }, time);
    } else {
      // One name for it, whoever tells of it.
      const signal = signalName(signalNumber(end.signal) ?? 0);
      deaths.taskEnds(task, { signal, code: 0, core: end.core }, time);
    }
  }

  /** Processes that the trace shows being made, and of which it has no line. */
  private reportMissing(): void {
    const { record, machine } = this.world;
    const silent = [...machine.tasks.values()].filter(
      ({ alive, seen, process }) => alive && !seen && !process.endedEarly,
    );
    if (silent.length === 0) return;
    const pids = silent.slice(0, mostShown).map(({ tid }) => tid);
    record.problemOf({ kind: 'missing-lines', pids }, undefined, silent.length);
  }
}
