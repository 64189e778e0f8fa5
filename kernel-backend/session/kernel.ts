/** What a rig's kernel can do, and what identifies its host namespaces. */
import { namespaceLinks } from '../../core/names/namespaces.ts';
import type { NamespaceName } from '../../core/names/namespaces.ts';
import { BackendError } from '../../core/backend/error.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { btfAnswers, readBtf } from '../../core/kernels/btf-facts.ts';
import type { KernelFacts } from '../../core/kernels/kernel-facts.ts';
import type { TargetKernel } from '../encode/plan.ts';
import { stepsIn, type StepsOf } from '../encode/resolve.ts';
import { RigError, type Rig } from '../rig.ts';
import { tracedFunctions } from './traced-functions.ts';
import { tracepointFields } from './tracepoint-fields.ts';

export interface RigKernel extends TargetKernel {
  /** kprobe.multi; without it each hook takes a kprobe of its own. */
  readonly multi: boolean;
  /** Function that runs once for each process that ends. */
  readonly exitFunction: string;
}

/** Throws BackendError: exit code 3 for a kernel that lets no kprobe be attached, 2 for one without a plan's tracepoint. */
export async function examineKernel(
  rig: Rig,
  plans: readonly Plan[] = [],
  types?: KernelFacts['types'],
): Promise<RigKernel> {
  const features = await rig.probe();
  const lacks = unmetNeed(features);
  if (lacks !== undefined) throw new BackendError('TR-kernel-lacks', lacks, 'unavailable');
  const exits = ['acct_process', 'disassociate_ctty'] as const;
  const symbols = await rig.kallsyms(exits);
  const has = (name: string): boolean => (symbols[name] ?? []).length > 0;
  const exitFunction = exits.find(has);
  if (exitFunction === undefined)
    throw new BackendError('TR-kernel-lacks', `the kernel has neither ${exits.join(' nor ')}`, 'unavailable');
  return {
    hostNamespaces: await hostNamespaces(rig),
    multi: features['kprobe.multi'] === '',
    cookies: features['cookie'] === '',
    override: features['override'] === '',
    exitFunction,
    exitArgument: exitFunction === 'disassociate_ctty' ? 1 : 0,
    functionsLike: await tracedFunctions(rig, plans),
    fieldsOf: await tracepointFields(rig, plans),
    stepsOf: await stepsOn(rig, plans, types),
  };
}

/** Where the kernel keeps its own types. */
const btfFile = '/sys/kernel/btf/vmlinux';

/** @param known the types of this very kernel, where they are at hand: in an emulated guest reading them takes seconds */
async function stepsOn(
  rig: Rig,
  plans: readonly Plan[],
  known: KernelFacts['types'] = () => undefined,
): Promise<StepsOf> {
  const wanted = plans.some(({ hooks }) =>
    hooks.some(({ args, data }) =>
      [...args, ...data].some(({ resolve, source }) => resolve !== undefined && source !== 'pt_regs'),
    ),
  );
  if (!wanted) return () => 'no types were read';
  const types = known() ?? btfAnswers(readBtf(await rig.read(btfFile))).types?.();
  return (start, path) => (types === undefined ? 'no types are known' : stepsIn(types, start, path));
}

/** In words, what keeps the kernel backend from working with these features. */
export function unmetNeed(features: Readonly<Record<string, string>>): string | undefined {
  for (const [name, what] of [
    ['btf', 'type information (CONFIG_DEBUG_INFO_BTF)'],
    ['raw_tracepoint', 'raw tracepoints'],
  ] as const)
    if (features[name] !== '') return `the kernel has no ${what}: ${features[name] ?? 'not probed'}`;
  if (features['kprobe'] !== '' && features['kprobe.multi'] !== '')
    return `no kprobe can be attached: ${features['kprobe'] ?? 'not probed'}; kprobe.multi: ${features['kprobe.multi'] ?? 'not probed'}`;
  return undefined;
}

async function hostNamespaces(rig: Rig): Promise<Record<NamespaceName, number>> {
  const entries = Object.entries(namespaceLinks).map(async ([name, link]) => {
    const { target } = await rig.stat(`/proc/1/ns/${link}`).catch((error: unknown) => {
      if (error instanceof RigError) return { target: undefined };
      throw error;
    });
    return [name, Number(/\[(\d+)\]$/.exec(target ?? '')?.[1] ?? 0)] as const;
  });
  return Object.fromEntries(await Promise.all(entries)) as Record<NamespaceName, number>;
}
