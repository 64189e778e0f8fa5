/**
 * Tracepoints that a kernel has types of, but that do not exist: what the shipped data were read from has a structure for each
 * SYSCALL_DEFINE, while init_syscall_trace (kernel/trace/trace_syscalls.c) makes an event only for those that stand in the
 * table of the kernel's own ABI. The others are entries of 32-bit programs, or are in no table at all.
 */

import { calledInstead, entryName } from '../names/syscall-entry.ts';

/** Of x86_64: SYSCALL_DEFINEs whose functions no entry of arch/x86/entry/syscalls/syscall_64.tbl names. */
const withoutEntry: ReadonlySet<string> = new Set(
  `adjtimex_time32 bdflush chown16 clock_adjtime32 clock_getres_time32 clock_gettime32 clock_nanosleep_time32
   clock_settime32 fadvise64_64 fchown16 fstat fstatfs64 futex_time32 futimesat_time32 getegid16 geteuid16 getgid16
   getgroups16 gethostname getresgid16 getresuid16 getuid16 ia32_fadvise64 ia32_fadvise64_64 ia32_fallocate
   ia32_ftruncate64 ia32_pread64 ia32_pwrite64 ia32_readahead ia32_sync_file_range ia32_truncate64 io_getevents_time32
   lchown16 llseek lstat mmap_pgoff mq_timedreceive_time32 mq_timedsend_time32 nanosleep_time32 ni_syscall nice
   old_getrlimit old_readdir oldumount olduname recv recvmmsg_time32 rt_sigtimedwait_time32
   sched_rr_get_interval_time32 semtimedop_time32 send sendfile setfsgid16 setfsuid16 setgid16 setgroups16 setregid16
   setresgid16 setresuid16 setreuid16 setuid16 sgetmask signal sigpending sigprocmask sigsuspend socketcall ssetmask
   stat statfs64 stime stime32 sync_file_range2 time32 timer_gettime32 timer_settime32 timerfd_gettime32
   timerfd_settime32 uname utime32 utimensat_time32 utimes_time32 waitpid`.split(/\s+/),
);

/** True of what no kernel of the architecture (as `uname -m` says it) has, whatever its types suggest. */
export function isBogusTracepoint(architecture: string, subsystem: string, event: string): boolean {
  // A parameter of a macro that was taken for the name of a subsystem.
  if (subsystem === 'int') return true;
  if (subsystem !== 'syscalls' || architecture !== 'x86_64') return false;
  const name = /^sys_(?:enter|exit)_(\w+)$/.exec(event)?.[1];
  return name !== undefined && withoutEntry.has(name);
}

/** The tracepoint of a system call whose kernel function bears another name than the call: `sys_enter_newstat` for stat. */
export function tracepointOfCall(event: string): string | undefined {
  const [, prefix = '', name = ''] = /^(sys_(?:enter|exit)_)(\w+)$/.exec(event) ?? [];
  const other = calledInstead(name)?.by ?? entryName(name);
  return prefix === '' || other === name ? undefined : `${prefix}${other}`;
}
