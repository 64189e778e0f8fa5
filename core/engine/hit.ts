/** A probe hit: one call of a hooked function by one thread. What a backend gives to the engine. */
import type { CapabilitySet, NamespaceName } from '../plan/plan.ts';
import type { ArgValue, ByteString } from '../values/value.ts';

/** What process filters see of the calling thread and its process. */
export interface TaskView {
  /** Thread group id and thread id on the host. */
  readonly pid: number;
  readonly tid: number;
  /** In the process's own pid namespace; 0 when that is the host's. */
  readonly nsPid: number;
  /** Resolved path of the executed file (interpreter for a script); undefined when it could not be read. */
  readonly binary: ByteString | undefined;
  /** Binaries of the processes or images before, nearest first. A forked child that never execs has no parent entry. */
  readonly parentBinary: ByteString | undefined;
  /** Own binary and that of each ancestor at its exec: what followChildren inherits. */
  readonly ancestorBinaries: readonly ByteString[];
  /** Host pids of this process's ancestors, nearest first (at most 9 are looked at), and their namespace pids. */
  readonly ancestorPids: readonly number[];
  readonly ancestorNsPids: readonly number[];
  /** Inode numbers now, and as recorded at the process's first exec (undefined: process not known then). */
  readonly namespaces: Readonly<Record<NamespaceName, number>>;
  readonly recordedNamespaces: Readonly<Record<NamespaceName, number>> | undefined;
  readonly hostNamespaces: Readonly<Record<NamespaceName, number>>;
  readonly capabilities: Readonly<Record<CapabilitySet, bigint>>;
  readonly recordedCapabilities: Readonly<Record<CapabilitySet, bigint>> | undefined;
  /** Pod labels and container of the process, for policies that select workloads. */
  readonly workload?: WorkloadView;
}

export interface WorkloadView {
  readonly namespace: string;
  readonly podLabels: Readonly<Record<string, string>>;
  readonly containerName?: string;
  readonly containerImage?: string;
}

/** Values stand at the positions of the hook's plan (`args[i]` is of `hook.args[i]`). */
export interface ProbeHit {
  readonly task: TaskView;
  readonly args: readonly ArgValue[];
  readonly data: readonly ArgValue[];
  /** Set on the return side only. */
  readonly returnValue?: ArgValue;
  /** Whether the sock at the position of args is tracked: UntrackSock of another has no effect. Default: it is. */
  readonly isTracked?: (position: number) => boolean;
  /** Nanoseconds since boot: rate limits count in it. */
  readonly bootNs: bigint;
}
