import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WorkloadView } from '../core/engine/hit.ts';
import { anyKernel } from '../core/kernels/kernel-facts.ts';
import { loadPolicies } from '../core/plan/load.ts';
import { replay } from './index.ts';

const traces = join(import.meta.dirname, '../scenarios/kill-on-open.traces');
const policy = `apiVersion: cilium.io/v1alpha1
kind: TracingPolicy
metadata: { name: guard-shop }
spec:
  podSelector: { matchLabels: { app: shop } }
  kprobes:
    - call: fd_install
      syscall: false
      args: [{ index: 1, type: file }]
      selectors:
        - matchArgs: [{ index: 1, operator: Equal, values: ["/tmp/tetragon"] }]
          matchActions: [{ action: Sigkill }]
`;

function fate(workload?: WorkloadView): unknown {
  return replay({
    trace: { file: 'read.strace', chunks: () => [readFileSync(join(traces, 'read.strace'))] },
    start: JSON.parse(readFileSync(join(traces, 'read.start.json'), 'utf8')) as unknown,
    plans: loadPolicies(policy, 'policy.yaml', anyKernel).plans,
    given: { files: [], env: {}, run: [], ...(workload !== undefined && { workload }) },
  }).root;
}

describe('a policy for some pods', () => {
  it('acts on the pod it selects', () => {
    expect(fate({ namespace: 'default', podLabels: { app: 'shop' } })).toEqual({
      kind: 'killed',
      signal: 'SIGKILL',
    });
  });
  it('leaves another pod alone', () => {
    expect(fate({ namespace: 'default', podLabels: { app: 'bank' } })).toEqual({ kind: 'exited', code: 0 });
  });
  it('leaves the host alone', () => {
    expect(fate()).toEqual({ kind: 'exited', code: 0 });
  });
});
