/** What a kernel makes of a policy: whether it loads there, and what it does less. */
import type { KernelFacts } from '../../kernels/kernel-facts.ts';
import type { PolicyDocument } from '../../policy/document.ts';
import { sitesOf } from '../../policy/selectors.ts';
import type { PolicySites } from '../../policy/selectors.ts';
import type { Refusal } from '../plan.ts';
import { argumentTypes } from './argument-types.ts';
import { features } from './features.ts';
import type { KernelFinding, KernelRule } from './finding.ts';
import { functions } from './functions.ts';
import { override } from './override.ts';

export type { KernelFinding } from './finding.ts';

const rules: readonly KernelRule[] = [functions, argumentTypes, override, features];

/** Everything that the kernel lacks of what the policy needs, as far as it is known. */
export function kernelFindings(policy: PolicySites, kernel: KernelFacts): KernelFinding[] {
  return rules.flatMap((rule) => rule(policy, kernel));
}

/** Why the policy does not load on the kernel; none if it does, as far as is known. */
export function refusalsOf(document: PolicyDocument, kernel: KernelFacts): Refusal[] {
  return kernelFindings(sitesOf(document), kernel)
    .filter(({ refused }) => refused)
    .map(({ code, message, path, said }) => ({
      code,
      message,
      span: document.headSpanAt(path),
      ...(said === undefined ? {} : { said }),
    }));
}
