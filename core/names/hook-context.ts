/** As whom hooks see the process, where that is not who the reader of a policy thinks of, and whose calls they see. */

const exec =
  /^((__ia32_)?(compat_)?sys_execve(at)?|do_execve(at)?|do_execveat_common|bprm_execve|exec_binprm|search_binary_handler|begin_new_exec|setup_new_exec|finalize_exec|load_(elf|script|misc)_binary|prepare_binprm|security_bprm_(creds_for_exec|creds_from_file|check(_security)?|committ(ing|ed)_creds))$/;

/** Without the architecture: `sys_openat` of `__x64_sys_openat`. */
export const plainFunction = (symbol: string): string => symbol.replace(/^__(x64|arm64)_(?=sys_)/, '');

/** At the begin of an exec the process is what it was before. LSM hooks are named as their functions: `security_bprm_check_security`. */
export const isExecEntry = (name: string): boolean => exec.test(name);

const contexts: readonly { readonly hooks: RegExp; readonly note: string }[] = [
  ...[exec, /^syscalls\/sys_enter_execve(at)?$/].map((hooks) => ({
    hooks,
    note: 'The process is still the caller, such as a shell: its binary and capabilities are those before the exec.',
  })),
  {
    hooks:
      /^(sys_(kill|tkill|tgkill|pidfd_send_signal|rt_sigqueueinfo)|syscalls\/sys_enter_(kill|tkill|tgkill)|security_task_kill|signal\/signal_generate)$/,
    note: 'The process is the one that sends the signal, not the one that gets it.',
  },
  {
    hooks: /^(sys_ptrace|syscalls\/sys_enter_ptrace|security_ptrace_access_check)$/,
    note: 'The process is the one that looks into another, not the other.',
  },
  {
    hooks: /^(sched\/sched_process_fork|wake_up_new_task|security_task_alloc)$/,
    note: 'The process is the parent: the child does not run yet.',
  },
  {
    hooks:
      /^(ip6?_rcv\w*|ipv6_rcv|(__)?netif_receive_skb\w*|tcp_v[46]_(rcv|do_rcv)|tcp_rcv_\w+|__?udp[46]?_(lib_)?rcv|udp_rcv|udpv6_rcv|icmp_rcv|sock\/inet_sock_set_state|tcp_set_state|security_sock_rcv_skb)$/,
    note: 'It runs when packets come in, too: then the process is whichever the processor was running.',
  },
];

/** What a reader of the hook's events has to know; a tracepoint is named `subsystem/event`. */
export function contextNotes(target: string): readonly string[] {
  const name = plainFunction(target);
  const only64 = name !== target || /^syscalls\/sys_(enter|exit)_/.test(target);
  return [
    ...contexts.flatMap(({ hooks, note }) => (hooks.test(name) ? [note] : [])),
    ...(only64 ? ['Calls of 64-bit programs only: 32-bit programs enter the kernel elsewhere.'] : []),
  ];
}
