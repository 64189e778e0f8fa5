/** Proofs: open files whose names go or move. */
import type { FileFacts } from '../../core/trace/start-facts.ts';
import type { Proof } from './proof.ts';

const file = (mode: string): FileFacts => ({ existed: true, uid: 0, gid: 0, mode: `10${mode}` });

export const openNameProofs: readonly Proof[] = [
  {
    shows: 'marks open files as deleted once their names are, and keeps what was known of them',
    hooks: `
      security_file_permission(0:file, 1:int)
      security_file_release(0:file)`,
    facts: { '/tmp/w/a': file('0640'), '/tmp/w/b': file('0600'), '/tmp/w/c': file('0755') },
    trace: `
      openat(AT_FDCWD, "/tmp/w/a", O_RDWR) = 3
      openat(AT_FDCWD, "/tmp/w/b", O_RDWR) = 4
      openat(AT_FDCWD, "/tmp/w/c", O_RDONLY) = 5
      unlink("/tmp/w/a") = 0
      openat(AT_FDCWD, "/tmp/w/a", O_WRONLY|O_CREAT|O_EXCL, 0666) = 6
      write(3, "x", 1) = 1
      write(6, "x", 1) = 1
      rename("/tmp/w/c", "/tmp/w/b") = 0
      write(4, "x", 1) = 1
      read(5, "x", 1) = 1
      fchmod(4, 0644) = 0
      close(4) = 0
      close(5) = 0
      close(3) = 0`,
    hits: `
      security_file_permission(/tmp/w/a (deleted) -rw-r-----, 2)
      security_file_permission(/tmp/w/a -rw-r--r--, 2)
      security_file_permission(/tmp/w/b (deleted) -rw-------, 2)
      security_file_permission(/tmp/w/b -rwxr-xr-x, 4)
      security_file_release(/tmp/w/b (deleted) -rw-r--r--)
      security_file_release(/tmp/w/b -rwxr-xr-x)
      security_file_release(/tmp/w/a (deleted) -rw-r-----)`,
  },
  {
    shows:
      'moves open files and working directories along with the folders above them, both ways where two change places',
    hooks: `
      security_file_release(0:file)
      security_path_mkdir(1:path)
      security_file_permission(0:dentry)`,
    facts: { '/tmp/w/d': { existed: true, mode: '40755' }, '/tmp/w/e': { existed: true, mode: '40755' } },
    trace: `
      openat(AT_FDCWD, "/tmp/w/d/a", O_RDONLY) = 3
      openat(AT_FDCWD, "/tmp/w/e/b", O_RDONLY) = 4
      chdir("/tmp/w/e") = 0
      rename("/tmp/w/d", "/tmp/w/f") = 0
      close(3) = 0
      openat(AT_FDCWD, "/tmp/w/f/a", O_RDONLY) = 3
      renameat2(AT_FDCWD, "/tmp/w/f", AT_FDCWD, "/tmp/w/e", RENAME_EXCHANGE) = 0
      mkdir("n", 0777) = 0
      close(3) = 0
      close(4) = 0
      openat(AT_FDCWD, "/tmp/w/f/c", O_RDONLY) = 3
      unlink("/tmp/w/f/c") = 0
      read(3, "", 1) = 0`,
    hits: `
      security_file_release(/tmp/w/f/a)
      security_path_mkdir(/tmp/w/f/n ---------)
      security_file_release(/tmp/w/e/a)
      security_file_release(/tmp/w/f/b)
      security_file_permission(/tmp/w/f/c (deleted))`,
  },
  {
    shows: 'finds a file without a name behind the link of its descriptor',
    hooks: 'security_path_chmod(0:path, 1:int)',
    trace: `
      openat(AT_FDCWD, "/tmp/w/a", O_RDWR) = 3
      unlink("/tmp/w/a") = 0
      chmod("/proc/self/fd/3", 0600) = 0`,
    hits: 'security_path_chmod(/tmp/w/a (deleted), 384)',
  },
  {
    shows: 'keeps the mode that was given to a pipe, for both of its ends, and to a socket',
    hooks: 'security_file_permission(0:file, 1:int)',
    trace: `
      pipe2([3<pipe:[71]>, 4<pipe:[71]>], 0) = 0
      pipe2([5<pipe:[72]>, 6<pipe:[72]>], 0) = 0
      fchmod(3<pipe:[71]>, 0644) = 0
      write(4<pipe:[71]>, "x", 1) = 1
      read(3<pipe:[71]>, "x", 1) = 1
      write(6<pipe:[72]>, "x", 1) = 1
      socketpair(AF_UNIX, SOCK_STREAM, 0, [7<UNIX-STREAM:[81->82]>, 8<UNIX-STREAM:[82->81]>]) = 0
      fchmod(7<UNIX-STREAM:[81->82]>, 0600) = 0
      write(7<UNIX-STREAM:[81->82]>, "x", 1) = 1
      write(8<UNIX-STREAM:[82->81]>, "x", 1) = 1`,
    hits: `
      security_file_permission(prw-r--r--, 2)
      security_file_permission(prw-r--r--, 4)
      security_file_permission(prw-------, 2)
      security_file_permission(srw-------, 2)
      security_file_permission(srwxrwxrwx, 2)`,
  },
  {
    shows: 'knows without strace -y what calls make that has no name, and of what nothing shows it says so',
    hooks: `
      security_file_permission(0:file, 1:int)
      security_socket_sendmsg
      tty_write
      ext4_file_write_iter(0:file)
      cap_capable(2:int) [2 Equal 4]`,
    trace: `
      pipe2([3, 4], O_CLOEXEC) = 0
      fchmod(3, 0640) = 0
      write(4, "x", 1) = 1
      memfd_create("n", 0) = 5
      write(5, "x", 1) = 1
      eventfd2(0, 0) = 6
      write(6, "x", 8) = 8
      openat(AT_FDCWD, "/tmp/w", O_RDWR|O_TMPFILE, 0600) = 7
      write(7, "x", 1) = 1
      write(9, "x", 1) = 1
      read(9, 0x7ffd0, 1) = -1 EAGAIN (Resource temporarily unavailable)
      write(8, "x", 1) = -1 EBADF (Bad file descriptor)`,
    hits: `
      security_file_permission(prw-r-----, 2)
      security_file_permission(-rwxrwxrwx, 2)
      security_file_permission(rw-------, 2)
      security_file_permission(not known: the trace does not show which file is behind the descriptor (record with strace -y), 2)
      security_file_permission(not known: the trace does not show what the descriptor stands for (record with strace -y, or give a start snapshot with its descriptors), 2)
      not known: proof: cap_capable: the owner of the file is not in the trace (test.strace:3)
      not known: proof: security_file_permission: the trace does not show which file is behind the descriptor (record with strace -y) (test.strace)
      not known: proof: ext4_file_write_iter: the trace does not show what the descriptor stands for (record with strace -y, or give a start snapshot with its descriptors) (test.strace:10), 2 times
      not known: proof: security_file_permission: the trace does not show what the descriptor stands for (record with strace -y, or give a start snapshot with its descriptors) (test.strace)
      not known: proof: cap_capable: the trace does not show what the descriptor stands for (record with strace -y, or give a start snapshot with its descriptors) (test.strace:11)
      not known: proof: tty_write: the trace does not show what the descriptor stands for (record with strace -y, or give a start snapshot with its descriptors) (test.strace:11)
      not known: proof: security_socket_sendmsg: the trace does not show what the descriptor stands for (record with strace -y, or give a start snapshot with its descriptors) (test.strace:11)
      not known: proof: security_file_permission: the trace does not show what the descriptor stands for (record with strace -y, or give a start snapshot with its descriptors) (test.strace:12)`,
  },
  {
    shows: 'takes a standard stream that is put aside for no named file, and says so',
    hooks: 'fd_install(0:int, 1:file) [1 Equal /tmp/w/guarded]',
    notes: true,
    trace: `
      fcntl(1, F_DUPFD, 10) = 12
      dup2(12, 5) = 5`,
    hits: `
      note: standard streams are taken for a terminal or pipe where they are duplicated: neither the trace nor a start snapshot tells where they lead`,
  },
];
