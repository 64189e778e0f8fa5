/** Proofs: what is said of file systems whose functions run twice. */
import type { Proof } from './proof.ts';

const start = {
  mounts: [
    { mountpoint: '/', root: '/', fstype: 'overlay', options: 'rw' },
    { mountpoint: '/tmp', root: '/', fstype: 'tmpfs', options: 'rw' },
  ],
};

export const overlayProofs: readonly Proof[] = [
  {
    shows:
      'says that functions on files of an overlay run once more for the layer, and those on paths do not',
    start,
    hooks: `
      security_file_permission(0:file)
      security_path_unlink(1:dentry)
      security_inode_unlink(1:dentry)`,
    trace: `
      openat(AT_FDCWD</tmp/w>, "/etc/a", O_RDONLY) = 3</etc/a>
      read(3</etc/a>, "x", 1) = 1
      unlink("/etc/b") = 0
      unlink("/tmp/w/c") = 0`,
    hits: `
      security_file_permission(/etc/a)
      security_path_unlink(/etc/b)
      security_inode_unlink(/etc/b)
      security_path_unlink(/w/c)
      security_inode_unlink(/w/c)
      not modelled: security_file_permission on an overlay file system (it runs once more for the file of the layer) (test.strace:3)
      not modelled: security_inode_unlink on an overlay file system (it runs once more for the file of the layer) (test.strace:4)`,
  },
  {
    shows: 'says that the first change of a file on an overlay may copy it up',
    start,
    hooks: 'security_file_permission(0:file)',
    trace: `
      openat(AT_FDCWD</tmp/w>, "/etc/a", O_RDWR) = 3</etc/a>
      chmod("/etc/b", 0600) = 0
      fchmod(3</etc/a>, 0600) = 0
      chmod("/tmp/w/d", 0600) = 0`,
    hits: `
      not modelled: openat on an overlay file system (whether it copies the file up, which runs hooked functions, is not in a trace) (test.strace:2)
      not modelled: chmod on an overlay file system (whether it copies the file up, which runs hooked functions, is not in a trace) (test.strace:3)
      not modelled: fchmod on an overlay file system (whether it copies the file up, which runs hooked functions, is not in a trace) (test.strace:4)`,
  },
];
