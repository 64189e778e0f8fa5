/** A step's records as the outcome's events, processes and call results. */
import { buildExec, buildExit, buildHookEvent } from '../../core/events/build.ts';
import type { EventClock } from '../../core/events/facts.ts';
import type { CallOutcome, OutcomeEvent, ProcessOutcome } from '../../core/backend/outcome.ts';
import { errnoName } from '../../core/names/errno.ts';
import { fromBytes } from '../../core/values/value.ts';
import type { NumberedHook } from '../encode/plan.ts';
import { trLimit } from '../layout/generated.ts';
import { decodeArg } from './args.ts';
import { Processes, type ProcessWorld, type TrackedProcess } from './processes.ts';
import type { KernelRecord } from './records.ts';

export interface StepView {
  readonly events: readonly OutcomeEvent[];
  readonly processes: readonly ProcessOutcome[];
  readonly calls: readonly CallOutcome[];
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
      case 'hook': {
        const process = processes.at(head);
        const numbered = hooks[record.hook];
        if (process === undefined || numbered === undefined) break;
        const { plan, hook } = numbered;
        const actions = hook.selectors[record.selector]?.actions;
        const action = record.action === trLimit.NO_INDEX ? undefined : actions?.[record.action];
        const event = buildHookEvent(
          {
            plan,
            hook,
            facts: process.facts,
            tid: head.tid,
            args: record.args.flatMap((arg, i) => {
              const declared = hook.args[i];
              return declared === undefined
                ? []
                : [decodeArg(arg, declared, context.world.hostNamespaces.User)];
            }),
            action: action?.kind ?? 'Post',
          },
          clock,
          head.time_ns,
        );
        post(event, process);
        break;
      }
      case 'call': {
        const process = processes.at(head);
        if (process === undefined) break;
        const name = context.callName(record.number);
        calls.push({ process: process.number, name, errno: errnoOf(record.result), diverged: false });
        break;
      }
    }
  }
  return { events, calls, processes: processes.all.map(outcomeOf) };
}

function outcomeOf({ number, parent, pid, facts, fate }: TrackedProcess): ProcessOutcome {
  return {
    number,
    ...(parent === undefined ? {} : { parent }),
    pid,
    binary: fromBytes(facts.binary),
    arguments: facts.args.map(fromBytes).join(' '),
    fate,
    diverged: false,
  };
}

function errnoOf(result: bigint): string | 0 {
  if (result >= 0n || result < -4095n) return 0;
  return errnoName(Number(-result));
}
