/** A rig's kernel as facts: what it answers when it is tried, before what is known of it otherwise. */
import { btfAnswers, readBtf } from '../../core/kernels/btf-facts.ts';
import { kernelFacts } from '../../core/kernels/kernel-facts.ts';
import type {
  FactSource,
  KernelAnswers,
  KernelCapability,
  KernelFacts,
} from '../../core/kernels/kernel-facts.ts';
import type { Rig } from '../rig.ts';

const btfFile = '/sys/kernel/btf/vmlinux';
/** Every kernel has it: where it is not found, the table of symbols is hidden and tells nothing. */
const common = 'fd_install';

/** Names of the rig's features, as `probe` gives them. */
const features: Readonly<Partial<Record<KernelCapability, string>>> = {
  'kprobe-multi': 'kprobe.multi',
  'attach-cookie': 'cookie',
  'override-return': 'override',
};

export interface RigQuestions {
  /** Functions that policies hook: asked for one by one, reading them all would take a guest too long. */
  readonly functions?: readonly string[];
  /** Policies have `resolve`: read the kernel's own types where `known` has none. In an emulated guest that takes seconds. */
  readonly types?: boolean;
}

/** @param known what is known of a kernel of this release without asking it, such as its shipped data */
export async function rigFacts(
  rig: Rig,
  known: (release: string) => Promise<KernelFacts>,
  { functions = [], types = false }: RigQuestions = {},
): Promise<KernelFacts> {
  const { release, machine } = rig.facts;
  const facts = await known(release);
  const sources: FactSource[] = [tried(await rig.probe())];
  if (functions.length > 0) sources.push(symbols(await rig.kallsyms([...new Set([common, ...functions])])));
  sources.push(facts);
  if (types && facts.types() === undefined) {
    const bytes = await rig.read(btfFile);
    sources.push(() => btfAnswers(readBtf(bytes)));
  }
  return kernelFacts({ ...facts, id: `running ${facts.id}`, release, architecture: machine }, ...sources);
}

function tried(found: Readonly<Record<string, string>>): Partial<KernelAnswers> {
  return {
    has(capability) {
      const lacks = found[features[capability] ?? ''];
      return lacks === undefined ? undefined : lacks === '';
    },
  };
}

function symbols(addresses: Readonly<Record<string, readonly string[]>>): Partial<KernelAnswers> {
  const has = (name: string): boolean | undefined => addresses[name] && addresses[name].length > 0;
  return has(common) === true ? { hasFunction: has } : {};
}
