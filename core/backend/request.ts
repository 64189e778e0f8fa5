/** What a backend is asked for: a scenario's machine, and the steps on it. */
import type { WorkloadView } from '../engine/hit.ts';
import type { KernelFacts } from '../kernels/kernel-facts.ts';
import type { Plan } from '../plan/plan.ts';
import type { TraceSource } from '../trace/trace-source.ts';

/** A file made before the steps. Paths are absolute. */
export interface GivenFile {
  readonly path: string;
  /** undefined: not read from its source yet. */
  readonly content?: Uint8Array;
  /** Permission bits. */
  readonly mode: number;
  /** User name or uid that it belongs to; default: whom the steps run as. */
  readonly owner?: string | number;
}

/** A folder made before the steps. */
export type GivenDir = Omit<GivenFile, 'content'>;

/** A symbolic link made before the steps. */
export interface GivenLink {
  readonly path: string;
  /** As it is written in the link. */
  readonly target: string;
}

/** What is set up once for all steps of a scenario, before the policies are live. */
export interface Given {
  readonly files: readonly GivenFile[];
  readonly dirs?: readonly GivenDir[];
  readonly symlinks?: readonly GivenLink[];
  readonly env: Readonly<Record<string, string>>;
  /** User name or uid the steps run as; root if unset. */
  readonly user?: string | number;
  /** Default: a fresh /tmp/w. */
  readonly cwd?: string;
  /** Kubernetes workload that the steps count as; unset: processes of the host. */
  readonly workload?: WorkloadView;
  /** Milliseconds that the machine is up when a step begins, for rate limits; unset: longer than every window. */
  readonly uptimeMs?: number;
  /** Commands executed in order; one that fails is an error of the scenario. */
  readonly run: readonly Command[];
}

/** A string runs as `/bin/sh -c`; a list is an argv whose program is looked up beforehand. */
export type Command = string | readonly string[];

/** A policy under test, as it was written and as it was compiled for the session's kernel. */
export interface TestedPolicy {
  /** The YAML of the one document. */
  readonly text: string;
  readonly plan: Plan;
}

/** What a session is opened for. */
export interface SessionRequest {
  readonly scenario: string;
  /** In the order in which they are loaded. */
  readonly policies: readonly TestedPolicy[];
  /** What they were compiled for: the kernel that `Backend.target` named. */
  readonly kernel: KernelFacts;
  readonly given: Given;
  readonly signal?: AbortSignal;
}

/** What a backend has to know of a step. */
export interface StepRequest {
  readonly name: string;
  /** undefined for a step that only has a trace. */
  readonly run?: Command;
  /** Recorded system calls and their start snapshot. Used by backends that replay. */
  readonly trace?: TraceSource;
  /** Recordings of the step under policies: other courses of it. Each says which in its start snapshot. */
  readonly courses?: readonly TraceSource[];
  readonly timeoutMs: number;
  /** What to do with processes left when the root has ended: fail, or kill them silently. */
  readonly daemons: 'fail' | 'kill';
  /** Paths whose state after the step is asked for. */
  readonly watchFiles: readonly string[];
  /** System calls whose results are asked for. */
  readonly watchCalls: readonly string[];
  /** What was read, written, executed and reached is asked for. */
  readonly watchAchieved?: boolean;
  /** Which selectors, filters and values decided is asked for. */
  readonly watchCoverage?: boolean;
  /** Hits that flow to the observer are to carry reasons. */
  readonly watchReasons?: boolean;
}
