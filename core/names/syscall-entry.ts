/** System calls of x86-64 whose kernel function bears another name, and functions that no program of x86-64 reaches. */

/** What the kernel calls them; `stat` is `__x64_sys_newstat`. */
const entryNames: Readonly<Record<string, string>> = {
  stat: 'newstat',
  fstat: 'newfstat',
  lstat: 'newlstat',
  uname: 'newuname',
  sendfile: 'sendfile64',
  umount2: 'umount',
};

/** The name of the kernel's function for a system call, without `__x64_sys_`. */
export const entryName = (syscall: string): string =>
  Object.hasOwn(entryNames, syscall) ? (entryNames[syscall] ?? syscall) : syscall;

/**
 * Functions of system calls (SYSCALL_DEFINE, COND_SYSCALL) that no entry of arch/x86/entry/syscalls/syscall_64.tbl names: they
 * are entries of 32-bit programs or of other architectures, or stand in no table at all.
 */
const withoutEntry: ReadonlySet<string> = new Set(
  `adjtimex_time32 bdflush chown16 clock_adjtime32 clock_getres_time32 clock_gettime32 clock_nanosleep_time32
   clock_settime32 fadvise64_64 fchown16 fstat fstatfs64 futex_time32 futimesat_time32 getegid16 geteuid16 getgid16
   getgroups16 gethostname getresgid16 getresuid16 getuid16 ia32_fadvise64 ia32_fadvise64_64 ia32_fallocate
   ia32_ftruncate64 ia32_pread64 ia32_pwrite64 ia32_readahead ia32_sync_file_range ia32_truncate64 io_getevents_time32
   io_pgetevents_time32 ipc lchown16 llseek lstat mmap_pgoff mq_timedreceive_time32 mq_timedsend_time32 nanosleep_time32
   ni_syscall nice old_getrlimit old_msgctl old_readdir old_semctl old_shmctl oldumount olduname pciconfig_iobase
   pciconfig_read pciconfig_write ppoll_time32 pselect6_time32 recv recvmmsg_time32 rt_sigtimedwait_time32 rtas s390_ipc
   s390_pci_mmio_read s390_pci_mmio_write sched_rr_get_interval_time32 semtimedop_time32 send sendfile setfsgid16
   setfsuid16 setgid16 setgroups16 setregid16 setresgid16 setresuid16 setreuid16 setuid16 sgetmask signal sigpending
   sigprocmask sigsuspend socketcall spu_create spu_run ssetmask stat statfs64 stime stime32 subpage_prot
   sync_file_range2 time32 timer_gettime32 timer_settime32 timerfd_gettime32 timerfd_settime32 uname utime32
   utimensat_time32 utimes_time32 vm86 vm86old waitpid`.split(/\s+/),
);

/** All of them, by their functions' names without `sys_`. */
export const withoutEntries = (): readonly string[] => [...withoutEntry];

/** True of `sys_NAME` if no program of x86-64 reaches it. */
export const isWithoutEntry = (name: string): boolean => withoutEntry.has(name);

/** What programs make instead of calls that are named otherwise than by their width. */
const others: Readonly<Record<string, string>> = {
  gethostname: 'newuname',
  ipc: 'shmat',
  llseek: 'lseek',
  nice: 'setpriority',
  old_getrlimit: 'getrlimit',
  old_msgctl: 'msgctl',
  old_readdir: 'getdents64',
  old_semctl: 'semctl',
  old_shmctl: 'shmctl',
  oldumount: 'umount',
  olduname: 'newuname',
  mmap_pgoff: 'mmap',
  recv: 'recvfrom',
  send: 'sendto',
  sgetmask: 'rt_sigprocmask',
  signal: 'rt_sigaction',
  sigpending: 'rt_sigpending',
  sigprocmask: 'rt_sigprocmask',
  sigsuspend: 'rt_sigsuspend',
  ssetmask: 'rt_sigprocmask',
  stime: 'settimeofday',
  stime32: 'settimeofday',
  sync_file_range2: 'sync_file_range',
  waitpid: 'wait4',
};

/** Of 16-bit ids, 32-bit times and split 64-bit numbers, as 32-bit programs pass them. */
const widths: readonly (readonly [RegExp, string])[] = [
  [/^ia32_(f?truncate)64$/, '$1'],
  [/^(ia32_)?fadvise64(_64)?$/, 'fadvise64'],
  [/^ia32_/, ''],
  [/^(f?statfs)64$/, '$1'],
  [/(_time32|16)$/, ''],
  [/^(u?time|(clock|timer|timerfd)_[a-z]+)32$/, '$1'],
];

/** Of `sys_NAME` as a function: what programs really run. Undefined if they run that very function. */
export function calledInstead(name: string): { readonly by: string | undefined } | undefined {
  // `sys_umount` is umount2's function, and there is no other.
  if (name !== 'umount2' && entryName(name) !== name) return { by: entryName(name) };
  if (!isWithoutEntry(name)) return undefined;
  if (Object.hasOwn(others, name)) return { by: others[name] };
  const [width, wide] = widths.find(([ending]) => ending.test(name)) ?? [];
  return { by: width === undefined || wide === undefined ? undefined : entryName(name.replace(width, wide)) };
}
