/** Proofs: calls that sleep, and calls that run nothing that is modelled. */
import type { Proof } from './proof.ts';

/** Calls that sleep, as they look when they come back. */
const sleeping: readonly (readonly [name: string, line: string])[] = [
  ['nanosleep', 'nanosleep({tv_sec=1, tv_nsec=0}, 0x7ffd0) = 0'],
  ['clock_nanosleep', 'clock_nanosleep(CLOCK_REALTIME, 0, {tv_sec=1, tv_nsec=0}, NULL) = 0'],
  ['poll', 'poll([{fd=3, events=POLLIN}], 1, 100) = 0 (Timeout)'],
  ['ppoll', 'ppoll([{fd=3, events=POLLIN}], 1, {tv_sec=1, tv_nsec=0}, NULL, 8) = 0 (Timeout)'],
  ['select', 'select(4, [3], NULL, NULL, {tv_sec=1, tv_usec=0}) = 0 (Timeout)'],
  ['pselect6', 'pselect6(4, [3], NULL, NULL, {tv_sec=1, tv_nsec=0}, NULL) = 0 (Timeout)'],
  ['epoll_wait', 'epoll_wait(4<anon_inode:[eventpoll]>, [], 8, 100) = 0'],
  ['epoll_pwait', 'epoll_pwait(4<anon_inode:[eventpoll]>, [], 8, 100, NULL, 8) = 0'],
  ['rt_sigtimedwait', 'rt_sigtimedwait([USR1], NULL, {tv_sec=1, tv_nsec=0}, 8) = 10 (SIGUSR1)'],
];
/** Those that end by a handler alone. */
const waiting: readonly (readonly [name: string, line: string])[] = [
  ['pause', 'pause() = ? ERESTARTNOHAND (To be restarted if no handler)'],
  ['rt_sigsuspend', 'rt_sigsuspend([], 8) = ? ERESTARTNOHAND (To be restarted if no handler)'],
];

const handler = 'rt_sigaction(SIGUSR1, {sa_handler=0x401136, sa_mask=[], sa_flags=0}, NULL, 8) = 0';

export const sleepingProofs: readonly Proof[] = [
  ...sleeping.map(([name, line]) => ({
    shows: `ends ${name} with EINTR when a signal with a handler comes`,
    hooks: `sys_${name} Signal 10`,
    calls: [name],
    trace: `
      ${handler}
      ${line}`,
    hits: `
      __x64_sys_${name}() signal
      call ${name}: EINTR`,
  })),
  ...waiting.map(([name, line]) => ({
    shows: `has the hit of ${name}, which a signal ends anyway`,
    hooks: name === 'pause' ? 'tp:raw_syscalls/sys_enter(4:int64) [4 Equal 34]' : `sys_${name}`,
    trace: line,
    hits: name === 'pause' ? 'raw_syscalls/sys_enter(34)' : `__x64_sys_${name}()`,
  })),
  {
    shows: 'cannot tell whether a futex that is waited for was free, and knows that a wake waits for nothing',
    hooks: 'sys_futex Signal 10',
    trace: `
      ${handler}
      futex(0x7f10, FUTEX_WAKE_PRIVATE, 1) = 0
      futex(0x7f10, FUTEX_WAIT_PRIVATE, 2, NULL) = 0`,
    hits: `
      __x64_sys_futex() signal
      __x64_sys_futex() signal (diverged)
      not known: futex: whether it waits, and is interrupted by SIGUSR1, which has a handler, is not in the trace (test.strace:4)`,
  },
  {
    shows: 'runs their entries alone where a call has no function that is modelled',
    hooks: `
      sys_faccessat(1:string)
      sys_faccessat2(1:string)
      sys_statfs(0:string)
      sys_getcwd(1:size_t)`,
    trace: `
      faccessat(AT_FDCWD</tmp/w>, "a", R_OK) = 0
      faccessat2(AT_FDCWD</tmp/w>, "b", R_OK, AT_EACCESS) = -1 ENOENT (No such file or directory)
      statfs("/tmp/w/c", {f_type=TMPFS_MAGIC, f_bsize=4096, ...}) = 0
      getcwd("/tmp/w", 4096) = 7`,
    hits: `
      __x64_sys_faccessat(a)
      __x64_sys_faccessat2(b)
      __x64_sys_statfs(/tmp/w/c)
      __x64_sys_getcwd(4096)`,
  },
  {
    shows: 'says of an io_uring that what it submits is not in a trace, and nothing if it submits nothing',
    hooks: 'fd_install(0:int)',
    trace: `
      io_uring_setup(8, {flags=0, ...}) = 3<anon_inode:[io_uring]>
      io_uring_enter(3<anon_inode:[io_uring]>, 0, 1, IORING_ENTER_GETEVENTS, NULL, 8) = 0
      io_uring_enter(3<anon_inode:[io_uring]>, 2, 0, 0, NULL, 8) = 2`,
    hits: `
      fd_install(3)
      not modelled: io_uring_enter (the operations it submits are not in a trace) (test.strace:4)`,
  },
  {
    shows: 'lists a directory by its older call too, makes a descriptor of signals, and adjusts the clock',
    hooks: `
      security_file_permission(0:file, 1:int)
      fd_install(0:int)
      cap_capable(2:int)`,
    trace: `
      getdents(3</tmp/w>, [], 4096) = 48
      signalfd(-1, [USR1], 8) = 4<anon_inode:[signalfd]>
      adjtimex({modes=ADJ_OFFSET, offset=0, ...}) = 0 (TIME_OK)`,
    hits: `
      security_file_permission(/tmp/w drwxr-xr-x, 4)
      fd_install(4)
      cap_capable(25)`,
  },
];
