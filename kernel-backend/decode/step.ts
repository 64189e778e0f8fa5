/** A step's records as the outcome's events, processes and call results. */
import { buildExec, buildExit, buildHookEvent } from '../../core/events/build.ts';
import { returnedAction } from '../../core/engine/output.ts';
import type { EventClock, ProcessFacts } from '../../core/events/facts.ts';
import type { CallOutcome, OutcomeEvent, ProcessOutcome } from '../../core/backend/outcome.ts';
import type { ProblemCause } from '../../core/backend/problem.ts';
import { errnoName } from '../../core/names/errno.ts';
import type { ActionName, ActionPlan, ArgPlan, HookPlan } from '../../core/plan/plan.ts';
import type { ArgValue } from '../../core/values/value.ts';
import { fromBytes } from '../../core/values/value.ts';
import type { NumberedHook } from '../encode/plan.ts';
import { trLimit } from '../layout/generated.ts';
import { decodeArg } from './args.ts';
import { Processes, type ProcessWorld, type TrackedProcess } from './processes.ts';
import type { ArgRead, KernelRecord } from './records.ts';
import { WaitingCalls } from './waiting.ts';

export interface StepView {
  readonly events: readonly OutcomeEvent[];
  readonly processes: readonly ProcessOutcome[];
  readonly calls: readonly CallOutcome[];
  /** What of the events could not be found out. */
  readonly unknown: readonly Extract<ProblemCause, { kind: 'not-known' }>[];
  /** By number of the hook, returns that the kernel did not tell of. */
  readonly lostReturns: ReadonlyMap<number, number>;
}

export interface StepContext {
  readonly world: ProcessWorld;
  readonly hooks: readonly NumberedHook[];
  readonly clock: EventClock;
  /** Name of a system call by number. */
  readonly callName: (number: number) => string;
}

export function decodeStep(records: readonly KernelRecord[], context: StepContext): StepView {
  const { clock, hooks } = context;
  const processes = new Processes(context.world);
  const events: OutcomeEvent[] = [];
  const calls: CallOutcome[] = [];
  const post = (event: OutcomeEvent['event'], process: TrackedProcess): void =>
    void events.push({ event, process: process.number, diverged: false });

  const waiting = new WaitingCalls(hooks);
  const unknown: StepView['unknown'][number][] = [];
  const value = (read: ArgRead, declared: ArgPlan, { plan, hook }: NumberedHook): ArgValue => {
    const found = decodeArg(read, declared, context.world.hostNamespaces.User);
    if (hook.kind !== 'uprobe' || found.kind !== 'unreadable') return found;
    unknown.push({ kind: 'not-known', policy: plan.policyName, hook: hook.target, why: notInMemory });
    return { kind: 'unknown', why: notInMemory };
  };

  /** The event is of the time of the entry, and takes its place in the order when the function has returned. */
  function postHook(entered: HookRecord, facts?: ProcessFacts, returned?: ReturnRecord): void {
    const { head } = entered;
    const { owner } = entered;
    const process = processes.at(owner === undefined ? head : { ...head, pid: owner.pid });
    const numbered = hooks[entered.hook];
    if (process === undefined || numbered === undefined) return;
    const { plan, hook } = numbered;
    const action = lastOf(hook.selectors[entered.selector]?.actions, entered.action) ?? 'Post';
    const event = buildHookEvent(
      {
        plan,
        hook,
        facts: owner === undefined ? (facts ?? process.facts) : process.facts,
        tid: owner?.tid ?? head.tid,
        args: hook.args.flatMap((declared, i) => {
          const read = declared.returnCopy ? returned?.copied : entered.args[i];
          return read === undefined ? [] : [value(read, declared, numbered)];
        }),
        data: hook.data.flatMap((declared, i) => {
          const read = entered.args[hook.args.length + i];
          return read === undefined ? [] : [value(read, declared, numbered)];
        }),
        action,
        ...(hook.kind === 'uprobe' && uprobeShown(hook)),
        ...(hook.selectors[entered.selector]?.actions.some(showsStack) && { kernelStack: unreadStack }),
        ...(returned?.value === undefined || hook.returnArg === undefined
          ? {}
          : {
              returnValue: value(returned.value, hook.returnArg, numbered),
              returnAction:
                lastOf(hook.selectors[returned.selector]?.returnActions, returned.action) ??
                returnedAction(action),
            }),
      },
      clock,
      head.time_ns,
    );
    post(event, process);
  }

  for (const record of records) {
    const { head } = record;
    switch (record.kind) {
      case 'args':
        processes.addArgs(head, record.bytes);
        break;
      case 'exec': {
        const process = processes.addExec(record);
        post(buildExec(process.facts, clock, head.time_ns), process);
        break;
      }
      case 'fork':
        processes.addFork(head);
        break;
      case 'exit': {
        waiting.end(head.pid);
        const process = processes.addExit(head, record.code);
        if (process === undefined) break;
        const { fate } = process;
        const how =
          fate.kind === 'killed'
            ? { signal: fate.signal, code: 0 }
            : { code: fate.kind === 'exited' ? fate.code : 0 };
        post(buildExit(process.facts, how, clock, head.time_ns), process);
        break;
      }
      case 'hook':
        if (record.waits) waiting.enter(record, processes.at(head)?.facts);
        else postHook(record);
        break;
      case 'return': {
        const call = waiting.leave(record);
        if (call !== undefined && record.value !== undefined) postHook(call.entered, call.facts, record);
        break;
      }
      case 'call': {
        const process = processes.at(head);
        if (process === undefined) break;
        const name = context.callName(record.number);
        calls.push({ process: process.number, name, errno: errnoOf(record.result), diverged: false });
        break;
      }
      case 'test':
        throw new RangeError('a record of a test in a step');
    }
  }
  return { events, calls, processes: processes.all.map(outcomeOf), lostReturns: waiting.lost, unknown };
}

type HookRecord = Extract<KernelRecord, { kind: 'hook' }>;
type ReturnRecord = Extract<KernelRecord, { kind: 'return' }>;

const showsStack = (action: ActionPlan): boolean => action.kind === 'Post' && action.kernelStack;
/** Stands for a stack: what one holds depends on how the kernel was built, and is never compared. */
const unreadStack = [{ symbol: 'not read' }];

/** Tetragon waits for a page of a program; these programs cannot. */
const notInMemory = 'a text of the program was not in memory when its function was called';

/** Of a uprobe events name the symbol that was asked for last, and none where it was an offset. */
const uprobeShown = ({ target, offset, shownSymbol, refCtrOffset }: HookPlan) => ({
  symbol: offset === undefined ? (shownSymbol ?? target) : '',
  ...(refCtrOffset !== undefined && { refCtrOffset }),
});

/** The action at the index that a record carries. */
function lastOf(actions: readonly ActionPlan[] | undefined, index: number): ActionName | undefined {
  return index === trLimit.NO_INDEX ? undefined : actions?.[index]?.kind;
}

function outcomeOf({ number, parent, pid, facts, fate }: TrackedProcess): ProcessOutcome {
  return {
    number,
    ...(parent === undefined ? {} : { parent }),
    pid,
    binary: fromBytes(facts.binary),
    arguments: facts.args.map(fromBytes).join(' '),
    ...(facts.unknown?.args !== undefined && { unknown: { arguments: facts.unknown.args } }),
    fate,
    diverged: false,
  };
}

function errnoOf(result: bigint): string | 0 {
  if (result >= 0n || result < -4095n) return 0;
  return errnoName(Number(-result));
}
