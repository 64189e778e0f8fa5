/**
 * Effects of policies by which a course is told from others: which process met which one at which of its calls. Pids and
 * lines are of one run; a place in the tree of forks and a count of calls are not.
 */
import { errnoNumber } from '../../core/names/errno.ts';
import { signalNumber } from '../../core/names/signals.ts';
import type { CourseEffect } from '../../core/trace/start-snapshot.ts';
import type { Call } from '../machine/call.ts';
import type { Machine } from '../machine/machine.ts';
import type { Process, Task } from '../machine/task.ts';
import { CallText } from '../trace/call-text.ts';
import { callOf, rowOf } from '../syscalls/index.ts';

/** How many calls of each name a task has made. */
interface Followed {
  readonly path: string;
  readonly calls: Map<string, number>;
  /** The effect that it ends with. */
  ends: string | undefined;
}

/**
 * - `absent`: the trace was recorded without them; they are gathered.
 * - `sought`: the trace was recorded under policies; those that it shows are gathered.
 * - `told`: the trace is said to have these, and no others.
 */
export type EffectsAre = 'absent' | 'sought' | 'told';

/** The effect of a signal that has a handler: the trace goes on with it. */
export const handled = (signal: string): string => `${signal} handled`;
const handledSignal = (effect: string): string | undefined => /^(\w+) handled$/.exec(effect)?.[1];

export class CourseEffects {
  /** In the order in which policies had them. */
  readonly found: CourseEffect[] = [];
  /** Why the trace is not of a course with these effects. */
  fault: string | undefined;
  private readonly tasks = new WeakMap<Task, Followed>();
  private readonly threads = new WeakMap<Process, number>();
  private readonly doomed: { readonly process: Process; readonly effect: string; readonly at: string }[] = [];
  /** Signals with handlers that were raised in a task, and that no line has shown yet. */
  private awaited: { readonly task: Task; readonly signal: string; readonly at: string }[] = [];
  /** Calls of which the trace shows the effect alone. */
  private readonly completed = new WeakSet<Call>();
  private readonly killed: Process[] = [];
  /** Some process of the trace kills others, or is to be killed with its parent. */
  private sendsKills = false;
  private readonly known: ReadonlyMap<string, CourseEffect>;

  /** @param told the effects, or of which calls more is known than the trace shows */
  constructor(
    private readonly are: EffectsAre,
    told: readonly CourseEffect[] = [],
  ) {
    this.known = new Map(told.map((effect) => [placeOf(effect), effect]));
  }

  /** Calls that may end other processes. */
  static concerns(name: string): boolean {
    return rowOf(name)?.signals !== undefined || name === 'prctl';
  }

  /** The task begins a call. */
  saw(task: Task, name: string): void {
    const followed = this.of(task);
    if (followed.ends !== undefined) this.fault ??= `process ${followed.path} goes on after ${followed.ends}`;
    followed.calls.set(name, (followed.calls.get(name) ?? 0) + 1);
  }

  /** A call of a course that may end others. */
  sees(call: Call): void {
    const sent = rowOf(call.name)?.signals !== undefined && (call.int('sig') ?? 9) === 9;
    if (sent || call.text.includes('PR_SET_PDEATHSIG')) this.sendsKills = true;
  }

  /** The call as it would have been, if the effect keeps the trace from showing it. */
  whole(call: Call, machine: Machine): Call {
    if (this.are === 'absent') return call;
    const told = this.known.get(placeOf(this.placed(call)));
    if (told?.args === undefined || told.result === undefined || !isCut(call, told))
      return this.are === 'sought' ? opened(call, machine) : call;
    const { name, task, line, start, end } = call;
    const text = CallText.of(told.args, told.result);
    const whole = callOf(name, text, task, line, start, end);
    if (!agrees(call, whole)) return call;
    this.completed.add(whole);
    return whole;
  }

  /**
   * A policy wants the effect for the call. True: the trace is of the course that has it.
   *
   * @param effect name of a signal that ends the process, or of an error; or that of a signal that is `handled`
   */
  takes(call: Call, effect: string): boolean {
    const placed = this.placed(call);
    const place = placeOf(placed);
    const before = this.found.find((one) => placeOf(one) === place);
    if (before === undefined) {
      const told = this.known.get(place);
      const shown = told?.args === undefined ? call : told;
      const text =
        shown === call
          ? { args: call.text, result: call.result.text }
          : { args: told?.args, result: told?.result };
      this.found.push({ ...placed, effect, ...clean(text) });
    } else if (before.effect !== effect) return false;
    if (this.are === 'absent') return false;
    if (this.are === 'told' && this.known.get(place)?.effect !== effect) {
      this.fault ??= `${placed.call} of process ${placed.process} gets ${effect} now`;
      return false;
    }
    const signal = handledSignal(effect);
    if (signal !== undefined) {
      const at = `${placed.call} of process ${placed.process}`;
      if (before === undefined) this.awaited.push({ task: call.task, signal, at });
      return true;
    }
    const ends = signalNumber(effect) !== undefined;
    if (!ends && !this.completed.has(call) && call.errno !== effect) {
      this.fault ??= `${placed.call} of process ${placed.process} did not get ${effect}`;
      return false;
    }
    if (before === undefined && ends) {
      this.of(call.task).ends = `${effect} in ${placed.call}`;
      this.doomed.push({
        process: call.task.process,
        effect,
        at: `${placed.call} of process ${placed.process}`,
      });
    }
    return true;
  }

  /** The trace shows that the task got a signal which did not end it. */
  delivered(task: Task, signal: string): void {
    const number = signalNumber(signal);
    const index = this.awaited.findIndex((one) => one.task === task && signalNumber(one.signal) === number);
    this.awaited = this.awaited.filter((_, at) => at !== index);
  }

  /** The trace shows that a process was ended by a signal. */
  died(process: Process, signal: string): void {
    if (signal === 'SIGKILL') this.killed.push(process);
  }

  /** All lines were replayed: whether the trace is of a course with the effects that were found, or told. */
  ends(): void {
    for (const { process, effect, at } of this.doomed) {
      const { fate } = process;
      if (fate?.kind !== 'killed' || fate.signal !== effect) this.fault ??= `nobody was killed in ${at}`;
    }
    for (const { signal, at } of this.awaited) this.fault ??= `${signal} did not come in ${at}`;
    const found = new Set(this.found.map(placeOf));
    for (const [place, { process, call, effect }] of this.are === 'told' ? this.known : [])
      if (!found.has(place)) this.fault ??= `${call} of process ${process} does not get ${effect} any more`;
    this.explains();
  }

  /** Nobody was killed in the trace by who knows what: it may be an effect that the policies do not have any more. */
  private explains(): void {
    if (this.are === 'absent' || this.sendsKills) return;
    const doomed = new Set(this.doomed.map(({ process }) => process));
    const stray = this.killed.find((process) => !doomed.has(process) && !process.inInitTree);
    if (stray !== undefined) this.fault ??= `process ${pathOf(stray)} was killed, and no policy does that`;
  }

  private placed({ task, name }: Call): Pick<CourseEffect, 'process' | 'call' | 'nth'> {
    const { path, calls } = this.of(task);
    return { process: path, call: name, nth: calls.get(name) ?? 0 };
  }

  private of(task: Task): Followed {
    const known = this.tasks.get(task);
    if (known !== undefined) return known;
    const { process } = task;
    const others = this.threads.get(process) ?? 0;
    this.threads.set(process, others + 1);
    const made: Followed = {
      path: `${pathOf(process)}${others === 0 ? '' : `#${others}`}`,
      calls: new Map(),
      ends: undefined,
    };
    this.tasks.set(task, made);
    return made;
  }
}

/** `0.2.1`: the first child of the root's second one. */
function pathOf(process: Process): string {
  const { parent, place } = process;
  return parent === undefined ? '0' : `${pathOf(parent)}.${place}`;
}

const placeOf = ({ process, call, nth }: Pick<CourseEffect, 'process' | 'call' | 'nth'>): string =>
  `${process} ${call} ${nth}`;

const clean = ({
  args,
  result,
}: {
  readonly args: string | undefined;
  readonly result: string | undefined;
}) => (args === undefined || result === undefined ? {} : { args, result });

/** The trace shows the effect in the place of what the call would have come to. */
function isCut(call: Call, { effect }: CourseEffect): boolean {
  if (signalNumber(effect) !== undefined) return call.returned === undefined && call.errno === undefined;
  return errnoNumber(effect) !== undefined && call.errno === effect;
}

/**
 * A killed open that the recording without effects does not have: it takes the lowest descriptor, and the path is where
 * the links lead that are known. Whether it was made is not said by this; that it was killed behind it is.
 */
function opened(call: Call, machine: Machine): Call {
  const { name, task, line, start, end } = call;
  const opens = rowOf(name)?.reshapes?.some(({ kind }) => kind === 'opened') === true;
  if (!opens || call.returned !== undefined || call.errno !== undefined) return call;
  const path = machine.pathAt(call, 'path');
  if (path === undefined || !plainPath.test(path) || machine.doubtAt(call, 'path') !== undefined) return call;
  let fd = 0;
  while (task.files.get(fd) !== undefined) fd += 1;
  return callOf(name, CallText.of(call.text, `${fd}<${path}>`), task, line, start, end);
}

/** Written by strace as it is. */
const plainPath = /^\/[ -;=?-~]*$/;

/** What strace showed of the cut call is no other than the whole one. */
function agrees(cut: Call, whole: Call): boolean {
  const other = whole.args;
  return cut.args.every((argument, index) => {
    const shown = lasting(argument);
    return /^(0x|<unfinished|$)/.test(shown) || shown === lasting(other[index] ?? '');
  });
}

/** Without what differs from run to run: inode numbers, addresses. */
const lasting = (argument: string): string =>
  argument.replaceAll(/\[\d+(->\d+)?/g, '[').replaceAll(/0x[0-9a-f]{4,}/g, '0x');
