/** Proofs: looks at other processes in /proc, and what is asked for them. */
import { end } from './pieces.ts';
import type { Proof } from './proof.ts';

const hooks = `
  cap_capable(2:int, 3:int)
  security_ptrace_access_check(1:int)`;

/** A child that executes a program, with these lines before. */
const child = (before = ''): string => `
  100 clone(child_stack=NULL, flags=SIGCHLD) = 101
  ${before}
  101 execve("/usr/bin/cat", ["cat"], 0x7ffd0 /* 3 vars */) = 0`;

export const otherProcessProofs: readonly Proof[] = [
  {
    shows: 'asks for each look at another process of its user, as the file says',
    hooks,
    trace: `${child()}
      100 openat(AT_FDCWD</tmp/w>, "/proc/101/environ", O_RDONLY) = 3</proc/101/environ>
      100 openat(AT_FDCWD</tmp/w>, "/proc/101/mem", O_RDONLY) = 4</proc/101/mem>
      100 openat(AT_FDCWD</tmp/w>, "/proc/101/auxv", O_RDONLY) = 5</proc/101/auxv>
      100 openat(AT_FDCWD</tmp/w>, "/proc/101/stat", O_RDONLY) = 6</proc/101/stat>
      100 read(6</proc/101/stat>, "101", 64) = 3
      100 read(6</proc/101/stat>, "", 64) = 0
      100 openat(AT_FDCWD</tmp/w>, "/proc/101/syscall", O_RDONLY) = 7</proc/101/syscall>
      100 pread64(7</proc/101/syscall>, "0", 64, 0) = 1
      100 pread64(7</proc/101/syscall>, "0", 64, 0) = 1
      100 readlink("/proc/101/exe", "/usr/bin/cat", 64) = 12
      100 stat("/proc/101/cwd", {st_mode=S_IFDIR|0755, st_size=0, ...}) = 0
      100 lstat("/proc/101/cwd", {st_mode=S_IFLNK|0777, st_size=0, ...}) = 0
      100 openat(AT_FDCWD</tmp/w>, "/proc/101/status", O_RDONLY) = 8</proc/101/status>
      100 read(8</proc/101/status>, "x", 64) = 1
      101 openat(AT_FDCWD</tmp/w>, "/proc/self/environ", O_RDONLY) = 3</proc/101/environ>
      101 exit_group(0) = ?
      101 +++ exited with 0 +++`,
    hits: `
      security_ptrace_access_check(9)
      security_ptrace_access_check(10)
      security_ptrace_access_check(9)
      security_ptrace_access_check(13)
      security_ptrace_access_check(10)
      security_ptrace_access_check(10)
      security_ptrace_access_check(9)
      security_ptrace_access_check(9)`,
  },
  {
    shows: 'asks root for CAP_SYS_PTRACE to look at who is somebody else, or has given up being looked at',
    hooks: `
      cap_capable(2:int, 3:int) [2 Equal 19 21 23]
      security_ptrace_access_check(1:int)`,
    trace: `${child('101 setresgid(1000, 1000, 1000) = 0\n101 setresuid(1000, 1000, 1000) = 0')}
      100 openat(AT_FDCWD</tmp/w>, "/proc/101/stat", O_RDONLY) = 6</proc/101/stat>
      100 read(6</proc/101/stat>, "101", 64) = 3
      100 openat(AT_FDCWD</tmp/w>, "/proc/101/maps", O_RDONLY) = 3</proc/101/maps>
      101 prctl(PR_SET_DUMPABLE, SUID_DUMP_DISABLE) = 0
      100 readlink("/proc/101/exe", "/usr/bin/cat", 64) = 12
      101 openat(AT_FDCWD</tmp/w>, "/proc/100/stat", O_RDONLY) = 6</proc/100/stat>
      101 read(6</proc/100/stat>, "100", 64) = 3
      101 openat(AT_FDCWD</tmp/w>, "/proc/100/maps", O_RDONLY) = -1 EACCES (Permission denied)
      100 pread64(3</proc/101/stat>, "1", 1, 0) = 1
      100 readv(3</proc/101/wchan>, [{iov_base="0", iov_len=1}], 1) = 1
      100 preadv(3</proc/101/io>, [{iov_base="r", iov_len=1}], 1, 0) = 1
      100 read(4</proc/101/stack>, "[", 64) = 1
      100 read(9</proc/101/timerslack_ns>, "5", 64) = 1
      101 read(5</proc/101/stack>, 0x7ffd0, 64) = -1 EACCES (Permission denied)
      100 lseek(3</proc/101/stat>, 5, SEEK_SET) = 5
      100 read(3</proc/101/stat>, "1", 1) = 1
      101 exit_group(0) = ?
      101 +++ exited with 0 +++`,
    hits: `
      cap_capable(19, 2)
      security_ptrace_access_check(13)
      cap_capable(19, 0)
      security_ptrace_access_check(9)
      cap_capable(19, 0)
      cap_capable(19, 0)
      security_ptrace_access_check(9)
      cap_capable(19, 2)
      cap_capable(19, 0)
      cap_capable(19, 2)
      cap_capable(19, 2)
      security_ptrace_access_check(13)
      cap_capable(19, 0)
      cap_capable(19, 0)
      security_ptrace_access_check(9)
      cap_capable(19, 0)
      cap_capable(19, 0)
      security_ptrace_access_check(9)
      cap_capable(21, 0)
      cap_capable(19, 0)
      cap_capable(19, 0)
      security_ptrace_access_check(10)
      cap_capable(23, 0)
      cap_capable(21, 0)
      not known: proof: cap_capable: whether its text is made anew where the call reads is not modelled (test.strace:21)
      not known: proof: security_ptrace_access_check: whether its text is made anew where the call reads is not modelled (test.strace:21)`,
  },
  {
    shows: 'knows modes and owners of what /proc has of processes, and says what hangs on strangers',
    hooks: `
      cap_capable(2:int, 3:int)
      security_ptrace_access_check(1:int)`,
    trace: `
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      101 setresgid(1000, 1000, 1000) = 0
      101 setresuid(1000, 1000, 1000) = 0
      101 openat(AT_FDCWD</tmp/w>, "/proc/100/environ", O_RDONLY) = -1 EACCES (Permission denied)
      101 openat(AT_FDCWD</tmp/w>, "/proc/self/environ", O_RDONLY) = -1 EACCES (Permission denied)
      101 openat(AT_FDCWD</tmp/w>, "/proc/77/cmdline", O_RDONLY) = 3</proc/77/cmdline>
      101 openat(AT_FDCWD</tmp/w>, "/proc/77", O_RDONLY|O_DIRECTORY) = 4</proc/77>
      101 openat(AT_FDCWD</tmp/w>, "/proc/77/stat", O_RDONLY) = 5</proc/77/stat>
      101 read(5</proc/77/stat>, "77", 64) = 2
      101 readlink("/proc/77/exe", 0x7ffd0, 64) = -1 EACCES (Permission denied)
      101 exit_group(0) = ?
      101 +++ exited with 0 +++`,
    hits: `
      cap_capable(6, 4)
      cap_capable(7, 4)
      cap_capable(2, 0)
      cap_capable(1, 0)
      cap_capable(2, 0)
      cap_capable(1, 0)
      not known: proof: cap_capable: whether the other process may be looked at without a capability is not in the trace (test.strace:10), 2 times
      not known: proof: security_ptrace_access_check: whether the other process may be looked at without a capability is not in the trace (test.strace:10), 2 times`,
  },
  {
    shows: 'asks for CAP_SYS_PTRACE at each look of a tracer into memory that its program hides',
    hooks: 'cap_capable(2:int, 3:int) [2 Equal 19]',
    trace: `${child('101 ptrace(PTRACE_TRACEME) = 0')}
      100 ptrace(PTRACE_PEEKDATA, 101, 0x7ffd0, [0x1]) = 0
      101 prctl(PR_SET_DUMPABLE, SUID_DUMP_DISABLE) = 0
      100 ptrace(PTRACE_PEEKTEXT, 101, 0x7ffd0, [0x1]) = 0
      100 ptrace(PTRACE_POKEDATA, 101, 0x7ffd0, 0x2) = 0
      100 ptrace(PTRACE_CONT, 101, NULL, 0) = 0
      100 ptrace(PTRACE_PEEKDATA, 77, 0x7ffd0, [0x1]) = 0
      101 exit_group(0) = ?
      101 +++ exited with 0 +++`,
    hits: `
      cap_capable(19, 2)
      cap_capable(19, 2)
      not known: proof: cap_capable: whether the other process lets its memory be seen is not in the trace (test.strace:10)`,
  },
  {
    shows: 'asks to look at who shares memory with who changes its ids, and not at who forked such a one',
    hooks,
    trace: `
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      101 setfsuid(1000) = 0
      100 openat(AT_FDCWD</tmp/w>, "/proc/100/task/100/maps", O_RDONLY) = 3</proc/100/task/100/maps>
      100 clone(child_stack=NULL, flags=SIGCHLD) = 102
      102 openat(AT_FDCWD</tmp/w>, "/proc/100/maps", O_RDONLY) = 4</proc/100/maps>
      100 vfork() = 103
      103 setfsuid(1000) = 0
      102 openat(AT_FDCWD</tmp/w>, "/proc/100/maps", O_RDONLY) = 5</proc/100/maps>
      103 execve("/usr/bin/cat", ["cat"], 0x7ffd0 /* 3 vars */) = 0
      102 openat(AT_FDCWD</tmp/w>, "/proc/103/maps", O_RDONLY) = 6</proc/103/maps>
      ${[101, 102, 103].map(end).join('')}`,
    hits: `
      cap_capable(7, 4)
      security_ptrace_access_check(9)
      cap_capable(7, 4)
      cap_capable(19, 0)
      security_ptrace_access_check(9)
      security_ptrace_access_check(9)`,
  },
  {
    shows: 'asks for looks of calls as the real ids, and for none at the caller itself',
    hooks,
    trace: `${child('101 setresuid(1000, 1000, 1000) = 0')}
      100 get_robust_list(0, 0x7ffd0, 0x7ffd8) = 0
      100 get_robust_list(101, 0x7ffd0, 0x7ffd8) = 0
      100 move_pages(100, 1, [0x7f00], NULL, [0], MPOL_MF_MOVE) = 0
      100 move_pages(101, 1, [0x7f00], NULL, [0], MPOL_MF_MOVE) = 0
      100 migrate_pages(101, 64, [0], [0]) = 0
      100 kcmp(100, 101, KCMP_FILE, 3, 3) = 0
      100 get_robust_list(999, 0x7ffd0, 0x7ffd8) = -1 ESRCH (No such process)
      101 get_robust_list(100, 0x7ffd0, 0x7ffd8) = -1 EPERM (Operation not permitted)
      ${end(101)}`,
    hits: `
      cap_capable(7, 4)
      cap_capable(19, 0)
      security_ptrace_access_check(17)
      cap_capable(19, 0)
      security_ptrace_access_check(17)
      cap_capable(19, 0)
      security_ptrace_access_check(17)
      cap_capable(19, 0)
      security_ptrace_access_check(17)
      cap_capable(19, 0)`,
  },
];
