/** Steps under a policy in the VM, for tests. */
import { afterAll, expect } from 'vitest';
import type { Backend } from '../core/backend/backend.ts';
import { observeStep } from '../core/backend/observe-step.ts';
import type { ObservedOutcome } from '../core/backend/observer.ts';
import type { Given } from '../core/backend/request.ts';
import { sessionOf } from '../core/backend/testing.ts';
import type { KernelFacts } from '../core/kernels/kernel-facts.ts';
import { loadPolicies } from '../core/plan/load.ts';
import { isBefore } from '../core/kernels/release.ts';
import { kernelOfVm } from '../runner/kernel-data.ts';
import { createVmBackend } from '../vm/backend.ts';
import { defaultKernelLine } from '../vm/image.ts';
import { onTestedKernel, policyText } from '../kernel-backend/testing.ts';

/** Whether tests in the VM run on a kernel before this version, such as `5.11`. */
export const testedBefore = (version: string): boolean =>
  isBefore(onTestedKernel.kernel ?? defaultKernelLine, version) === true;

export interface InVm {
  readonly backend: Backend;
  /** What the tested kernel is known to be: policies are compiled for it. */
  readonly kernel: () => Promise<KernelFacts>;
  /**
   * Runs a Python script under a policy with these hooks (YAML, from column 0).
   *
   * @param section of the policy's spec; default: kprobes
   */
  readonly run: (
    hooks: string,
    script: string,
    options?: { readonly section?: string; readonly rest?: string; readonly given?: Partial<Given> },
  ) => Promise<ObservedOutcome>;
}

/** For the body of a describe: the VM is closed behind its tests. */
export function inVm(): InVm {
  const backend = createVmBackend({ target: kernelOfVm, ...onTestedKernel });
  afterAll(() => backend.close());
  const common = { timeoutMs: 60_000, daemons: 'fail', watchFiles: [], watchCalls: [] } as const;
  const kernel = (): Promise<KernelFacts> => backend.target({ name: 'step', ...common });
  return {
    backend,
    kernel,
    async run(hooks, script, { section = 'kprobes', rest = '', given } = {}) {
      const facts = await kernel();
      const { plans, diagnostics } = loadPolicies(policyText(hooks, rest, section), 'policy.yaml', facts);
      expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
      const request = sessionOf(plans, {
        kernel: facts,
        given: { files: [], env: {}, run: [], ...given },
      });
      const session = await backend.open(request);
      try {
        return await observeStep(session, {
          name: 'step',
          run: ['/usr/bin/python3', '-c', script],
          ...common,
        });
      } finally {
        await session.close();
      }
    },
  };
}

/** What the events of functions show: the function, its arguments, and the return where there is one. */
export function shownByFunctions({ events, problems }: ObservedOutcome): unknown[] {
  expect(problems).toEqual([]);
  return events.flatMap(({ event }) => {
    if (!('process_kprobe' in event)) return [];
    const { function_name, args, return: returned, return_action } = event.process_kprobe;
    return [[function_name, args ?? [], ...(returned === undefined ? [] : [returned, return_action])]];
  });
}

/** What the events of tracepoints show: the event, its arguments, the action. */
export function shownByTracepoints({ events, problems }: ObservedOutcome): unknown[] {
  expect(problems).toEqual([]);
  return events.flatMap(({ event }) => {
    if (!('process_tracepoint' in event)) return [];
    const { subsys, event: name, args, action } = event.process_tracepoint;
    return [[`${subsys}/${name}`, args ?? [], action]];
  });
}
