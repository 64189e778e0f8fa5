/** Logs that strace was told to leave calls out of: what may be missing is named, and what it may have changed is in doubt. */
import type { Proof } from './proof.ts';

const capable = `apiVersion: cilium.io/v1alpha1
kind: TracingPolicy
metadata: { name: proof }
spec:
  kprobes:
    - call: sys_openat
      syscall: true
      args: [{ index: 1, type: string }]
      selectors:
        - matchArgs: [{ index: 1, operator: Equal, values: [/etc/hostname] }]
          matchCapabilities: [{ type: Effective, operator: In, values: [CAP_SYS_ADMIN] }]`;

/** As `strace -e trace=openat` shows a program of glibc. */
const opens = `
  openat(AT_FDCWD</tmp/w>, "/etc/ld.so.cache", O_RDONLY|O_CLOEXEC) = 3</etc/ld.so.cache>
  openat(AT_FDCWD</tmp/w>, "/lib/x86_64-linux-gnu/libc.so.6", O_RDONLY|O_CLOEXEC) = 3</usr/lib/x86_64-linux-gnu/libc.so.6>
  openat(AT_FDCWD</tmp/w>, "/etc/hostname", O_RDONLY) = 3</etc/hostname>`;

/** As a program of glibc is loaded, without the call that always fails: `strace -z`. */
const loaded = `
  brk(NULL) = 0x5000
  openat(AT_FDCWD</tmp/w>, "/etc/ld.so.cache", O_RDONLY|O_CLOEXEC) = 3</etc/ld.so.cache>
  fstat(3</etc/ld.so.cache>, {st_mode=S_IFREG|0644, st_size=5647, ...}) = 0
  mmap(NULL, 5647, PROT_READ, MAP_PRIVATE, 3</etc/ld.so.cache>, 0) = 0x7f0e038ab000
  close(3</etc/ld.so.cache>) = 0
  mprotect(0x7f0e03898000, 16384, PROT_READ) = 0
  munmap(0x7f0e038ab000, 5647) = 0`;

const doubt =
  'the log is filtered (strace -e) and may lack setuid, setgid, setreuid, setregid, setresuid, setresgid, setfsuid, setfsgid, …: record without -e, or say with --traced what it was told';

export const filteredLogProofs: readonly Proof[] = [
  {
    shows: 'knows a hook that the calls of a filtered log lead to alone',
    filtered: true,
    hooks: 'sys_openat(1:string) [1 Equal /etc/hostname]',
    trace: opens,
    hits: '__x64_sys_openat(/etc/hostname)',
  },
  {
    shows: 'names the calls that a filtered log may lack, though others that lead to the hook stand in it',
    filtered: true,
    hooks: 'security_inode_getattr(0:path) [0 Equal /tmp/w/none]',
    trace: `
      ${opens}
      newfstatat(AT_FDCWD</tmp/w>, "/etc/hostname", {st_mode=S_IFREG|0644, st_size=5, ...}, 0) = 0`,
    hits: `
      not known: proof: security_inode_getattr: the log is filtered (strace -e), and may lack calls that lead there: stat, fstat, lstat, statx (record without -e, or say with --traced what it was told) (test.strace)`,
  },
  {
    shows: 'knows the same where strace was told to trace these',
    filtered: true,
    start: { traced: '%file,%%stat' },
    hooks: 'security_inode_getattr(0:path) [0 Equal /tmp/w/none]',
    trace: `
      ${opens}
      newfstatat(AT_FDCWD</tmp/w>, "/etc/hostname", {st_mode=S_IFREG|0644, st_size=5, ...}, 0) = 0`,
    hits: '',
  },
  {
    shows: 'does not know as whom a program runs in a log that may lack the calls that change it',
    filtered: true,
    hooks: capable,
    trace: opens,
    hits: `
      not known: proof: __x64_sys_openat: the capabilities are not known: ${doubt} (test.strace:4)`,
  },
  {
    shows: 'doubts a working directory that a call outside of the class of files may have changed',
    filtered: true,
    start: { traced: '%file' },
    hooks: 'security_path_unlink(0:path) [0 Equal /tmp/w]',
    trace: 'unlink("a") = 0',
    hits: `
      not known: proof: security_path_unlink: path, which is not known (the trace does not show in which directory the program runs (record with strace -yy, or give a start snapshot with its cwd)), is compared: is "/tmp/w"? (test.strace:2)`,
  },
  {
    shows: 'knows it where strace was told to trace those calls',
    filtered: true,
    start: { traced: '%file,%creds' },
    hooks: capable,
    trace: opens,
    hits: '__x64_sys_openat(/etc/hostname)',
  },
  {
    shows: 'says that a log without any call that failed lacks those of every hook',
    hooks: 'sys_openat(1:string) [1 Equal /etc/none]',
    trace: loaded,
    hits: `
      not known: proof: __x64_sys_openat: the log shows no call that failed (strace -z): what those met is missing (record without -z) (test.strace)`,
  },
  {
    shows: 'takes a few lines, shortened by hand, for what they are',
    filtered: true,
    hooks: 'fd_install(1:file) [1 Equal /etc/hostname]',
    trace: `
      openat(AT_FDCWD</tmp/w>, "/etc/hostname", O_RDONLY) = 3</etc/hostname>
      close(3</etc/hostname>) = 0`,
    hits: 'fd_install(/etc/hostname)',
  },
  {
    shows: 'does not know whether a signal has a handler in a log that may lack the calls that set it',
    filtered: true,
    start: { traced: '%file' },
    hooks: 'security_path_unlink(1:dentry) Signal 10',
    trace: 'unlink("/tmp/w/a") = 0',
    hits: `
      security_path_unlink(/tmp/w/a) signal
      not known: whether SIGUSR1 ends a process, or has a handler, is not known: the log is filtered (strace -e) and may lack rt_sigaction: record without -e, or say with --traced what it was told (test.strace)`,
  },
  {
    shows: 'knows that SIGKILL ends a process in such a log',
    filtered: true,
    start: { traced: '%file' },
    hooks: 'security_path_unlink(1:dentry) Sigkill',
    trace: 'unlink("/tmp/w/a") = 0',
    hits: 'security_path_unlink(/tmp/w/a) sigkill',
  },
  {
    shows: 'knows it where strace was told to trace those calls, too',
    filtered: true,
    start: { traced: '%file,%signal' },
    hooks: 'security_path_unlink(1:dentry) Signal 10',
    trace: 'unlink("/tmp/w/a") = 0',
    hits: 'security_path_unlink(/tmp/w/a) signal',
  },
];
