/** A case judged by the programs and by the engine: what they disagree in first. */
import { isDeepStrictEqual } from 'node:util';
import { createEvaluator } from '../../core/engine/evaluate.ts';
import { hitOf, type TaskView } from '../../core/engine/hit.ts';
import { recordedUpdate } from '../../core/engine/recorded.ts';
import { RETURNED, type Effects, type Verdict } from '../../core/engine/verdict.ts';
import type { ActionPlan, ArgPlan, HookPlan, Plan } from '../../core/plan/plan.ts';
import type { ArgValue } from '../../core/values/value.ts';
import { decodeArg } from '../decode/args.ts';
import type { ArgRead, KernelRecord } from '../decode/records.ts';
import { trLimit } from '../layout/generated.ts';
import type { Rig } from '../rig.ts';
import type { Programs } from '../session/load.ts';
import type { FuzzCase, FuzzHit, FuzzProcess } from './case.ts';
import { entryOf, viewOf, type OwnProcess } from './process.ts';
import {
  hostUserNamespace,
  TestProgram,
  type PlacedValue,
  type TestEffect,
  type TestVerdict,
} from './program.ts';
import { fuzzKernel } from './taken.ts';

/** What one side says of one half of a hit: all that is seen of it outside. */
interface Said {
  readonly selector: number | undefined;
  readonly posts: boolean;
  /** Named in the event, if there is one. */
  readonly action: string | undefined;
  readonly effects: readonly TestEffect[];
  /** As in the event, if there is one. */
  readonly args: readonly ArgValue[] | undefined;
  readonly owner: { readonly pid: number; readonly tid: number } | undefined;
}

export interface Disagreement {
  readonly run: number;
  readonly hit: number;
  readonly half: 'entry' | 'return';
  readonly programs: Partial<Said>;
  readonly engine: Partial<Said>;
}

/** Told of each half of a hit that both sides judged alike. */
export type Note = (hit: FuzzHit, half: 'entry' | 'return', said: Said) => void;

export async function compare(
  fuzzCase: FuzzCase,
  plan: Plan,
  { rig, programs, own }: { readonly rig: Rig; readonly programs: Programs; readonly own: OwnProcess },
  note: Note = () => undefined,
): Promise<Disagreement | undefined> {
  const kernel = fuzzCase.inHost ? { ...fuzzKernel, hostNamespaces: own.namespaces } : fuzzKernel;
  const program = await TestProgram.load(rig, programs, [plan], { kernel });
  const engine = new EngineSide(plan, own, fuzzCase.inHost);
  try {
    for (const [run, { process: made, hits }] of fuzzCase.runs.entries()) {
      await program.become(entryOf(own, made, program.binaries));
      const verdicts = await program.judge(hits);
      engine.become(made);
      for (const [index, hit] of hits.entries()) {
        const verdict = verdicts[index];
        if (verdict === undefined) throw new Error(`no verdict on hit ${index}`);
        const found = compareHit(plan, engine, hit, verdict, note);
        if (found !== undefined) return { run, hit: index, ...found };
      }
    }
    return undefined;
  } finally {
    await program.close();
  }
}

function compareHit(
  plan: Plan,
  engine: EngineSide,
  hit: FuzzHit,
  verdict: TestVerdict,
  note: Note,
): Omit<Disagreement, 'run' | 'hit'> | undefined {
  const hook = plan.hooks[hit.hook];
  if (hook === undefined) throw new Error(`no hook ${hit.hook}`);
  const expected = engine.judge(hit, verdict);
  const { returned } = verdict;
  const halves: readonly (readonly [Disagreement['half'], Said, Said])[] = [
    ['entry', entrySaid(hook, verdict), expected.entry],
    ...(returned === undefined ? [] : ([['return', returnSaid(hook, returned), expected.exit]] as const)),
  ];
  for (const [half, programs, said] of halves) {
    if (!isDeepStrictEqual(programs, said)) return { half, ...parting(programs, said) };
    note(hit, half, said);
  }
  return undefined;
}

/** Only what differs. */
function parting(programs: Said, engine: Said): Pick<Disagreement, 'programs' | 'engine'> {
  const keys = (Object.keys(programs) as (keyof Said)[]).filter(
    (key) => !isDeepStrictEqual(programs[key], engine[key]),
  );
  const only = (said: Said): Partial<Said> => Object.fromEntries(keys.map((key) => [key, said[key]]));
  return { programs: only(programs), engine: only(engine) };
}

/** The programs' half. */
function entrySaid(hook: HookPlan, { selector, action, posts, effects, records }: TestVerdict): Said {
  const record = records.find((one) => one.kind === 'hook');
  return {
    selector,
    posts,
    action: posts ? actionName(hook.selectors[selector ?? -1]?.actions, action) : undefined,
    effects: effective(effects),
    args: posts ? argsOf(hook, record) : undefined,
    owner: posts ? record?.owner : undefined,
  };
}

function returnSaid(hook: HookPlan, { effects, records }: NonNullable<TestVerdict['returned']>): Said {
  const record = records.find((one) => one.kind === 'return');
  const selector = record?.selector === trLimit.NO_INDEX ? undefined : record?.selector;
  const value = record?.value;
  return {
    selector,
    posts: value !== undefined,
    action: value === undefined ? undefined : returnActionName(hook, selector, record?.action),
    effects: effective(effects),
    args: value === undefined || hook.returnArg === undefined ? undefined : [shownAs(value, hook.returnArg)],
    owner: undefined,
  };
}

/** Without actions of the return's own the event names what the entry did, which is not the programs' to say. */
function returnActionName(
  hook: HookPlan,
  selector: number | undefined,
  index: number | undefined,
): string | undefined {
  const actions = hook.selectors[selector ?? -1]?.returnActions ?? [];
  return actions.length === 0 ? undefined : actionName(actions, index);
}

function argsOf(hook: HookPlan, record: Extract<KernelRecord, { kind: 'hook' }> | undefined): ArgValue[] {
  return (record?.args ?? []).map((read, position) => {
    const arg = hook.args[position];
    if (arg === undefined) throw new Error(`no argument ${position}`);
    return shownAs(read, arg);
  });
}

const shownAs = (read: ArgRead, plan: ArgPlan): ArgValue => decodeArg(read, plan, hostUserNamespace);

const actionName = (actions: readonly ActionPlan[] = [], index: number | undefined): string =>
  actions[index ?? -1]?.kind ?? 'Post';

/** Signal 0 asks whether there is a process, and does nothing. Of several overrides or notifications the last is what counts. */
function effective(effects: readonly TestEffect[]): TestEffect[] {
  const signals = effects.filter(({ kind, number }) => kind === 'signal' && number !== 0);
  const last = (which: TestEffect['kind']): TestEffect[] =>
    effects.filter(({ kind }) => kind === which).slice(-1);
  return [...signals, ...last('override'), ...last('notify')];
}

class EngineSide {
  readonly #evaluator;
  readonly #plan: Plan;
  readonly #own: OwnProcess;
  #made: FuzzProcess | undefined;
  #recorded: Pick<TaskView, 'recordedNamespaces' | 'recordedCapabilities'> = {
    recordedNamespaces: undefined,
    recordedCapabilities: undefined,
  };
  /** By the socket's cookie. */
  readonly #owners = new Map<bigint, { readonly pid: number; readonly tid: number }>();

  constructor(
    plan: Plan,
    own: OwnProcess,
    private readonly inHost: boolean,
  ) {
    this.#plan = plan;
    this.#own = own;
    this.#evaluator = createEvaluator(plan);
  }

  become(made: FuzzProcess): void {
    this.#made = made;
    const { recordedNamespaces, recordedCapabilities } = viewOf(this.#own, made, this.inHost, 0);
    this.#recorded = { recordedNamespaces, recordedCapabilities };
  }

  /** When, and in which thread, is as the programs had it. */
  judge(
    { hook: number, args: placed, returned }: FuzzHit,
    { bootNs, tid }: Pick<TestVerdict, 'bootNs' | 'tid'>,
  ): { readonly entry: Said; readonly exit: Said } {
    const hook = this.#plan.hooks[number];
    const judge = this.#evaluator.hooks[number];
    if (hook === undefined || judge === undefined || this.#made === undefined)
      throw new Error('nothing to judge');
    const owner = { pid: this.#own.pid, tid };
    const args = placed.map(shownOf);
    const task = { ...viewOf(this.#own, this.#made, this.inHost, tid), ...this.#recorded };
    const cookie = (position: number): bigint | undefined =>
      cookieOf(position === RETURNED ? returned : args[position]);
    const isTracked = (position: number): boolean => this.#owners.has(cookie(position) ?? 0n);
    const parts = { task, args, bootNs, isTracked };
    const entered = judge.entry(hitOf(parts));
    const tracked = args.map((_, position) => this.#owners.get(cookie(position) ?? 0n)).find((one) => one);
    this.#track(entered.effects, cookie, owner);
    this.#renew(hook, entered);
    const entry = said(entered, args, tracked);
    if (returned === undefined) return { entry, exit: nothing };
    const back = judge.exit(hitOf({ ...parts, returnValue: shownOf(returned) }), entered);
    if (back === undefined) return { entry, exit: nothing };
    this.#track(back.effects, cookie, owner);
    const exit = said(back, [shownOf(returned)], undefined);
    const own = hook.selectors[exit.selector ?? -1]?.returnActions ?? [];
    return { entry, exit: own.length === 0 ? { ...exit, action: undefined } : exit };
  }

  #track(
    { sockets = [] }: Effects,
    cookie: (position: number) => bigint | undefined,
    owner: { readonly pid: number; readonly tid: number },
  ): void {
    for (const { position, tracked } of sockets) {
      const socket = cookie(position);
      if (socket === undefined) continue;
      if (tracked) this.#owners.set(socket, owner);
      else this.#owners.delete(socket);
    }
  }

  #renew(hook: HookPlan, verdict: Verdict): void {
    const { namespaces, capabilities } = recordedUpdate(hook, verdict);
    const { recordedNamespaces, recordedCapabilities } = this.#recorded;
    this.#recorded = {
      recordedNamespaces: namespaces && recordedNamespaces ? this.#own.namespaces : recordedNamespaces,
      recordedCapabilities:
        capabilities && recordedCapabilities ? this.#own.capabilities : recordedCapabilities,
    };
  }
}

const nothing: Said = {
  ...{ selector: undefined, posts: false, action: undefined, effects: [], args: undefined, owner: undefined },
};

function said(verdict: Verdict, args: readonly ArgValue[], owner: Said['owner']): Said {
  const { selector, post, action, effects } = verdict;
  if (verdict.undetermined !== undefined) throw new Error('the engine does not know a value');
  return {
    selector: typeof selector === 'number' ? selector : undefined,
    posts: post,
    action: post ? action : undefined,
    effects: [
      ...effects.signals.map((number) => ({ kind: 'signal' as const, number })),
      ...(effects.override === undefined ? [] : [{ kind: 'override' as const, number: effects.override }]),
      ...(effects.notifyEnforcer === undefined
        ? []
        : [{ kind: 'notify' as const, number: noticeNumber(effects.notifyEnforcer) }]),
    ],
    args: post ? args : undefined,
    owner: post ? owner : undefined,
  };
}

const noticeNumber = ({ error, signal }: NonNullable<Effects['notifyEnforcer']>): number =>
  (error << 16) | (signal & 0xffff);

/** Without what only the placing needs. */
function shownOf(value: PlacedValue): ArgValue {
  if (value.kind !== 'int') return value;
  return { kind: 'int', value: value.value };
}

const cookieOf = (value: ArgValue | undefined): bigint | undefined =>
  value?.kind === 'sock' && value.cookie !== 0n ? value.cookie : undefined;
