/** Events with everything taken out that differs between two runs of the same thing, so that they can be compared. */
import type { EventKind, ProcessJson, TetragonEvent } from './event.ts';
import { bodyOf, kindOf } from './parse.ts';
import { ProcessNumbers } from './normalise/process-numbers.ts';
import { constantsIn, stableValue } from './normalise/stable-value.ts';

export interface NormalEvent {
  readonly kind: EventKind;
  /** Number of the process by order of creation among those seen; -1 for an event without one. */
  readonly process: number;
  /** Number of the parent, `outside` when none of the events is about it. */
  readonly parent: number | 'outside';
  /** The event is about a thread that is not the process's first. */
  readonly thread: boolean;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Numbers in texts and arguments of the events that are no pid of theirs. */
export function constantsOf(
  events: readonly TetragonEvent[],
  given?: ReadonlyMap<number, number>,
): ReadonlySet<number> {
  const numbers = new ProcessNumbers(events, new Set(), given);
  const found = new Set<number>();
  for (const event of events) constantsIn('', bodyOf(event), numbers, found);
  return found;
}

/**
 * One for each event, in the same order.
 * @param constants numbers that stay, though they may happen to be a pid here: those that another run has as constants
 * @param given numbers of processes by pid, where the order of creation is not to tell them
 */
export function normalise(
  events: readonly TetragonEvent[],
  constants: ReadonlySet<number> = new Set(),
  given?: ReadonlyMap<number, number>,
): NormalEvent[] {
  const numbers = new ProcessNumbers(events, constants, given);
  return events.map((event) => {
    const { process, parent, ancestors, ...own } = bodyOf(event) as Readonly<Record<string, unknown>> & {
      process?: ProcessJson;
      parent?: ProcessJson;
      ancestors?: ProcessJson[];
    };
    const parentNumber = numbers.ofParent(parent);
    const body: Record<string, unknown> = {};
    if (process) body['process'] = stableProcess(process, numbers);
    if (parent && parentNumber !== 'outside') body['parent'] = stableProcess(parent, numbers);
    if (ancestors) body['ancestors'] = ancestors.length;
    for (const [key, value] of Object.entries(own)) {
      // Time of the exit. And what a stack shows depends on how the kernel was built.
      if (key === 'time') continue;
      body[key] = key.endsWith('stack_trace') ? 'present' : stableValue(key, value, numbers);
    }
    return {
      kind: kindOf(event),
      process: process ? numbers.of(process) : -1,
      parent: parentNumber,
      thread: process?.tid !== undefined && process.tid !== process.pid,
      body,
    };
  });
}

const unstableKeys = new Set([
  ...['exec_id', 'parent_exec_id', 'pid', 'tid', 'start_time', 'refcnt', 'in_init_tree', 'pod', 'docker'],
]);

function stableProcess(process: ProcessJson, numbers: ProcessNumbers): Record<string, unknown> {
  const stable: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(process)) {
    if (!unstableKeys.has(key)) stable[key] = stableValue(key, value, numbers);
  }
  return stable;
}
