/**
 * The contract between the runner and whatever runs a step. Nothing in here knows any one backend: another is added by
 * implementing `Backend`, not by changing this file.
 */
import type { KernelFacts } from '../kernels/kernel-facts.ts';
import type { Plan } from '../plan/plan.ts';
import type { Span } from '../source/diagnostic.ts';
import type { BackendId } from './id.ts';
import type { StepObserver } from './observer.ts';
import type { Outcome } from './outcome.ts';
import type { SessionRequest, StepRequest } from './request.ts';

/** What a backend lacks on this machine. */
export interface Unavailable {
  readonly why: string;
  /** Command that would enable it, if there is one. */
  readonly enable?: string;
}

/** Something that a policy says and that a backend cannot do. */
export interface Unsupported {
  /** In the policy language's words: `rate limits`, `hooks on tracepoints`. */
  readonly feature: string;
  /** Where the policy says it. */
  readonly span: Span;
  /** What would be needed: `a program of tracerig for it`, `bpf_override_return (CONFIG_BPF_KPROBE_OVERRIDE)`. */
  readonly missing: string;
  /** How that was found out: by design, or by trying, with what the kernel answered. */
  readonly proof: string;
}

/** One scenario's machine: `given` is in place and the policies are live until `close`. */
export interface Session {
  /** Events, hits and problems flow to the observer as they come; the outcome sums up. */
  runStep(step: StepRequest, observer: StepObserver): Promise<Outcome>;
  /** Ends everything the session started; idempotent. */
  close(): Promise<void>;
}

/** Something that runs steps under policies: the simulator, a kernel, a VM. */
export interface Backend {
  readonly id: BackendId;
  /** What of a step it takes: a recorded trace, which it replays, or a command, which it executes. */
  readonly takes: 'trace' | 'command';
  /** One line for reports: `vm (Debian 6.12.117, TCG)`. */
  describe(): string;
  /** undefined = it can run here. Cheap enough to be asked at each start; results are cached by the backend. */
  available(): Promise<Unavailable | undefined>;
  /**
   * The kernel that policies are to be compiled for. A backend that replays takes that of the recording unless another was
   * asked for, hence the step. Throws BackendError (`usage`) if nothing is known of the kernel that was asked for.
   */
  target(step: StepRequest): Promise<KernelFacts>;
  /** What of the plan it cannot do. Empty: all of it can be done. */
  supports(plan: Plan, kernel: KernelFacts): readonly Unsupported[];
  /** Throws BackendError when the machine cannot be set up or a policy does not load. */
  open(request: SessionRequest): Promise<Session>;
  /** Releases what outlives a session (a QEMU, a cache lock); idempotent. */
  close(): Promise<void>;
}
