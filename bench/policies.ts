/** Policies that the benchmarks of the replay run under. */
import { anyKernel } from '../core/kernels/kernel-facts.ts';
import { loadPolicies } from '../core/plan/load.ts';
import type { Plan } from '../core/plan/plan.ts';

const onInstalledFile = (number: number, path: string): string => `apiVersion: cilium.io/v1alpha1
kind: TracingPolicy
metadata: { name: bench-${number} }
spec:
  kprobes:
    - call: fd_install
      syscall: false
      args: [{ index: 0, type: int }, { index: 1, type: file }]
      selectors:
        - matchArgs: [{ index: 1, operator: Equal, values: ["${path}"] }]
`;

/** So many policies on fd_install, each with a file of its own that no trace opens. */
export function silentPolicies(count: number): Plan[] {
  return Array.from({ length: count }, (_, number) => planOf(number, `/tmp/w/no-such-file-${number}`));
}

/** A policy on fd_install that takes this file. */
export function policyOn(path: string): Plan {
  return planOf(0, path);
}

function planOf(number: number, path: string): Plan {
  const [plan] = loadPolicies(onInstalledFile(number, path), 'policy.yaml', anyKernel).plans;
  if (plan === undefined) throw new Error('the policy of the benchmark does not compile');
  return plan;
}
