/** What the tests of this folder share. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { anyKernel } from '../core/kernels/kernel-facts.ts';
import { loadPolicies } from '../core/plan/load.ts';
import type { NamespaceName, Plan } from '../core/plan/plan.ts';
import { readArtefacts } from './artefacts.ts';
import type { TargetKernel } from './encode/plan.ts';
import { namespaceNames } from '../core/names/namespaces.ts';

const { TRACERIG_CACHE, XDG_CACHE_HOME } = process.env;
const cache = TRACERIG_CACHE || path.join(XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'tracerig');

/** What setup built, if it was run. */
export const artefacts = await readArtefacts(cache);
/** The kernel line that tests in the VM run on: the default one, unless `TRACERIG_TEST_KERNEL` names another. */
export const onTestedKernel: { readonly kernel?: string } = process.env['TRACERIG_TEST_KERNEL']
  ? { kernel: process.env['TRACERIG_TEST_KERNEL'] }
  : {};
export const setupHint = 'needs what `npx tracerig setup` builds';

/** Root with BPF: programs can be loaded and run, though perhaps not attached. */
export const canLoad =
  artefacts !== undefined && process.getuid?.() === 0 && existsSync('/sys/kernel/btf/vmlinux');

export const hostNamespaces = Object.fromEntries(
  namespaceNames.map((name, index) => [name, 4026531835 + index]),
) as Record<NamespaceName, number>;

export const kernel: TargetKernel = {
  hostNamespaces,
  cookies: true,
  override: false,
  exitArgument: 0,
  fieldsOf: () => undefined,
  functionsLike: () => [],
  stepsOf: () => [],
};

/** Plans of a policy with these hooks (YAML, from column 0), kprobes unless it is said, and whatever else its spec has. */
export function plansOf(hooks: string, rest = '', section = 'kprobes'): readonly Plan[] {
  const text = policyText(hooks, rest, section);
  const { plans, diagnostics } = loadPolicies(text, 'policy.yaml', anyKernel);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  return plans;
}

/** The text of a policy with these hooks, and whatever else its spec has. */
export function policyText(hooks: string, rest: string, section: string): string {
  const body = hooks.trim().replace(/^/gm, '    ');
  return `apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata:\n  name: test\nspec:\n  ${section}:\n${body}\n  ${rest}\n`;
}
