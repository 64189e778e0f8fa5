/** The Backend contract: something that runs a step under plans and returns an outcome. */
import type { WorkloadView } from '../engine/hit.ts';
import type { Plan } from '../plan/plan.ts';
import type { Outcome } from './outcome.ts';

export type BackendName = 'sim' | 'kernel' | 'vm';

/** A file made before the steps. Paths are absolute. */
export interface GivenFile {
  readonly path: string;
  readonly content: Uint8Array;
  readonly mode: number;
}
/** What is set up once for all steps of a scenario, before the policies are live. */
export interface Given {
  readonly files: readonly GivenFile[];
  readonly env: Readonly<Record<string, string>>;
  /** User name or uid the steps run as; root if unset. */
  readonly user?: string | number;
  /** Default: a fresh /tmp/w. */
  readonly cwd?: string;
  /** Kubernetes workload that the steps count as; unset: processes of the host. */
  readonly workload?: WorkloadView;
  /** Commands executed in order; one that fails is an error of the scenario. */
  readonly run: readonly Command[];
}
/** A string runs as `/bin/sh -c`; a list is an argv whose program is looked up beforehand. */
export type Command = string | readonly string[];

export interface StepRequest {
  readonly name: string;
  /** undefined for a step that only has a trace. */
  readonly run?: Command;
  /** Recorded system calls and start state, already read. Used by `sim` only. */
  readonly trace?: TraceSource;
  readonly timeoutMs: number;
  /** What to do with processes left when the root has ended: fail, or kill them silently. */
  readonly daemons: 'fail' | 'kill';
  /** Paths whose state after the step is asked for. */
  readonly watchFiles: readonly string[];
  /** System calls whose results are asked for. */
  readonly watchCalls: readonly string[];
}

/** Where a trace comes from: `chunks` streams its bytes, so that a large one needs no memory. */
export interface TraceSource {
  readonly file: string;
  readonly chunks: () => Iterable<Uint8Array>;
  /** Parsed start.json; undefined: the simulator assumes one and says so in `notes`. */
  readonly start?: unknown;
}

export interface SessionRequest {
  readonly scenario: string;
  readonly plans: readonly Plan[];
  readonly given: Given;
  readonly signal?: AbortSignal;
}

/** What a backend lacks on this machine: exit code 3, or a skip when it was one of `all`. */
export interface Unavailable {
  readonly why: string;
  /** Command that would enable it, if there is one. */
  readonly enable?: string;
}

/** One scenario's machine: `given` is in place and the policies are live until `close`. */
export interface Session {
  runStep(step: StepRequest): Promise<Outcome>;
  /** Ends everything the session started; idempotent. */
  close(): Promise<void>;
}

export interface Backend {
  readonly name: BackendName;
  /** One line for reports: `vm (Debian 6.12.117, TCG)`. */
  describe(): string;
  /** undefined = it can run here. Cheap enough to be asked at each start; results are cached by the backend. */
  available(): Promise<Unavailable | undefined>;
  /** Throws BackendError when the machine cannot be set up or a plan does not load. */
  open(request: SessionRequest): Promise<Session>;
  /** Releases what outlives a session (a QEMU, a cache lock); idempotent. */
  close(): Promise<void>;
}

/** A failure of the machine, not of a policy or an expectation. `code` is stable. */
export class BackendError extends Error {
  override readonly name = 'BackendError';
  constructor(
    readonly code: string,
    message: string,
    readonly detail: { readonly exitCode: 1 | 2 | 3; readonly enable?: string; readonly log?: string },
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
