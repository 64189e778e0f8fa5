/** Proofs: what of a task's context later calls show: its name, directory, mask, credentials, namespaces. */
import { end, mkdirSelected } from './pieces.ts';
import type { Proof } from './proof.ts';

const notOfHost = (namespace: string): string =>
  mkdirSelected(`matchNamespaces: [{ namespace: ${namespace}, operator: NotIn, values: [host_ns] }]`);

export const contextProofs: readonly Proof[] = [
  {
    shows: 'names a child like its parent, as an exec or prctl named that last',
    hooks: 'wake_up_new_task(0:string:comm)',
    trace: `
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      100 prctl(PR_SET_NAME, "a-long-thread-name") = 0
      100 clone(child_stack=NULL, flags=SIGCHLD) = 102
      100 execve("/usr/bin/systemd-detect-virt", ["x"], 0x7ffd0 /* 3 vars */) = 0
      100 clone(child_stack=NULL, flags=SIGCHLD) = 103
      ${end(101)} ${end(102)} ${end(103)}`,
    hits: `
      wake_up_new_task(prog)
      wake_up_new_task(a-long-thread-n)
      wake_up_new_task(systemd-detect-)`,
  },
  {
    shows: 'takes the mask from the mode of what is made',
    hooks: 'security_path_unlink(1:dentry)',
    trace: `
      umask(027) = 022
      mkdir("/tmp/w/d", 0777) = 0
      mknodat(AT_FDCWD</tmp/w>, "e", 0666) = 0
      openat(AT_FDCWD</tmp/w>, "f", O_WRONLY|O_CREAT|O_EXCL, 0666) = 3</tmp/w/f>
      unlink("/tmp/w/d") = -1 EISDIR (Is a directory)
      unlink("/tmp/w/e") = 0
      unlink("/tmp/w/f") = 0`,
    hits: `
      security_path_unlink(/tmp/w/d drwxr-x---)
      security_path_unlink(/tmp/w/e -rw-r-----)
      security_path_unlink(/tmp/w/f -rw-r-----)`,
  },
  {
    shows: 'parts directories and descriptors where unshare says so',
    hooks: `
      security_path_mkdir(1:dentry)
      security_file_permission(0:file)`,
    trace: `
      100 openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 3</tmp/w/a>
      100 clone(child_stack=NULL, flags=CLONE_FS|CLONE_FILES|SIGCHLD) = 101
      101 unshare(CLONE_FS|CLONE_FILES) = 0
      101 chdir("/srv") = 0
      101 close(3</tmp/w/a>) = 0
      100 mkdir("d", 0755) = 0
      100 read(3, "x", 1) = 1
      101 mkdir("d", 0755) = 0
      ${end(101)}`,
    hits: `
      security_path_mkdir(/tmp/w/d ---------)
      security_file_permission(/tmp/w/a)
      security_path_mkdir(/srv/d ---------)`,
  },
  {
    shows: 'leaves a task in a directory that is gone, as deleted',
    course: true,
    hooks: 'set_fs_pwd(1:path)',
    trace: `
      mkdir("/tmp/w/d", 0755) = 0
      chdir("/tmp/w/d") = 0
      rmdir("/tmp/w/d") = 0
      execve("/usr/bin/id", ["id"], 0x7ffd0 /* 3 vars */) = 0
      fchdir(3</tmp/w/e>(deleted)) = 0`,
    hits: `
      exec /usr/bin/prog
      set_fs_pwd(/tmp/w/d drwxr-xr-x)
      exec /usr/bin/id
      set_fs_pwd(/tmp/w/e (deleted))
      exit /usr/bin/id 0
      executed /usr/bin/prog
      executed /usr/bin/id
      process 0 /usr/bin/id: exited 0`,
  },
  {
    shows: 'makes a task of a new user namespace root of it once its ids are mapped',
    start: {
      uid: { real: 1000, effective: 1000, saved: 1000, fs: 1000 },
      gid: { real: 1000, effective: 1000, saved: 1000, fs: 1000 },
    },
    hooks: `
      commit_creds(0:int:euid.val, 0:kernel_cap_t:cap_effective)
      cap_capable(2:int, 0:kernel_cap_t:cap_effective)`,
    trace: `
      100 clone(child_stack=NULL, flags=CLONE_NEWUSER|SIGCHLD) = 101
      101 execve("/usr/bin/id", ["id"], 0x7ffd0 /* 3 vars */) = 0
      101 openat(AT_FDCWD</tmp/w>, "/proc/self/uid_map", O_WRONLY) = 3</proc/101/uid_map>
      101 write(3</proc/101/uid_map>, "0 1000 1\\n", 9) = 9
      101 execve("/usr/bin/id", ["id"], 0x7ffd0 /* 3 vars */) = 0
      101 sethostname("box", 3) = 0
      ${end(101)}`,
    hits: `
      commit_creds(1000, 0000000000000000)
      commit_creds(1000, 000001ffffffffff)
      cap_capable(21, 000001ffffffffff)`,
  },
  {
    shows:
      'counts a task to the namespaces that it made or entered, and to the host’s again when it comes back',
    hooks: notOfHost('Uts'),
    trace: `
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      101 mkdir("/tmp/w/a", 0755) = 0
      101 unshare(CLONE_NEWUTS) = 0
      101 mkdir("/tmp/w/b", 0755) = 0
      101 setns(3<uts:[4026531838]>, CLONE_NEWUTS) = 0
      101 mkdir("/tmp/w/c", 0755) = 0
      101 setns(4<uts:[4026532999]>, 0) = 0
      101 mkdir("/tmp/w/d", 0755) = 0
      101 clone(child_stack=NULL, flags=SIGCHLD) = 102
      102 mkdir("/tmp/w/e", 0755) = 0
      ${end(102)} ${end(101)}
      100 mkdir("/tmp/w/f", 0755) = 0
      100 clone(child_stack=NULL, flags=CLONE_NEWUTS|CLONE_NEWIPC|CLONE_NEWNET|CLONE_NEWCGROUP|CLONE_NEWNS|CLONE_NEWTIME|SIGCHLD) = 103
      103 mkdir("/tmp/w/g", 0755) = 0
      ${end(103)}`,
    hits: `
      security_path_mkdir(/tmp/w/b ---------)
      security_path_mkdir(/tmp/w/d ---------)
      security_path_mkdir(/tmp/w/e ---------)
      security_path_mkdir(/tmp/w/g ---------)`,
  },
  {
    shows: 'puts the children of a task into the pid namespace that it made, and not the task',
    hooks: notOfHost('Pid'),
    trace: `
      100 unshare(CLONE_NEWPID) = 0
      100 mkdir("/tmp/w/a", 0755) = 0
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      101 mkdir("/tmp/w/b", 0755) = 0
      ${end(101)}`,
    hits: 'security_path_mkdir(/tmp/w/b ---------)',
  },
  {
    shows: 'numbers the processes of a pid namespace in the order of their birth',
    hooks: mkdirSelected('matchPIDs: [{ operator: In, isNamespacePID: true, values: [1, 3] }]'),
    trace: `
      100 clone(child_stack=NULL, flags=CLONE_NEWPID|SIGCHLD) = 101
      101 mkdir("/tmp/w/1", 0755) = 0
      101 clone(child_stack=NULL, flags=SIGCHLD) = 2 /* 102 in strace's PID NS */
      102 mkdir("/tmp/w/2", 0755) = 0
      101 clone(child_stack=NULL, flags=SIGCHLD) = 3 /* 103 in strace's PID NS */
      103 mkdir("/tmp/w/3", 0755) = 0
      ${end(103)} ${end(102)} ${end(101)}`,
    hits: `
      security_path_mkdir(/tmp/w/1 ---------)
      security_path_mkdir(/tmp/w/3 ---------)`,
  },
  {
    shows: 'puts a task that entered a user namespace there, with all capabilities in it',
    start: { uid: { real: 1000, effective: 1000, saved: 1000, fs: 1000 } },
    hooks: 'cap_capable(2:int, 0:int:euid.val, 0:kernel_cap_t:cap_effective) [2 Equal 25]',
    trace: `
      clock_settime(CLOCK_REALTIME, {tv_sec=1, tv_nsec=0}) = -1 EPERM (Operation not permitted)
      setns(3<user:[4026532777]>, CLONE_NEWUSER) = 0
      clock_settime(CLOCK_REALTIME, {tv_sec=1, tv_nsec=0}) = -1 EPERM (Operation not permitted)`,
    hits: `
      cap_capable(25, 1000, 0000000000000000)
      cap_capable(25, 1000, 000001ffffffffff)`,
  },
];
