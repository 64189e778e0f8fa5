/** Proofs: signals that do not kill, errors in a function's place, and what follows from a call that did not take place. */
import { oldFile } from './pieces.ts';
import type { Proof } from './proof.ts';

const handler = (flags: string): string =>
  `rt_sigaction(SIGUSR1, {sa_handler=0x5555, sa_mask=[], sa_flags=${flags}}, NULL, 8) = 0`;
const given = { files: [oldFile('/tmp/w/a'), oldFile('/tmp/w/b')] };
/** A call on a descriptor, in which a signal with a handler is raised. */
const raisedIn = (call: string, flags: string): Pick<Proof, 'hooks' | 'trace'> => ({
  hooks: `sys_${(/^\w+/.exec(call)?.[0] ?? '').replace('sendfile', 'sendfile64')} Signal 10`,
  trace: `
    ${handler(flags)}
    ${call}`,
});
const looping = (call: string): string =>
  `not known: ${call}: SIGUSR1 has a handler, after which the call starts again and the hook raises SIGUSR1 again: an endless loop (test.strace:3)`;
const waiting = (call: string): string =>
  `not known: ${call}: whether it waits, and is interrupted by SIGUSR1, which has a handler, is not in the trace (test.strace:3)`;

export const interruptionProofs: readonly Proof[] = [
  {
    shows: 'completes most calls in which a signal with a handler is raised, and the handler runs then',
    files: ['/tmp/w/a', '/tmp/w/b'],
    calls: ['write', 'unlink'],
    given,
    hooks: `
      security_file_permission(0:file, 1:int) Signal 10
      security_path_unlink(1:dentry) Signal 10`,
    trace: `
      ${handler('SA_RESTORER|SA_RESTART')}
      openat(AT_FDCWD</tmp/w>, "a", O_WRONLY) = 3</tmp/w/a>
      write(3</tmp/w/a>, "new", 3) = 3
      unlink("/tmp/w/b") = 0`,
    hits: `
      security_file_permission(/tmp/w/a -rw-r--r--, 2) signal
      security_path_unlink(/tmp/w/b -rw-r--r--) signal (diverged)
      file /tmp/w/a: not known (a process whose course an action changed made this file what it is (rests on: prog got SIGUSR1 at line 4, after which prog may use what it has open in another way))
      file /tmp/w/b: not known (a process whose course an action changed made this file what it is (rests on: prog got SIGUSR1 at line 4, which has changed /tmp/w/b (line 5)))
      call write: 0
      call unlink: 0 (diverged)`,
  },
  {
    shows:
      'does nothing with a signal that is ignored, and kills with one that is neither ignored nor handled',
    course: true,
    hooks: `
      sys_getpgid Signal 10
      sys_getsid Signal 12
      sys_alarm Signal 18`,
    trace: `
      rt_sigaction(SIGUSR1, {sa_handler=SIG_IGN, sa_mask=[], sa_flags=0}, NULL, 8) = 0
      rt_sigaction(SIGUSR2, {sa_handler=0x5555, sa_mask=[], sa_flags=0}, NULL, 8) = 0
      rt_sigaction(SIGUSR2, {sa_handler=SIG_DFL, sa_mask=[], sa_flags=0}, NULL, 8) = 0
      getpgid(0) = 100
      alarm(0) = 0
      getsid(0) = 100`,
    hits: `
      exec /usr/bin/prog
      __x64_sys_getpgid() signal
      __x64_sys_alarm() signal
      __x64_sys_getsid() signal
      exit /usr/bin/prog SIGUSR2
      executed /usr/bin/prog
      process 0 /usr/bin/prog: SIGUSR2`,
  },
  {
    shows: 'interrupts a sleep without effect, whatever its handler says',
    calls: ['nanosleep'],
    ...raisedIn('nanosleep({tv_sec=1, tv_nsec=0}, NULL) = 0', 'SA_RESTART'),
    hits: `
      __x64_sys_nanosleep() signal
      call nanosleep: EINTR`,
  },
  {
    shows: 'interrupts a copy into a file without effect',
    files: ['/tmp/w/a'],
    given,
    calls: ['copy_file_range'],
    ...raisedIn('copy_file_range(3</tmp/w/b>, NULL, 4</tmp/w/a>, NULL, 3, 0) = 3', '0'),
    hits: `
      __x64_sys_copy_file_range() signal
      file /tmp/w/a: not known (a process whose course an action changed made this file what it is (rests on: copy_file_range of prog got another result at line 3, after which prog may have changed it))
      call copy_file_range: EINTR`,
  },
  {
    shows: 'completes a copy into a pipe',
    calls: ['sendfile'],
    ...raisedIn('sendfile(4<pipe:[900]>, 3</tmp/w/b>, NULL, 3) = 3', 'SA_RESTART'),
    hits: `
      __x64_sys_sendfile64() signal
      call sendfile: 0`,
  },
  {
    shows: 'says that a copy into a file that starts again never ends',
    ...raisedIn('sendfile(4</tmp/w/a>, 3</tmp/w/b>, NULL, 3) = 3', 'SA_RESTART'),
    hits: `
      __x64_sys_sendfile64() signal
      ${looping('sendfile')}`,
  },
  {
    shows: 'says that a write to a terminal that starts again never ends',
    ...raisedIn('write(1</dev/pts/0<char 136:0>>, "x", 1) = 1', 'SA_RESTART'),
    hits: `
      __x64_sys_write() signal
      ${looping('write')}`,
  },
  {
    shows: 'says that a fork that is signalled at its entry never ends, whatever the handler says',
    hooks: 'sys_clone Signal 10',
    trace: `
      ${handler('0')}
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      101 exit_group(0) = ?
      101 +++ exited with 0 +++`,
    hits: `
      __x64_sys_clone() signal
      ${looping('clone')}`,
  },
  {
    shows: 'completes a fork that is signalled when the child is made',
    course: true,
    hooks: 'wake_up_new_task Signal 10',
    trace: `
      ${handler('0')}
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      101 exit_group(0) = ?
      101 +++ exited with 0 +++`,
    hits: `
      exec /usr/bin/prog
      wake_up_new_task() signal
      exit /usr/bin/prog 0 (diverged)
      exit /usr/bin/prog 0 (diverged)
      executed /usr/bin/prog
      process 0 /usr/bin/prog: exited 0 (diverged)
      process 1 /usr/bin/prog: exited 0 (diverged)`,
  },
  {
    shows: 'does not know whether a read of a pipe had to wait',
    ...raisedIn('read(3<pipe:[900]>, "x", 1) = 1', '0'),
    hits: `
      __x64_sys_read() signal
      ${waiting('read')}`,
  },
  {
    shows: 'does not know whether a wait had to wait',
    ...raisedIn('wait4(-1, NULL, WNOHANG, NULL) = 0', '0'),
    hits: `
      __x64_sys_wait4() signal
      ${waiting('wait4')}`,
  },
  {
    shows: 'has a call fail with the error that is put in a function’s place, and nothing of it happen',
    files: ['/tmp/w/a', '/tmp/w/b'],
    given,
    calls: ['unlink', 'rename'],
    hooks: `
      security_path_unlink(1:dentry) Override -1
      security_inode_unlink(1:dentry)
      security_inode_rename(1:dentry) Override -13`,
    trace: `
      unlink("/tmp/w/a") = 0
      rename("/tmp/w/b", "/tmp/w/c") = 0`,
    hits: `
      security_path_unlink(/tmp/w/a -rw-r--r--) override
      security_inode_rename(/tmp/w/b -rw-r--r--) override (diverged)
      file /tmp/w/a: not known (a process whose course an action changed made this file what it is (rests on: unlink of prog got another result at line 2, after which prog may have changed it))
      file /tmp/w/b: not known (a process whose course an action changed made this file what it is (rests on: unlink of prog got another result at line 2, which has changed /tmp/w/b (line 3)))
      call unlink: EPERM
      call rename: EACCES (diverged)`,
  },
  {
    shows: 'does not take a program for diverged whose call fails as it was recorded',
    calls: ['unlink'],
    hooks: `
      security_path_unlink(1:dentry) Override -13
      security_path_mkdir(1:dentry)`,
    trace: `
      unlink("/closed/a") = -1 EACCES (Permission denied)
      mkdir("/tmp/w/d", 0755) = 0`,
    hits: `
      security_path_unlink(/closed/a) override
      security_path_mkdir(/tmp/w/d ---------)
      call unlink: EACCES`,
  },
  {
    shows: 'overrides an exec with the old image intact, unless the function returns nothing',
    course: true,
    calls: ['execve'],
    hooks: `
      security_bprm_check(0:linux_binprm) [0 Equal /usr/bin/id] Override -1
      security_bprm_committing_creds(0:linux_binprm) Override -1`,
    trace: `
      umask(022) = 022
      execve("/usr/bin/env", ["env"], 0x7ffd0 /* 3 vars */) = 0
      execve("/usr/bin/id", ["id"], 0x7ffd0 /* 3 vars */) = 0`,
    hits: `
      exec /usr/bin/prog
      security_bprm_committing_creds(/usr/bin/env -rwxr-xr-x) override
      exec /usr/bin/env
      security_bprm_check(/usr/bin/id -rwxr-xr-x) override
      exit /usr/bin/env 0 (diverged)
      call execve: 0
      call execve: 0
      call execve: EPERM
      executed /usr/bin/prog
      executed /usr/bin/env
      process 0 /usr/bin/env: exited 0 (diverged)`,
  },
  {
    shows: 'makes no child where the fork is overridden, whose lines are then void',
    course: true,
    hooks: `
      security_task_alloc Override -11
      security_path_mkdir(1:dentry)`,
    trace: `
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      101 mkdir("/tmp/w/d", 0755) = 0
      101 exit_group(0) = ?
      101 +++ exited with 0 +++`,
    hits: `
      exec /usr/bin/prog
      security_task_alloc() override
      exit /usr/bin/prog 0 (diverged)
      executed /usr/bin/prog
      process 0 /usr/bin/prog: exited 0 (diverged)`,
  },
  {
    shows: 'takes for diverged who meets a name that was not made, changed or taken away as recorded',
    hooks: `
      security_file_permission(0:file) [0 Equal /tmp/w/f] Sigkill
      security_path_rename(1:dentry, 3:dentry) Override -1
      security_path_unlink(1:dentry)`,
    trace: `
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      101 write(3</tmp/w/f>, "x", 1) = 1
      101 exit_group(0) = ?
      101 +++ exited with 0 +++
      100 clone(child_stack=NULL, flags=SIGCHLD) = 102
      102 unlink("/tmp/w/g") = 0
      100 unlink("/tmp/w/h") = 0
      102 unlink("/tmp/w/f") = 0
      102 exit_group(0) = ?
      102 +++ exited with 0 +++
      100 clone(child_stack=NULL, flags=SIGCHLD) = 103
      103 renameat2(AT_FDCWD</tmp/w>, "old", 4</srv>, "new", 0) = 0
      103 exit_group(0) = ?
      103 +++ exited with 0 +++
      100 clone(child_stack=NULL, flags=SIGCHLD) = 104
      104 unlink("/tmp/w/old/x") = 0
      104 exit_group(0) = ?
      104 +++ exited with 0 +++
      100 clone(child_stack=NULL, flags=SIGCHLD) = 105
      105 unlinkat(4</srv>, "new", 0) = 0
      105 exit_group(0) = ?
      105 +++ exited with 0 +++`,
    hits: `
      security_file_permission(/tmp/w/f) sigkill
      security_path_unlink(/tmp/w/g)
      security_path_unlink(/tmp/w/h)
      security_path_unlink(/tmp/w/f) (diverged)
      security_path_rename(/tmp/w/old, /srv/new) override (diverged)
      security_path_unlink(/tmp/w/old/x) (diverged)
      security_path_unlink(/srv/new) (diverged)`,
  },
  {
    shows: 'runs an enforcer’s signal at the call that it watches',
    course: true,
    hooks: `apiVersion: cilium.io/v1alpha1
kind: TracingPolicy
metadata: { name: proof }
spec:
  lists:
  - { name: unlinks, type: syscalls, values: [sys_unlink, sys_unlinkat] }
  enforcers:
  - calls: ["list:unlinks"]
  tracepoints:
  - subsystem: raw_syscalls
    event: sys_enter
    args: [{ index: 4, type: syscall64 }]
    selectors:
    - matchArgs: [{ index: 0, operator: InMap, values: ["list:unlinks"] }]
      matchActions: [{ action: NotifyEnforcer, argError: -1, argSig: 9 }]
`,
    trace: `
      mkdir("/tmp/w/d", 0755) = 0
      unlink("/tmp/w/a") = 0`,
    hits: `
      exec /usr/bin/prog
      raw_syscalls/sys_enter({id 87, abi x64}) notifyenforcer
      exit /usr/bin/prog SIGKILL
      executed /usr/bin/prog
      process 0 /usr/bin/prog: SIGKILL`,
  },
];
