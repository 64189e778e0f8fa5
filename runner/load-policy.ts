/** Single policies, for programs that have one in hand. */
import { BackendError } from '../core/backend/error.ts';
import type { KernelFacts } from '../core/kernels/kernel-facts.ts';
import type { LoadResult } from '../core/plan/load.ts';
import { kernelNamed, unknownKernelText, unnamedKernel } from './kernel-data.ts';
import { compileText, loadPolicyFiles, startOf } from './policies.ts';
import type { LoadedPolicies } from './policies.ts';

/** What a policy is compiled for. */
export interface PolicyOptions {
  /** Kernel as users name it (`6.12`, `host`, a file). Default: none in particular, and nothing is refused for its sake. */
  readonly kernel?: string;
}

/**
 * Reads and compiles the policies of a file. A file that cannot be read is a diagnostic, too.
 *
 * @throws BackendError (`usage`) if nothing is known of the kernel
 *
 * @example
 * ```ts
 * import { loadPolicy } from 'tracerig';
 *
 * const { policies, diagnostics } = await loadPolicy('policies/guard-file.yaml', { kernel: '6.12' });
 * console.log(policies.map(({ plan }) => plan.policyName), diagnostics.length);
 * ```
 */
export async function loadPolicy(file: string, options: PolicyOptions = {}): Promise<LoadedPolicies> {
  return loadPolicyFiles([{ path: file, at: startOf(file) }], await kernelOfOptions(options));
}

/**
 * Compiles the policies in a text. `file` is the name shown in diagnostics.
 *
 * @throws BackendError (`usage`) if nothing is known of the kernel
 *
 * @example
 * ```ts
 * import { compile } from 'tracerig';
 *
 * const { plans, diagnostics } = await compile('kind: TracingPolicy', 'policy.yaml');
 * console.log(plans.length, diagnostics.map(({ message }) => message));
 * ```
 */
export async function compile(text: string, file: string, options: PolicyOptions = {}): Promise<LoadResult> {
  return compileText(text, file, await kernelOfOptions(options));
}

async function kernelOfOptions({ kernel }: PolicyOptions): Promise<KernelFacts> {
  if (kernel === undefined) return unnamedKernel();
  const facts = await kernelNamed(kernel);
  if (facts === undefined)
    throw new BackendError('TR-kernel-unknown', await unknownKernelText(kernel), 'usage');
  return facts;
}
