/**
 * Hit sources: what tells of hooked functions that were called. The replay of a trace is one; a log of events or a model
 * of a kernel may be others. The judge knows no more of them than this.
 */
import type { TaskView } from '../engine/hit.ts';
import type { RecordedUpdate } from '../engine/recorded.ts';
import type { StackEntryJson } from '../events/event.ts';
import type { ProcessFacts } from '../events/facts.ts';
import type { HookPlan } from '../plan/plan.ts';
import type { ArgValue } from '../values/value.ts';

/** A process (Tetragon: one image of it) as events show it. The source may know more of it; the judge hands it back. */
export interface EventProcess {
  readonly facts: ProcessFacts;
}

/**
 * One call of a hooked function by one thread, for the hooks of all policies there. Values are asked for by their position
 * in a hook's plan, once a hook, and only when a filter looks at them or an event shows them.
 */
export interface SourceHit {
  readonly task: TaskView;
  /** Whom an event is attributed to, unless the socket it is about is tracked. */
  readonly process: EventProcess;
  /** Nanoseconds since boot. */
  readonly timeNs: bigint;
  /** That time may be off by less than so much. Default: it is exact. */
  readonly clockStepNs?: bigint | undefined;
  /** Function that was hit: events of a hook on many name it. */
  readonly symbol?: string | undefined;
  arg(hook: HookPlan, position: number): ArgValue;
  data(hook: HookPlan, position: number): ArgValue;
  /** The socket of an argument, as the same object at each hit: TrackSock. A source without this cannot tell them apart. */
  identity?(hook: HookPlan, position: number): object | undefined;
  /** For actions that ask for it. */
  kernelStack?(): readonly StackEntryJson[];
  /** A posted match of a filter on changes: what they are compared with from now on is the present state. */
  renew?(update: RecordedUpdate): void;
}

/** The return of the function. */
export interface SourceReturn {
  /** Nanoseconds since boot. */
  readonly timeNs: bigint;
  /** An argument that is read at the return (returnCopy); undefined: it is what it was at the entry. */
  arg(hook: HookPlan, position: number): ArgValue | undefined;
  returnValue(hook: HookPlan): ArgValue;
  /** The socket that is returned: `returnArgAction`. */
  identity?(hook: HookPlan): object | undefined;
}
