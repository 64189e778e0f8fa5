/** The simulator as a backend. */
import type { Backend } from '../core/backend/backend.ts';
import type { StepRequest } from '../core/backend/request.ts';
import type { KernelFacts } from '../core/kernels/kernel-facts.ts';
import { SimSession } from './session.ts';
import { unsupportedIn } from './supports.ts';

/** Which kernel the simulator stands for, and who knows kernels. */
export interface SimBackendOptions {
  /** The kernel to replay on, as users name it; default: that of each recording. */
  readonly kernel?: string;
  /** What is known of the kernel that was asked for, or of the one a recording was made on. */
  readonly kernelOf: (release: string) => Promise<KernelFacts>;
}

/**
 * Needs nothing of the machine: it always runs. A step without a trace, or with one that is none, cannot be used.
 *
 * @example
 * ```ts
 * import { createReadStream, readFileSync } from 'node:fs';
 * import { factsOfRelease, loadPolicies, observeStep, straceSource } from 'tracerig/core';
 * import { createSimBackend } from 'tracerig/sim';
 *
 * const noneShipped = () => Promise.resolve(undefined);
 * const backend = createSimBackend({ kernelOf: (release) => factsOfRelease(release, noneShipped) });
 * const step = {
 *   name: 'read',
 *   trace: straceSource('cat.strace', () => createReadStream('cat.strace')),
 *   timeoutMs: 10_000,
 *   daemons: 'fail' as const,
 *   watchFiles: [],
 *   watchCalls: [],
 * };
 * const text = readFileSync('policy.yaml', 'utf8');
 * const kernel = await backend.target(step);
 * const policies = loadPolicies(text, 'policy.yaml', kernel).plans.map((plan) => ({ text, plan }));
 * const given = { files: [], env: {}, run: [] };
 * const session = await backend.open({ scenario: 'cat', policies, kernel, given });
 * const { root, events } = await observeStep(session, step);
 * console.log(root, events.length);
 * ```
 */
export function createSimBackend(options: SimBackendOptions): Backend {
  const { kernel, kernelOf } = options;
  return {
    id: { kind: 'sim', ...(kernel === undefined ? {} : { kernel }) },
    takes: 'trace',
    describe: () =>
      `sim (replay of recorded system calls${kernel === undefined ? '' : `, as on kernel ${kernel}`})`,
    available: () => Promise.resolve(undefined),
    target: (step) => kernelOf(kernel ?? recordedRelease(step)),
    // Kernel functions that it has no model of are named by each step: other hooks of the policy still tell something.
    supports: (plan) => unsupportedIn(plan),
    open: (request) => Promise.resolve(new SimSession(request)),
    close: () => Promise.resolve(),
  };
}

/** Release of the kernel that the step was recorded on, as far as its start snapshot says so. */
function recordedRelease({ trace }: StepRequest): string {
  return trace?.start?.kernel ?? '';
}
