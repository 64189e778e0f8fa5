/** A kernel's configuration: the text of /boot/config-* and /proc/config.gz. */

/** Options that are kept in the shipped data: what hooks, programs and the records of programs depend on. */
export const keptOptions: readonly string[] = `
  AUDIT AUDITSYSCALL BPF BPF_EVENTS BPF_JIT BPF_JIT_ALWAYS_ON BPF_KPROBE_OVERRIDE BPF_LSM BPF_SYSCALL
  BPF_UNPRIV_DEFAULT_OFF CGROUPS CGROUP_BPF DEBUG_INFO_BTF DEBUG_INFO_BTF_MODULES DYNAMIC_FTRACE
  DYNAMIC_FTRACE_WITH_ARGS DYNAMIC_FTRACE_WITH_DIRECT_CALLS DYNAMIC_FTRACE_WITH_REGS FPROBE FPROBE_EVENTS FTRACE
  FTRACE_SYSCALLS FUNCTION_ERROR_INJECTION FUNCTION_TRACER IA32_EMULATION IKCONFIG IMA IO_URING KALLSYMS KALLSYMS_ALL
  KPROBES KPROBE_EVENTS LSM MODULES MODULE_SIG NAMESPACES OVERLAY_FS PERF_EVENTS RETHOOK SECCOMP SECCOMP_FILTER
  SECURITY SECURITYFS SECURITY_APPARMOR SECURITY_LANDLOCK SECURITY_LOCKDOWN_LSM SECURITY_NETWORK SECURITY_PATH
  SECURITY_SELINUX TRACEPOINTS UPROBES UPROBE_EVENTS USER_NS X86_X32_ABI
`
  .trim()
  .split(/\s+/)
  .map((name) => `CONFIG_${name}`);

/** Options that are set, with their values. */
export function parseConfig(text: string): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(/^(CONFIG_\w+)=(.*)$/gm))
    options.set(name, value.replace(/^"(.*)"$/, '$1'));
  return options;
}

/** Answers from a whole configuration: what it does not set is `n`. */
export const configFrom =
  (options: ReadonlyMap<string, string>) =>
  (option: string): string =>
    options.get(option) ?? 'n';
