/** Names of system calls in the kernel's symbols, as far as they differ from those that strace prints. */

/** Without a pt_regs argument the kernel has no `__x64_sys_` wrapper of the usual form: no kprobe finds them. */
export const syscallsWithoutArguments: ReadonlySet<string> = new Set(
  (
    'getpid fork vfork sched_yield pause getuid geteuid getgid getegid getppid getpgrp setsid munlockall vhangup ' +
    'sync gettid inotify_init restart_syscall rt_sigreturn'
  ).split(' '),
);

const symbolNames: Readonly<Record<string, string>> = {
  stat: 'newstat',
  fstat: 'newfstat',
  lstat: 'newlstat',
  uname: 'newuname',
  sendfile: 'sendfile64',
  umount2: 'umount',
};

/** What the kernel calls a system call (`stat` is `__x64_sys_newstat`). */
export function symbolName(syscall: string): string {
  return symbolNames[syscall] ?? syscall;
}
