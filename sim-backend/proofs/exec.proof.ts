/** Proofs: execve, its rounds, its credentials, and the image that comes of it. */
import { program } from './files.ts';
import type { Proof } from './proof.ts';

/** A file that a scenario makes. */
const given = (path: string, text: string) => ({
  path,
  content: new TextEncoder().encode(text),
  mode: 0o755,
});
/** The first act of a program with a dynamic loader. */
const loads = 'access("/etc/ld.so.preload", R_OK) = -1 ENOENT (No such file or directory)';
const loader = '/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2';
const mode = 'st_mode=S_IFREG|0755, st_size=9, ...';
/** The programs below; what is known of their modes. */
const programs = `
  stat("/lib64/ld-linux-x86-64.so.2", {${mode}}) = 0
  stat("${loader}", {${mode}}) = 0`;

/** Another thread than the first executes: strace ends the line of the call with this mark. */
const execOfThread = (shows: string, mark: string): Proof => ({
  shows,
  course: true,
  hooks: 'security_file_open(0:file)',
  trace: `
    ${programs}
    100 clone3({flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD, exit_signal=0}, 88) = 101
    101 execve("/usr/bin/id", ["id"], 0x7ffd0 /* 3 vars */ ${mark}
    100 +++ superseded by execve in pid 101 +++
    100 <... execve resumed>) = 0
    100 ${loads}
    100 openat(AT_FDCWD</tmp/w>, "f", O_RDONLY) = 3</tmp/w/f>`,
  hits: `
    exec /usr/bin/prog
    security_file_open(/usr/bin/id -rwxr-xr-x) by a thread
    security_file_open(${loader} -rwxr-xr-x) by a thread
    exec /usr/bin/id
    security_file_open(/tmp/w/f)
    exit /usr/bin/id 0
    executed /usr/bin/prog
    executed /usr/bin/id
    process 0 /usr/bin/id: exited 0`,
});

export const execProofs: readonly Proof[] = [
  {
    shows:
      'begins an exec as the thread that makes it, ends the others in it, and goes on as the first thread',
    course: true,
    hooks: `
      sys_execve(0:string)
      security_bprm_creds_from_file(0:linux_binprm)
      do_group_exit(0:int)
      do_exit(0:int)
      security_bprm_committing_creds(0:linux_binprm)
      tp:sched/sched_process_exec(5:int, 6:int)
      tp:sched/sched_process_exit(5:int)`,
    trace: `
      ${programs}
      100 clone3({flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD, exit_signal=0}, 88) = 101
      100 clone3({flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD, exit_signal=0}, 88) = 102
      101 execve("/usr/bin/id", ["id"], 0x7ffd0 /* 3 vars */ <unfinished ...>
      102 +++ exited with 0 +++
      100 +++ superseded by execve in pid 101 +++
      100 <... execve resumed>) = 0
      100 ${loads}`,
    hits: `
      exec /usr/bin/prog
      sched/sched_process_exec(100, 100)
      __x64_sys_execve(/usr/bin/id) by a thread
      security_bprm_creds_from_file(/usr/bin/id -rwxr-xr-x) by a thread
      do_group_exit(9) by a thread
      do_exit(0) by a thread
      sched/sched_process_exit(102) by a thread
      do_group_exit(9)
      do_exit(0)
      sched/sched_process_exit(100)
      security_bprm_committing_creds(/usr/bin/id -rwxr-xr-x)
      exec /usr/bin/id
      sched/sched_process_exec(100, 101)
      do_group_exit(0)
      do_exit(0)
      exit /usr/bin/id 0
      executed /usr/bin/prog
      executed /usr/bin/id
      process 0 /usr/bin/id: exited 0`,
  },
  {
    shows: 'runs the hooks of an exec in order, of a program that has a dynamic loader',
    hooks: `
      security_file_open(0:file)
      security_file_post_open(0:file, 1:int)
      security_bprm_creds_for_exec(0:linux_binprm)
      security_file_permission(0:file, 1:int)
      security_bprm_check(0:linux_binprm)
      security_bprm_creds_from_file(0:linux_binprm, 1:file)
      security_bprm_committing_creds(0:linux_binprm)
      commit_creds(0:int:euid.val)
      security_bprm_committed_creds(0:linux_binprm)
      security_mmap_file(0:file, 1:uint64, 2:uint64)
      tp:sched/sched_process_exec(4:data_loc, 5:int, 6:int)`,
    trace: `
      ${programs}
      execve("/usr/bin/id", ["id"], 0x7ffd0 /* 3 vars */) = 0
      ${loads}`,
    hits: `
      sched/sched_process_exec(/usr/bin/prog, 100, 100)
      security_file_open(/usr/bin/id -rwxr-xr-x)
      security_file_post_open(/usr/bin/id -rwxr-xr-x, 1)
      security_bprm_creds_for_exec(/usr/bin/id -rwxr-xr-x)
      security_file_permission(/usr/bin/id -rwxr-xr-x, 4)
      security_bprm_check(/usr/bin/id -rwxr-xr-x)
      security_file_permission(/usr/bin/id -rwxr-xr-x, 4)
      security_file_permission(/usr/bin/id -rwxr-xr-x, 4)
      security_file_open(${loader} -rwxr-xr-x)
      security_file_post_open(${loader} -rwxr-xr-x, 1)
      security_file_permission(${loader} -rwxr-xr-x, 4)
      security_file_permission(${loader} -rwxr-xr-x, 4)
      security_bprm_creds_from_file(/usr/bin/id -rwxr-xr-x, /usr/bin/id -rwxr-xr-x)
      security_bprm_committing_creds(/usr/bin/id -rwxr-xr-x)
      commit_creds(0)
      security_bprm_committed_creds(/usr/bin/id -rwxr-xr-x)
      security_mmap_file(/usr/bin/id -rwxr-xr-x, 1, 1048578)
      security_mmap_file(/usr/bin/id -rwxr-xr-x, 5, 18)
      security_mmap_file(/usr/bin/id -rwxr-xr-x, 1, 18)
      security_mmap_file(/usr/bin/id -rwxr-xr-x, 3, 18)
      security_mmap_file(${loader} -rwxr-xr-x, 1, 2)
      security_mmap_file(${loader} -rwxr-xr-x, 5, 18)
      security_mmap_file(${loader} -rwxr-xr-x, 1, 18)
      security_mmap_file(${loader} -rwxr-xr-x, 3, 18)
      sched/sched_process_exec(/usr/bin/id, 100, 100)`,
  },
  {
    shows: 'reads no loader for a static program, and has no security_file_post_open before 6.9',
    kernel: '6.1.192-1-amd64',
    hooks: `
      security_file_open(0:file)
      security_file_post_open(0:file, 1:int)
      security_file_permission(0:file, 1:int)
      security_mmap_file(0:file, 1:uint64, 2:uint64)`,
    trace: `
      umask(022) = 022
      execve("/usr/bin/busybox", ["busybox", "true"], 0x7ffd0 /* 3 vars */) = 0`,
    hits: `
      security_file_open(/usr/bin/busybox -rwxr-xr-x)
      security_file_permission(/usr/bin/busybox -rwxr-xr-x, 4)
      security_file_permission(/usr/bin/busybox -rwxr-xr-x, 4)
      security_mmap_file(/usr/bin/busybox -rwxr-xr-x, 1, 1048578)
      security_mmap_file(/usr/bin/busybox -rwxr-xr-x, 5, 18)
      security_mmap_file(/usr/bin/busybox -rwxr-xr-x, 1, 18)
      security_mmap_file(/usr/bin/busybox -rwxr-xr-x, 3, 18)
      not modelled: security_file_post_open (only kernels >=6.9 run it)`,
  },
  {
    shows: 'goes round once for each #! line, with the files of the round, and asks for the credentials once',
    given: { files: [given('/tmp/w/a', '#!/tmp/w/b -x y\nrest\n'), given('/tmp/w/b', '#! /bin/sh\n')] },
    course: true,
    hooks: `
      security_file_open(0:file)
      security_bprm_creds_for_exec(0:linux_binprm)
      security_file_permission(0:file, 1:int)
      security_bprm_check(0:linux_binprm)
      security_bprm_creds_from_file(0:linux_binprm, 1:file)
      security_bprm_committed_creds(0:linux_binprm)
      raw:sched/sched_process_exec(2:int:argc, 2:string:filename, 2:string:file.f_path.dentry.d_name.name)`,
    trace: `
      umask(022) = 022
      execve("./a", ["a", "1"], 0x7ffd0 /* 3 vars */) = 0`,
    hits: `
      exec /usr/bin/prog
      sched/sched_process_exec(1, /usr/bin/prog, prog)
      security_file_open(/tmp/w/a -rwxr-xr-x)
      security_bprm_creds_for_exec(/tmp/w/a -rwxr-xr-x)
      security_file_permission(/tmp/w/a -rwxr-xr-x, 4)
      security_bprm_check(/tmp/w/a -rwxr-xr-x)
      security_file_open(/tmp/w/b -rwxr-xr-x)
      security_file_permission(/tmp/w/b -rwxr-xr-x, 4)
      security_bprm_check(/tmp/w/b -rwxr-xr-x)
      security_file_open(/usr/bin/sh -rwxr-xr-x)
      security_file_permission(/usr/bin/sh -rwxr-xr-x, 4)
      security_bprm_check(/usr/bin/sh -rwxr-xr-x)
      security_file_permission(/usr/bin/sh -rwxr-xr-x, 4)
      security_bprm_creds_from_file(/usr/bin/sh -rwxr-xr-x, /usr/bin/sh -rwxr-xr-x)
      security_bprm_committed_creds(/usr/bin/sh -rwxr-xr-x)
      exec /tmp/w/a /tmp/w/b "-x y" ./a 1
      sched/sched_process_exec(5, ./a, sh)
      exit /tmp/w/a 0
      executed /usr/bin/prog
      executed /usr/bin/sh
      process 0 /tmp/w/a: exited 0`,
  },
  {
    shows: 'knows the interpreter of a script from a read of its first line, though that comes later',
    course: true,
    hooks: 'security_bprm_check(0:linux_binprm)',
    trace: `
      umask(022) = 022
      execve("/tmp/w/s", ["s"], 0x7ffd0 /* 3 vars */) = 0
      ${loads}
      openat(AT_FDCWD</tmp/w>, "/tmp/w/s", O_RDONLY) = 3</tmp/w/s>
      fstat(3</tmp/w/s>, {st_mode=S_IFREG|0700, st_size=9, ...}) = 0
      read(3</tmp/w/s>, "#!/usr/bin/python3 -u\\nimport os\\n", 4096) = 32`,
    hits: `
      exec /usr/bin/prog
      security_bprm_check(/tmp/w/s -rwx------)
      security_bprm_check(/usr/bin/python3 -rwxr-xr-x)
      exec /tmp/w/s -u /tmp/w/s
      exit /tmp/w/s 0
      executed /usr/bin/prog
      executed /usr/bin/python3
      read /tmp/w/s, 32 bytes
      process 0 /tmp/w/s: exited 0`,
  },
  {
    shows: 'runs nothing for a program that is not found or may not be executed',
    hooks: `
      security_file_open(0:file)
      security_bprm_creds_for_exec(0:linux_binprm)
      security_bprm_check(0:linux_binprm)
      commit_creds`,
    trace: `
      umask(022) = 022
      execve("/usr/local/bin/id", ["id"], 0x7ffd0 /* 3 vars */) = -1 ENOENT (No such file or directory)
      execve("/etc/passwd", ["id"], 0x7ffd0 /* 3 vars */) = -1 EACCES (Permission denied)
      execve("/etc/passwd/id", ["id"], 0x7ffd0 /* 3 vars */) = -1 ENOTDIR (Not a directory)
      execve("/tmp/w/loop", ["id"], 0x7ffd0 /* 3 vars */) = -1 ELOOP (Too many levels of symbolic links)
      execve(0x55550, ["id"], 0x7ffd0 /* 3 vars */) = -1 EFAULT (Bad address)`,
    hits: '',
  },
  {
    facts: { '/tmp/w/text': program },
    shows: 'asks all formats of a file that has none, and goes no further',
    hooks: `
      security_file_open(0:file)
      security_bprm_creds_for_exec(0:linux_binprm)
      security_file_permission(0:file)
      security_bprm_check(0:linux_binprm)
      security_bprm_creds_from_file
      commit_creds
      security_mmap_file`,
    trace: `
      umask(022) = 022
      execve("/tmp/w/text", ["text"], 0x7ffd0 /* 3 vars */) = -1 ENOEXEC (Exec format error)`,
    hits: `
      security_file_open(/tmp/w/text -rwxr-xr-x)
      security_bprm_creds_for_exec(/tmp/w/text -rwxr-xr-x)
      security_file_permission(/tmp/w/text -rwxr-xr-x)
      security_bprm_check(/tmp/w/text -rwxr-xr-x)`,
  },
  {
    shows: 'ends after the first round of a script whose interpreter is missing',
    given: { files: [given('/tmp/w/s', '#!/usr/bin/nothing\n')] },
    hooks: `
      security_file_open(0:file)
      security_bprm_check(0:linux_binprm)
      security_bprm_creds_from_file`,
    trace: `
      umask(022) = 022
      execve("/tmp/w/s", ["s"], 0x7ffd0 /* 3 vars */) = -1 ENOENT (No such file or directory)`,
    hits: `
      security_file_open(/tmp/w/s -rwxr-xr-x)
      security_bprm_check(/tmp/w/s -rwxr-xr-x)`,
  },
  {
    shows: 'executes a descriptor under the name that fexecve gives it, and a path below one',
    course: true,
    hooks: 'security_bprm_creds_from_file(0:linux_binprm, 1:file)',
    trace: `
      openat(AT_FDCWD</tmp/w>, "/usr/bin/id", O_RDONLY|O_CLOEXEC) = 3</usr/bin/id>
      execveat(3</usr/bin/id>, "", ["id", "-u"], 0x7ffd0 /* 3 vars */, AT_EMPTY_PATH) = 0
      ${loads}
      execveat(4</usr/bin>, "env", ["env"], 0x7ffd0 /* 3 vars */, 0) = 0
      ${loads}
      execveat(AT_FDCWD</tmp/w>, "../../bin/true", ["true"], 0x7ffd0 /* 3 vars */, 0) = 0`,
    hits: `
      exec /usr/bin/prog
      security_bprm_creds_from_file(/usr/bin/id -rwxr-xr-x, /usr/bin/id -rwxr-xr-x)
      exec /dev/fd/3 -u
      security_bprm_creds_from_file(/usr/bin/env -rwxr-xr-x, /usr/bin/env -rwxr-xr-x)
      exec /dev/fd/4/env
      security_bprm_creds_from_file(/usr/bin/true -rwxr-xr-x, /usr/bin/true -rwxr-xr-x)
      exec /bin/true
      exit /bin/true 0
      executed /usr/bin/prog
      executed /usr/bin/id
      executed /usr/bin/env
      executed /usr/bin/true
      process 0 /bin/true: exited 0`,
  },
  {
    facts: {
      '/usr/bin/su': { ...program, mode: '104755' },
      '/mnt/su': { ...program, mode: '104755' },
      '/usr/bin/chage': { ...program, mode: '102755', gid: 42 },
    },
    shows:
      'gives the ids of a set-user-ID or set-group-ID program to the new image, unless the mount or the task forbids it',
    start: {
      uid: { real: 1000, effective: 1000, saved: 1000, fs: 1000 },
      gid: { real: 1000, effective: 1000, saved: 1000, fs: 1000 },
      mounts: [
        { mountpoint: '/', root: '/', fstype: 'ext4', options: 'rw' },
        { mountpoint: '/mnt', root: '/', fstype: 'ext4', options: 'rw,nosuid' },
      ],
    },
    hooks: 'commit_creds(0:int:uid.val, 0:int:euid.val, 0:int:egid.val, 0:int:suid.val, 0:int:fsuid.val)',
    trace: `
      umask(022) = 022
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      101 execve("/mnt/su", ["su"], 0x7ffd0 /* 3 vars */) = 0
      101 ${loads}
      101 execve("/usr/bin/chage", ["chage"], 0x7ffd0 /* 3 vars */) = 0
      101 ${loads}
      101 execve("/usr/bin/su", ["su"], 0x7ffd0 /* 3 vars */) = 0
      101 exit_group(0) = ?
      101 +++ exited with 0 +++
      prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) = 0
      execve("/usr/bin/su", ["su"], 0x7ffd0 /* 3 vars */) = 0`,
    hits: `
      commit_creds(1000, 1000, 1000, 1000, 1000)
      commit_creds(1000, 1000, 42, 1000, 1000)
      commit_creds(1000, 0, 42, 0, 0)
      commit_creds(1000, 1000, 1000, 1000, 1000)`,
  },
  {
    shows: 'doubts an exec that may change the ids, cut arguments, and a program whose path is not readable',
    start: { uid: { real: 1000, effective: 1000, saved: 1000, fs: 1000 } },
    course: true,
    notes: true,
    hooks: 'fd_install',
    trace: `
      umask(022) = 022
      execve("/opt/tool", ["tool"], 0x7ffd0 /* 3 vars */) = 0
      execve("/usr/bin/id", ["id", "aaaa"...], 0x7ffd0 /* 3 vars */) = 0
      execve(0x55550, 0x7ffd0, 0x7ffd0) = 0`,
    hits: `
      exec /usr/bin/prog
      exec /opt/tool
      exec /usr/bin/id ?
      exit /usr/bin/id 0
      trace: the path of an executed program is not readable in the trace (test.strace:5)
      note: neither the recording nor the trace tells whether /opt/tool is set-user-ID, and what it gains: events leave that out
      note: strace cut the arguments of an executed program short (record with a larger -s): events leave that out
      executed /usr/bin/prog
      executed /opt/tool
      executed /usr/bin/id
      process 0 /usr/bin/id: exited 0`,
  },
  execOfThread(
    'names the leader of the process where another thread executes, and all other threads are gone',
    '<unfinished ...>',
  ),
  execOfThread(
    'reads the exec of another thread whose line strace ends with the pid that the thread gets',
    '<pid changed to 100 ...>',
  ),
  {
    shows: 'closes the descriptors that an exec does not leave open, and keeps ignored signals only',
    hooks: `
      security_file_release(0:file) [0 Prefix /tmp/w/]
      security_bprm_check(0:linux_binprm)
      tp:syscalls/sys_enter_getpid
      tp:syscalls/sys_enter_getppid Signal 12`,
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDONLY|O_CLOEXEC) = 3</tmp/w/a>
      openat(AT_FDCWD</tmp/w>, "b", O_RDONLY) = 4</tmp/w/b>
      fcntl(4</tmp/w/b>, F_SETFD, FD_CLOEXEC) = 0
      openat(AT_FDCWD</tmp/w>, "c", O_RDONLY) = 5</tmp/w/c>
      fcntl(4</tmp/w/b>, F_SETFD, 0) = 0
      rt_sigaction(SIGUSR2, {sa_handler=SIG_IGN, sa_mask=[], sa_flags=0}, NULL, 8) = 0
      execve("/usr/bin/id", ["id"], 0x7ffd0 /* 3 vars */) = 0
      ${loads}
      getppid() = 1
      getpid() = 100
      close(5</tmp/w/c>) = 0
      close(4</tmp/w/b>) = 0`,
    hits: `
      security_bprm_check(/usr/bin/id -rwxr-xr-x)
      security_file_release(/tmp/w/a)
      syscalls/sys_enter_getppid() signal
      syscalls/sys_enter_getpid()
      security_file_release(/tmp/w/c)
      security_file_release(/tmp/w/b)`,
  },
  {
    shows: 'knows of no path of a program in memory',
    hooks: `
      security_file_open(0:file) [0 FileType reg]
      security_bprm_check(0:linux_binprm)`,
    trace: `
      100 memfd_create("m", 0) = 3</memfd:m>(deleted)
      100 execveat(3</memfd:m>(deleted), "", ["m"], 0x7ffd0 /* 3 vars */, AT_EMPTY_PATH) = 0`,
    hits: `
      security_file_open(-rwxrwxrwx)
      security_bprm_check()`,
  },
  {
    shows: 'leaves out of events a path of an unknown beginning, and arguments that are not all in the trace',
    course: true,
    notes: true,
    hooks: '',
    trace: `
      chdir(0x5555) = 0
      execve("./deploy", ["./deploy", "a"], 0x7ffd0 /* 3 vars */) = 0
      execve("/usr/bin/one", ["one", "a", ...], 0x7ffd0 /* 3 vars */) = 0
      execve("/usr/bin/two", 0x7ffd0, 0x7ffd0 /* 3 vars */) = 0
      execve("/usr/bin/id", NULL, 0x7ffd0 /* 3 vars */) = 0`,
    hits: `
      exec /usr/bin/prog
      exec ? ?
      exec /usr/bin/one ?
      exec /usr/bin/two ?
      exec /usr/bin/id
      exit /usr/bin/id 0
      note: the trace does not show in which directory the program runs (record with strace -yy, or give a start snapshot with its cwd): events leave that out
      note: strace cut the arguments of an executed program short (record with a larger -s): events leave that out
      note: the arguments of the program are not in the trace: events leave that out
      executed /usr/bin/prog
      executed ./deploy
      executed /usr/bin/one
      executed /usr/bin/two
      executed /usr/bin/id
      process 0 /usr/bin/id: exited 0`,
  },
];
