/** Proofs: what an action does to the course of a program: where a call is stopped, who dies, who diverges. */
import { program } from './files.ts';
import { end } from './pieces.ts';
import type { Proof } from './proof.ts';

const loads = 'access("/etc/ld.so.preload", R_OK) = -1 ENOENT (No such file or directory)';

/** A fork that is killed at a hook. */
const killedFork = (hook: string): Pick<Proof, 'hooks' | 'trace' | 'course'> => ({
  course: true,
  hooks: `
    ${hook} Sigkill
    security_path_mkdir(1:dentry)`,
  trace: `
    100 clone(child_stack=NULL, flags=SIGCHLD) = 101
    101 mkdir("/tmp/w/d", 0755) = 0
    ${end(101)}`,
});
/** An exec that is killed at a hook. */
const killedExec = (hook: string, act: string): Pick<Proof, 'hooks' | 'trace' | 'course'> => ({
  course: true,
  hooks: `
    ${hook} [0 Equal /usr/bin/id] Sigkill
    security_bprm_committed_creds(0:linux_binprm)`,
  trace: `
    umask(022) = 022
    execve("/usr/bin/id", ["id"], 0x7ffd0 /* 3 vars */) = 0
    ${act}`,
});
const survived = `
  exec /usr/bin/id
  exit /usr/bin/id SIGKILL
  executed /usr/bin/prog
  executed /usr/bin/id
  process 0 /usr/bin/id: SIGKILL`;
const stopped = `
  exit /usr/bin/prog SIGKILL
  executed /usr/bin/prog
  process 0 /usr/bin/prog: SIGKILL`;

export const courseProofs: readonly Proof[] = [
  {
    shows: 'makes no child where the fork is killed before the child can no longer be taken back',
    ...killedFork('security_task_alloc'),
    hits: `
      exec /usr/bin/prog
      security_task_alloc() sigkill
      ${stopped}`,
  },
  {
    shows: 'leaves the child of a fork that is killed later to live and run',
    ...killedFork('wake_up_new_task'),
    hits: `
      exec /usr/bin/prog
      wake_up_new_task() sigkill
      exit /usr/bin/prog SIGKILL
      security_path_mkdir(/tmp/w/d ---------)
      exit /usr/bin/prog 0
      executed /usr/bin/prog
      process 0 /usr/bin/prog: SIGKILL
      process 1 /usr/bin/prog: exited 0`,
  },
  {
    shows: 'does so at the tracepoints of a fork too, after which the fork goes on',
    course: true,
    hooks: `
      tp:sched/sched_process_fork(7:int) Sigkill
      wake_up_new_task(0:int:pid)`,
    trace: `
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      ${end(101)}`,
    hits: `
      exec /usr/bin/prog
      sched/sched_process_fork(101) sigkill
      wake_up_new_task(101)
      exit /usr/bin/prog SIGKILL
      exit /usr/bin/prog 0
      executed /usr/bin/prog
      process 0 /usr/bin/prog: SIGKILL
      process 1 /usr/bin/prog: exited 0`,
  },
  {
    shows: 'stops an exec that is killed before the new image',
    ...killedExec('security_file_open(0:file)', loads),
    hits: `
      exec /usr/bin/prog
      security_file_open(/usr/bin/id -rwxr-xr-x) sigkill
      ${stopped}`,
  },
  {
    shows: 'stops an exec that is killed before the dynamic loader is read',
    ...killedExec('security_bprm_check(0:linux_binprm)', loads),
    hits: `
      exec /usr/bin/prog
      security_bprm_check(/usr/bin/id -rwxr-xr-x) sigkill
      ${stopped}`,
  },
  {
    shows: 'completes the exec of a static program that is killed there, whose image dies at once',
    ...killedExec('security_bprm_check(0:linux_binprm)', 'mkdir("/tmp/w/d", 0755) = 0'),
    facts: { '/usr/bin/id': program },
    hits: `
      exec /usr/bin/prog
      security_bprm_check(/usr/bin/id -rwxr-xr-x) sigkill
      security_bprm_committed_creds(/usr/bin/id -rwxr-xr-x)
      ${survived}`,
  },
  {
    shows: 'completes an exec that is killed once its credentials are committed, of a dynamic program too',
    ...killedExec('security_bprm_committing_creds(0:linux_binprm)', loads),
    hits: `
      exec /usr/bin/prog
      security_bprm_committing_creds(/usr/bin/id -rwxr-xr-x) sigkill
      security_bprm_committed_creds(/usr/bin/id -rwxr-xr-x)
      ${survived}`,
  },
  {
    shows: 'kills the new image at the tracepoint of its exec',
    course: true,
    hooks: 'tp:sched/sched_process_exec(4:data_loc) [4 Equal /usr/bin/id] Sigkill',
    trace: `
      umask(022) = 022
      execve("/usr/bin/id", ["id"], 0x7ffd0 /* 3 vars */) = 0
      ${loads}`,
    hits: `
      exec /usr/bin/prog
      exec /usr/bin/id
      sched/sched_process_exec(/usr/bin/id) sigkill
      exit /usr/bin/id SIGKILL
      executed /usr/bin/prog
      executed /usr/bin/id
      process 0 /usr/bin/id: SIGKILL`,
  },
  {
    shows: 'lets the new image die of a signal that the old one had a handler for',
    course: true,
    hooks: 'security_bprm_check(0:linux_binprm) [0 Equal /usr/bin/id] Signal 10',
    trace: `
      rt_sigaction(SIGUSR1, {sa_handler=0x5555, sa_mask=[], sa_flags=0}, NULL, 8) = 0
      execve("/usr/bin/id", ["id"], 0x7ffd0 /* 3 vars */) = 0
      ${loads}`,
    hits: `
      exec /usr/bin/prog
      security_bprm_check(/usr/bin/id -rwxr-xr-x) signal
      exec /usr/bin/id
      exit /usr/bin/id SIGUSR1
      executed /usr/bin/prog
      executed /usr/bin/id
      process 0 /usr/bin/id: SIGUSR1`,
  },
  {
    shows: 'ends with SIGKILL what is killed at do_group_exit, and keeps the code of what is killed later',
    course: true,
    hooks: `
      do_group_exit(0:int) [0 Equal 256] Sigkill
      acct_process Sigkill`,
    trace: `
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      101 exit_group(1) = ?
      101 +++ exited with 1 +++
      100 clone(child_stack=NULL, flags=SIGCHLD) = 102
      102 exit_group(2) = ?
      102 +++ exited with 2 +++`,
    hits: `
      exec /usr/bin/prog
      do_group_exit(256) sigkill
      acct_process() sigkill
      exit /usr/bin/prog SIGKILL
      acct_process() sigkill
      exit /usr/bin/prog 2
      acct_process() sigkill
      exit /usr/bin/prog 0
      executed /usr/bin/prog
      process 0 /usr/bin/prog: exited 0
      process 1 /usr/bin/prog: SIGKILL
      process 2 /usr/bin/prog: exited 2`,
  },
  {
    shows:
      'takes the parent for diverged from the wait on that shows it the changed end, and its own parent in turn',
    hooks: `
      security_path_mkdir(1:dentry) [1 Equal /tmp/w/x] Sigkill
      security_path_unlink(1:dentry)`,
    trace: `
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      100 clone(child_stack=NULL, flags=SIGCHLD) = 102
      101 mkdir("/tmp/w/x", 0755) = 0
      ${end(101)}
      102 clone(child_stack=NULL, flags=SIGCHLD) = 103
      103 mkdir("/tmp/w/x", 0755) = 0
      ${end(103)}
      102 unlink("/tmp/w/a") = 0
      102 waitid(P_PID, 103, {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=103, si_uid=0, si_status=0, si_utime=0, si_stime=0}, WEXITED, NULL) = 0
      102 unlink("/tmp/w/b") = 0
      ${end(102)}
      100 wait4(102, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 102
      100 unlink("/tmp/w/c") = 0
      100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 101
      100 unlink("/tmp/w/d") = 0`,
    hits: `
      security_path_mkdir(/tmp/w/x ---------) sigkill
      security_path_mkdir(/tmp/w/x ---------) sigkill
      security_path_unlink(/tmp/w/a)
      security_path_unlink(/tmp/w/b) (diverged)
      security_path_unlink(/tmp/w/c) (diverged)
      security_path_unlink(/tmp/w/d) (diverged)`,
  },
  {
    shows: 'kills all threads of a process, and all processes of a pid namespace with its first one',
    course: true,
    hooks: `
      security_path_mkdir(1:dentry) [1 Equal /tmp/w/x] Sigkill
      do_exit`,
    trace: `
      100 clone(child_stack=NULL, flags=CLONE_NEWPID|SIGCHLD) = 101
      101 clone3({flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_THREAD, exit_signal=0}, 88) = 2 /* 102 in strace's PID NS */
      101 clone(child_stack=NULL, flags=SIGCHLD) = 3 /* 103 in strace's PID NS */
      102 mkdir("/tmp/w/x", 0755) = 0
      103 unlink("/tmp/w/a") = 0
      ${end(103)}
      ${end(102)}
      ${end(101)}`,
    hits: `
      exec /usr/bin/prog
      security_path_mkdir(/tmp/w/x ---------) sigkill by a thread
      do_exit()
      do_exit() by a thread
      exit /usr/bin/prog SIGKILL
      do_exit()
      exit /usr/bin/prog SIGKILL
      do_exit()
      exit /usr/bin/prog 0
      executed /usr/bin/prog
      process 0 /usr/bin/prog: exited 0
      process 1 /usr/bin/prog: SIGKILL
      process 2 /usr/bin/prog: SIGKILL`,
  },
  {
    shows: 'lets a writer die of a pipe whose reader was killed, and doubts one that would not die',
    course: true,
    hooks: `
      security_path_mkdir(1:dentry) Sigkill
      security_path_unlink(1:dentry)`,
    trace: `
      100 pipe2([3<pipe:[900]>, 4<pipe:[900]>], 0) = 0
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      100 close(3<pipe:[900]>) = 0
      101 close(4<pipe:[900]>) = 0
      101 mkdir("/tmp/w/x", 0755) = 0
      ${end(101)}
      100 clone(child_stack=NULL, flags=SIGCHLD) = 102
      102 write(4<pipe:[900]>, "x", 1) = 1
      ${end(102)}
      100 rt_sigaction(SIGPIPE, {sa_handler=SIG_IGN, sa_mask=[], sa_flags=0}, NULL, 8) = 0
      100 write(4<pipe:[900]>, "x", 1) = 1
      100 unlink("/tmp/w/a") = 0`,
    hits: `
      exec /usr/bin/prog
      security_path_mkdir(/tmp/w/x ---------) sigkill
      exit /usr/bin/prog SIGKILL
      exit /usr/bin/prog SIGPIPE
      security_path_unlink(/tmp/w/a) (diverged)
      exit /usr/bin/prog 0 (diverged)
      executed /usr/bin/prog
      process 0 /usr/bin/prog: exited 0 (diverged)
      process 1 /usr/bin/prog: SIGKILL
      process 2 /usr/bin/prog: SIGPIPE`,
  },
  {
    shows: 'doubts what reads from a pipe whose writer was killed',
    hooks: `
      security_path_mkdir(1:dentry) Sigkill
      security_path_unlink(1:dentry)`,
    trace: `
      100 pipe2([3<pipe:[900]>, 4<pipe:[900]>], 0) = 0
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      100 close(4<pipe:[900]>) = 0
      101 close(3<pipe:[900]>) = 0
      101 mkdir("/tmp/w/x", 0755) = 0
      ${end(101)}
      100 unlink("/tmp/w/a") = 0
      100 read(3<pipe:[900]>, "x", 1) = 1
      100 unlink("/tmp/w/b") = 0`,
    hits: `
      security_path_mkdir(/tmp/w/x ---------) sigkill
      security_path_unlink(/tmp/w/a)
      security_path_unlink(/tmp/w/b) (diverged)`,
  },
];
