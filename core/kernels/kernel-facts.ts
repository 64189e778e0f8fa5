/** What `check` wants to know of a kernel. Each answer may be unknown: then nothing is said. */

/** What a kernel can do that policies depend on. */
export type KernelCapability =
  /** bpf_override_return (CONFIG_BPF_KPROBE_OVERRIDE): Override and NotifyEnforcer on system calls. */
  | 'override-return'
  /** fmod_ret programs: Override on security_ functions. */
  | 'fmod-ret'
  /** kprobe.multi links. */
  | 'kprobe-multi'
  /** uprobe.multi links. */
  | 'uprobe-multi'
  /** BPF trampolines on functions. */
  | 'fentry'
  /** The BPF LSM is built in. */
  | 'bpf-lsm'
  /** The function bpf_strnstr: SubString. */
  | 'strnstr'
  /** The function bpf_strncasestr: SubStringIgnCase. */
  | 'strncasestr';

export interface KernelFacts {
  /** As users name it: `6.12`. */
  readonly version: string;
  /** The whole release, such as `6.12.117+deb13-cloud-amd64`. */
  readonly release?: string;
  hasFunction(name: string): boolean | undefined;
  hasTracepoint(subsystem: string, event: string): boolean | undefined;
  /** The hook's name without `bpf_lsm_`. */
  hasLsmHook(name: string): boolean | undefined;
  has(capability: KernelCapability): boolean | undefined;
  /** Types of a function's result and parameters, such as `struct file *`; undefined if not known. */
  functionProto?(
    name: string,
  ): { readonly returns: string; readonly parameters: readonly string[] } | undefined;
  /** Fields of a tracepoint's format file, the four common ones first. */
  tracepointFields?(subsystem: string, event: string): readonly TracepointField[] | undefined;
}

export interface TracepointField {
  /** As in the event's format file, such as `const char *` or `char[16]`. */
  readonly type: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly signed: boolean;
}
