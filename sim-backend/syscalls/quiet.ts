/** Calls that run none of the functions that the table holds, and change nothing that the machine keeps. */
import type { SyscallRow } from './row.ts';

const names = `
  getpid gettid getppid getuid geteuid getgid getegid getresuid getresgid getgroups getpgid getpgrp getsid setsid
  munmap madvise msync
  rt_sigprocmask rt_sigreturn rt_sigpending sigaltstack restart_syscall
  arch_prctl set_robust_list rseq membarrier getcpu uname sysinfo getrandom personality
  gettimeofday time times clock_gettime clock_getres getrusage getrlimit getpriority
  sched_yield
  alarm getitimer setitimer timer_create timer_settime timer_gettime timer_getoverrun timer_delete
  timerfd_settime timerfd_gettime
  epoll_ctl inotify_rm_watch fstatfs sync syncfs`;

export const quietRows: readonly SyscallRow[] = [
  {
    calls: Object.fromEntries((names.match(/\w+/g) ?? []).map((name) => [name, ''])),
    evidence: 'no-hook',
  },
  { calls: { set_tid_address: '' }, evidence: 'no-hook', shows: ['start'] },
];
