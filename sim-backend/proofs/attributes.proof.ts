/** Proofs: attributes of files (size, mode, owner, times, extended ones), working directory and root. */
import type { Proof } from './proof.ts';

const accessLists = `
  getxattr("/tmp/w/f", "system.posix_acl_access", 0x7ffd0, 64) = -1 ENODATA (No data available)
  setxattr("/tmp/w/f", "system.posix_acl_access", "\\2", 1, 0) = 0
  fsetxattr(3</tmp/w/f>, "system.posix_acl_access", "\\2", 1, 0) = 0
  removexattr("/tmp/w/f", "system.posix_acl_access") = 0`;

export const attributeProofs: readonly Proof[] = [
  {
    shows: 'runs both hooks of truncate on a regular file that may be written',
    hooks: `
      security_path_truncate(0:path)
      security_inode_setattr(1:dentry, 2:int64:ia_size)`,
    trace: `
      stat("/tmp/w/f", {st_mode=S_IFREG|0640, st_size=3, ...}) = 0
      truncate("/tmp/w/f", 10) = 0
      truncate("/tmp/w/no", 0) = -1 ENOENT (No such file or directory)
      truncate("/tmp/w", 0) = -1 EISDIR (Is a directory)
      truncate("/tmp/w/f", -1) = -1 EINVAL (Invalid argument)
      truncate("/tmp/w/f", 0) = -1 EACCES (Permission denied)`,
    hits: `
      security_path_truncate(/tmp/w/f -rw-r-----)
      security_inode_setattr(/tmp/w/f -rw-r-----, 10)`,
  },
  {
    shows: 'runs security_file_truncate for ftruncate since 6.2, on a file that is open for writing',
    hooks: `
      security_file_truncate(0:file)
      security_path_truncate(0:path)
      security_inode_setattr(1:dentry)`,
    trace: `
      fstat(3</tmp/w/f>, {st_mode=S_IFREG|0600, st_size=3, ...}) = 0
      ftruncate(3</tmp/w/f>, 0) = 0
      ftruncate(4</tmp/w/g>, 0) = -1 EINVAL (Invalid argument)
      ftruncate(9, 0) = -1 EBADF (Bad file descriptor)`,
    hits: `
      security_file_truncate(/tmp/w/f -rw-------)
      security_inode_setattr(/tmp/w/f -rw-------)`,
  },
  {
    shows: 'runs security_path_truncate for ftruncate up to 6.1',
    kernel: '5.10.262-1-amd64',
    hooks: `
      security_path_truncate(0:path)
      security_inode_setattr(0:dentry)`,
    trace: `
      fstat(3</tmp/w/f>, {st_mode=S_IFREG|0600, st_size=3, ...}) = 0
      ftruncate(3</tmp/w/f>, 0) = 0`,
    hits: `
      security_path_truncate(/tmp/w/f -rw-------)
      security_inode_setattr(/tmp/w/f -rw-------)`,
  },
  {
    shows: 'runs both hooks of chmod with the file as it was and the mode as it will be',
    hooks: `
      security_path_chmod(0:path, 1:int)
      security_inode_setattr(1:dentry, 2:int:ia_mode, 2:int:ia_valid)`,
    trace: `
      stat("/tmp/w/f", {st_mode=S_IFREG|0640, st_size=3, ...}) = 0
      chmod("/tmp/w/f", 0600) = 0
      fchmodat(AT_FDCWD</tmp/w>, "f", 04755) = 0
      fchmod(3</tmp/w/f>, 0444) = 0
      fchmodat2(AT_FDCWD</tmp/w>, "f", 0400, AT_SYMLINK_NOFOLLOW) = 0
      chmod("/tmp/w/no", 0644) = -1 ENOENT (No such file or directory)
      fchmod(9, 0644) = -1 EBADF (Bad file descriptor)
      chmod("/tmp/w/f", 0644) = -1 EROFS (Read-only file system)
      chmod("/tmp/w/f", 0644) = -1 EPERM (Operation not permitted)`,
    hits: `
      security_path_chmod(/tmp/w/f -rw-r-----, 384)
      security_inode_setattr(/tmp/w/f -rw-r-----, 33152, 65)
      security_path_chmod(/tmp/w/f -rw-------, 2541)
      security_inode_setattr(/tmp/w/f -rw-------, 35309, 65)
      security_path_chmod(/tmp/w/f -rwsr-xr-x, 292)
      security_inode_setattr(/tmp/w/f -rwsr-xr-x, 33060, 65)
      security_path_chmod(/tmp/w/f -r--r--r--, 256)
      security_inode_setattr(/tmp/w/f -r--r--r--, 33024, 65)
      security_path_chmod(/tmp/w/f -r--------, 420)
      security_inode_setattr(/tmp/w/f -r--------, 33188, 65)`,
  },
  {
    shows: 'changes the mode of an open file that has no name any more',
    hooks: 'security_path_chmod(0:path)',
    trace: `
      fchmod(3</tmp/w/#41>(deleted), 0640) = 0
      fchmod(3</tmp/w/#41>(deleted), 0600) = 0`,
    hits: `
      security_path_chmod(/tmp/w/#41 (deleted))
      security_path_chmod(/tmp/w/#41 (deleted))`,
  },
  {
    shows: 'asks for CAP_CHOWN for each id that is given, and twice for a foreign group where set-id bits go',
    hooks: `
      security_path_chown(0:path, 1:int, 2:int)
      security_inode_setattr(1:dentry)
      cap_capable(2:int)`,
    trace: `
      stat("/tmp/w/f", {st_mode=S_IFREG|06755, st_uid=0, st_gid=0, st_size=3, ...}) = 0
      chown("/tmp/w/f", 1000, 1000) = 0
      fchown(3</tmp/w/f>, -1, 50) = 0
      fchownat(AT_FDCWD</tmp/w>, "f", 1000, 50, AT_SYMLINK_NOFOLLOW) = 0
      lchown("/tmp/w/f", 0, 0) = -1 EPERM (Operation not permitted)
      chown("/tmp/w/no", 0, 0) = -1 ENOENT (No such file or directory)`,
    hits: `
      security_path_chown(/tmp/w/f -rwsr-sr-x, 1000, 1000)
      security_inode_setattr(/tmp/w/f -rwsr-sr-x)
      cap_capable(0)
      cap_capable(0)
      cap_capable(4)
      cap_capable(4)
      security_path_chown(/tmp/w/f -rwxr-xr-x, -1, 50)
      security_inode_setattr(/tmp/w/f -rwxr-xr-x)
      cap_capable(0)
      security_path_chown(/tmp/w/f -rwxr-xr-x, 1000, 50)
      security_inode_setattr(/tmp/w/f -rwxr-xr-x)
      cap_capable(0)
      cap_capable(0)
      security_path_chown(/tmp/w/f -rwxr-xr-x, 0, 0)
      security_inode_setattr(/tmp/w/f -rwxr-xr-x)
      not known: proof: cap_capable: what refused the change of the owner is not in the trace (test.strace:6)`,
  },
  {
    shows: 'asks an owner for nothing who gives a file to his own groups, and stops at the first refusal',
    hooks: 'cap_capable(2:int)',
    start: {
      uid: { real: 1000, effective: 1000, saved: 1000, fs: 1000 },
      gid: { real: 1000, effective: 1000, saved: 1000, fs: 1000 },
      groups: [50],
      caps: { permitted: '0', effective: '0', inheritable: '0', bounding: '0', ambient: '0' },
    },
    trace: `
      stat("/tmp/w/f", {st_mode=S_IFREG|0644, st_uid=1000, st_gid=1000, st_size=3, ...}) = 0
      chown("/tmp/w/f", 1000, 50) = 0
      chown("/tmp/w/f", -1, 77) = -1 EPERM (Operation not permitted)
      chown("/tmp/w/f", 0, 0) = -1 EPERM (Operation not permitted)
      stat("/tmp/w/g", {st_mode=S_IFREG|02644, st_uid=1000, st_gid=77, st_size=3, ...}) = 0
      chown("/tmp/w/g", -1, -1) = 0
      chown("/tmp/w/g", -1, -1) = 0`,
    hits: `
      cap_capable(0)
      cap_capable(0)
      cap_capable(4)
      cap_capable(4)
      cap_capable(4)`,
  },
  {
    shows: 'asks for CAP_FOWNER where a stranger’s change of owner drops set-id bits, and not for folders',
    hooks: 'cap_capable(2:int)',
    trace: `
      stat("/tmp/w/s", {st_mode=S_IFREG|04755, st_uid=5, st_gid=0, st_size=3, ...}) = 0
      chown("/tmp/w/s", 5, 0) = 0
      stat("/tmp/w/d", {st_mode=S_IFDIR|02755, st_uid=5, st_gid=5, st_size=3, ...}) = 0
      chown("/tmp/w/d", -1, 0) = 0
      chown("/tmp/w/unknown", 0, 0) = 0`,
    hits: `
      cap_capable(0)
      cap_capable(0)
      cap_capable(3)
      cap_capable(0)
      not known: proof: cap_capable: the mode of the file, whose set-id bits the call drops, is not in the trace (test.strace:6)
      not known: proof: cap_capable: nothing tells who owned the file before (test.strace:6)
      not known: proof: cap_capable: the owner of the file is not in the trace (test.strace:6)`,
  },
  {
    shows: 'follows a link for chmod and chown, and not for lchown',
    hooks: `
      security_path_chmod(0:path)
      security_path_chown(0:path)`,
    trace: `
      symlink("/etc/f", "/tmp/w/l") = 0
      chmod("/tmp/w/l", 0644) = 0
      chown("/tmp/w/l", 0, 0) = 0
      fchownat(AT_FDCWD</tmp/w>, "l", 0, 0, 0) = 0
      lchown("/tmp/w/l", 0, 0) = 0`,
    hits: `
      security_path_chmod(/etc/f)
      security_path_chown(/etc/f)
      security_path_chown(/etc/f)
      security_path_chown(/tmp/w/l lrwxrwxrwx)`,
  },
  {
    shows: 'runs one hook for a change of times, on the file behind a descriptor too',
    hooks: 'security_inode_setattr(1:dentry)',
    trace: `
      utimensat(AT_FDCWD</tmp/w>, "f", NULL, 0) = 0
      utimensat(4</tmp/w/g>, NULL, [UTIME_NOW, UTIME_OMIT], 0) = 0
      utimes("/tmp/w/h", NULL) = 0
      utime("/tmp/w/i", NULL) = 0
      futimesat(AT_FDCWD</tmp/w>, "j", NULL) = 0
      utimensat(AT_FDCWD</tmp/w>, "no", NULL, 0) = -1 ENOENT (No such file or directory)`,
    hits: `
      security_inode_setattr(/tmp/w/f)
      security_inode_setattr(/tmp/w/g)
      security_inode_setattr(/tmp/w/h)
      security_inode_setattr(/tmp/w/i)
      security_inode_setattr(/tmp/w/j)`,
  },
  {
    shows: 'says that it does not know what a change of times or owners does to the inode',
    hooks: 'security_inode_setattr(2:int:ia_valid)',
    trace: 'utimes("/tmp/w/h", NULL) = 0',
    hits: `
      security_inode_setattr(not known: what of the inode changes is not modelled for this call)
      not known: proof: security_inode_setattr: what of the inode changes is not modelled for this call (test.strace)`,
  },
  {
    shows: 'runs hooks of their own for access control lists, which change the mode',
    hooks: `
      security_inode_setxattr(1:dentry, 2:string)
      security_inode_post_setxattr(0:dentry, 1:string)
      security_inode_set_acl(1:dentry, 2:string)
      security_inode_getxattr(0:dentry, 1:string)
      security_inode_get_acl(1:dentry, 2:string)
      security_inode_removexattr(1:dentry, 2:string)
      security_inode_remove_acl(1:dentry, 2:string)`,
    trace: accessLists,
    facts: { '/tmp/w/f': { existed: true, mode: '100644', uid: 0, gid: 0 } },
    hits: `
      security_inode_get_acl(/tmp/w/f -rw-r--r--, system.posix_acl_access)
      security_inode_set_acl(/tmp/w/f -rw-r--r--, system.posix_acl_access)
      security_inode_set_acl(/tmp/w/f, system.posix_acl_access)
      security_inode_remove_acl(/tmp/w/f, system.posix_acl_access)`,
  },
  {
    shows: 'runs the hooks of extended attributes for access control lists up to 6.1',
    kernel: '6.1.192-amd64',
    hooks: `
      security_inode_setxattr(1:dentry, 2:string)
      security_inode_getxattr(0:dentry, 1:string)
      security_inode_removexattr(1:dentry, 2:string)`,
    trace: accessLists,
    hits: `
      security_inode_getxattr(/tmp/w/f, system.posix_acl_access)
      security_inode_setxattr(/tmp/w/f, system.posix_acl_access)
      security_inode_setxattr(/tmp/w/f, system.posix_acl_access)
      security_inode_removexattr(/tmp/w/f, system.posix_acl_access)`,
  },
  {
    shows: 'runs the hooks of extended attributes, with their names',
    hooks: `
      security_inode_setxattr(1:dentry, 2:string, 3:string)
      security_inode_post_setxattr(0:dentry, 1:string)
      security_inode_getxattr(0:dentry, 1:string)
      security_inode_listxattr(0:dentry)
      security_inode_removexattr(1:dentry, 2:string)`,
    trace: `
      symlink("/etc/f", "/tmp/w/l") = 0
      setxattr("/tmp/w/f", "user.a", "x", 1, 0) = 0
      setxattr("/tmp/w/f", "user.a", "y", 1, XATTR_CREATE) = -1 EEXIST (File exists)
      setxattr("/tmp/w/f", "nothing.a", "y", 1, 0) = -1 EOPNOTSUPP (Operation not supported)
      lsetxattr("/tmp/w/l", "user.a", "x", 1, 0) = -1 ENOENT (No such file or directory)
      fsetxattr(3</tmp/w/g>, "user.b", "z", 1, 0) = 0
      getxattr("/tmp/w/l", "user.a", 0x7ffd0, 64) = -1 ENODATA (No data available)
      lgetxattr("/tmp/w/l", "user.a", 0x7ffd0, 64) = -1 ENODATA (No data available)
      fgetxattr(3</tmp/w/g>, "user.b", "z", 64) = 1
      getxattr("/tmp/w/no", "user.a", 0x7ffd0, 64) = -1 ENOENT (No such file or directory)
      listxattr("/tmp/w/f", "user.a\\0", 64) = 7
      llistxattr("/tmp/w/l", "", 64) = 0
      flistxattr(3</tmp/w/g>, "user.b\\0", 64) = 7
      removexattr("/tmp/w/f", "user.a") = 0
      lremovexattr("/tmp/w/f", "user.a") = -1 ENODATA (No data available)
      fremovexattr(3</tmp/w/g>, "user.b") = 0`,
    hits: `
      security_inode_setxattr(/tmp/w/f, user.a, x)
      security_inode_post_setxattr(/tmp/w/f, user.a)
      security_inode_setxattr(/tmp/w/f, user.a, y)
      security_inode_setxattr(/tmp/w/g, user.b, z)
      security_inode_post_setxattr(/tmp/w/g, user.b)
      security_inode_getxattr(/etc/f, user.a)
      security_inode_getxattr(/tmp/w/l lrwxrwxrwx, user.a)
      security_inode_getxattr(/tmp/w/g, user.b)
      security_inode_listxattr(/tmp/w/f)
      security_inode_listxattr(/tmp/w/l lrwxrwxrwx)
      security_inode_listxattr(/tmp/w/g)
      security_inode_removexattr(/tmp/w/f, user.a)
      security_inode_removexattr(/tmp/w/f, user.a)
      security_inode_removexattr(/tmp/w/g, user.b)`,
  },
  {
    shows: 'sets the working directory once the new one is found',
    hooks: 'set_fs_pwd(1:path)',
    trace: `
      mkdir("/tmp/w/d", 0755) = 0
      mkdir("/tmp/w/e", 0755) = 0
      chdir("d") = 0
      chdir("../e") = 0
      fchdir(3</tmp/w/d>) = 0
      chdir("/tmp/w/f") = -1 ENOTDIR (Not a directory)
      chdir("/closed") = -1 EACCES (Permission denied)`,
    hits: `
      set_fs_pwd(/tmp/w/d drwxr-xr-x)
      set_fs_pwd(/tmp/w/e drwxr-xr-x)
      set_fs_pwd(/tmp/w/d drwxr-xr-x)`,
  },
  {
    shows:
      'asks for CAP_SYS_CHROOT before the hook of chroot, and shows paths below the new root from then on',
    hooks: `
      cap_capable(2:int) [2 Equal 18]
      security_path_chroot(0:path)
      set_fs_root(1:path)
      security_file_open(0:file)`,
    trace: `
      mkdir("/tmp/w/d", 0755) = 0
      chroot("/tmp/w/no") = -1 ENOENT (No such file or directory)
      chroot("/tmp/w/f") = -1 ENOTDIR (Not a directory)
      chroot("/tmp/w/d") = -1 EPERM (Operation not permitted)
      chroot("/tmp/w/d") = 0
      chdir("/") = 0
      openat(AT_FDCWD</tmp/w/d>, "../a", O_RDONLY) = -1 EMFILE (Too many open files)
      openat(AT_FDCWD</tmp/w/d>, "/etc/b", O_RDONLY) = 3</tmp/w/d/etc/b>`,
    hits: `
      cap_capable(18)
      cap_capable(18)
      security_path_chroot(/tmp/w/d drwxr-xr-x)
      set_fs_root(/tmp/w/d drwxr-xr-x)
      security_file_open(/etc/b)`,
  },
];
