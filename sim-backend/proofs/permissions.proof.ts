/** Proofs: capabilities and refusals of calls on names, attributes, mounts and namespaces. */
import { asNobody } from './pieces.ts';
import type { Proof } from './proof.ts';

/** A folder of uid 5 that nobody else may search, in one that all may. */
const ofFive = { existed: true, uid: 5, gid: 5 };
const closedFolder = {
  '/tmp/closed': { ...ofFive, mode: '40700' },
  '/tmp/closed/in': { ...ofFive, mode: '40700' },
  '/tmp/closed/f': { ...ofFive, mode: '100600' },
  '/tmp/l': { ...ofFive, mode: '120777', target: 'closed/in' },
};

export const permissionProofs: readonly Proof[] = [
  {
    shows: "asks for the capability to change the mode of somebody else's file after both hooks",
    hooks: `
      security_path_chmod(0:path)
      security_inode_setattr(1:dentry)
      cap_capable(2:int)`,
    trace: `
      stat("/tmp/w/r", {st_mode=S_IFREG|0644, st_uid=0, st_gid=0, st_size=0, ...}) = 0
      chmod("/tmp/w/r", 0600) = -1 EPERM (Operation not permitted)`,
    hits: `
      security_path_chmod(/tmp/w/r -rw-r--r--)
      security_inode_setattr(/tmp/w/r -rw-r--r--)
      cap_capable(3)`,
    start: {
      uid: { real: 1000, effective: 1000, saved: 1000, fs: 1000 },
      gid: { real: 1000, effective: 1000, saved: 1000, fs: 1000 },
    },
  },
  {
    shows: "asks for the capability to set the times of somebody else's file",
    hooks: `
      security_inode_setattr(1:dentry)
      cap_capable(2:int)`,
    trace: `
      stat("/tmp/w/r", {st_mode=S_IFREG|0644, st_uid=0, st_gid=0, st_size=0, ...}) = 0
      utimensat(AT_FDCWD</tmp/w>, "r", [{tv_sec=1, tv_nsec=0}, {tv_sec=1, tv_nsec=0}], 0) = -1 EPERM (Operation not permitted)`,
    hits: `
      security_inode_setattr(/tmp/w/r -rw-r--r--)
      cap_capable(3)`,
    start: {
      uid: { real: 1000, effective: 1000, saved: 1000, fs: 1000 },
      gid: { real: 1000, effective: 1000, saved: 1000, fs: 1000 },
    },
  },
  {
    shows: 'asks for CAP_SYS_ADMIN before the hook of a trusted attribute, after that of a guarded one',
    hooks: `
      security_inode_setxattr(1:dentry, 2:string)
      cap_capable(2:int)`,
    trace: `
      setxattr("/tmp/w/f", "trusted.a", "x", 1, 0) = 0
      setxattr("/tmp/w/f", "trusted.a", "x", 1, 0) = -1 EPERM (Operation not permitted)
      setxattr("/tmp/w/f", "security.a", "x", 1, 0) = 0`,
    hits: `
      cap_capable(21)
      security_inode_setxattr(/tmp/w/f, trusted.a)
      cap_capable(21)
      security_inode_setxattr(/tmp/w/f, security.a)
      cap_capable(21)`,
  },
  {
    shows: 'says that it cannot tell what a list of attributes asks for',
    hooks: `
      security_inode_listxattr(0:dentry)
      cap_capable(2:int)`,
    trace: 'listxattr("/tmp/w/f", "", 64) = 0',
    hits: `
      security_inode_listxattr(/tmp/w/f)
      not known: proof: cap_capable: whether the file system asks for CAP_SYS_ADMIN (test.strace:2)`,
  },
  {
    shows: 'shows the dentry first where attributes take no id mapping yet',
    hooks: `
      security_inode_setxattr(0:dentry, 1:string)
      security_inode_removexattr(0:dentry, 1:string)`,
    trace: `
      setxattr("/tmp/w/f", "user.a", "x", 1, 0) = 0
      removexattr("/tmp/w/f", "user.a") = 0`,
    hits: `
      security_inode_setxattr(/tmp/w/f, user.a)
      security_inode_removexattr(/tmp/w/f, user.a)`,
    kernel: '5.10.262-1-amd64',
  },
  {
    shows: 'asks who may not search a root for what would let him in, and for the right to change it no more',
    hooks: `
      cap_capable(2:int)
      security_path_chroot(0:path)`,
    trace: `
      chroot("/closed") = -1 EACCES (Permission denied)
      chdir("/closed") = -1 EACCES (Permission denied)
      chdir("/elsewhere") = -1 EACCES (Permission denied)`,
    hits: `
      cap_capable(2)
      cap_capable(1)
      cap_capable(2)
      cap_capable(1)
      not known: proof: cap_capable: what the mode and the owner of /elsewhere let the caller do is not known (test.strace:4)`,
    facts: { '/closed': { existed: true, uid: 0, gid: 0, mode: '40700' } },
    start: asNobody,
  },
  {
    shows:
      'asks for CAP_DAC_READ_SEARCH where a directory refuses the search, then for CAP_DAC_OVERRIDE, and ends there',
    hooks: `
      cap_capable(2:int)
      security_path_rename(1:dentry)`,
    facts: closedFolder,
    start: asNobody,
    trace: `
      openat(AT_FDCWD</tmp/w>, "/tmp/closed/in/f", O_RDONLY) = -1 EACCES (Permission denied)
      access("/tmp/closed/f", F_OK) = -1 EACCES (Permission denied)
      readlink("../closed/f", 0x7ffd0, 64) = -1 EACCES (Permission denied)
      statfs("/tmp/l/f", 0x7ffd0) = -1 EACCES (Permission denied)
      truncate("/tmp/closed/f", 0) = -1 EACCES (Permission denied)
      rename("/tmp/closed/f", "/tmp/closed/g") = -1 EACCES (Permission denied)
      stat("/tmp/w/none", 0x7ffd0) = -1 ENOENT (No such file or directory)`,
    hits: `
      cap_capable(2)
      cap_capable(1)
      cap_capable(2)
      cap_capable(1)
      cap_capable(2)
      cap_capable(1)
      cap_capable(2)
      cap_capable(1)
      cap_capable(2)
      cap_capable(1)
      cap_capable(2)
      cap_capable(1)`,
  },
  {
    shows:
      'asks root once for each directory of somebody else that refuses the search, on the way of a link too',
    hooks: 'cap_capable(2:int)',
    facts: closedFolder,
    trace: `
      stat("/tmp/closed/in/f", 0x7ffd0) = -1 ENOENT (No such file or directory)
      stat("/tmp/closed", {st_mode=S_IFDIR|0700, st_uid=5, st_gid=5, st_size=0, ...}) = 0
      stat("/tmp/l/f", 0x7ffd0) = -1 ENOENT (No such file or directory)
      access("/tmp/closed/f", R_OK) = 0
      access("/tmp/closed/f", W_OK) = 0
      stat("/etc/x", 0x7ffd0) = -1 ENOENT (No such file or directory)
      stat("/home/a/x", 0x7ffd0) = -1 ENOENT (No such file or directory)
      execve("/tmp/closed/f", ["f"], 0x7ffd0 /* 3 vars */) = -1 EACCES (Permission denied)
      fspick(AT_FDCWD</tmp/w>, "/tmp/closed/in", 0) = 3`,
    hits: `
      cap_capable(2)
      cap_capable(2)
      cap_capable(2)
      cap_capable(2)
      cap_capable(2)
      cap_capable(2)
      cap_capable(2)
      cap_capable(1)
      cap_capable(2)
      cap_capable(21)
      cap_capable(2)
      not known: proof: cap_capable: whether /home/a lets the caller search it is not known (test.strace:8)`,
  },
  {
    shows:
      'does not know whether a look at another process in /proc is asked for, and that one at its own is not',
    hooks: 'security_ptrace_access_check(1:int) [1 Equal 9]',
    trace: `
      openat(AT_FDCWD</tmp/w>, "/proc/77/environ", O_RDONLY) = 3</proc/77/environ>
      readlink("/proc/77/exe", "/usr/bin/x", 64) = 10
      openat(AT_FDCWD</tmp/w>, "/proc/77/mem", O_RDONLY) = 3</proc/77/mem>
      openat(AT_FDCWD</tmp/w>, "/proc/77/comm", O_RDONLY) = 3</proc/77/comm>
      openat(AT_FDCWD</tmp/w>, "/proc/self/environ", O_RDONLY) = 3</proc/100/environ>
      readlink("/proc/self/exe", "/usr/bin/prog", 64) = 13`,
    hits: `
      not known: proof: security_ptrace_access_check: whether the other process may be looked at without a capability is not in the trace (test.strace:2), 2 times`,
  },
  {
    shows: 'exchanges the files of two names',
    hooks: 'security_path_chmod(0:path)',
    trace: `
      stat("/tmp/w/a", {st_mode=S_IFREG|0600, st_size=1, ...}) = 0
      stat("/tmp/w/b", {st_mode=S_IFREG|0640, st_size=1, ...}) = 0
      renameat2(AT_FDCWD</tmp/w>, "a", AT_FDCWD</tmp/w>, "b", RENAME_EXCHANGE) = 0
      chmod("/tmp/w/a", 0644) = 0`,
    hits: 'security_path_chmod(/tmp/w/a -rw-r-----)',
  },
  {
    shows: 'makes a regular file by mknod as an open does',
    hooks: `
      security_path_mknod(1:dentry)
      security_inode_mknod(1:dentry)
      security_inode_create(1:dentry)`,
    trace: 'mknod("/tmp/w/r", S_IFREG|0644) = 0',
    hits: `
      security_path_mknod(/tmp/w/r ---------)
      security_inode_create(/tmp/w/r ---------)`,
  },
  {
    shows: 'asks for the capability to make a device, and ends there without it',
    hooks: `
      security_path_mknod(1:dentry)
      cap_capable(2:int)
      security_inode_mknod(1:dentry)`,
    trace: `
      mknod("/tmp/w/c", S_IFCHR|0666, makedev(0x1, 0x3)) = 0
      mknod("/tmp/w/b", S_IFBLK|0660, makedev(0x8, 0)) = -1 EPERM (Operation not permitted)`,
    hits: `
      security_path_mknod(/tmp/w/c ---------)
      cap_capable(27)
      security_inode_mknod(/tmp/w/c ---------)
      security_path_mknod(/tmp/w/b ---------)
      cap_capable(27)`,
  },
  {
    shows: 'asks for the removal of a directory that proves to be a file',
    hooks: `
      security_path_rmdir(1:dentry)
      security_inode_rmdir(1:dentry)`,
    trace: `
      stat("/tmp/w/f", {st_mode=S_IFREG|0644, st_size=0, ...}) = 0
      rmdir("/tmp/w/f") = -1 ENOTDIR (Not a directory)`,
    hits: 'security_path_rmdir(/tmp/w/f -rw-r--r--)',
  },
  {
    shows: 'reaches the inode hook of no removal that a sticky directory refuses',
    hooks: `
      security_path_rmdir(1:dentry)
      security_inode_rmdir(1:dentry)
      security_path_rename(1:dentry)
      security_inode_rename(1:dentry)`,
    trace: `
      stat("/tmp/root-d", {st_mode=S_IFDIR|0755, st_size=40, ...}) = 0
      rmdir("/tmp/root-d") = -1 EPERM (Operation not permitted)
      rename("/tmp/root-d", "/tmp/e") = -1 EPERM (Operation not permitted)`,
    hits: `
      security_path_rmdir(/tmp/root-d drwxr-xr-x)
      security_path_rename(/tmp/root-d drwxr-xr-x)`,
    start: { uid: { real: 1000, effective: 1000, saved: 1000, fs: 1000 } },
  },
  {
    shows: 'asks for the capability to link to a file that it may not write',
    hooks: `
      cap_capable(2:int)
      security_path_link(0:dentry)`,
    trace: `
      stat("/tmp/w/r", {st_mode=S_IFREG|0644, st_uid=0, st_gid=0, st_size=0, ...}) = 0
      link("/tmp/w/r", "/tmp/w/s") = -1 EPERM (Operation not permitted)`,
    hits: `
      cap_capable(1)
      cap_capable(3)`,
    start: { uid: { real: 1000, effective: 1000, saved: 1000, fs: 1000 } },
  },
  {
    shows: 'asks for the capability to mount, also where it is refused',
    hooks: `
      security_sb_mount(1:path)
      cap_capable(2:int)`,
    trace: `
      mkdir("/tmp/w/m", 0755) = 0
      mount("/srv", "/tmp/w/m", NULL, MS_BIND, NULL) = -1 EPERM (Operation not permitted)`,
    hits: `
      security_sb_mount(/tmp/w/m drwxr-xr-x)
      cap_capable(21)`,
  },
  {
    shows: 'unmounts nothing where the name leads nowhere',
    hooks: `
      path_umount(0:path)
      cap_capable(2:int)
      security_sb_umount(1:int)`,
    trace: 'umount2("/etc/passwd/m", 0) = -1 ENOTDIR (Not a directory)',
    hits: '',
  },
  {
    shows: 'asks for no pivot where a name leads to no directory',
    hooks: `
      cap_capable(2:int)
      security_sb_pivotroot`,
    trace: 'pivot_root("/etc/passwd", "/tmp/w/old") = -1 ENOTDIR (Not a directory)',
    hits: 'cap_capable(21)',
  },
  {
    shows: 'asks for the capability of the new mount calls, whatever their arguments are',
    hooks: 'cap_capable(2:int)',
    trace: `
      move_mount(9, "", AT_FDCWD</tmp/w>, "/mnt", MOVE_MOUNT_F_EMPTY_PATH) = -1 EBADF (Bad file descriptor)
      fsopen(0x10, 0) = -1 EFAULT (Bad address)`,
    hits: `
      cap_capable(21)
      cap_capable(21)`,
  },
  {
    shows: 'asks for the move of a mount that fails later',
    hooks: 'security_move_mount',
    trace:
      'move_mount(4</>, "", AT_FDCWD</tmp/w>, "/mnt", MOVE_MOUNT_F_EMPTY_PATH) = -1 EINVAL (Invalid argument)',
    hits: 'security_move_mount()',
  },
  {
    shows: 'says that it cannot tell how often a refused setns asks',
    hooks: 'cap_capable(2:int)',
    trace: 'setns(3<net:[4026532008]>, CLONE_NEWNET) = -1 EPERM (Operation not permitted)',
    hits: `
      cap_capable(21)
      not known: proof: cap_capable: how often setns asks for CAP_SYS_ADMIN (test.strace:2)`,
    start: { uid: { real: 1000, effective: 1000, saved: 1000, fs: 1000 } },
  },
  {
    shows: "makes the kernel's own sockets in a new network namespace",
    hooks: 'security_socket_create(0:int, 1:int, 2:int, 3:int)',
    trace: 'unshare(CLONE_NEWNET) = 0',
    hits: `
      security_socket_create(16, 2, 0, 1)
      security_socket_create(16, 2, 16, 1)
      security_socket_create(16, 2, 9, 1)
      security_socket_create(16, 2, 15, 1)
      security_socket_create(16, 2, 10, 1)
      security_socket_create(2, 2, 0, 1)
      security_socket_create(16, 2, 4, 1)
      security_socket_create(10, 3, 58, 1)
      security_socket_create(10, 3, 58, 1)
      security_socket_create(10, 3, 58, 1)
      security_socket_create(10, 3, 6, 1)`,
  },
  {
    shows: 'asks for what guards an attribute, and says what it cannot tell of others',
    hooks: 'cap_capable(2:int)',
    trace: `
      setxattr("/tmp/w/f", "trusted.a", "x", 1, 0) = 0
      getxattr("/tmp/w/f", "trusted.a", "x", 1) = 1
      getxattr("/tmp/w/f", "user.a", "x", 1) = 1
      listxattr("/tmp/w/f", "", 64) = 0
      removexattr("/tmp/w/f", "security.a") = 0
      removexattr("/tmp/w/f", "user.a") = 0
      setxattr("/tmp/w/f", "security.capability", "x", 1, 0) = -1 EINVAL (Invalid argument)`,
    hits: `
      cap_capable(21)
      cap_capable(21)
      cap_capable(21)
      not known: proof: cap_capable: what the mode and the owner of /tmp/w/f let the caller do is not known (test.strace:4), 2 times
      not known: proof: cap_capable: whether the file system asks for CAP_SYS_ADMIN (test.strace:5)`,
  },
  {
    shows: 'says what it cannot tell of files whose owner or group is another',
    hooks: 'cap_capable(2:int)',
    trace: `
      stat("/tmp/w/own", {st_mode=S_IFREG|0644, st_uid=1000, st_gid=1000, st_size=0, ...}) = 0
      chmod("/tmp/w/own", 0600) = 0
      utimensat(AT_FDCWD</tmp/w>, "own", NULL, 0) = 0
      stat("/tmp/w/r", {st_mode=S_IFREG|0666, st_uid=0, st_gid=0, st_size=0, ...}) = 0
      utimensat(AT_FDCWD</tmp/w>, "r", NULL, 0) = 0
      stat("/tmp/w/g", {st_mode=S_IFREG|0666, st_uid=1000, st_gid=5, st_size=0, ...}) = 0
      chmod("/tmp/w/g", 0600) = 0
      chmod("/tmp/w/unknown", 0600) = 0
      link("/tmp/w/own", "/tmp/w/s") = 0
      link("/tmp/w/unknown", "/tmp/w/t") = 0`,
    hits: `
      cap_capable(3)
      cap_capable(4)
      cap_capable(4)
      not known: proof: cap_capable: the owner of the file is not in the trace (test.strace:9), 3 times`,
    start: {
      uid: { real: 1000, effective: 1000, saved: 1000, fs: 1000 },
      gid: { real: 1000, effective: 1000, saved: 1000, fs: 1000 },
    },
  },
  {
    shows: 'asks for the capability twice to mount a new file system, once at least otherwise',
    hooks: 'cap_capable(2:int)',
    trace: `
      mount("tmpfs", "/tmp/w/m", "tmpfs", MS_NOSUID, NULL) = 0
      mount("/srv", "/tmp/w/m", NULL, MS_BIND, NULL) = 0
      mount("tmpfs", "/nowhere", "tmpfs", 0, NULL) = -1 ENOENT (No such file or directory)`,
    hits: `
      cap_capable(21)
      cap_capable(21)
      cap_capable(21)
      not known: proof: cap_capable: whether CAP_SYS_ADMIN is asked for once more (test.strace:3)`,
  },
  {
    shows: 'guesses nothing where a flag is not known',
    hooks: `
      create_new_namespaces
      create_user_ns
      security_path_mkdir(1:dentry)`,
    trace: `
      unshare(CLONE_NEWUTS|CLONE_LATER) = 0
      mount("tmpfs", "/mnt", "tmpfs", MS_LATER, NULL) = 0
      100 clone(child_stack=NULL, flags=CLONE_LATER|SIGCHLD) = 101
      101 exit_group(0) = ?
      101 +++ exited with 0 +++
      100 openat(AT_FDCWD</tmp/w>, "a", O_RDONLY|O_LATER) = 3</tmp/w/a>`,
    hits: `
      not known: proof: create_user_ns: CLONE_NEWUTS|CLONE_LATER holds a flag that is not known (test.strace:2)
      not known: proof: create_new_namespaces: CLONE_NEWUTS|CLONE_LATER holds a flag that is not known (test.strace:2)
      not known: unshare: CLONE_NEWUTS|CLONE_LATER holds a flag that is not known (test.strace:2)
      not known: mount: MS_LATER holds a flag that is not known (test.strace:3)
      not known: proof: create_user_ns: CLONE_LATER|SIGCHLD holds a flag that is not known (test.strace:4)
      not known: proof: create_new_namespaces: CLONE_LATER|SIGCHLD holds a flag that is not known (test.strace:4)
      not known: clone: CLONE_LATER|SIGCHLD holds a flag that is not known (test.strace:4)
      not known: openat: O_RDONLY|O_LATER holds a flag that is not known (test.strace:7)`,
  },
  {
    shows: 'joins the namespaces of a process that the trace has, by a pidfd',
    hooks: 'switch_task_namespaces',
    trace: `
      100 clone(child_stack=NULL, flags=CLONE_NEWUTS|SIGCHLD) = 101
      100 pidfd_open(101, 0) = 3<pid:101>
      100 setns(3<pid:101>, CLONE_NEWUTS) = 0
      100 setns(4<pid:77>, CLONE_NEWUTS) = 0
      101 exit_group(0) = ?
      101 +++ exited with 0 +++`,
    hits: `
      switch_task_namespaces()
      switch_task_namespaces()
      not known: setns: the namespaces of process 77 are not in the trace (test.strace:5)`,
  },
];
