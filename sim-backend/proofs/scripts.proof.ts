/** Proofs: scripts, as far as a log shows that they are some, and of which program. */
import { end } from './pieces.ts';
import type { Proof } from './proof.ts';

/** The first act of a program with a dynamic loader. */
const loads = 'access("/etc/ld.so.preload", R_OK) = -1 ENOENT (No such file or directory)';

export const scriptProofs: readonly Proof[] = [
  {
    shows:
      'knows a script by its interpreter, which opens it by the name that was executed and reads its first line',
    hooks: 'security_bprm_check(0:linux_binprm)',
    trace: `
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      101 execve("./job", ["./job"], 0x7ffd0 /* 3 vars */) = 0
      101 ${loads}
      101 openat(AT_FDCWD, "./other", O_RDONLY) = 3
      101 openat(AT_FDCWD, "./job", O_RDONLY) = 4
      101 read(4, "#!/usr/bin/two -x\\necho\\n", 80) = 23
      ${end(101)}
      100 clone(child_stack=NULL, flags=SIGCHLD) = 102
      102 execve("/opt/tool", ["/opt/tool"], 0x7ffd0 /* 3 vars */) = 0
      102 ${loads}
      102 openat(AT_FDCWD, "/opt/tool", O_RDONLY) = 3
      102 read(3, "#!/usr/bin/one\\n", 80) = 15
      ${end(102)}
      100 clone(child_stack=NULL, flags=SIGCHLD) = 103
      103 execve("./cut", ["./cut"], 0x7ffd0 /* 3 vars */) = 0
      103 ${loads}
      103 openat(AT_FDCWD, "./cut", O_RDONLY) = 3
      103 read(3, "#!/usr/bin/on"..., 80) = 80
      ${end(103)}`,
    hits: `
      security_bprm_check(/tmp/w/job)
      security_bprm_check(/usr/bin/two -rwxr-xr-x)
      security_bprm_check(/opt/tool)
      security_bprm_check(/usr/bin/one -rwxr-xr-x)
      security_bprm_check(/tmp/w/cut)
      not known: proof: security_bprm_check: strace cut the #! line of /tmp/w/cut, which names the program that runs it (record with a larger -s) (test.strace:18)`,
  },
  {
    shows: 'follows the descriptor of a script that its interpreter moves before it reads',
    hooks: 'security_bprm_check(0:linux_binprm)',
    trace: `
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      101 execve("/opt/job", ["job"], 0x7ffd0 /* 3 vars */) = 0
      101 ${loads}
      101 openat(AT_FDCWD, "/opt/job", O_RDONLY) = 3
      101 fcntl(3, F_DUPFD, 10) = 10
      101 close(3) = 0
      101 fcntl(10, F_SETFD, FD_CLOEXEC) = 0
      101 read(10, "#!/usr/bin/one\\n", 8192) = 15
      ${end(101)}
      100 clone(child_stack=NULL, flags=SIGCHLD) = 102
      102 execve("/opt/other", ["other"], 0x7ffd0 /* 3 vars */) = 0
      102 ${loads}
      102 openat(AT_FDCWD, "/opt/other", O_RDONLY) = 3
      102 read(3, "\\177ELF"..., 832) = 832
      102 read(3, "#!/usr/bin/one\\n", 8192) = 15
      ${end(102)}`,
    hits: `
      security_bprm_check(/opt/job)
      security_bprm_check(/usr/bin/one -rwxr-xr-x)
      security_bprm_check(/opt/other)`,
  },
  {
    shows: 'knows the script that env was run for from what it runs in turn',
    course: true,
    hooks: 'security_bprm_check(0:linux_binprm)',
    trace: `
      100 execve("/opt/a-script-with-a-name-that-is-cut", ["x"], 0x7ffd0 /* 3 vars */) = 0
      100 ${loads}
      100 execve("/usr/local/bin/python3", ["python3", "/opt/a-script-with-a-name-that-i"...], 0x7ffd0 /* 3 vars */) = -1 ENOENT (No such file or directory)
      100 execve("/usr/bin/python3", ["python3", "/opt/a-script-with-a-name-that-i"...], 0x7ffd0 /* 3 vars */) = 0
      100 ${loads}
      100 openat(AT_FDCWD, "/opt/a-script-with-a-name-that-is-cut", O_RDONLY) = 3
      100 read(3, "#!/usr/bin/env python3\\nimport o"..., 4096) = 400
      ${end(100)}`,
    hits: `
      exec /opt/a-script-with-a-name-that-is-cut python3 /opt/a-script-with-a-name-that-is-cut
      security_bprm_check(/usr/bin/python3 -rwxr-xr-x)
      exec /usr/bin/python3 ?
      exit /usr/bin/python3 0
      executed /usr/bin/env
      executed /usr/bin/python3
      read /opt/a-script-with-a-name-that-is-cut, 400 bytes
      process 0 /usr/bin/python3: exited 0`,
  },
  {
    shows: 'runs the interpreter of a script in memory, or without a name, by the name of its descriptor',
    course: true,
    hooks: 'security_bprm_check(0:linux_binprm)',
    trace: `
      100 memfd_create("m", 0) = 3</memfd:m>(deleted)
      100 write(3</memfd:m>(deleted), "#!/usr/bin/one -x\\n", 18) = 18
      100 openat(AT_FDCWD</tmp/w>, "gone", O_RDONLY) = 5</tmp/w/gone>
      100 unlink("/tmp/w/gone") = 0
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      101 execveat(3</memfd:m>(deleted), "", ["m"], 0x7ffd0 /* 3 vars */, AT_EMPTY_PATH) = 0
      101 ${loads}
      101 openat(AT_FDCWD</tmp/w>, "/dev/fd/3", O_RDONLY) = 4</memfd:m>(deleted)
      101 read(4</memfd:m>(deleted), "#!/usr/bin/one -x\\n", 8192) = 18
      ${end(101)}
      100 clone(child_stack=NULL, flags=SIGCHLD) = 102
      102 execve("/proc/self/fd/3", ["m"], 0x7ffd0 /* 3 vars */) = 0
      102 ${loads}
      102 openat(AT_FDCWD</tmp/w>, "/proc/self/fd/3", O_RDONLY) = 4</memfd:m>(deleted)
      102 read(4</memfd:m>(deleted), "#!/usr/bin/one -x\\n", 8192) = 18
      ${end(102)}
      100 clone(child_stack=NULL, flags=SIGCHLD) = 103
      103 execveat(5</tmp/w/gone>(deleted), "", ["gone"], 0x7ffd0 /* 3 vars */, AT_EMPTY_PATH) = 0
      103 ${loads}
      103 openat(AT_FDCWD</tmp/w>, "/dev/fd/5", O_RDONLY) = 4</tmp/w/gone>(deleted)
      103 read(4</tmp/w/gone>(deleted), "#!/usr/bin/two\\n", 8192) = 15
      ${end(103)}
      100 clone(child_stack=NULL, flags=SIGCHLD) = 104
      104 execve("/tmp/w/gone", ["gone"], 0x7ffd0 /* 3 vars */) = -1 ENOENT (No such file or directory)
      ${end(104)}
      100 fcntl(3</memfd:m>(deleted), F_SETFD, FD_CLOEXEC) = 0
      100 execveat(3</memfd:m>(deleted), "", ["m"], 0x7ffd0 /* 3 vars */, AT_EMPTY_PATH) = -1 ENOENT (No such file or directory)`,
    hits: `
      exec /usr/bin/prog
      security_bprm_check()
      security_bprm_check(/usr/bin/one -rwxr-xr-x)
      exec /dev/fd/3 -x /dev/fd/3
      exit /dev/fd/3 0
      security_bprm_check()
      security_bprm_check(/usr/bin/one -rwxr-xr-x)
      exec /proc/self/fd/3 -x /proc/self/fd/3
      exit /proc/self/fd/3 0
      security_bprm_check(/tmp/w/gone (deleted))
      security_bprm_check(/usr/bin/two -rwxr-xr-x)
      exec /dev/fd/5 /dev/fd/5
      exit /dev/fd/5 0
      exit /usr/bin/prog 0
      security_bprm_check()
      exit /usr/bin/prog 0
      executed /usr/bin/prog
      executed /usr/bin/one, 2 times
      executed /usr/bin/two
      read /tmp/w/gone, 15 bytes
      process 0 /usr/bin/prog: exited 0
      process 1 /dev/fd/3: exited 0
      process 2 /proc/self/fd/3: exited 0
      process 3 /dev/fd/5: exited 0
      process 4 /usr/bin/prog: exited 0`,
  },
  {
    shows: 'does not know whether a program is a script where a log lacks what its interpreter does',
    filtered: true,
    course: true,
    hooks: 'security_bprm_check(0:linux_binprm)',
    trace: `
      100 execve("/usr/bin/bash", ["bash"], 0x7ffd0 /* 3 vars */) = 0
      100 execve("/opt/job", ["job"], 0x7ffd0 /* 3 vars */) = 0
      100 exit_group(0) = ?
      100 +++ exited with 0 +++`,
    hits: `
      exec /usr/bin/bash
      security_bprm_check(/opt/job)
      exec /opt/job ?
      exit /opt/job 0
      not known: proof: security_bprm_check: the log does not show whether /opt/job is a script, and which program runs it (record without -e, or give a snapshot with facts) (test.strace:2)
      executed /usr/bin/bash
      executed /opt/job
      process 0 /opt/job: exited 0`,
  },
  {
    shows: 'does not take for a program what another script’s interpreter is seen to run',
    course: true,
    hooks: 'security_bprm_check(0:linux_binprm)',
    trace: `
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      101 execve("./a", ["./a", "x"], 0x7ffd0 /* 3 vars */) = 0
      101 ${loads}
      101 openat(AT_FDCWD, "/tmp/b", O_RDONLY) = 3
      101 read(3, "#!/usr/bin/sh\\n", 80) = 14
      ${end(101)}
      100 clone(child_stack=NULL, flags=SIGCHLD) = 102
      102 execve("/usr/bin/one", ["one"], 0x7ffd0 /* 3 vars */) = 0
      102 ${loads}
      102 openat(AT_FDCWD, "/tmp/b", O_RDONLY) = 3
      102 read(3, "#!/usr/bin/sh\\n", 80) = 14
      ${end(102)}`,
    hits: `
      exec /usr/bin/prog
      security_bprm_check(/tmp/w/a)
      exec /tmp/w/a ?
      exit /tmp/w/a 0
      security_bprm_check(/usr/bin/one -rwxr-xr-x)
      exec /usr/bin/one
      exit /usr/bin/one 0
      exit /usr/bin/prog 0
      not known: proof: security_bprm_check: whether /tmp/w/a is a script is not known: the program that it ran read another script, as one does whose interpreter is a script itself (give a snapshot with facts) (test.strace:3)
      executed /usr/bin/prog
      executed /tmp/w/a
      read /tmp/b, 28 bytes, 2 times
      executed /usr/bin/one
      process 0 /usr/bin/prog: exited 0
      process 1 /tmp/w/a: exited 0
      process 2 /usr/bin/one: exited 0`,
  },
];
