import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WorkloadView } from '../core/engine/hit.ts';
import { anyKernel } from '../core/kernels/kernel-facts.ts';
import { loadPolicies } from '../core/plan/load.ts';
import type { StartSnapshot } from '../core/trace/start-snapshot.ts';
import { replay } from './replay/replay.ts';
import { traceOf } from './testing/sample.ts';

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

async function fate(workload?: WorkloadView): Promise<unknown> {
  const { root } = await replay({
    trace: traceOf(readFileSync(join(traces, 'read.strace'))),
    start: JSON.parse(readFileSync(join(traces, 'read.start.json'), 'utf8')) as StartSnapshot,
    plans: loadPolicies(policy, 'policy.yaml', anyKernel).plans,
    given: { files: [], env: {}, run: [], ...(workload !== undefined && { workload }) },
  });
  return root;
}

describe('a policy for some pods', () => {
  it('acts on the pod it selects', async () => {
    expect(await fate({ namespace: 'default', podLabels: { app: 'shop' } })).toEqual({
      kind: 'killed',
      signal: 'SIGKILL',
    });
  });
  it('leaves another pod alone', async () => {
    expect(await fate({ namespace: 'default', podLabels: { app: 'bank' } })).toEqual({
      kind: 'exited',
      code: 0,
    });
  });
  it('leaves the host alone', async () => {
    expect(await fate()).toEqual({ kind: 'exited', code: 0 });
  });
});
