/** Names of system calls in the kernel's symbols, as far as they differ from those that strace prints. */
import { entryName } from '../../core/names/syscall-entry.ts';

/** Without a pt_regs argument the kernel has no `__x64_sys_` wrapper of the usual form: no kprobe finds them. */
export const syscallsWithoutArguments: ReadonlySet<string> = new Set(
  (
    'getpid fork vfork sched_yield pause getuid geteuid getgid getegid getppid getpgrp setsid munlockall vhangup ' +
    'sync gettid inotify_init restart_syscall rt_sigreturn'
  ).split(' '),
);

/** What the kernel calls a system call (`stat` is `__x64_sys_newstat`). */
export const symbolName = entryName;
