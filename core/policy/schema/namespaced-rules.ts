/** Rules of the custom resource definition that stand at the top of TracingPolicyNamespaced only. */
import type { CelRule } from './helpers.ts';

export const namespacedRules: readonly CelRule[] = [
  {
    rule: '!has(self.spec.hostSelector)',
    message: 'TracingPolicyNamespaced should have a null spec.hostSelector.',
    keys: [['spec', 'hostSelector']],
    help: 'Remove it: a namespace has nothing of the host. Only a TracingPolicy takes it.',
  },
];
