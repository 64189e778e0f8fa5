/** Whether a policy is one that both sides can judge. */
import { anyKernel } from '../../core/kernels/kernel-facts.ts';
import { loadPolicies } from '../../core/plan/load.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { encodePlans, type TargetKernel } from '../encode/plan.ts';
import { UnsupportedError } from '../encode/unsupported.ts';
import { kernel } from '../testing.ts';

/** What the fuzzer's plans are encoded for: effects are noted, so nothing depends on what the kernel has. */
export const fuzzKernel: TargetKernel = { ...kernel, cookies: false, override: true };

/** The plan; else why there is none: the codes of what does not load, or what the programs do not do. */
export function fuzzPlan(text: string): Plan | { readonly refused: string } {
  const { plans, diagnostics } = loadPolicies(text, 'policy.yaml', anyKernel);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const [plan] = plans;
  if (plan === undefined || errors.length > 0) return { refused: errors.map(({ code }) => code).join(' ') };
  try {
    encodePlans([plan], fuzzKernel);
    return plan;
  } catch (error) {
    if (error instanceof UnsupportedError) return { refused: error.unsupported.feature };
    throw error;
  }
}
