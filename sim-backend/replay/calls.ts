/** One system call through the hooks: entry, the functions inside, its effects, its return. */
import type { ProblemCause } from '../../core/backend/problem.ts';
import { launcherNotes } from '../../core/backend/launcher-notes.ts';
import { noEffects } from '../../core/judge/effects.ts';
import type { MergedEffects } from '../../core/judge/effects.ts';
import type { Entered } from '../../core/judge/judge.ts';
import type { LoadedHook } from '../../core/judge/loaded-hook.ts';
import { deniedExitCode } from '../../core/events/launcher.ts';
import { syscallNumber } from '../../core/names/syscalls.ts';
import { readNumber } from '../trace/number.ts';
import { type KernelValue, number, unknown } from '../kernel-model/kernel-value.ts';
import { symbolName } from '../kernel-model/syscalls.ts';
import type { Call } from '../machine/call.ts';
import { lookAtTask } from '../machine/credential-doubts.ts';
import { Cause } from '../machine/cause.ts';
import type { OpenFile } from '../machine/file.ts';
import type { Machine } from '../machine/machine.ts';
import { executor, type Image, type Task } from '../machine/task.ts';
import { afterThreads } from '../syscalls/exec.ts';
import { rowOf } from '../syscalls/index.ts';
import type { HookSite } from '../syscalls/row.ts';
import { errnoName } from '../../core/names/errno.ts';
import { doubtOfPage, rememberTexts } from './untouched-texts.ts';
import { applyEffects } from './apply-effects.ts';
import { killed, nameOf } from './courses.ts';
import { Deaths } from './deaths.ts';
import { course } from './gathered.ts';
import { copyUp, runsTwice, secondPass } from './overlay.ts';
import { killEffect } from './kill-effect.ts';
import { handled } from './course-effects.ts';
import { courseAfter } from './interrupted.ts';
import type { Inside } from './inside.ts';
import { Lives } from './lives.ts';
import { signalName } from '../../core/names/signals.ts';
import { CallReturn } from './call-hit.ts';
import type { CallHit, FunctionRun } from './call-hit.ts';
import { type CallHooks, noHooks } from './hooks.ts';
import type { World } from './world.ts';

/** No action did anything to the call. */
const untouched: Inside = { overridden: undefined, raisedAt: undefined, handledAt: undefined };

/** Functions that return nothing: an override changes nothing. */
const withoutResult = new Set([
  'security_bprm_committing_creds',
  'security_bprm_committed_creds',
  'security_file_free',
  'security_file_release',
]);

export class Calls {
  readonly deaths: Deaths;
  private readonly lives: Lives;

  /** Functions are hooked that an overlay file system runs more than once. */
  private readonly doubled: boolean;

  constructor(private readonly world: World) {
    this.doubled = world.index.hooksAny(runsTwice);
    this.deaths = new Deaths(world, (call) => {
      this.call(call);
    });
    this.lives = new Lives(world, this.deaths);
  }

  call(shown: Call): void {
    const { effects } = this.world.options;
    const call = effects?.whole(shown, this.world.machine) ?? shown;
    const { task } = call;
    effects?.sees(call);
    this.meetsOthers(call);
    this.world.names?.take(call);
    if (this.world.watchedCalls.has(call.name)) this.noteCall(call, call.errno ?? 0);
    if (rowOf(call.name)?.submits === true) this.submits(call);
    if (this.deaths.holdsAny && !call.ok) this.endHeld(call);
    const hooks = this.hooksOf(call);
    const image = task.process.image;
    if (hooks.none && !this.doubled && !this.deaths.pipesBroke) {
      // Nothing can come between the call and its effects.
      if (this.deaths.holdsAny) this.endHeld(call);
      const released: OpenFile[] = [];
      this.effects(call, undefined, undefined, untouched, released);
      if (this.world.readsTexts) rememberTexts(call, this.world.machine);
      task.enforcement = undefined;
      if (released.length > 0)
        this.deaths.release(released, call, task, task.process.image ?? image, call.endNs);
      return;
    }
    const wanted = noEffects();
    const entered: Entered<CallHit>[] = [];
    let overridden: number | undefined;
    const visible = this.world.judges(call, image);
    if (visible && image === this.world.launcher)
      for (const note of launcherNotes(this.world.plans)) this.world.machine.notes.add(note);
    if (!hooks.none && visible) {
      this.atEntry(call, hooks, image, entered, wanted);
      overridden = this.overrideAt(call, `__x64_sys_${symbolName(call.name)}`, wanted);
    }
    const inside: Inside = {
      overridden,
      raisedAt: wanted.signals.some((signal) => this.world.isFatal(task, signal)) ? 'entry' : undefined,
      handledAt: wanted.signals.length > 0 ? 'entry' : undefined,
    };
    if (visible && this.doubled) this.onOverlay(copyUp(call, this.world.machine), call);
    if (overridden === undefined && visible) this.inside(call, hooks, image, wanted, inside);
    overridden = inside.overridden;
    const broken = overridden === undefined ? this.deaths.meetsBrokenPipe(call) : undefined;
    if (broken !== undefined) wanted.signals.push(broken.signal);
    const death = this.world.deathOf(task, wanted.signals);
    if (this.deaths.holdsAny && death === undefined) this.endHeld(call);
    const brokenOff =
      death === undefined && overridden === undefined ? this.interrupted(call, inside, wanted) : undefined;
    overridden ??= brokenOff;
    const released: OpenFile[] = [];
    // A launcher that comes back from its exec has nothing else to do.
    const denied = overridden !== undefined && image === this.world.launcher;
    const cause =
      death !== undefined
        ? killed(task.process, death, call, broken?.cause)
        : overridden !== undefined
          ? otherResult(call)
          : undefined;
    const handler = this.handlerRun(task, wanted.signals);
    const error = brokenOff === undefined ? errorText(overridden) : handler;
    const what = death === undefined ? error : signalName(death);
    // The trace goes on as it does with the effect.
    const real = what !== undefined && effects?.takes(call, what) === true;
    if (overridden !== undefined && cause !== undefined)
      this.overridden(call, overridden, real ? undefined : cause, death !== undefined || denied);
    else this.effects(call, death, real ? undefined : cause, inside, released);
    if (this.world.readsTexts && overridden === undefined) rememberTexts(call, this.world.machine);
    this.atExit(call, hooks, entered, overridden, death !== undefined, image, wanted);
    this.deaths.release(released, call, task, task.process.image ?? image, call.endNs);
    task.enforcement = undefined;
    const last = death ?? this.world.deathOf(task, wanted.signals);
    if (last !== undefined)
      this.deaths.kill(task.process, last, call, death === undefined ? undefined : cause);
    else if (denied) this.deaths.exit(task.process, deniedExitCode, call, otherResult(call));
    else if (this.world.isHandled(task, wanted.signals)) {
      const shown = brokenOff !== undefined ? real : handler !== undefined && effects?.takes(call, handler);
      // The trace goes on as it does with the handler.
      if (shown === true) return;
      const [signal = 0] = wanted.signals;
      const words = `${nameOf(task.process)} got ${signalName(signal)} at line ${call.line}`;
      this.world.courses.diverge(task.process, new Cause(words, task.process.diverged));
    }
  }

  /** The effect that a handler is run, if one signal was raised and no other. */
  private handlerRun(task: Task, signals: readonly number[]): string | undefined {
    const [signal, ...others] = signals;
    const alone = signal !== undefined && others.every((other) => other === signal);
    return alone && this.world.handles(task, signal) ? handled(signalName(signal)) : undefined;
  }

  /** An execve ends the other threads of its process. */
  private endHeld({ name, task }: Call): void {
    if (rowOf(name)?.life === 'exec') this.deaths.endHeld(task.process);
  }

  /** Whatever the process uses of another one's course, and what others may use of its own. */
  private meetsOthers(call: Call): void {
    if (!this.world.acts) return;
    const { courses } = this.world;
    const { process } = call.task;
    courses.note(call);
    if (!courses.any) return;
    if (process.diverged === undefined) {
      const cause = courses.met(call);
      if (cause !== undefined) courses.diverge(process, cause);
    }
    if (process.diverged !== undefined) courses.spread(call, 'has', process.diverged);
  }

  /** System calls of a 32-bit program have entries, and partly ways, of their own. */
  private hooksOf(call: Call): CallHooks {
    const { index, compat, record } = this.world;
    const hooks = index.ofCall(call.name);
    if (!compat.has(call.task.tid) || (hooks.none && !index.ofCompat)) return hooks;
    const why = 'it is of a 32-bit program';
    record.problem({ kind: 'not-modelled', feature: 'its hooks', call: call.name, why }, call.line);
    return noHooks;
  }

  /** The functions that the call runs, in order, until an action ends them. */
  private inside(call: Call, hooks: CallHooks, image: Image, wanted: MergedEffects, inside: Inside): void {
    const { machine } = this.world;
    for (const run of hooks.runs) {
      const applying = [];
      for (const { site, hooks: at } of run) {
        const { seen, doubt } = lookAtTask(call.task, () => site.when?.test(call, machine) ?? true);
        const applies = doubt ?? seen;
        if (typeof applies === 'string') this.cannotTell(site, at, applies, call, image);
        else if (applies) applying.push({ site, at });
      }
      const [first] = applying;
      if (first === undefined) continue;
      for (const item of first.site.each?.(call, machine) ?? [undefined]) {
        for (const { site, at } of applying) {
          if (inside.raisedAt !== undefined && this.lives.stopsHere(call, inside.raisedAt, site.hook)) return;
          if (this.deaths.holdsAny && afterThreads.has(site.hook)) this.endHeld(call);
          inside.overridden = this.runs(call, site, at, item, image, wanted);
          if (this.raised(call.task, wanted)) inside.raisedAt ??= site.hook;
          if (wanted.signals.length > 0) inside.handledAt ??= site.hook;
          if (inside.overridden !== undefined) return;
        }
      }
    }
  }

  /** One run of a hooked function; returns the error if it is overridden. */
  private runs(
    call: Call,
    site: HookSite,
    hooks: readonly LoadedHook[],
    item: unknown,
    image: Image,
    wanted: MergedEffects,
  ): number | undefined {
    const { machine, judge } = this.world;
    const { task } = call;
    const here = noEffects();
    const hit = runOf(site, call, machine, item, image);
    const { raw } = hit;
    const entered = this.world.enter(hooks, hit, here);
    if (here.notify) task.enforcement = here.notify;
    const acts = here.signals.length > 0 || here.override !== undefined || here.notify !== undefined;
    if (acts || entered.length > 0 || here.events > 0)
      this.onOverlay(secondPass(site.hook, raw(0), machine), call);
    const error = this.overrideAt(call, site.hook, here);
    wanted.signals.push(...here.signals);
    const returned =
      error !== undefined ? BigInt(error) : site.returns ? site.returns(call, machine, item) : 0n;
    for (const one of entered) judge.leave(one, new CallReturn(one.hit.source, call.endNs, returned), wanted);
    // Nobody looks at what a function without a result returns.
    return withoutResult.has(site.hook) ? undefined : error;
  }

  /** The error with which a handled signal ends the call before its effect. */
  private interrupted(call: Call, inside: Inside, wanted: MergedEffects): number | undefined {
    const { task } = call;
    const signal = wanted.signals.find((one) => this.world.handles(task, one));
    if (signal === undefined) return undefined;
    const restarts = task.process.restarts.has(signal);
    const how = courseAfter(call, this.world.machine, inside.handledAt ?? 'entry', restarts);
    if (how === undefined) return undefined;
    if (how === 'interrupted') return -4;
    const name = signalName(signal);
    const why =
      how === 'loops'
        ? `${name} has a handler, after which the call starts again and the hook raises ${name} again: an endless loop`
        : `whether it waits, and is interrupted by ${name}, which has a handler, is not in the trace`;
    this.world.record.problem({ kind: 'not-known', call: call.name, why }, call.line);
    return undefined;
  }

  private onOverlay(cause: ProblemCause | undefined, call: Call): void {
    if (cause !== undefined) this.world.record.problem(cause, call.line);
  }

  /** What a call changes may hang on what is not known: nothing is guessed for it. */
  private doubts(call: Call, doubt: string | undefined): void {
    const { name, unreadFlags, line } = call;
    if (this.world.index.empty) return;
    const why = unreadFlags === undefined ? doubt : `${unreadFlags} holds a flag that is not known`;
    if (why !== undefined) this.world.record.problem({ kind: 'not-known', call: name, why }, line);
  }

  private raised(task: Task, wanted: MergedEffects): boolean {
    return wanted.signals.some((signal) => this.world.isFatal(task, signal));
  }

  /** Operations of an io_uring are in shared memory: whatever they run is not in a trace. */
  private submits(call: Call): void {
    if (this.world.index.empty || (call.returned ?? 0) <= 0) return;
    this.world.record.problem(
      {
        kind: 'not-modelled',
        feature: 'io_uring_enter',
        why: 'the operations it submits are not in a trace',
      },
      call.line,
    );
  }

  /** Whether the function runs is not known: an obstacle where some policy would have something to say of it. */
  private cannotTell(
    site: HookSite,
    hooks: readonly LoadedHook[],
    why: string,
    call: Call,
    image: Image,
  ): void {
    const { machine } = this.world;
    const concerned = new Set<LoadedHook>();
    for (const item of site.each?.(call, machine) ?? [undefined])
      for (const one of this.world.mayMatch(hooks, runOf(site, call, machine, item, image)))
        concerned.add(one);
    for (const { plan, hook } of concerned) {
      this.world.record.problem(
        { kind: 'not-known', policy: plan.policyName, hook: hook.target, why },
        call.line,
      );
    }
  }

  /** Tracepoints and the probe of the system call itself. */
  private atEntry(
    call: Call,
    hooks: CallHooks,
    image: Image,
    entered: Entered<CallHit>[],
    wanted: MergedEffects,
  ): void {
    const { task } = call;
    const fields = (index: number): KernelValue | undefined => {
      if (index === 4) return number(syscallNumber(call.name, 'x64') ?? -1);
      return index >= 5 ? this.atProbe(call, index - 5) : undefined;
    };
    const rawFields = (index: number): KernelValue | undefined => {
      if (index === 4) return number(syscallNumber(call.name, 'x64') ?? -1);
      if (index !== 5) return undefined;
      return { kind: 'longs', values: [0, 1, 2, 3, 4, 5].map((at) => readNumber(call.at(at).text)) };
    };
    const take = (at: readonly LoadedHook[], raw: (index: number) => KernelValue | undefined): void => {
      if (at.length === 0) return;
      const symbol = `__x64_sys_${symbolName(call.name)}`;
      const hit = { symbol, raw, call, caller: executor(task), image, timeNs: call.startNs };
      entered.push(...this.world.enter(at, hit, wanted));
      if (wanted.notify) task.enforcement = wanted.notify;
    };
    take(hooks.rawEnter, rawFields);
    take(hooks.enter, fields);
    take(hooks.kprobe, (index) => this.atProbe(call, index));
  }

  /** Argument of the system call by its place in the prototype, as its probe reads it. */
  private atProbe(call: Call, place: number): KernelValue {
    const { machine } = this.world;
    const at = call.at(place);
    // What the launcher hands over it was given.
    const own = call.task.process.image !== this.world.launcher;
    return {
      kind: 'printed',
      call,
      place,
      ...at,
      ...(own && { doubt: doubtOfPage(call, at.text, machine) }),
    };
  }

  /** Error that the hooked function returns instead of running: by Override, or by an enforcer. */
  private overrideAt(call: Call, symbol: string, wanted: MergedEffects): number | undefined {
    const { task } = call;
    const pending = task.enforcement;
    if (pending && this.world.index.isEnforced(symbol)) {
      task.enforcement = undefined;
      if (pending.signal !== 0) wanted.signals.push(pending.signal);
      if (pending.error !== 0 && wanted.override === undefined) return pending.error;
    }
    return wanted.override;
  }

  private atExit(
    call: Call,
    hooks: CallHooks,
    entered: readonly Entered<CallHit>[],
    overridden: number | undefined,
    dying: boolean,
    image: Image | undefined,
    wanted: MergedEffects,
  ): void {
    if (!this.world.judges(call, image)) return;
    const { task } = call;
    const returned = overridden ?? call.returned;
    const value = returned === undefined ? undefined : BigInt(returned);
    const exact = overridden === undefined && call.errno === undefined ? call.result.value : value;
    // It never comes back.
    if (rowOf(call.name)?.life === 'exit') return;
    for (const one of entered) {
      const back = new CallReturn(one.hit.source, call.endNs, exact, this.returnedFile(call));
      this.world.judge.leave(one, back, wanted);
    }
    if (dying && returned === undefined) return;
    const current = task.process.image ?? image;
    const fields = (index: number): KernelValue | undefined => {
      if (index === 4) return number(syscallNumber(call.name, 'x64') ?? -1);
      return index === 5 && exact !== undefined ? { kind: 'number', value: exact } : undefined;
    };
    const hit = { raw: fields, call, caller: task, image: current, timeNs: call.endNs };
    if (hooks.exit.length > 0) this.world.enter(hooks.exit, hit, wanted);
    if (hooks.rawExit.length > 0) this.world.enter(hooks.rawExit, hit, wanted);
  }

  /** A returned descriptor may be read as the file behind it. */
  private returnedFile(call: Call): KernelValue | undefined {
    return call.result.target
      ? { kind: 'printed', call, place: -1, text: call.result.text, filled: false }
      : undefined;
  }

  /** What the call changes, unless a fatal signal keeps it from doing so. */
  private effects(
    call: Call,
    death: number | undefined,
    cause: Cause | undefined,
    inside: Inside,
    released: OpenFile[],
  ): void {
    const doubt = call.ok ? rowOf(call.name)?.doubts?.(call, this.world.machine) : undefined;
    this.changes(call, death, cause, inside, released);
    this.doubts(call, doubt);
  }

  private changes(
    call: Call,
    death: number | undefined,
    cause: Cause | undefined,
    inside: Inside,
    released: OpenFile[],
  ): void {
    const life = rowOf(call.name)?.life;
    if (life === 'exec' || life === 'fork') {
      this.lives.changes(call, life, death, inside, released);
      return;
    }
    if (death !== undefined && killEffect(call, this.world.machine) === 'stopped') {
      if (cause !== undefined) this.world.courses.spread(call, 'would have', cause);
      return;
    }
    this.world.output.write(call);
    applyEffects({ machine: this.world.machine, call, released });
    this.world.output.changed(call);
    this.world.achieved?.take(call);
    if (life !== 'exit' || death !== undefined) return;
    call.task.process.exitCode = call.flags('error_code') & 0xff;
    this.deaths.exits.leaves(call);
  }

  /**
   * @param cause undefined: the trace shows what came of it
   * @param dies the task does not go on
   */
  private overridden(call: Call, error: number, cause: Cause | undefined, dies: boolean): void {
    const recorded = call.returned;
    const { process } = call.task;
    if (this.world.watchedCalls.has(call.name)) {
      this.world.record.calls.pop();
      this.noteCall(call, error < 0 && error > -4096 ? errnoName(-error) : 0);
    }
    if (cause === undefined) return;
    if (recorded !== error) {
      this.world.courses.spread(call, 'would have', cause);
      if (!dies) this.world.courses.diverge(process, cause);
    }
    // A child that the overridden call would have made never comes to be.
    const child = call.result.hostPid ?? recorded;
    if (rowOf(call.name)?.life !== 'fork' || child === undefined || child <= 0) return;
    this.world.void.add(child);
    this.world.ghosts.add(call.task, cause, child);
  }

  private noteCall(call: Call, errno: string | 0): void {
    this.world.record.calls.push({
      process: call.task.process.number,
      name: call.name,
      errno,
      made: { arguments: call.text, line: call.line },
      ...course(call.task.process.diverged),
    });
  }
}

/** One run of a site's function in the call. */
const runOf = (site: HookSite, call: Call, machine: Machine, item: unknown, image: Image): FunctionRun => ({
  symbol: site.hook,
  raw: (index) => {
    const { seen, doubt } = lookAtTask(call.task, () => site.args[index]?.(call, machine, item));
    if (seen?.kind === 'cred') return site.args[index]?.(call, machine, item);
    return doubt === undefined ? seen : unknown(doubt);
  },
  call,
  caller: afterThreads.has(site.hook) ? call.task : executor(call.task),
  image,
  timeNs: call.endNs,
});

const errorText = (error: number | undefined): string | undefined =>
  error === undefined ? undefined : error < 0 && error > -4096 ? errnoName(-error) : String(error);

const otherResult = ({ name, task: { process }, line }: Call): Cause =>
  new Cause(`${name} of ${nameOf(process)} got another result at line ${line}`, process.diverged);
