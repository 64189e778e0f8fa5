/** Proofs: calls that run nothing that is hooked, and calls that nothing is known of. */
import type { Proof } from './proof.ts';

export const quietProofs: readonly Proof[] = [
  {
    shows: 'runs no function of the table in calls that are known to run none',
    hooks: `
      security_file_open
      cap_capable`,
    trace: `
      getpid() = 0
      gettid() = 0
      getppid() = 0
      getuid() = 0
      geteuid() = 0
      getgid() = 0
      getegid() = 0
      getresuid() = 0
      getresgid() = 0
      getgroups() = 0
      getpgid() = 0
      getpgrp() = 0
      getsid() = 0
      setsid() = 0
      brk() = 0
      munmap() = 0
      mprotect() = 0
      mremap() = 0
      madvise() = 0
      msync() = 0
      rt_sigprocmask() = 0
      rt_sigpending() = 0
      sigaltstack() = 0
      restart_syscall() = 0
      arch_prctl() = 0
      set_tid_address() = 0
      set_robust_list() = 0
      rseq() = 0
      membarrier() = 0
      getcpu() = 0
      uname() = 0
      sysinfo() = 0
      getrandom() = 0
      personality() = 0
      gettimeofday() = 0
      time() = 0
      times() = 0
      clock_gettime() = 0
      clock_getres() = 0
      getrusage() = 0
      getrlimit() = 0
      getpriority() = 0
      sched_yield() = 0
      sched_getaffinity() = 0
      sched_getparam() = 0
      sched_getscheduler() = 0
      alarm() = 0
      getitimer() = 0
      setitimer() = 0
      timer_create() = 0
      timer_settime() = 0
      timer_gettime() = 0
      timer_getoverrun() = 0
      timer_delete() = 0
      timerfd_settime() = 0
      timerfd_gettime() = 0
      epoll_ctl() = 0
      inotify_rm_watch() = 0
      fstatfs() = 0
      sync() = 0
      syncfs() = 0
      rt_sigreturn({mask=[]}) = 0`,
    hits: '',
  },
  {
    shows: 'says once of each call without a row that it may run what is hooked',
    hooks: 'security_file_open',
    trace: `
      quotactl(QCMD(Q_SYNC, USRQUOTA), NULL, 0, NULL) = 0
      quotactl(QCMD(Q_SYNC, USRQUOTA), NULL, 0, NULL) = 0
      process_madvise(3, [], 0, MADV_COLD, 0) = 0`,
    hits: `
      not modelled: quotactl (the table of system calls does not tell which kernel functions it runs)
      not modelled: process_madvise (the table of system calls does not tell which kernel functions it runs)`,
  },
  {
    shows: 'needs no row where only system calls themselves are hooked',
    hooks: 'sys_quotactl(2:int)',
    trace: 'quotactl(QCMD(Q_SYNC, USRQUOTA), NULL, 7, NULL) = 0',
    hits: '__x64_sys_quotactl(7)',
  },
];
