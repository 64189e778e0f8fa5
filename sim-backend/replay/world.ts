/** What all parts of a replay share: the machine, the hooks, what is gathered. */
import { toBytes } from '../../core/values/value.ts';
import type { StepObserver } from '../../core/backend/observer.ts';
import type { EventClock } from '../../core/events/facts.ts';
import type { MergedEffects } from '../../core/judge/effects.ts';
import { Judge } from '../../core/judge/judge.ts';
import type { Entered } from '../../core/judge/judge.ts';
import type { LoadedHook } from '../../core/judge/loaded-hook.ts';
import type { JudgedHit, Undetermined } from '../../core/judge/observer.ts';
import { reasonWords } from '../../core/engine/words.ts';
import { isEnforcing } from '../../core/names/actions.ts';
import type { HookPlan, Plan } from '../../core/plan/plan.ts';
import { once } from '../../core/values/once.ts';
import type { Call } from '../machine/call.ts';
import { readsTexts } from './untouched-texts.ts';
import { launcherImage } from '../machine/lifecycle.ts';
import { Machine } from '../machine/machine.ts';
import { type Start, assumedStart, startOf } from '../machine/start.ts';
import type { Image, Process, Task } from '../machine/task.ts';
import { foretoldBy, rowOf } from '../syscalls/index.ts';
import { Achieved } from './achieved.ts';
import { ChangedPaths } from './changed-paths.ts';
import { Courses } from './courses.ts';
import { Gathered } from './gathered.ts';
import { Ghosts } from './ghosts.ts';
import { HookIndex } from './hooks.ts';
import { InnerForks } from './inner-forks.ts';
import { NamedFiles } from './named-files.ts';
import type { ReplayOptions } from './options.ts';
import { loadable } from './loadable.ts';
import { Output } from './output.ts';
import { CallHit } from './call-hit.ts';
import type { FunctionRun } from './call-hit.ts';
import { signalName } from '../../core/names/signals.ts';
import { firstFatal, signalOutcome, type SignalOutcome, unblockable } from './signals.ts';

/** A hook with an action that may change what a program does. */
function mayAct(hook: HookPlan): boolean {
  return hook.selectors.some(({ actions, returnActions }) =>
    [...actions, ...returnActions].some(({ kind }) => isEnforcing(kind)),
  );
}

const asBytes = <T extends { readonly path: string }>(one: T): T => ({ ...one, path: toBytes(one.path) });

export class World {
  /** Those that the kernel loads. */
  readonly plans: readonly Plan[];
  readonly start: Start;
  readonly machine: Machine;
  readonly index: HookIndex;
  readonly record: Gathered;
  readonly output: Output;
  readonly judge: Judge<CallHit>;
  readonly courses: Courses;
  readonly ghosts: Ghosts;
  /** Some action may change the course of a program. */
  readonly acts: boolean;
  readonly watchesFiles: boolean;
  /** If it is asked for. */
  readonly achieved: Achieved | undefined;
  /** If it is asked for. */
  readonly names: NamedFiles | undefined;
  readonly clock: EventClock;
  readonly watchedCalls: ReadonlySet<string>;
  /** The image that the root ran before the first execve. Nothing but its execve is judged. */
  launcher: Image | undefined;
  /** A policy reads texts out of the memory of programs. */
  readonly readsTexts: boolean;
  root: Process | undefined;
  /** Pids of tasks that never came to be, or that ended before what the trace says of them. */
  readonly void = new Set<number>();
  /** Children whose lines came before the call returned that made them, by pid: the line of the call. */
  readonly bornEarly = new Map<number, number>();
  readonly inner: InnerForks;
  /** Pids of tasks that make system calls of another ABI than the kernel's own. */
  readonly compat = new Set<number>();

  constructor(
    readonly options: ReplayOptions,
    observer: StepObserver,
  ) {
    const { trace } = options;
    this.record = new Gathered(trace, observer);
    const snapshot = options.start ?? trace.start;
    this.start = snapshot === undefined ? assumedStart(options.given?.cwd) : startOf(snapshot);
    const files = options.earlier?.files ?? (options.given?.files ?? []).map(asBytes);
    const first = options.earlier?.files === undefined;
    const commandsRan = first && (options.given?.run.length ?? 0) > 0;
    this.machine = new Machine(
      this.start,
      {
        ...{ files, untouched: first && !commandsRan, commandsRan, workload: options.given?.workload },
        dirs: (options.given?.dirs ?? []).map(asBytes),
        symlinks: (options.given?.symlinks ?? []).map((link) => ({
          ...asBytes(link),
          target: toBytes(link.target),
        })),
      },
      foretoldBy,
    );
    this.inner = new InnerForks(this.machine);
    const kernel = options.kernel?.release ?? options.kernel?.version ?? this.start.kernel;
    const { plans, problems } = loadable(options.plans, kernel);
    this.machine.soughtText = once(() =>
      JSON.stringify(
        plans.map(({ hooks }) => hooks.map(({ selectors }) => selectors)),
        (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
      ),
    );
    this.plans = plans;
    for (const { cause, place } of problems) this.record.problemOf(cause, place);
    this.clock = {
      nodeName: options.clock?.nodeName ?? this.start.hostname,
      bootUnixNs: options.clock?.bootUnixNs ?? this.start.bootUnixNs ?? 1_767_225_600_000_000_000n,
    };
    this.watchedCalls = new Set(options.watchCalls ?? []);
    this.courses = new Courses(this.machine, this.record, options.earlier?.changed ?? new ChangedPaths());
    this.ghosts = new Ghosts(this.machine, this.courses);
    // A later step may ask for them, or run them.
    this.watchesFiles =
      (options.watchFiles?.length ?? 0) > 0 || (options.earlier !== undefined && files.length > 0);
    this.output = new Output(this.machine, this.record, this.courses, this.watchesFiles);
    this.names = options.watchNames && new NamedFiles(this.machine);
    if (this.names) options.watchNames?.(this.names);
    this.achieved = options.watchAchieved === true ? new Achieved(this.machine) : undefined;
    this.readsTexts = readsTexts(plans);
    this.acts = plans.some((plan) => plan.mode !== 'monitor' && plan.hooks.some(mayAct));
    this.judge = new Judge(plans, {
      clock: this.clock,
      marks: options.watchCoverage ?? false,
      reasons: options.watchReasons ?? false,
      ...(options.given?.uptimeMs !== undefined && {
        uptime: { fromNs: this.start.bootNs, upNs: BigInt(Math.round(options.given.uptimeMs * 1e6)) },
      }),
      shows: (image, hit) => (image === this.launcher ? hit.ofLauncher : this.inTree(image)),
      observer: {
        event: (event, image, { run }) => {
          this.record.event(event, image.process ?? run.caller.process);
        },
        undetermined: (what) => {
          this.notKnown(what);
        },
        ...(observer.hit !== undefined && {
          hit: (judged: JudgedHit) => observer.hit?.(judged),
        }),
      },
    });
    this.index = new HookIndex(plans, this.judge.hooks, kernel);
    for (const cause of this.index.problems) this.record.problemOf(cause);
  }

  /** A hooked function runs; what the policies want done is added to `wanted`. */
  enter(hooks: readonly LoadedHook[], run: FunctionRun, wanted: MergedEffects): Entered<CallHit>[] {
    if (hooks.length === 0) return [];
    return this.judge.enter(hooks, new CallHit(this.machine, run, this.isLaunching(run.caller)), wanted);
  }

  /** Those of the hooks for which it matters whether the function runs. */
  mayMatch(hooks: readonly LoadedHook[], run: FunctionRun): LoadedHook[] {
    return this.judge.mayMatch(hooks, new CallHit(this.machine, run, this.isLaunching(run.caller)));
  }

  private notKnown({ hook: { plan, hook }, hit, side, reason, value, shown }: Undetermined<CallHit>): void {
    const why = reason === undefined ? (value?.why ?? '') : reasonWords(reason, hook, side);
    // Only a filter at the entry is about this line.
    const line = reason !== undefined && side === 'entry' ? hit.run.call.line : undefined;
    this.record.problem(
      {
        kind: 'not-known',
        policy: plan.policyName,
        hook: hook.target,
        why,
        ...(shown === true && { shown }),
      },
      line,
      1,
      hit.run.call.line,
    );
  }

  isFatal(task: Task, signal: number): boolean {
    return this.outcomeOf(task, signal) === 'dies';
  }

  handles(task: Task, signal: number): boolean {
    return this.outcomeOf(task, signal) === 'handled';
  }

  isHandled(task: Task, signals: readonly number[]): boolean {
    return signals.some((signal) => ['handled', 'stops'].includes(this.outcomeOf(task, signal)));
  }

  private outcomeOf({ process: { handlers } }: Task, signal: number): SignalOutcome {
    const hidden = this.machine.start.untold.handlers;
    if (hidden !== undefined && !unblockable.has(signal) && !this.doubted.has(signal)) {
      this.doubted.add(signal);
      const why = `whether ${signalName(signal)} ends a process, or has a handler, is not known: ${hidden}`;
      this.record.problem({ kind: 'not-known', why });
    }
    return signalOutcome(signal, handlers);
  }

  /** Signals of which it was said that handlers for them are not known. */
  private readonly doubted = new Set<number>();

  /** The signal that the task dies of, of those that were raised, in that order. */
  deathOf(task: Task, signals: readonly number[]): number | undefined {
    return firstFatal(signals.filter((signal) => this.isFatal(task, signal)));
  }

  /** The task that the trace begins with. */
  addRoot(pid: number): Task {
    const task = this.machine.addRoot(pid);
    this.launcher = launcherImage(this.machine, pid);
    task.process.image = this.launcher;
    this.root = task.process;
    return task;
  }

  /** Later the launcher is merely the parent of the root's image: what is attributed to it then is none of the step's. */
  private isLaunching({ process }: Task): boolean {
    return process.image === this.launcher && this.options.launcher !== 'passed-over';
  }

  /** What a task does in this image is judged: all but what the launcher does before it executes the command. */
  judges(call: Call, image: Image | undefined): image is Image {
    if (image === undefined || image !== this.launcher) return image !== undefined;
    return this.options.launcher !== 'passed-over' && rowOf(call.name)?.life === 'exec';
  }

  inTree(image: Image): boolean {
    let at: Image | undefined = this.launcher?.parent;
    while (at) {
      if (at === image) return false;
      at = at.parent;
    }
    return true;
  }
}
