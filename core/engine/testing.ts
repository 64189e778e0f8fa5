/** What the tests of plan and engine share: policies from few words, and hits with a plain process. */
import { namespaceNames } from '../names/namespaces.ts';
import { anyKernel } from '../kernels/kernel-facts.ts';
import type { KernelFacts } from '../kernels/kernel-facts.ts';
import { loadPolicies } from '../plan/load.ts';
import type { NamespaceName, Plan } from '../plan/plan.ts';
import type { ArgValue, FileValue, SockValue } from '../values/value.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { createEvaluator } from './evaluate.ts';
import type { EvaluatorOptions } from './evaluate.ts';
import type { Asked, PolicyEvaluator } from './engine.ts';
import { hitOf } from './hit.ts';
import type { HitParts, ProbeHit, TaskView } from './hit.ts';
import type { Verdict } from './verdict.ts';

/** A policy around a spec; JSON is YAML, so specs may be objects. */
export function policyText(spec: unknown, name = 'test'): string {
  return JSON.stringify({
    apiVersion: 'cilium.io/v1alpha1',
    kind: 'TracingPolicy',
    metadata: { name },
    spec,
  });
}

/** The plan of a spec that must compile. */
export function planOf(spec: unknown, kernel: KernelFacts = anyKernel): Plan {
  const { plans, diagnostics } = loadPolicies(policyText(spec), 'test.yaml', kernel);
  const [plan] = plans;
  if (plan === undefined) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  return plan;
}

/** Codes of the errors that a spec is refused with. */
export function errorsOf(spec: unknown): string[] {
  return loadPolicies(policyText(spec), 'test.yaml', anyKernel)
    .diagnostics.filter(({ severity }: Diagnostic) => severity === 'error')
    .map(({ code }) => code);
}

export function evaluatorOf(
  spec: unknown,
  kernel?: KernelFacts,
  options?: EvaluatorOptions,
): PolicyEvaluator {
  return createEvaluator(planOf(spec, kernel), options);
}

export function namespaces(
  changed: Partial<Record<NamespaceName, number>> = {},
): Record<NamespaceName, number> {
  return {
    ...(Object.fromEntries(namespaceNames.map((name, index) => [name, 4_026_531_800 + index])) as Record<
      NamespaceName,
      number
    >),
    ...changed,
  };
}

/** `/usr/bin/cat` run by a root shell on the host. */
export function task(changes: Partial<TaskView> = {}): TaskView {
  const all = { Effective: (1n << 41n) - 1n, Permitted: (1n << 41n) - 1n, Inheritable: 0n };
  return {
    pid: 100,
    tid: 100,
    nsPid: 0,
    binary: '/usr/bin/cat',
    parentBinary: '/usr/bin/bash',
    ancestorBinaries: ['/usr/bin/cat', '/usr/bin/bash', '/usr/lib/systemd/systemd'],
    ancestorPids: [90, 1],
    ancestorNsPids: [],
    namespaces: namespaces(),
    recordedNamespaces: namespaces(),
    hostNamespaces: namespaces(),
    capabilities: all,
    recordedCapabilities: all,
    ...changes,
  };
}

export function hit(args: readonly ArgValue[], changes: Partial<HitParts> = {}): ProbeHit {
  return hitOf({ task: task(), args, data: [], bootNs: 1_000_000_000_000n, ...changes });
}

export const int = (value: number | bigint): ArgValue => ({ kind: 'int', value });
export const text = (value: string): ArgValue => ({ kind: 'string', value });
export const buffer = (value: string): ArgValue => ({ kind: 'buffer', value, size: value.length });
export const caps = (value: bigint): ArgValue => ({ kind: 'caps', value });
export const file = (path: string, mode = 0o100644): FileValue => ({ kind: 'file', path, mode });
export const sock = (changes: Partial<SockValue> = {}): SockValue => ({
  kind: 'sock',
  family: 2,
  type: 1,
  protocol: 6,
  state: 1,
  saddr: [127, 0, 0, 1],
  daddr: [10, 1, 2, 3],
  sport: 40_000,
  dport: 443,
  ...changes,
});

/** A kprobe on a plain function with one argument and one filter on it. */
export function filterSpec(
  type: string,
  operator: string,
  values: readonly string[] | undefined,
  kind: 'kprobes' | 'lsmhooks' = 'kprobes',
): unknown {
  const hook = kind === 'kprobes' ? { call: 'fn', syscall: false } : { hook: 'file_open' };
  return {
    [kind]: [
      {
        ...hook,
        args: [{ index: 0, type }],
        selectors: [{ matchArgs: [{ index: 0, operator, ...(values === undefined ? {} : { values }) }] }],
      },
    ],
  };
}

/** The verdict on the first hook's entry. */
export function verdictOn(
  evaluator: PolicyEvaluator,
  probeHit: ProbeHit,
  hook = 0,
  asked: Asked = {},
): Verdict {
  const evaluated = evaluator.hooks[hook];
  if (evaluated === undefined) throw new Error(`no hook ${hook}`);
  return evaluated.entry(probeHit, asked);
}

/** Whether a filter lets a value pass; undefined: it cannot be told. */
export function passesFilter(
  type: string,
  operator: string,
  values: readonly string[] | undefined,
  value: ArgValue,
  kernel?: KernelFacts,
): boolean | undefined {
  const verdict = verdictOn(evaluatorOf(filterSpec(type, operator, values), kernel), hit([value]));
  return verdict.undetermined === undefined ? verdict.selector === 0 : undefined;
}
