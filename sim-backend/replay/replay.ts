/** The replay: a trace, a start and plans give an outcome. */
import { buildExec, buildExit } from '../../core/events/build.ts';
import type { HookPlan } from '../../core/plan/plan.ts';
import type { EventClock } from '../../core/events/facts.ts';
import type { Fate, FileOutcome, Known, Outcome, ProcessOutcome } from '../../core/scenario/outcome.ts';
import { argumentsText } from '../../core/events/process-json.ts';
import { fromBytes } from '../../core/plan/value.ts';
import { errnoName } from '../trace/errno.ts';
import { TraceError } from '../trace/errors.ts';
import { readTrace, type TraceItem } from '../trace/reader.ts';
import { Call } from '../machine/call.ts';
import { applyEffect, changesState } from '../machine/effects/index.ts';
import { type ExecTarget, cloneFlag, exec, fork, forkFlags, launcherImage } from '../machine/lifecycle.ts';
import { Machine } from '../machine/machine.ts';
import { assumedStart, readStart, type StartState } from '../machine/start.ts';
import type { Image, Process, Task } from '../machine/task.ts';
import type { OpenFile } from '../machine/file.ts';
import { closeSocket } from '../machine/sockets.ts';
import { arg } from '../kernel-model/sources.ts';
import { number, type Raw } from '../kernel-model/raw.ts';
import { symbolName } from '../kernel-model/syscalls.ts';
import { beforeInterpreter, beforeNewImage, isStatic, target } from '../kernel-model/tables/exec.ts';
import { onKernel } from '../kernel-model/row.ts';
import { releaseSteps } from '../kernel-model/tables/release.ts';
import { syscallNumber } from '../../core/plan/names/syscalls.ts';
import { ChangedPaths } from './changed-paths.ts';
import { Contents } from './contents.ts';
import { killEffect } from './effects-table.ts';
import { foresee } from './foresight.ts';
import { HookIndex, type Bound } from './hooks.ts';
import type { ReplayOptions } from './options.ts';
import { Output } from './output.ts';
import { nothingWanted, Probes, type Entered, type Wanted } from './probes.ts';
import { Recorder } from './record.ts';
import { signalName, signalOutcome } from './signals.ts';

/** Programs of the system, but for those that are usually set-user-ID. */
const ordinaryProgram =
  /^\/usr\/(local\/)?s?bin\/(?!(su|sudo|passwd|chsh|chfn|newgrp|gpasswd|mount|umount|ping|fusermount3?|pkexec|crontab|at|doas|expiry|chage|wall|write)$)/;

const sigpipe = 13;

/** Seconds: ten years. */
const longestTrace = 315_360_000;

const acting = new Set(['Sigkill', 'Signal', 'Override', 'NotifyEnforcer']);

/** A hook with an action that may change what a program does. */
function mayAct(hook: HookPlan): boolean {
  return hook.selectors.some(({ actions, returnActions }) =>
    [...actions, ...returnActions].some(({ kind }) => acting.has(kind)),
  );
}

const lifeCycle = new Set(['execve', 'execveat', 'fork', 'vfork', 'clone', 'clone3', 'exit', 'exit_group']);

/** Replays a trace. Throws TraceError when the input is no trace or its start snapshot is none. */
export function replay(options: ReplayOptions): Outcome {
  return new Replay(options).run();
}

class Replay {
  private readonly began = performance.now();
  private readonly start: StartState;
  private readonly machine: Machine;
  private readonly index: HookIndex;
  private readonly record = new Recorder();
  private readonly output: Output;
  private readonly probes: Probes;
  private readonly changed: ChangedPaths;
  /** Some action may change the course of a program. */
  private readonly acts: boolean;
  private readonly watchesFiles: boolean;
  private readonly clock: EventClock;
  private readonly watchedCalls: ReadonlySet<string>;
  /** The image that ran before the first execve: outside of the tree. */
  private readonly launcher: Image | undefined;
  private root: Process | undefined;
  private firstTime: number | undefined;
  private lastNs = 0n;
  /** Pids of tasks that never came to be, or that ended before what the trace says of them. */
  private readonly void = new Set<number>();
  private unknownLines = 0;
  private readonly unreadable: { line: number; text: string; cut: boolean }[] = [];
  /** Executed without being in the tables while something that it may run is hooked. */
  private lineCount = 0;

  constructor(private readonly options: ReplayOptions) {
    const { trace } = options;
    const startValue = options.start ?? trace.start;
    this.start =
      startValue === undefined ? assumedStart(options.given?.cwd) : readStart(startValue, trace.file);
    const foresight = foresee(trace.chunks());
    this.machine = new Machine(this.start, foresight, options.given);
    this.index = new HookIndex(options.plans, this.start.kernel);
    for (const problem of this.index.problems) this.record.problem(problem);
    this.launcher = launcherImage(this.machine);
    this.clock = {
      nodeName: options.clock?.nodeName ?? this.start.hostname,
      bootUnixNs: options.clock?.bootUnixNs ?? this.start.bootUnixNs ?? 1_767_225_600_000_000_000n,
    };
    this.watchedCalls = new Set(options.watchCalls ?? []);
    this.output = new Output(this.machine, this.record, (options.watchFiles?.length ?? 0) > 0);
    this.changed = new ChangedPaths(this.machine);
    this.watchesFiles = (options.watchFiles?.length ?? 0) > 0;
    this.acts = options.plans.some((plan) => plan.mode !== 'monitor' && plan.hooks.some(mayAct));
    this.probes = new Probes(
      this.machine,
      this.clock,
      {
        event: (event, task, image) => {
          this.record.event(event, this.processOf(image) ?? task.process);
        },
        undetermined: (bound, why, line) => {
          this.record.problem({
            kind: 'not-known',
            message: `${bound.plan.policyName}: ${bound.hook.target}: ${why}`,
            file: trace.file,
            ...(line > 0 && { line }),
          });
        },
      },
      (image) => image === this.launcher || !this.inTree(image),
    );
  }

  run(): Outcome {
    for (const item of readTrace(this.options.trace.chunks(), (name) => this.wants(name))) {
      this.options.signal?.throwIfAborted();
      this.take(item);
    }
    if (!this.root) this.noTrace();
    return this.finish();
  }

  private wants(name: string): boolean {
    return (
      lifeCycle.has(name) ||
      (changesState(name) && !this.canSkip(name)) ||
      this.watchedCalls.has(name) ||
      Output.mayWrite(name) ||
      (this.acts && name === 'read') ||
      (this.watchesFiles && Contents.concerns(name)) ||
      (this.acts && ChangedPaths.names(name)) ||
      !this.index.ofCall(name).none
    );
  }

  /** Calls whose effects nothing asks for. */
  private canSkip(name: string): boolean {
    if (/^(stat|lstat|fstat|newfstatat|statx)$/.test(name)) return this.index.empty;
    return !this.acts && /^(rt_sigaction|wait4|waitid|waitpid)$/.test(name);
  }

  private noTrace(): never {
    const { file } = this.options.trace;
    const first = this.unreadable[0];
    if (!first) throw new TraceError('TR-trace-empty', 'the trace holds no system call', file);
    throw new TraceError(
      'TR-trace-unreadable',
      `this is no strace output: ${JSON.stringify(first.text.slice(0, 80))}`,
      file,
      first.line,
    );
  }

  private take(item: TraceItem): void {
    this.lineCount += 1;
    if (item.kind === 'unknown') {
      this.unknownLines += 1;
      if (this.unreadable.length < 5) this.unreadable.push(item);
      return;
    }
    const timeNs = this.timeOf(item.time);
    const task = this.taskOf(item.pid, timeNs);
    if (!task) return;
    switch (item.kind) {
      case 'unfinished':
        task.pending = { name: item.name, args: item.args, line: item.line, time: item.time };
        return;
      case 'resumed': {
        const { pending } = task;
        task.pending = undefined;
        if (!pending || pending.name !== item.name) return;
        this.call(
          new Call(
            item.name,
            pending.args + item.args,
            item.result,
            task,
            pending.line,
            this.timeOf(pending.time),
            timeNs,
          ),
        );
        return;
      }
      case 'call':
        this.call(new Call(item.name, item.args, item.result, task, item.line, timeNs, timeNs));
        return;
      case 'signal':
        return;
      case 'exited':
        this.taskEnds(task, { code: item.code }, timeNs);
        return;
      case 'killed':
        this.taskEnds(task, { signal: item.signal, code: 0 }, timeNs);
        return;
      case 'superseded':
        this.supersede(task, item.by);
        return;
    }
  }

  /** Nanoseconds since boot; a trace without times counts lines. */
  private timeOf(seconds: number): bigint {
    if (Number.isNaN(seconds)) {
      this.lastNs = this.lastNs === 0n ? this.start.bootNs : this.lastNs + 1000n;
      return this.lastNs;
    }
    this.firstTime ??= seconds;
    const since = seconds - this.firstTime;
    // A damaged line may show any time; its place in the trace is then all that is known.
    if (Math.abs(since) > longestTrace) return this.timeOf(NaN);
    this.lastNs = this.start.bootNs + BigInt(Math.round(since * 1e6)) * 1000n;
    return this.lastNs;
  }

  /** The task that a line is about; undefined if it is void. */
  private taskOf(pid: number, timeNs: bigint): Task | undefined {
    const known = this.machine.tasks.get(pid);
    if (known) return known.alive && !known.process.endedEarly ? known : undefined;
    if (this.void.has(pid)) return undefined;
    if (!this.root) {
      const task = this.machine.addRoot(pid < 0 ? (this.start.pid ?? 1) : pid);
      task.process.image = this.launcher;
      this.root = task.process;
      return task;
    }
    if (pid < 0) {
      // No process column: there is one process, and the root task is it.
      for (const task of this.machine.tasks.values()) return task.alive ? task : undefined;
      return undefined;
    }
    // A child whose first lines come before its parent's call returned.
    const parentPid = this.machine.foresight.parents.get(pid);
    const parent = parentPid === undefined ? undefined : this.machine.tasks.get(parentPid);
    if (!parent?.alive || parent.process.endedEarly) {
      this.void.add(pid);
      return undefined;
    }
    const pending = parent.pending;
    if (!pending || !lifeCycle.has(pending.name)) {
      this.void.add(pid);
      return undefined;
    }
    const call = new Call(pending.name, pending.args, '0', parent, pending.line, timeNs, timeNs);
    return fork(this.machine, parent, pid, forkFlags(call), timeNs);
  }

  private call(call: Call): void {
    const { task } = call;
    if (this.watchedCalls.has(call.name)) this.noteCall(call, call.errno ?? 0);
    const hooks = this.index.ofCall(call.name);
    const image = task.process.image;
    if (this.changed.meets(call)) task.process.diverged = true;
    const wanted = nothingWanted();
    const entered: Entered[] = [];
    let overridden: number | undefined;
    const visible = image !== undefined && image !== this.launcher;
    if (!hooks.none && visible) {
      this.atEntry(call, hooks, image, entered, wanted);
      overridden = this.overrideAt(call, `__x64_sys_${symbolName(call.name)}`, wanted);
    }
    let stopped = false;
    let atFork = false;
    let deathBefore: string | undefined = wanted.signals.some((signal) => this.isFatal(task, signal))
      ? 'entry'
      : undefined;
    if (overridden === undefined) {
      for (const { step, bounds } of visible ? hooks.steps : []) {
        if (deathBefore !== undefined && this.stopsHere(call, deathBefore, step.hook)) break;
        if (stopped) break;
        const applies = step.when?.(call, this.machine) ?? true;
        if (applies === false) continue;
        if (typeof applies === 'string') {
          for (const bound of bounds) {
            this.record.problem({
              kind: 'not-known',
              message: `${bound.plan.policyName}: ${bound.hook.target}: ${applies}`,
              file: this.options.trace.file,
              line: call.line,
            });
          }
          continue;
        }
        const items = step.each ? step.each(call, this.machine) : [undefined];
        for (const item of items) {
          const here = nothingWanted();
          const back = this.probes.hit(
            bounds,
            step.hook,
            (index) => step.args[index]?.(call, this.machine, item),
            call,
            task,
            image ?? (this.launcher as Image),
            call.endNs,
            here,
          );
          if (here.notify) task.enforcement = here.notify;
          const error = this.overrideAt(call, step.hook, here);
          wanted.signals.push(...here.signals);
          for (const one of back) {
            this.probes.leave(
              one,
              error === undefined ? (step.returns?.(call, this.machine, item) ?? 0n) : BigInt(error),
              undefined,
              task,
              call.endNs,
              wanted,
            );
          }
          if (deathBefore === undefined && wanted.signals.some((signal) => this.isFatal(task, signal))) {
            deathBefore = step.hook;
            if (step.hook === 'wake_up_new_task' || step.hook.startsWith('tp:')) atFork = true;
          }
          if (error !== undefined) {
            stopped = true;
            overridden = error;
            break;
          }
        }
      }
    }
    const broken = overridden === undefined ? this.meetsBrokenPipe(call) : undefined;
    if (broken !== undefined) wanted.signals.push(broken);
    const death = this.deathOf(task, wanted.signals);
    const released: OpenFile[] = [];
    if (overridden !== undefined) this.overridden(call, overridden, death !== undefined);
    else this.effects(call, death, deathBefore, atFork, released);
    this.atExit(call, hooks, entered, overridden, death !== undefined, image, wanted);
    this.release(released, call, task, task.process.image ?? image, call.endNs);
    task.enforcement = undefined;
    const last = death ?? this.deathOf(task, wanted.signals);
    if (last !== undefined) this.kill(task.process, last, call);
    else if (this.isHandled(task, wanted.signals)) task.process.diverged = true;
  }

  /** Tracepoints and the probe of the system call itself. */
  private atEntry(
    call: Call,
    hooks: ReturnType<HookIndex['ofCall']>,
    image: Image,
    entered: Entered[],
    wanted: Wanted,
  ): void {
    const { task } = call;
    const fields = (index: number): Raw | undefined => {
      if (index === 4) return number(syscallNumber(call.name, 'x64') ?? -1);
      return index >= 5 ? arg(index - 5)(call, this.machine, undefined) : undefined;
    };
    const rawFields = (index: number): Raw | undefined => {
      if (index === 4) return number(syscallNumber(call.name, 'x64') ?? -1);
      if (index !== 5) return undefined;
      return { kind: 'longs', values: [0, 1, 2, 3, 4, 5].map((at) => call.number(at)) };
    };
    const take = (bounds: readonly Bound[], rawOf: (index: number) => Raw | undefined): void => {
      if (bounds.length === 0) return;
      entered.push(
        ...this.probes.hit(
          bounds,
          `__x64_sys_${symbolName(call.name)}`,
          rawOf,
          call,
          task,
          image,
          call.startNs,
          wanted,
        ),
      );
      if (wanted.notify) task.enforcement = wanted.notify;
    };
    take(hooks.rawEnter, rawFields);
    take(hooks.enter, fields);
    take(hooks.kprobe, (index) => arg(index)(call, this.machine, undefined));
  }

  /** Error that the hooked function returns instead of running: by Override, or by an enforcer. */
  private overrideAt(call: Call, symbol: string, wanted: Wanted): number | undefined {
    const { task } = call;
    const pending = task.enforcement;
    if (pending && this.index.isEnforced(symbol)) {
      task.enforcement = undefined;
      if (pending.signal !== 0) wanted.signals.push(pending.signal);
      if (pending.error !== 0 && wanted.override === undefined) return pending.error;
    }
    return wanted.override;
  }

  private atExit(
    call: Call,
    hooks: ReturnType<HookIndex['ofCall']>,
    entered: readonly Entered[],
    overridden: number | undefined,
    dying: boolean,
    image: Image | undefined,
    wanted: Wanted,
  ): void {
    if (image === undefined || image === this.launcher) return;
    const { task } = call;
    const returned = overridden ?? call.returned;
    const value = returned === undefined ? undefined : BigInt(returned);
    const exact = overridden === undefined && call.errno === undefined ? call.result.value : value;
    if (call.name === 'exit' || call.name === 'exit_group') return;
    for (const one of entered) {
      this.probes.leave(one, exact, this.returnedFile(call), task, call.endNs, wanted);
    }
    if (dying && returned === undefined) return;
    const current = task.process.image ?? image;
    const fields = (index: number): Raw | undefined => {
      if (index === 4) return number(syscallNumber(call.name, 'x64') ?? -1);
      return index === 5 && exact !== undefined ? { kind: 'number', value: exact } : undefined;
    };
    if (hooks.exit.length > 0)
      this.probes.hit(hooks.exit, undefined, fields, call, task, current, call.endNs, wanted);
    if (hooks.rawExit.length > 0)
      this.probes.hit(hooks.rawExit, undefined, fields, call, task, current, call.endNs, wanted);
  }

  /** A returned descriptor may be read as the file behind it. */
  private returnedFile(call: Call): Raw | undefined {
    return call.result.target ? { kind: 'printed', call, index: -1, text: call.result.text } : undefined;
  }

  private isFatal(task: Task, signal: number): boolean {
    return signalOutcome(signal, task.process.handlers) === 'dies';
  }

  private isHandled(task: Task, signals: readonly number[]): boolean {
    return signals.some((signal) => {
      const outcome = signalOutcome(signal, task.process.handlers);
      return outcome === 'handled' || outcome === 'stops';
    });
  }

  /** Sigkill wins over whatever else is pending; else the lowest number is delivered first. */
  private deathOf(task: Task, signals: readonly number[]): number | undefined {
    const fatal = signals.filter((signal) => this.isFatal(task, signal));
    if (fatal.includes(9)) return 9;
    return fatal.length > 0 ? Math.min(...fatal) : undefined;
  }

  /** A fatal signal raised before this step keeps the call from reaching it. */
  private stopsHere(call: Call, raisedAt: string, next: string): boolean {
    if (call.name === 'execve' || call.name === 'execveat') {
      if (raisedAt === 'entry' || beforeNewImage.has(raisedAt)) return !beforeNewImage.has(next);
      return beforeInterpreter.has(raisedAt) && !isStatic(call, this.machine) && !beforeInterpreter.has(next);
    }
    if (/^(fork|vfork|clone|clone3)$/.test(call.name)) {
      return raisedAt === 'entry' || !raisedAt.startsWith('tp:');
    }
    return false;
  }

  /** What the call changes, unless a fatal signal keeps it from doing so. */
  private effects(
    call: Call,
    death: number | undefined,
    raisedAt: string | undefined,
    atFork: boolean,
    released: OpenFile[],
  ): void {
    const { name } = call;
    if (name === 'execve' || name === 'execveat') {
      const early =
        raisedAt === 'entry' ||
        (raisedAt !== undefined &&
          (beforeNewImage.has(raisedAt) ||
            (beforeInterpreter.has(raisedAt) && !isStatic(call, this.machine))));
      if (call.ok && call.result.value === 0n && !(death !== undefined && early))
        this.executes(call, released);
      return;
    }
    if (name === 'fork' || name === 'vfork' || name === 'clone' || name === 'clone3') {
      if (call.ok && (death === undefined || atFork)) this.forks(call);
      return;
    }
    if (death !== undefined && killEffect(call, this.machine) === 'stopped') {
      this.changed.prevented(call);
      return;
    }
    this.output.write(call);
    applyEffect({ machine: this.machine, call, released });
    this.output.changed(call);
    if (name === 'exit_group' || name === 'exit') this.ends(call, death);
  }

  private forks(call: Call): void {
    const { task } = call;
    const child = call.result.hostPid ?? call.returned;
    if (child === undefined || child <= 0) return;
    const flags = forkFlags(call);
    const known = this.machine.tasks.get(child);
    if (known?.alive) return;
    this.void.delete(child);
    fork(this.machine, task, child, flags, call.endNs);
    if (flags & cloneFlag.parent && task.process.realParent) {
      const made = this.machine.tasks.get(child)?.process;
      if (made) made.realParent = task.process.realParent;
    }
  }

  private executes(call: Call, released: OpenFile[]): void {
    const { task } = call;
    const found = target(call, this.machine);
    if (!found) {
      this.record.problem({
        kind: 'trace',
        message: 'the path of an executed program is not readable in the trace',
        file: this.options.trace.file,
        line: call.line,
      });
      return;
    }
    this.doubts(call, found);
    const image = exec(this.machine, task, found, call.endNs);
    for (const [fd] of task.files.entries()) {
      if (!task.files.isCloseOnExec(fd)) continue;
      const file = task.files.close(fd);
      if (file) released.push(file);
    }
    this.record.event(buildExec(image.facts, this.clock, this.probes.tick(call.endNs)), task.process);
    const machineHooks = this.index.ofCall('@exec');
    const shown = call.path(call.name === 'execveat' ? 1 : 0) ?? '';
    for (const { step, bounds } of machineHooks.steps) {
      const item = step.hook.startsWith('raw:')
        ? { path: found.rounds.at(-1) ?? '', argc: found.argv.length }
        : shown;
      const wanted = nothingWanted();
      this.probes.hit(
        bounds,
        step.hook,
        (index) => step.args[index]?.(call, this.machine, item),
        call,
        task,
        image,
        call.endNs,
        wanted,
      );
      const death = this.deathOf(task, wanted.signals);
      if (death !== undefined) this.kill(task.process, death, call);
    }
  }

  /** What an exec event shows but this trace does not tell. */
  private doubts(call: Call, found: ExecTarget): void {
    const place = { file: this.options.trace.file, line: call.line };
    if (found.cut) {
      this.record.problem({
        kind: 'not-known',
        message: 'strace cut the arguments of an executed program short (record with a larger -s)',
        ...place,
      });
    }
    const file = found.rounds.at(-1) ?? '';
    const { cred } = call.task;
    const plain = cred.euid === 0 || cred.noNewPrivs || ordinaryProgram.test(file);
    if (!plain && this.machine.inodes.knownMode(file) === undefined) {
      this.record.problem({
        kind: 'not-known',
        message: `whether ${file} is set-user-ID, and what it gains, is not in the trace`,
        ...place,
      });
    }
  }

  /** exit and exit_group; what follows comes with the exit line. */
  private ends(call: Call, death: number | undefined): void {
    if (death !== undefined) return;
    call.task.process.exitCode = (call.int(0) ?? 0) & 0xff;
  }

  /** Files whose last descriptor went. */
  private release(
    files: readonly OpenFile[],
    call: Call,
    task: Task,
    image: Image | undefined,
    timeNs: bigint,
  ): void {
    if (files.length === 0) return;
    if (!image || image === this.launcher) {
      for (const { socket } of files) if (socket) closeSocket(socket);
      return;
    }
    for (const { hook, args, applies, kernels } of releaseSteps) {
      if (!onKernel(kernels, this.start.kernel)) continue;
      const bounds = [...this.index.named(hook), ...this.index.named(`lsm:${hook}`)];
      if (bounds.length === 0) continue;
      for (const file of files) {
        if (!applies(file)) continue;
        const wanted = nothingWanted();
        this.probes.hit(
          bounds,
          hook,
          (index) => args[index]?.(call, this.machine, file),
          call,
          task,
          image,
          timeNs,
          wanted,
        );
        const death = this.deathOf(task, wanted.signals);
        if (death !== undefined && task.alive) this.kill(task.process, death, call);
      }
    }
    for (const { socket } of files) if (socket) closeSocket(socket);
  }

  private overridden(call: Call, error: number, dies: boolean): void {
    const recorded = call.returned;
    if (this.watchedCalls.has(call.name)) {
      this.record.calls.pop();
      this.noteCall(call, error < 0 && error > -4096 ? errnoName(-error) : 0);
    }
    if (recorded !== error) {
      this.changed.prevented(call);
      if (!dies) call.task.process.diverged = true;
    }
    // A child that the overridden call would have made never comes to be.
    const child = call.result.hostPid ?? recorded;
    if (lifeCycle.has(call.name) && child !== undefined && child > 0) this.void.add(child);
  }

  private noteCall(call: Call, errno: string | 0): void {
    this.record.calls.push({
      process: call.task.process.number,
      name: call.name,
      errno,
      diverged: call.task.process.diverged,
    });
  }

  private supersede(leader: Task, by: number): void {
    const thread = this.machine.tasks.get(by);
    if (!thread || thread.process !== leader.process) return;
    leader.pending = thread.pending;
    leader.files = thread.files;
    leader.fs = thread.fs;
    leader.cred = thread.cred;
    leader.namespaces = thread.namespaces;
    thread.alive = false;
    leader.process.threads.delete(thread);
    this.machine.tasks.delete(by);
  }

  /** An exit line of one task. */
  private taskEnds(
    task: Task,
    how: { readonly signal?: string; readonly code: number },
    timeNs: bigint,
  ): void {
    const { process } = task;
    const { pending } = task;
    const last = process.threads.size <= 1;
    // A call that never came back: its entry was reached all the same.
    if (pending) {
      task.pending = undefined;
      this.call(
        new Call(pending.name, pending.args, '?', task, pending.line, this.timeOf(pending.time), timeNs),
      );
      if (!task.alive) return;
    }
    const call = new Call('@exit', '', '?', task, 0, timeNs, timeNs);
    const image = process.image;
    this.machineHooks('@exit', call, task, image, timeNs);
    if (last) {
      this.machineHooks('@last-exit', call, task, image, timeNs);
      process.fate =
        how.signal === undefined
          ? { kind: 'exited', code: how.code }
          : { kind: 'killed', signal: how.signal };
      if (image && image !== this.launcher) {
        this.record.event(
          buildExit(
            image.facts,
            { ...(how.signal !== undefined && { signal: how.signal }), code: how.code },
            this.clock,
            this.probes.tick(timeNs),
          ),
          process,
        );
      }
    }
    this.afterExit(task, last, call, timeNs);
  }

  /** Everything that a task leaves behind; hooks are attributed to the parent, for Tetragon has dropped the entry. */
  private afterExit(task: Task, last: boolean, call: Call, timeNs: bigint): void {
    const { process } = task;
    task.alive = false;
    process.threads.delete(task);
    const image = last ? this.heirOf(process) : process.image;
    this.machineHooks('@exited', call, task, image, timeNs);
    task.files.users -= 1;
    if (task.files.users <= 0) {
      const released: OpenFile[] = [];
      for (const [fd] of task.files.entries()) {
        const file = task.files.close(fd);
        if (file) released.push(file);
      }
      if (process.endedEarly) this.breakPipes(released);
      this.release(released.reverse(), call, task, image, timeNs);
    }
    this.machine.tasks.delete(task.tid);
    if (!last) return;
    for (const child of this.machine.processes) {
      if (child.realParent === process && !child.fate) child.realParent = undefined;
    }
  }

  /** Ends of pipes that went with a process that was ended by an action. */
  private breakPipes(files: readonly OpenFile[]): void {
    for (const { kind, pipe, flags } of files) {
      if (kind === 'pipe' && pipe !== undefined)
        ((flags & 3) === 0 ? this.machine.unread : this.machine.unwritten).add(pipe);
    }
  }

  /** A pipe whose other end is gone: a writer dies of SIGPIPE, a reader sees the end of the data early. */
  private meetsBrokenPipe(call: Call): number | undefined {
    const { machine } = this;
    if (machine.unread.size === 0 && machine.unwritten.size === 0) return undefined;
    const writes = call.name === 'write' || call.name === 'writev';
    if (!writes && call.name !== 'read') return undefined;
    const pipe = machine.fileOf(call.task, call.descriptor(0))?.pipe;
    if (pipe === undefined) return undefined;
    if (writes && machine.unread.has(pipe) && call.ok) {
      if (this.isFatal(call.task, sigpipe)) return sigpipe;
      call.task.process.diverged = true;
    }
    if (!writes && machine.unwritten.has(pipe)) call.task.process.diverged = true;
    return undefined;
  }

  /** Who is named where a hook fires after Tetragon dropped the process. */
  private heirOf(process: Process): Image | undefined {
    return process.realParent?.image ?? process.image?.parent;
  }

  private machineHooks(name: string, call: Call, task: Task, image: Image | undefined, timeNs: bigint): void {
    const hooks = this.index.ofCall(name);
    if (hooks.none || !image) return;
    for (const { step, bounds } of hooks.steps) {
      this.probes.hit(
        bounds,
        step.hook,
        (index) => step.args[index]?.(call, this.machine, undefined),
        call,
        task,
        image,
        timeNs,
        nothingWanted(),
      );
    }
  }

  /** A process dies of a signal that an action raised. */
  private kill(process: Process, signal: number, cause: Call): void {
    if (process.fate || process.endedEarly) return;
    const timeNs = cause.endNs;
    const name = signalName(signal);
    process.endedEarly = true;
    process.fate = { kind: 'killed', signal: name };
    const image = process.image;
    const tasks = [...process.threads];
    for (const [index, task] of tasks.entries()) {
      const last = index === tasks.length - 1;
      task.pending = undefined;
      const call = new Call('@exit', '', '?', task, cause.line, timeNs, timeNs);
      this.machineHooks('@exit', call, task, image, timeNs);
      if (last) {
        this.machineHooks('@last-exit', call, task, image, timeNs);
        if (image && image !== this.launcher) {
          this.record.event(
            buildExit(image.facts, { signal: name, code: 0 }, this.clock, this.probes.tick(timeNs)),
            process,
          );
        }
      }
      this.afterExit(task, last, call, timeNs);
      this.void.add(task.tid);
    }
    this.output.broken(process);
    if (process.realParent) process.realParent.changedChildren.add(process.pid);
    if (process.namespaceInit) this.killNamespace(process, cause);
  }

  /** With the first process of a pid namespace all of it dies. */
  private killNamespace(init: Process, cause: Call): void {
    for (const process of this.machine.processes) {
      if (process === init || process.fate || !process.inInitTree) continue;
      let at = process.parent;
      while (at && at !== init) at = at.parent;
      if (at === init) this.kill(process, 9, cause);
    }
  }

  private inTree(image: Image): boolean {
    let at: Image | undefined = this.launcher;
    while (at) {
      if (at === image) return false;
      at = at.parent;
    }
    return true;
  }

  private processOf(image: Image): Process | undefined {
    const pid = image.facts.pid;
    for (let index = this.machine.processes.length - 1; index >= 0; index -= 1) {
      const process = this.machine.processes[index];
      if (process?.pid === pid) return process;
    }
    return undefined;
  }

  private finish(): Outcome {
    const { trace } = this.options;
    for (const { line, text, cut } of this.unreadable) {
      this.record.problem({
        kind: 'trace',
        message: cut
          ? `the trace ends in the middle of line ${line}`
          : `line ${line} is not understood: ${JSON.stringify(text.slice(0, 80))}`,
        file: trace.file,
        line,
      });
    }
    if (this.unknownLines > this.unreadable.length) {
      this.record.problem({
        kind: 'trace',
        message: `${this.unknownLines} lines in all are not understood`,
        file: trace.file,
      });
    }
    const processes = this.machine.processes.filter(
      ({ image }) => image !== undefined && image !== this.launcher,
    );
    const cut = this.unreadable.some((line) => line.cut);
    const fateOf = (process: Process): Fate =>
      process.fate ??
      (cut || this.unknownLines > 0
        ? { kind: 'unknown', why: 'the trace ends before the process does' }
        : { kind: 'running' });
    const root = this.root ? fateOf(this.root) : ({ kind: 'unknown', why: 'no process' } as const);
    return {
      root,
      processes: processes.map((process): ProcessOutcome => {
        const parent = process.parent?.number;
        return {
          number: process.number,
          ...(parent !== undefined && { parent }),
          pid: process.pid,
          binary: fromBytes(process.image?.facts.binary ?? ''),
          arguments: argumentsText(process.image?.facts.args ?? []),
          fate: fateOf(process),
          diverged: process.diverged,
        };
      }),
      events: this.record.events,
      stdout: this.output.text(1),
      stderr: this.output.text(2),
      calls: this.record.calls,
      files: this.files(),
      problems: this.record.problems,
      notes: this.notes(),
      elapsedMs: performance.now() - this.began,
    };
  }

  private files(): Record<string, Known<FileOutcome>> {
    const files: Record<string, Known<FileOutcome>> = {};
    for (const path of this.options.watchFiles ?? []) files[path] = this.output.fileAfter(path);
    return files;
  }

  private notes(): string[] {
    const notes = [...this.start.assumed, ...this.machine.notes];
    const { assumed } = this.machine.inodes;
    if (assumed.size > 0) {
      const some = [...assumed].slice(0, 3).join(', ');
      notes.push(
        `permissions of ${assumed.size} files are assumed, the trace does not show them: ${some}${assumed.size > 3 ? ', …' : ''}`,
      );
    }
    return notes;
  }
}
