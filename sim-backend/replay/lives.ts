/** Calls that make tasks and replace programs. */
import { buildExec } from '../../core/events/build.ts';
import { noEffects } from '../../core/judge/effects.ts';
import type { KernelValue } from '../kernel-model/kernel-value.ts';
import type { Call } from '../machine/call.ts';
import { newFile, type OpenFile } from '../machine/file.ts';
import { cloneFlag, exec, fork } from '../machine/lifecycle.ts';
import { knownBinary, reparent } from '../machine/task.ts';
import { beforeInterpreter, beforeNewImage, isStatic } from '../syscalls/exec.ts';
import { execTarget } from '../syscalls/exec-target.ts';
import { childLivesAfter, cloneFlags, pidfdOf } from '../syscalls/processes.ts';
import { rowOf } from '../syscalls/index.ts';
import type { Inside } from './inside.ts';
import type { Deaths } from './deaths.ts';
import type { World } from './world.ts';

export class Lives {
  constructor(
    private readonly world: World,
    private readonly deaths: Deaths,
  ) {}

  /** A fatal signal raised before this site keeps the call from reaching it. */
  stopsHere(call: Call, raisedAt: string, next: string): boolean {
    switch (rowOf(call.name)?.life) {
      case 'exec':
        if (raisedAt === 'entry' || beforeNewImage.has(raisedAt)) return !beforeNewImage.has(next);
        return this.stopsAtInterpreter(call, raisedAt) && !beforeInterpreter.has(next);
      case 'fork':
        return raisedAt === 'entry' || !raisedAt.startsWith('tp:');
      case 'exit':
      case undefined:
        return false;
    }
  }

  private stopsAtInterpreter(call: Call, raisedAt: string): boolean {
    return beforeInterpreter.has(raisedAt) && !isStatic(call, this.world.machine);
  }

  /** The new program or child, unless a fatal signal keeps it from coming to be. */
  changes(
    call: Call,
    life: 'exec' | 'fork',
    death: number | undefined,
    { raisedAt }: Inside,
    released: OpenFile[],
  ): void {
    if (!call.ok) return;
    if (life === 'fork') {
      if (death === undefined || (raisedAt !== undefined && childLivesAfter(raisedAt))) this.forks(call);
      return;
    }
    const early =
      raisedAt !== undefined &&
      (raisedAt === 'entry' || beforeNewImage.has(raisedAt) || this.stopsAtInterpreter(call, raisedAt));
    if (call.result.value === 0n && !(death !== undefined && early)) this.executes(call, released);
  }

  private forks(call: Call): void {
    const { task } = call;
    const child = call.result.hostPid ?? call.returned;
    if (child === undefined || child <= 0) return;
    const flags = cloneFlags(call);
    const { inner } = this.world;
    if (inner.concerns(call)) {
      inner.returns(call);
      return;
    }
    // It may be over by now.
    const early = this.world.bornEarly.get(child) === call.line;
    this.world.bornEarly.delete(child);
    if (early || this.world.machine.tasks.get(child)?.alive) return;
    this.world.void.delete(child);
    this.world.ghosts.ends(child);
    const made = fork(this.world.machine, task, child, flags, call.endNs);
    const pidfd = pidfdOf(call);
    if (flags & cloneFlag.pidfd && pidfd !== undefined) task.files.set(pidfd.fd, newFile('pid', '', 2), true);
    if (flags & cloneFlag.parent && task.process.realParent) reparent(made.process, task.process.realParent);
  }

  private executes(call: Call, released: OpenFile[]): void {
    const { task } = call;
    const found = execTarget(call, this.world.machine);
    if (!found) {
      this.world.record.problem({ kind: 'trace', fault: 'program-path' }, call.line);
      return;
    }
    const image = exec(this.world.machine, task, found, call.endNs);
    this.world.achieved?.executed(knownBinary(image) ?? found.shown, call);
    for (const [fd] of task.files.entries()) {
      if (!task.files.isCloseOnExec(fd)) continue;
      const file = task.files.close(fd);
      if (file) released.push(file);
    }
    this.world.record.event(
      buildExec(image.facts, this.world.clock, this.world.judge.tick(call.endNs)),
      task.process,
    );
    for (const { site, hooks } of this.world.index.ofCall('@exec').sites) {
      const wanted = noEffects();
      const raw = (index: number): KernelValue | undefined =>
        site.args[index]?.(call, this.world.machine, found);
      this.world.enter(
        hooks,
        { symbol: site.hook, raw, call, caller: task, image, timeNs: call.endNs },
        wanted,
      );
      const death = this.world.deathOf(task, wanted.signals);
      if (death !== undefined) this.deaths.kill(task.process, death, call);
    }
    task.superseded = undefined;
  }
}
