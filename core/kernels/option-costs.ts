/** Options of a kernel that the real backends build on, and what a kernel that lacks one cannot do. */
import type { KernelFacts } from './kernel-facts.ts';

export interface OptionCost {
  /** With its prefix. */
  readonly option: string;
  /** What is lost without it, in words. */
  readonly cost: string;
}

/** The gravest first. */
const costs: readonly OptionCost[] = [
  { option: 'CONFIG_BPF_SYSCALL', cost: 'no policy loads' },
  { option: 'CONFIG_DEBUG_INFO_BTF', cost: 'no policy loads: the programs find no types of the kernel' },
  { option: 'CONFIG_BPF_EVENTS', cost: 'no kprobe, tracepoint or uprobe loads' },
  { option: 'CONFIG_KPROBE_EVENTS', cost: 'no kprobe loads' },
  { option: 'CONFIG_FTRACE_SYSCALLS', cost: 'no tracepoint of the subsystem syscalls loads' },
  { option: 'CONFIG_UPROBE_EVENTS', cost: 'no uprobe or USDT hook loads' },
  { option: 'CONFIG_BPF_LSM', cost: 'no LSM hook loads' },
  {
    option: 'CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS',
    cost: 'no fentry hook loads, and no Override on security_ functions',
  },
  {
    option: 'CONFIG_BPF_KPROBE_OVERRIDE',
    cost: 'no Override or NotifyEnforcer on system calls loads',
  },
  { option: 'CONFIG_FPROBE', cost: 'hooks are attached one by one: a long list of functions takes long' },
];

/** Those that the kernel is known to be without; undefined if nothing is known of its configuration. */
export function missingOptions({ config }: Pick<KernelFacts, 'config'>): OptionCost[] | undefined {
  const known = costs.filter(({ option }) => config(option) !== undefined);
  return known.length === 0 ? undefined : known.filter(({ option }) => config(option) === 'n');
}
