/** Proofs: kinds of logs and policies on which a simulator is easily wrong in silence. */
import type { Proof } from './proof.ts';

const policyOf = (name: string, hook: string): string => `apiVersion: cilium.io/v1alpha1
kind: TracingPolicy
metadata:
  name: ${name}
spec:
  kprobes:
${hook}`;

const limited = (scope: string): string =>
  policyOf(
    'limited',
    `  - call: fd_install
    syscall: false
    args: [{index: 1, type: file}]
    selectors:
    - matchArgs: [{index: 1, operator: Equal, values: [/tmp/w/key]}]
      matchActions: [{action: Post, rateLimit: 1m${scope}}]
`,
  );

/** A shell whose two children open the same file twice each. */
const twoCats = [101, 102]
  .map(
    (pid) => `
      100 clone(child_stack=NULL, flags=SIGCHLD, child_tidptr=0x7f) = ${pid}
      ${pid} execve("/usr/bin/cat", ["cat"], 0x7ffd0 /* 3 vars */) = 0
      ${pid} openat(AT_FDCWD</tmp/w>, "key", O_RDONLY) = 3</tmp/w/key>
      ${pid} openat(AT_FDCWD</tmp/w>, "key", O_RDONLY) = 4</tmp/w/key>
      ${pid} exit_group(0) = ?
      ${pid} +++ exited with 0 +++
      100 wait4(${pid}, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = ${pid}`,
  )
  .join('');

export const caseProofs: readonly Proof[] = [
  {
    shows: 'learns no link from a file that never had a name',
    hooks: `
      security_path_unlink(0:path, 1:dentry) [0 Equal /tmp/w] Sigkill
      security_path_mkdir(0:path, 1:dentry)`,
    trace: `
      openat(AT_FDCWD</>, "/tmp/w", O_RDWR|O_CLOEXEC|O_TMPFILE, 0600) = 3</tmp/w/#6>(deleted)
      close(3</tmp/w/#6>(deleted)) = 0
      mkdir("/tmp/w/sub", 0755) = 0
      unlink("/tmp/w/secret") = 0`,
    hits: `
      security_path_mkdir(/tmp/w drwxr-xr-x, /tmp/w/sub ---------)
      security_path_unlink(/tmp/w drwxr-xr-x, /tmp/w/secret) sigkill`,
  },
  {
    shows: 'counts a rate limit for each thread, unless its scope is wider',
    hooks: limited(''),
    trace: twoCats,
    hits: `
      fd_install(/tmp/w/key)
      fd_install(/tmp/w/key)`,
  },
  {
    shows: 'counts a rate limit of global scope once for all',
    hooks: limited(', rateLimitScope: global'),
    trace: twoCats,
    hits: `
      fd_install(/tmp/w/key)`,
  },
  {
    shows: 'lets a limit by binaries of shells hit what shells execute, and not their own exec',
    hooks: policyOf(
      'no-shells',
      `  - call: security_bprm_check
    syscall: false
    args: [{index: 0, type: linux_binprm}]
    selectors:
    - matchBinaries: [{operator: In, values: [/usr/bin/dash]}]
      matchActions: [{action: Sigkill}]
`,
    ),
    trace: `
      100 execve("/usr/bin/python3.13", ["python3"], 0x7ffd0 /* 3 vars */) = 0
      100 clone(child_stack=NULL, flags=SIGCHLD, child_tidptr=0x7f) = 101
      101 execve("/usr/bin/dash", ["sh"], 0x7ffd0 /* 3 vars */) = 0
      101 execve("/usr/bin/cat", ["cat"], 0x7ffd0 /* 3 vars */) = 0
      101 openat(AT_FDCWD</tmp/w>, "/etc/ld.so.cache", O_RDONLY|O_CLOEXEC) = 3</etc/ld.so.cache>
      101 exit_group(0) = ?
      101 +++ exited with 0 +++
      100 exit_group(0) = ?
      100 +++ exited with 0 +++`,
    course: true,
    hits: `
      exec /usr/bin/python3.13
      exec /usr/bin/dash
      security_bprm_check(/usr/bin/cat -rwxr-xr-x) sigkill
      exit /usr/bin/dash SIGKILL
      exit /usr/bin/python3.13 0
      executed /usr/bin/python3.13
      executed /usr/bin/dash
      process 0 /usr/bin/python3.13: exited 0
      process 1 /usr/bin/dash: SIGKILL`,
  },
  {
    shows: 'takes a child by its own pid, where its maker has it by that of a pid namespace',
    hooks: 'fd_install(1:file) [1 Equal /tmp/w/key] Sigkill',
    trace: `
      100 execve("/usr/bin/unshare", ["unshare", "-pf", "dash"], 0x7ffd0 /* 3 vars */) = 0
      100 unshare(CLONE_NEWPID) = 0
      100 clone(child_stack=NULL, flags=SIGCHLD, child_tidptr=0x7f) = 101
      101 execve("/usr/bin/dash", ["dash"], 0x7ffd0 /* 3 vars */) = 0
      101 vfork( <unfinished ...>
      102 execve("/usr/bin/cat", ["cat"], 0x7ffd0 /* 3 vars */) = 0
      101 <... vfork resumed>) = 2
      101 wait4(-1,  <unfinished ...>
      102 openat(AT_FDCWD</tmp/w>, "key", O_RDONLY) = 3</tmp/w/key>
      102 exit_group(0) = ?
      102 +++ exited with 0 +++
      101 <... wait4 resumed>[{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 2
      101 exit_group(0) = ?
      101 +++ exited with 0 +++
      100 exit_group(0) = ?
      100 +++ exited with 0 +++`,
    course: true,
    hits: `
      exec /usr/bin/unshare -pf dash
      exec /usr/bin/dash
      exec /usr/bin/cat
      fd_install(/tmp/w/key) sigkill
      exit /usr/bin/cat SIGKILL
      exit /usr/bin/dash 0 (diverged)
      exit /usr/bin/unshare 0
      executed /usr/bin/unshare
      executed /usr/bin/dash
      executed /usr/bin/cat
      process 0 /usr/bin/unshare: exited 0
      process 1 /usr/bin/dash: exited 0 (diverged)
      process 2 /usr/bin/cat: SIGKILL`,
  },
  {
    shows:
      'does not know what a shell with set -e does after the child that it waits for was killed, without times too',
    hooks: 'fd_install(1:file) [1 Equal /tmp/w/key] Sigkill',
    trace: `
      100 execve("/usr/bin/dash", ["dash", "-e", "job"], 0x7ffd0 /* 3 vars */) = 0
      100 clone(child_stack=NULL, flags=SIGCHLD, child_tidptr=0x7f) = 101
      101 execve("/usr/bin/cat", ["cat"], 0x7ffd0 /* 3 vars */) = 0
      101 openat(AT_FDCWD</tmp/w>, "key", O_RDONLY) = 3</tmp/w/key>
      101 exit_group(0) = ?
      101 +++ exited with 0 +++
      100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 101
      100 exit_group(0) = ?
      100 +++ exited with 0 +++`,
    course: true,
    hits: `
      exec /usr/bin/dash -e job
      exec /usr/bin/cat
      fd_install(/tmp/w/key) sigkill
      exit /usr/bin/cat SIGKILL
      exit /usr/bin/dash 0 (diverged)
      executed /usr/bin/dash
      executed /usr/bin/cat
      process 0 /usr/bin/dash: exited 0 (diverged)
      process 1 /usr/bin/cat: SIGKILL`,
  },
];
