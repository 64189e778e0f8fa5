/** Capabilities of a kernel, as far as its functions and its configuration tell them. */
import type { KernelAnswers, KernelCapability } from './kernel-facts.ts';

type Known = boolean | undefined;

/** Where two things are needed: no if one is absent, yes if both are there, else not known. */
const both = (one: Known, other: Known): Known =>
  one === false || other === false ? false : one === undefined || other === undefined ? undefined : true;

type Evidence = Pick<KernelAnswers, 'config' | 'hasFunction'>;

const isSet = (of: Evidence, option: string): Known => {
  const value = of.config(option);
  return value === undefined ? undefined : value === 'y';
};

const trampolines = (of: Evidence): Known =>
  both(isSet(of, 'CONFIG_BPF_JIT'), isSet(of, 'CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS'));

const tests: Readonly<Record<KernelCapability, (of: Evidence) => Known>> = {
  'override-return': (of) => isSet(of, 'CONFIG_BPF_KPROBE_OVERRIDE'),
  'fmod-ret': trampolines,
  fentry: trampolines,
  // Without CONFIG_FPROBE the function is there too, and only says that it is not supported.
  'kprobe-multi': (of) => both(of.hasFunction('bpf_kprobe_multi_link_attach'), isSet(of, 'CONFIG_FPROBE')),
  // Came with sessions, in 6.10, and is built in with all else of BPF.
  'kprobe-session': (of) => both(of.hasFunction('bpf_session_is_return'), isSet(of, 'CONFIG_FPROBE')),
  'uprobe-multi': (of) => both(of.hasFunction('bpf_uprobe_multi_link_attach'), isSet(of, 'CONFIG_UPROBES')),
  'attach-cookie': (of) => of.hasFunction('bpf_get_attach_cookie_trace'),
  'bpf-lsm': (of) => both(isSet(of, 'CONFIG_BPF_LSM'), of.config('CONFIG_LSM')?.split(',').includes('bpf')),
  strnstr: (of) => of.hasFunction('bpf_strnstr'),
  strncasestr: (of) => of.hasFunction('bpf_strncasestr'),
};

export const kernelCapabilities = Object.keys(tests) as readonly KernelCapability[];

/** Answers `has` from what is known of functions and configuration. */
export const capabilitiesFrom =
  (of: Evidence): KernelAnswers['has'] =>
  (capability) =>
    tests[capability](of);
