/** One system call through the hooks: entry, the functions inside, its effects, its return. */
import type { ProblemCause } from '../../core/backend/problem.ts';
import { buildExec } from '../../core/events/build.ts';
import { noEffects } from '../../core/judge/effects.ts';
import type { MergedEffects } from '../../core/judge/effects.ts';
import type { Entered } from '../../core/judge/judge.ts';
import type { LoadedHook } from '../../core/judge/loaded-hook.ts';
import { syscallNumber } from '../../core/names/syscalls.ts';
import { type KernelValue, number } from '../kernel-model/kernel-value.ts';
import type { HookSite } from '../kernel-model/row.ts';
import { arg } from '../kernel-model/derivations.ts';
import { symbolName } from '../kernel-model/syscalls.ts';
import { beforeInterpreter, beforeNewImage, isStatic, target } from '../kernel-model/tables/exec.ts';
import type { Call } from '../machine/call.ts';
import { applyEffect } from '../machine/effects/index.ts';
import type { OpenFile } from '../machine/file.ts';
import { type ExecTarget, cloneFlag, exec, fork, forkFlags } from '../machine/lifecycle.ts';
import { type Image, reparent, type Task } from '../machine/task.ts';
import { errnoName } from '../../core/names/errno.ts';
import { Deaths } from './deaths.ts';
import { copyUp, runsTwice, secondPass } from './overlay.ts';
import { killEffect } from './effects-table.ts';
import { interruption } from './interrupted.ts';
import { signalName } from '../../core/names/signals.ts';
import { CallReturn } from './call-hit.ts';
import type { CallHit } from './call-hit.ts';
import type { CallHooks } from './hooks.ts';
import type { World } from './world.ts';

/** Programs of the system, but for those that are usually set-user-ID. */
const ordinaryProgram =
  /^\/usr\/(local\/)?s?bin\/(?!(su|sudo|passwd|chsh|chfn|newgrp|gpasswd|mount|umount|ping|fusermount3?|pkexec|crontab|at|doas|expiry|chage|wall|write)$)/;

/** Calls that make, replace or end tasks. */
export const lifeCycle = new Set([
  'execve',
  'execveat',
  'fork',
  'vfork',
  'clone',
  'clone3',
  'exit',
  'exit_group',
]);

/** How far the inside of a call came. */
interface Inside {
  /** Result that an action put in place of the call's. */
  overridden: number | undefined;
  /** Function in which a fatal signal was raised, or 'entry'. */
  raisedAt: string | undefined;
  /** Function in which the first signal was raised, or 'entry'. */
  handledAt: string | undefined;
  /** The signal came when the new child could no longer be taken back. */
  childLives: boolean;
}

/** No action did anything to the call. */
const untouched: Inside = {
  overridden: undefined,
  raisedAt: undefined,
  handledAt: undefined,
  childLives: false,
};

/** Functions that return nothing: an override changes nothing. */
const withoutResult = new Set([
  'security_bprm_committing_creds',
  'security_bprm_committed_creds',
  'security_file_free',
  'security_file_release',
]);

export class Calls {
  readonly deaths: Deaths;

  /** Functions are hooked that an overlay file system runs more than once. */
  private readonly doubled: boolean;

  constructor(private readonly world: World) {
    this.doubled = world.index.hooksAny(runsTwice);
    this.deaths = new Deaths(world, (call) => {
      this.call(call);
    });
  }

  call(call: Call): void {
    const { task } = call;
    if (this.world.watchedCalls.has(call.name)) this.noteCall(call, call.errno ?? 0);
    if (call.name === 'io_uring_enter') this.submits(call);
    const hooks = this.world.index.ofCall(call.name);
    const image = task.process.image;
    if (this.world.changed.meets(call)) task.process.diverged = true;
    if (hooks.none && !this.doubled && !this.deaths.pipesBroke) {
      // Nothing can come between the call and its effects.
      const released: OpenFile[] = [];
      this.effects(call, undefined, untouched, released);
      task.enforcement = undefined;
      if (released.length > 0)
        this.deaths.release(released, call, task, task.process.image ?? image, call.endNs);
      return;
    }
    const wanted = noEffects();
    const entered: Entered<CallHit>[] = [];
    let overridden: number | undefined;
    const visible = image !== undefined && image !== this.world.launcher;
    if (!hooks.none && visible) {
      this.atEntry(call, hooks, image, entered, wanted);
      overridden = this.overrideAt(call, `__x64_sys_${symbolName(call.name)}`, wanted);
    }
    const inside: Inside = {
      overridden,
      raisedAt: wanted.signals.some((signal) => this.world.isFatal(task, signal)) ? 'entry' : undefined,
      handledAt: wanted.signals.length > 0 ? 'entry' : undefined,
      childLives: false,
    };
    if (visible && this.doubled) this.onOverlay(copyUp(call, this.world.machine), call);
    if (overridden === undefined && visible) this.inside(call, hooks, image, wanted, inside);
    overridden = inside.overridden;
    const broken = overridden === undefined ? this.deaths.meetsBrokenPipe(call) : undefined;
    if (broken !== undefined) wanted.signals.push(broken);
    const death = this.world.deathOf(task, wanted.signals);
    if (death === undefined && overridden === undefined) overridden = this.interrupted(call, inside, wanted);
    const released: OpenFile[] = [];
    if (overridden !== undefined) this.overridden(call, overridden, death !== undefined);
    else this.effects(call, death, inside, released);
    this.atExit(call, hooks, entered, overridden, death !== undefined, image, wanted);
    this.deaths.release(released, call, task, task.process.image ?? image, call.endNs);
    task.enforcement = undefined;
    const last = death ?? this.world.deathOf(task, wanted.signals);
    if (last !== undefined) this.deaths.kill(task.process, last, call);
    else if (this.world.isHandled(task, wanted.signals)) task.process.diverged = true;
  }

  /** The functions that the call runs, in order, until an action ends them. */
  private inside(call: Call, hooks: CallHooks, image: Image, wanted: MergedEffects, inside: Inside): void {
    const { machine } = this.world;
    for (const { site, hooks: at } of hooks.sites) {
      if (inside.raisedAt !== undefined && this.stopsHere(call, inside.raisedAt, site.hook)) return;
      const applies = site.when?.(call, machine) ?? true;
      if (applies === false) continue;
      if (typeof applies === 'string') {
        this.cannotTell(at, applies, call);
        continue;
      }
      for (const item of site.each ? site.each(call, machine) : [undefined]) {
        inside.overridden = this.runs(call, site, at, item, image, wanted);
        if (inside.raisedAt === undefined && this.raised(call.task, wanted)) {
          inside.raisedAt = site.hook;
          inside.childLives = site.hook === 'wake_up_new_task' || site.hook.startsWith('tp:');
        }
        if (wanted.signals.length > 0) inside.handledAt ??= site.hook;
        if (inside.overridden !== undefined) return;
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
    const raw = (index: number): KernelValue | undefined => site.args[index]?.(call, machine, item);
    const hit = { symbol: site.hook, raw, call, caller: task, image, timeNs: call.endNs };
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
    const how = interruption(call, this.world.machine, inside.handledAt ?? 'entry', restarts);
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

  private cannotTell(hooks: readonly LoadedHook[], why: string, call: Call): void {
    for (const { plan, hook } of hooks) {
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
      return index >= 5 ? arg(index - 5)(call, this.world.machine, undefined) : undefined;
    };
    const rawFields = (index: number): KernelValue | undefined => {
      if (index === 4) return number(syscallNumber(call.name, 'x64') ?? -1);
      if (index !== 5) return undefined;
      return { kind: 'longs', values: [0, 1, 2, 3, 4, 5].map((at) => call.number(at)) };
    };
    const take = (at: readonly LoadedHook[], raw: (index: number) => KernelValue | undefined): void => {
      if (at.length === 0) return;
      const symbol = `__x64_sys_${symbolName(call.name)}`;
      const hit = { symbol, raw, call, caller: task, image, timeNs: call.startNs };
      entered.push(...this.world.enter(at, hit, wanted));
      if (wanted.notify) task.enforcement = wanted.notify;
    };
    take(hooks.rawEnter, rawFields);
    take(hooks.enter, fields);
    take(hooks.kprobe, (index) => arg(index)(call, this.world.machine, undefined));
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
    if (image === undefined || image === this.world.launcher) return;
    const { task } = call;
    const returned = overridden ?? call.returned;
    const value = returned === undefined ? undefined : BigInt(returned);
    const exact = overridden === undefined && call.errno === undefined ? call.result.value : value;
    if (call.name === 'exit' || call.name === 'exit_group') return;
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
    return call.result.target ? { kind: 'printed', call, index: -1, text: call.result.text } : undefined;
  }

  /** A fatal signal raised before this site keeps the call from reaching it. */
  private stopsHere(call: Call, raisedAt: string, next: string): boolean {
    if (call.name === 'execve' || call.name === 'execveat') {
      if (raisedAt === 'entry' || beforeNewImage.has(raisedAt)) return !beforeNewImage.has(next);
      return (
        beforeInterpreter.has(raisedAt) && !isStatic(call, this.world.machine) && !beforeInterpreter.has(next)
      );
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
    { raisedAt, childLives }: Inside,
    released: OpenFile[],
  ): void {
    const { name } = call;
    if (name === 'execve' || name === 'execveat') {
      const early =
        raisedAt === 'entry' ||
        (raisedAt !== undefined &&
          (beforeNewImage.has(raisedAt) ||
            (beforeInterpreter.has(raisedAt) && !isStatic(call, this.world.machine))));
      if (call.ok && call.result.value === 0n && !(death !== undefined && early))
        this.executes(call, released);
      return;
    }
    if (name === 'fork' || name === 'vfork' || name === 'clone' || name === 'clone3') {
      if (call.ok && (death === undefined || childLives)) this.forks(call);
      return;
    }
    if (death !== undefined && killEffect(call, this.world.machine) === 'stopped') {
      this.world.changed.prevented(call);
      return;
    }
    this.world.output.write(call);
    applyEffect({ machine: this.world.machine, call, released });
    this.world.output.changed(call);
    this.world.achieved?.take(call);
    if (name === 'exit_group' || name === 'exit') this.ends(call, death);
  }

  private forks(call: Call): void {
    const { task } = call;
    const child = call.result.hostPid ?? call.returned;
    if (child === undefined || child <= 0) return;
    const flags = forkFlags(call);
    const known = this.world.machine.tasks.get(child);
    if (known?.alive) return;
    this.world.void.delete(child);
    fork(this.world.machine, task, child, flags, call.endNs);
    if (flags & cloneFlag.parent && task.process.realParent) {
      const made = this.world.machine.tasks.get(child)?.process;
      if (made) reparent(made, task.process.realParent);
    }
  }

  private executes(call: Call, released: OpenFile[]): void {
    const { task } = call;
    const found = target(call, this.world.machine);
    if (!found) {
      this.world.record.problem({ kind: 'trace', fault: 'program-path' }, call.line);
      return;
    }
    this.doubts(call, found);
    const image = exec(this.world.machine, task, found, call.endNs);
    this.world.achieved?.executed(image.binary ?? '', call);
    for (const [fd] of task.files.entries()) {
      if (!task.files.isCloseOnExec(fd)) continue;
      const file = task.files.close(fd);
      if (file) released.push(file);
    }
    this.world.record.event(
      buildExec(image.facts, this.world.clock, this.world.judge.tick(call.endNs)),
      task.process,
    );
    const machineHooks = this.world.index.ofCall('@exec');
    const shown = call.path(call.name === 'execveat' ? 1 : 0) ?? '';
    for (const { site, hooks } of machineHooks.sites) {
      const item = site.hook.startsWith('raw:')
        ? { path: found.rounds.at(-1) ?? '', argc: found.argv.length }
        : shown;
      const wanted = noEffects();
      const raw = (index: number): KernelValue | undefined =>
        site.args[index]?.(call, this.world.machine, item);
      this.world.enter(
        hooks,
        { symbol: site.hook, raw, call, caller: task, image, timeNs: call.endNs },
        wanted,
      );
      const death = this.world.deathOf(task, wanted.signals);
      if (death !== undefined) this.deaths.kill(task.process, death, call);
    }
  }

  /** What an exec event shows but this trace does not tell. */
  private doubts(call: Call, found: ExecTarget): void {
    if (found.cut) {
      const why = 'strace cut the arguments of an executed program short (record with a larger -s)';
      this.world.record.problem({ kind: 'not-known', why }, call.line);
    }
    const file = found.rounds.at(-1) ?? '';
    const { cred } = call.task;
    const plain = cred.euid === 0 || cred.noNewPrivs || ordinaryProgram.test(file);
    if (!plain && this.world.machine.inodes.knownMode(file) === undefined) {
      const why = `whether ${file} is set-user-ID, and what it gains, is not in the trace`;
      this.world.record.problem({ kind: 'not-known', why }, call.line);
    }
  }

  /** exit and exit_group; what follows comes with the exit line. */
  private ends(call: Call, death: number | undefined): void {
    if (death !== undefined) return;
    call.task.process.exitCode = (call.int(0) ?? 0) & 0xff;
  }

  private overridden(call: Call, error: number, dies: boolean): void {
    const recorded = call.returned;
    if (this.world.watchedCalls.has(call.name)) {
      this.world.record.calls.pop();
      this.noteCall(call, error < 0 && error > -4096 ? errnoName(-error) : 0);
    }
    if (recorded !== error) {
      this.world.changed.prevented(call);
      if (!dies) call.task.process.diverged = true;
    }
    // A child that the overridden call would have made never comes to be.
    const child = call.result.hostPid ?? recorded;
    if (lifeCycle.has(call.name) && child !== undefined && child > 0) this.world.void.add(child);
  }

  private noteCall(call: Call, errno: string | 0): void {
    this.world.record.calls.push({
      process: call.task.process.number,
      name: call.name,
      errno,
      diverged: call.task.process.diverged,
    });
  }
}
