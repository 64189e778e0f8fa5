/** A probe hit: one call of a hooked function by one thread. What the engine is given. */
import type { CapabilitySet, NamespaceName } from '../plan/plan.ts';
import type { ArgValue, ByteString, UnknownValue } from '../values/value.ts';

/** A binary's resolved path, or why the source of the hit cannot tell it. */
export type Binary = ByteString | UnknownValue;

/** What a source of hits may be unable to tell of a task, beside what says so itself. */
export type TaskPart =
  | NamespaceName
  | 'pid'
  | 'nsPid'
  /** Host pids of all ancestors, and their namespace pids. */
  | 'ancestors'
  | 'nsAncestors'
  | 'workload'
  | 'recordedNamespaces';

/** What process filters see of the calling thread and its process: as it is when a filter asks. */
export interface TaskView {
  /** Thread group id and thread id on the host. */
  readonly pid: number;
  readonly tid: number;
  /** In the process's own pid namespace; 0 when that is the host's. */
  readonly nsPid: number;
  /** Resolved path of the executed file (interpreter for a script); undefined when the agent could not read it. */
  readonly binary: Binary | undefined;
  /** Binaries of the processes or images before, nearest first. A forked child that never execs has no parent entry. */
  readonly parentBinary: Binary | undefined;
  /** Own binary and that of each ancestor at its exec: what followChildren inherits. */
  readonly ancestorBinaries: readonly Binary[];
  /** Host pids of this process's ancestors, nearest first (at most 9 are looked at), and their namespace pids. */
  readonly ancestorPids: readonly number[];
  readonly ancestorNsPids: readonly number[];
  /** Inode numbers now, and as recorded at the process's first exec (undefined: process not known then). */
  readonly namespaces: Readonly<Record<NamespaceName, number>>;
  readonly recordedNamespaces: Readonly<Record<NamespaceName, number>> | undefined;
  readonly hostNamespaces: Readonly<Record<NamespaceName, number>>;
  /** Why the source of the hit cannot tell this, whatever stands there. Default: it can tell all. */
  doubt?(part: TaskPart): string | undefined;
  /** Sets now, or why the source of the hit cannot tell them. */
  readonly capabilities: Readonly<Record<CapabilitySet, bigint | UnknownValue>> | UnknownValue;
  readonly recordedCapabilities: Readonly<Record<CapabilitySet, bigint>> | UnknownValue | undefined;
  /** Pod labels and container of the process, for policies that select workloads. */
  readonly workload?: WorkloadView | undefined;
}

export interface WorkloadView {
  readonly namespace: string;
  readonly podLabels: Readonly<Record<string, string>>;
  readonly containerName?: string;
  readonly containerImage?: string;
}

/**
 * Values are asked for by their position in the hook's plan (`arg(i)` is of `hook.args[i]`), in the order in which active
 * selectors look at them. What none of them looks at is not asked for; asked twice, a value is the same.
 */
export interface ProbeHit {
  readonly task: TaskView;
  arg(position: number): ArgValue;
  data(position: number): ArgValue;
  /** Set on the return side only. */
  readonly returnValue?: ArgValue | undefined;
  /** Whether the sock at the position of args is tracked: UntrackSock of another has no effect. Default: it is. */
  isTracked?(position: number): boolean;
  /** Nanoseconds since boot: rate limits count in it. */
  readonly bootNs: bigint;
  /** That time may be off by less than so much. Default: it is exact. */
  readonly clockStepNs?: bigint | undefined;
}

/** What a hit is made of whose values are all at hand: lists by position in the hook's plan. */
export interface HitParts {
  readonly task: TaskView;
  readonly args: readonly ArgValue[];
  readonly data?: readonly ArgValue[];
  readonly returnValue?: ArgValue | undefined;
  /** Default: every sock is. */
  readonly isTracked?: (position: number) => boolean;
  readonly bootNs: bigint;
}

/** A hit from lists of values. What a list lacks is unknown. */
export function hitOf(parts: HitParts): ProbeHit {
  return new ListHit(parts);
}

const absent: ArgValue = { kind: 'unknown', why: 'the hit does not say' };

class ListHit implements ProbeHit {
  readonly task: TaskView;
  readonly returnValue: ArgValue | undefined;
  readonly bootNs: bigint;
  private readonly args: readonly ArgValue[];

  constructor(private readonly parts: HitParts) {
    this.task = parts.task;
    this.returnValue = parts.returnValue;
    this.bootNs = parts.bootNs;
    this.args = parts.args;
  }

  arg(position: number): ArgValue {
    return this.args[position] ?? absent;
  }

  data(position: number): ArgValue {
    return this.parts.data?.[position] ?? absent;
  }

  isTracked(position: number): boolean {
    return this.parts.isTracked?.(position) ?? true;
  }
}
