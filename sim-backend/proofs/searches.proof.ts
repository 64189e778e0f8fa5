/** Proofs: directories and files that let the caller in or ask for a capability, where no argument is a plain path. */
import type { FileFacts } from '../../core/trace/start-facts.ts';
import { asNobody } from './pieces.ts';
import type { Proof } from './proof.ts';

const owned = { existed: true, uid: 5, gid: 5 };
const facts: Readonly<Record<string, FileFacts>> = {
  '/tmp/closed': { ...owned, mode: '40700' },
  '/tmp/closed/s': { ...owned, mode: '140755' },
  '/tmp/closed/f': { ...owned, mode: '100600' },
};
const hooks = 'cap_capable(2:int, 3:int)';
const unix = (path: string): string => `{sa_family=AF_UNIX, sun_path="${path}"}, 110`;

export const searchProofs: readonly Proof[] = [
  {
    shows: 'searches the way to a name of AF_UNIX, and writes to what is there, or to its directory',
    hooks,
    facts,
    trace: `
      socket(AF_UNIX, SOCK_STREAM, 0) = 3<UNIX-STREAM:[7]>
      connect(3<UNIX-STREAM:[7]>, ${unix('/tmp/closed/s')}) = 0
      socket(AF_UNIX, SOCK_STREAM, 0) = 4<UNIX-STREAM:[8]>
      bind(4<UNIX-STREAM:[8]>, ${unix('/tmp/closed/t')}) = 0
      socket(AF_UNIX, SOCK_STREAM, 0) = 5<UNIX-STREAM:[9]>
      connect(5<UNIX-STREAM:[9]>, ${unix('/tmp/closed/t')}) = 0
      socket(AF_UNIX, SOCK_DGRAM, 0) = 6<UNIX-DGRAM:[10]>
      sendto(6<UNIX-DGRAM:[10]>, "x", 1, 0, ${unix('/tmp/closed/t')}) = 1
      sendmsg(6<UNIX-DGRAM:[10]>, {msg_name={sa_family=AF_UNIX, sun_path="/tmp/closed/t"}, msg_namelen=110, msg_iov=[{iov_base="x", iov_len=1}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = 1
      connect(5<UNIX-STREAM:[9]>, {sa_family=AF_UNIX, sun_path=@"x"}, 110) = -1 ECONNREFUSED (Connection refused)`,
    hits: `
      cap_capable(2, 0)
      cap_capable(1, 0)
      cap_capable(2, 0)
      cap_capable(1, 0)
      cap_capable(2, 0)
      cap_capable(2, 0)
      cap_capable(2, 0)`,
  },
  {
    shows: 'ends where a directory on the way to a socket refuses the search',
    hooks: `
      cap_capable(2:int, 3:int)
      security_path_mknod(1:dentry)`,
    facts,
    start: asNobody,
    trace: `
      socket(AF_UNIX, SOCK_STREAM, 0) = 3<UNIX-STREAM:[7]>
      connect(3<UNIX-STREAM:[7]>, ${unix('/tmp/closed/s')}) = -1 EACCES (Permission denied)
      bind(3<UNIX-STREAM:[7]>, ${unix('/tmp/closed/t')}) = -1 EACCES (Permission denied)`,
    hits: `
      cap_capable(2, 0)
      cap_capable(1, 0)
      cap_capable(2, 0)
      cap_capable(1, 0)`,
  },
  {
    shows: 'enters a directory by its descriptor, and watches what the caller may read',
    hooks,
    facts,
    trace: `
      fchdir(3</tmp/closed>) = 0
      inotify_add_watch(4<anon_inode:inotify>, "/tmp/closed/f", IN_MODIFY) = 1
      inotify_add_watch(4<anon_inode:inotify>, "/tmp/w", IN_MODIFY) = 2`,
    hits: `
      cap_capable(2, 0)
      cap_capable(2, 0)
      cap_capable(2, 0)`,
  },
  {
    shows: 'asks for the file’s mode before an attribute of the user, for a capability before a trusted one',
    hooks: `
      cap_capable(2:int, 3:int)
      security_inode_getxattr(0:dentry, 1:string)
      security_inode_setxattr(1:dentry, 2:string)
      security_inode_removexattr(1:dentry, 2:string)`,
    facts: { '/tmp/w/mine': { existed: true, uid: 1000, gid: 1000, mode: '100600' }, ...facts },
    start: asNobody,
    trace: `
      setxattr("/tmp/w/mine", "user.a", "x", 1, 0) = 0
      getxattr("/tmp/w/mine", "trusted.a", 0x7ffd0, 64) = -1 ENODATA (No data available)
      removexattr("/tmp/w/mine", "trusted.a") = -1 EPERM (Operation not permitted)
      removexattr("/tmp/w/mine", "security.capability") = -1 EPERM (Operation not permitted)
      fgetxattr(3</tmp/closed/f>, "user.a", 0x7ffd0, 64) = -1 EACCES (Permission denied)
      fsetxattr(3</tmp/closed/f>, "user.a", "x", 1, 0) = -1 EACCES (Permission denied)`,
    hits: `
      security_inode_setxattr(/tmp/w/mine -rw-------, user.a)
      cap_capable(21, 0)
      cap_capable(21, 0)
      security_inode_removexattr(/tmp/w/mine -rw-------, security.capability)
      cap_capable(31, 0)
      cap_capable(2, 0)
      cap_capable(1, 0)
      cap_capable(1, 0)`,
  },
  {
    shows:
      'asks once more for capabilities of a program that name no user namespace, and on tmpfs for a list',
    hooks,
    facts,
    start: { mounts: [{ mountpoint: '/', root: '/', fstype: 'tmpfs', options: 'rw' }] },
    trace: `
      setxattr("/tmp/w/p", "security.capability", "\\1\\0\\0\\2\\0\\4\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0", 20, 0) = 0
      setxattr("/tmp/w/p", "security.capability", "\\1\\0\\0\\3", 24, 0) = 0
      setxattr("/tmp/w/p", "security.capability", "x", 1, 0) = -1 EINVAL (Invalid argument)
      listxattr("/tmp/w/p", "", 64) = 0`,
    hits: `
      cap_capable(31, 0)
      cap_capable(31, 0)
      cap_capable(31, 0)
      cap_capable(21, 2)`,
  },
  {
    shows:
      'asks for no right to look at a tree of mounts, but for one to copy it, pick it or make a file system',
    hooks,
    trace: `
      open_tree(AT_FDCWD</tmp/w>, "/tmp/w", 0) = 3</tmp/w>
      open_tree(AT_FDCWD</tmp/w>, "/tmp/w", OPEN_TREE_CLONE) = 4</tmp/w>
      fspick(AT_FDCWD</tmp/w>, "/tmp/w", 0) = 5
      fsconfig(5, FSCONFIG_SET_STRING, "size", "1m", 0) = 0
      fsconfig(5, FSCONFIG_CMD_RECONFIGURE, NULL, NULL, 0) = 0`,
    hits: `
      cap_capable(21, 0)
      cap_capable(21, 0)
      cap_capable(21, 0)`,
  },
  {
    shows: 'asks for nothing where root looks for files that are not there, and opens those of the system',
    hooks,
    trace: `
      openat(AT_FDCWD</tmp/w>, "/usr/lib/locale/C.UTF-8/LC_TIME", O_RDONLY|O_CLOEXEC) = -1 ENOENT (No such file or directory)
      openat(AT_FDCWD</tmp/w>, "/etc/ld.so.preload", O_RDONLY|O_CLOEXEC) = -1 ENOENT (No such file or directory)
      openat(AT_FDCWD</tmp/w>, "/usr/lib/x86_64-linux-gnu/gconv/gconv-modules.cache", O_RDONLY) = 3</usr/lib/x86_64-linux-gnu/gconv/gconv-modules.cache>
      openat(AT_FDCWD</tmp/w>, "/tmp", O_RDONLY|O_DIRECTORY) = 4</tmp>
      socket(AF_UNIX, SOCK_STREAM, 0) = 5<UNIX-STREAM:[7]>
      connect(5<UNIX-STREAM:[7]>, ${unix('/run/nscd/socket')}) = -1 ENOENT (No such file or directory)`,
    hits: '',
  },
  {
    shows: 'does not know what others may do there, nor what root may who writes or reads passwords',
    hooks,
    trace: `
      openat(AT_FDCWD</tmp/w>, "/etc/sudoers", O_WRONLY) = 3</etc/sudoers>
      openat(AT_FDCWD</tmp/w>, "/etc/shadow", O_RDONLY) = 4</etc/shadow>
      setfsuid(1000) = 0
      openat(AT_FDCWD</tmp/w>, "/etc/hosts", O_RDONLY) = -1 EACCES (Permission denied)`,
    hits: `
      cap_capable(7, 4)
      not known: proof: cap_capable: what the mode and the owner of /etc/sudoers let the caller do is not known (test.strace:2), 2 times
      not known: proof: cap_capable: what the mode and the owner of /etc/shadow let the caller do is not known (test.strace:3), 2 times
      not known: proof: cap_capable: whether /etc lets the caller search it is not known (test.strace:5), 3 times`,
  },
];
