/** Proofs: opening files. */
import type { Proof } from './proof.ts';

const opening = `
  security_path_mknod(0:path, 1:dentry, 2:int, 3:int)
  security_inode_create(1:dentry, 2:int)
  security_file_open(0:file)
  security_file_post_open(0:file, 1:int)
  security_file_truncate(0:file)
  security_path_truncate(0:path)
  security_inode_setattr(1:dentry)
  fd_install(0:int, 1:file)`;
const since612 = opening.replace(/\n.*security_path_truncate.*/, '');

export const openProofs: readonly Proof[] = [
  {
    shows: 'opens a file that exists, by any call',
    hooks: since612,
    trace: `
      open("a", O_RDONLY) = 3</tmp/w/a>
      openat(AT_FDCWD</tmp/w>, "a", O_WRONLY|O_APPEND|O_CLOEXEC) = 4</tmp/w/a>
      openat(3</tmp/w>, "sub/b", O_RDWR) = 5</tmp/w/sub/b>
      openat2(AT_FDCWD</tmp/w>, "a", {flags=O_RDONLY, resolve=RESOLVE_NO_SYMLINKS}, 24) = 6</tmp/w/a>
      open_by_handle_at(AT_FDCWD</tmp/w>, {handle_bytes=8, handle_type=1, f_handle=0x0102}, O_RDONLY) = 7</tmp/w/a>`,
    hits: `
      security_file_open(/tmp/w/a)
      security_file_post_open(/tmp/w/a, 4)
      fd_install(3, /tmp/w/a)
      security_file_open(/tmp/w/a)
      security_file_post_open(/tmp/w/a, 10)
      fd_install(4, /tmp/w/a)
      security_file_open(/tmp/w/sub/b)
      security_file_post_open(/tmp/w/sub/b, 6)
      fd_install(5, /tmp/w/sub/b)
      security_file_open(/tmp/w/a)
      security_file_post_open(/tmp/w/a, 4)
      fd_install(6, /tmp/w/a)
      security_file_open(/tmp/w/a)
      security_file_post_open(/tmp/w/a, 4)
      fd_install(7, /tmp/w/a)`,
  },
  {
    shows: 'makes a new file with the mode that the umask leaves, and opens it',
    hooks: since612.replace(/\n.*(truncate|setattr).*/g, ''),
    trace: `
      stat("/tmp/w", {st_mode=S_IFDIR|0755, st_size=40, ...}) = 0
      umask(027) = 022
      openat(AT_FDCWD</tmp/w>, "new", O_WRONLY|O_CREAT|O_EXCL, 0666) = 3</tmp/w/new>
      stat("/tmp/w/other", 0x7ffd1000) = -1 ENOENT (No such file or directory)
      creat("other", 0600) = 4</tmp/w/other>
      unlink("other") = 0
      openat2(AT_FDCWD</tmp/w>, "other", {flags=O_WRONLY|O_CREAT|O_TRUNC, mode=0644, resolve=0}, 24) = 5</tmp/w/other>`,
    hits: `
      security_path_mknod(/tmp/w drwxr-xr-x, /tmp/w/new ---------, 33206, 0)
      security_inode_create(/tmp/w/new ---------, 33206)
      security_file_open(/tmp/w/new -rw-r-----)
      security_file_post_open(/tmp/w/new -rw-r-----, 2)
      fd_install(3, /tmp/w/new -rw-r-----)
      security_path_mknod(/tmp/w drwxr-xr-x, /tmp/w/other ---------, 33152, 0)
      security_inode_create(/tmp/w/other ---------, 33152)
      security_file_open(/tmp/w/other -rw-------)
      security_file_post_open(/tmp/w/other -rw-------, 2)
      fd_install(4, /tmp/w/other -rw-------)
      security_path_mknod(/tmp/w drwxr-xr-x, /tmp/w/other ---------, 33188, 0)
      security_inode_create(/tmp/w/other ---------, 33188)
      security_file_open(/tmp/w/other -rw-r-----)
      security_file_post_open(/tmp/w/other -rw-r-----, 2)
      fd_install(5, /tmp/w/other -rw-r-----)`,
  },
  {
    shows: 'empties a regular file that existed, and nothing else',
    hooks: since612,
    given: { files: [{ path: '/tmp/w/a', content: new Uint8Array(3), mode: 0o640 }] },
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_WRONLY|O_TRUNC) = 3</tmp/w/a>
      openat(AT_FDCWD</tmp/w>, "a", O_WRONLY|O_CREAT|O_TRUNC, 0644) = 4</tmp/w/a>
      openat(AT_FDCWD</tmp/w>, "/dev/null", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 5</dev/null<char 1:3>>`,
    hits: `
      security_file_open(/tmp/w/a -rw-r-----)
      security_file_post_open(/tmp/w/a -rw-r-----, 2)
      security_file_truncate(/tmp/w/a -rw-r-----)
      security_inode_setattr(/tmp/w/a -rw-r-----)
      fd_install(3, /tmp/w/a -rw-r-----)
      security_file_open(/tmp/w/a -rw-r-----)
      security_file_post_open(/tmp/w/a -rw-r-----, 2)
      security_file_truncate(/tmp/w/a -rw-r-----)
      security_inode_setattr(/tmp/w/a -rw-r-----)
      fd_install(4, /tmp/w/a -rw-r-----)
      security_file_open(/dev/null)
      security_file_post_open(/dev/null, 2)
      fd_install(5, /dev/null)
      not known: proof: security_path_mknod: neither the recording nor the trace shows whether the file existed (test.strace:4)
      not known: proof: security_inode_create: neither the recording nor the trace shows whether the file existed (test.strace:4)`,
  },
  {
    shows: 'empties a file by its path on kernels up to 6.1, which do not look at an opened file again',
    hooks: opening.replace(/\n.*security_file_(post_open|truncate).*/g, ''),
    kernel: '6.1.192-amd64',
    trace: 'openat(AT_FDCWD</tmp/w>, "a", O_WRONLY|O_TRUNC) = 3</tmp/w/a>',
    hits: `
      security_file_open(/tmp/w/a)
      security_path_truncate(/tmp/w/a)
      security_inode_setattr(/tmp/w/a)
      fd_install(3, /tmp/w/a)`,
  },
  {
    shows: 'has the dentry of security_inode_setattr first on kernels up to 5.19',
    hooks: 'security_inode_setattr(0:dentry)',
    kernel: '5.10.262-amd64',
    trace: 'openat(AT_FDCWD</tmp/w>, "a", O_WRONLY|O_TRUNC) = 3</tmp/w/a>',
    hits: 'security_inode_setattr(/tmp/w/a)',
  },
  {
    shows: 'does not open what it fails to find, and not what it may not',
    hooks: since612,
    trace: `
      openat(AT_FDCWD</tmp/w>, "none", O_RDONLY) = -1 ENOENT (No such file or directory)
      openat(AT_FDCWD</tmp/w>, "a/b", O_RDONLY) = -1 ENOTDIR (Not a directory)
      openat(AT_FDCWD</tmp/w>, "a", O_RDWR|O_CREAT|O_EXCL, 0600) = -1 EEXIST (File exists)
      openat(AT_FDCWD</tmp/w>, "link", O_RDONLY|O_NOFOLLOW) = -1 ELOOP (Too many levels of symbolic links)
      openat(AT_FDCWD</tmp/w>, ".", O_WRONLY) = -1 EISDIR (Is a directory)
      openat(AT_FDCWD</tmp/w>, "secret", O_RDONLY) = -1 EACCES (Permission denied)
      openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = -1 EMFILE (Too many open files)
      openat(AT_FDCWD</tmp/w>, 0x1000, O_RDONLY) = -1 EFAULT (Bad address)
      openat(AT_FDCWD</tmp/w>, "/dev/tty", O_RDWR) = -1 ENXIO (No such device or address)`,
    hits: 'security_file_open(/dev/tty)',
  },
  {
    shows: 'opens less where only a path or a nameless file is asked for',
    hooks: since612,
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDONLY|O_PATH) = 3</tmp/w/a>
      openat(AT_FDCWD</tmp/w>, "/tmp", O_RDWR|O_DIRECTORY|O_TMPFILE, 0640) = 4</tmp/#1234>(deleted)`,
    hits: `
      fd_install(3, /tmp/w/a)
      security_file_open(/tmp/#1234 (deleted) -rw-r-----)
      fd_install(4, /tmp/#1234 (deleted) -rw-r-----)`,
  },
  {
    shows: 'empties no file that it has just made',
    hooks: `
      security_inode_create(1:dentry)
      security_file_truncate(0:file)
      security_inode_setattr(1:dentry)`,
    trace: `
      stat("/tmp/w/new", 0x7ffd1000) = -1 ENOENT (No such file or directory)
      openat(AT_FDCWD</tmp/w>, "new", O_WRONLY|O_CREAT|O_TRUNC, 0600) = 3</tmp/w/new>
      openat(AT_FDCWD</tmp/w>, "new", O_WRONLY|O_CREAT|O_TRUNC, 0600) = 4</tmp/w/new>`,
    hits: `
      security_inode_create(/tmp/w/new ---------)
      security_file_truncate(/tmp/w/new -rw-------)
      security_inode_setattr(/tmp/w/new -rw-------)`,
  },
  {
    shows: 'says that it cannot tell whether a file is new that no earlier line shows',
    hooks: since612.replace(/\n.*security_file_(post_)?open.*/g, ''),
    trace: 'openat(AT_FDCWD</tmp/w>, "a", O_WRONLY|O_CREAT|O_TRUNC, 0644) = 3</tmp/w/a>',
    hits: `
      fd_install(3, /tmp/w/a)
      not known: proof: security_path_mknod: neither the recording nor the trace shows whether the file existed (test.strace:2)
      not known: proof: security_inode_create: neither the recording nor the trace shows whether the file existed (test.strace:2)
      not known: proof: security_file_truncate: neither the recording nor the trace shows whether the file existed (test.strace:2)
      not known: proof: security_inode_setattr: neither the recording nor the trace shows whether the file existed (test.strace:2)`,
  },
  {
    shows: 'follows links that the trace shows, and those of every process',
    hooks: 'security_inode_getattr(0:path)',
    trace: `
      lstat("/tmp/w/sub/target", {st_mode=S_IFREG|0600, st_size=1, ...}) = 0
      lstat("/tmp/w", {st_mode=S_IFDIR|0755, st_size=1, ...}) = 0
      lstat("/", {st_mode=S_IFDIR|0755, st_size=1, ...}) = 0
      symlink("sub/target", "/tmp/w/link") = 0
      stat("link", {st_mode=S_IFREG|0600, st_size=1, ...}) = 0
      lstat("link", {st_mode=S_IFLNK|0777, st_size=10, ...}) = 0
      newfstatat(AT_FDCWD</tmp/w>, "link", {st_mode=S_IFLNK|0777, st_size=10, ...}, AT_SYMLINK_NOFOLLOW) = 0
      readlink("/tmp/w/dir", "/srv", 4095) = 4
      stat("/tmp/w/dir/x/../y", {st_mode=S_IFREG|0644, st_size=1, ...}) = 0
      openat(AT_FDCWD</tmp/w>, "/etc/alternatives/ed", O_RDONLY) = 3</usr/bin/vim>
      stat("/proc/self/fd/3", {st_mode=S_IFREG|0755, st_size=1, ...}) = 0
      stat("/proc/self/cwd", {st_mode=S_IFDIR|0755, st_size=1, ...}) = 0
      stat("/proc/self/root", {st_mode=S_IFDIR|0755, st_size=1, ...}) = 0
      stat("/proc/100/exe", {st_mode=S_IFREG|0755, st_size=1, ...}) = 0
      stat("/proc/thread-self/stat", {st_mode=S_IFREG|0444, st_size=1, ...}) = 0
      stat("/lib/x.so", {st_mode=S_IFREG|0644, st_size=1, ...}) = 0`,
    hits: `
      security_inode_getattr(/tmp/w/sub/target -rw-------)
      security_inode_getattr(/tmp/w drwxr-xr-x)
      security_inode_getattr(drwxr-xr-x)
      security_inode_getattr(/tmp/w/sub/target -rw-------)
      security_inode_getattr(/tmp/w/link lrwxrwxrwx)
      security_inode_getattr(/tmp/w/link lrwxrwxrwx)
      security_inode_getattr(/srv/y -rw-r--r--)
      security_inode_getattr(/usr/bin/vim -rwxr-xr-x)
      security_inode_getattr(/tmp/w drwxr-xr-x)
      security_inode_getattr(drwxr-xr-x)
      security_inode_getattr(/usr/bin/prog -rwxr-xr-x)
      security_inode_getattr(/proc/100/task/100/stat -r--r--r--)
      security_inode_getattr(/usr/lib/x.so -rw-r--r--)`,
  },
  {
    shows: 'looks at files that exist, by path or descriptor',
    hooks: 'security_inode_getattr(0:path)',
    trace: `
      fstat(0</dev/pts/0<char 136:0>>, {st_mode=S_IFCHR|0620, st_rdev=makedev(0x88, 0), ...}) = 0
      newfstatat(0</dev/pts/0<char 136:0>>, "", {st_mode=S_IFCHR|0620, ...}, AT_EMPTY_PATH) = 0
      statx(AT_FDCWD</tmp/w>, "a", AT_STATX_SYNC_AS_STAT, STATX_ALL, {stx_mask=STATX_ALL, stx_mode=S_IFREG|0604, stx_size=0, ...}) = 0
      stat("none", 0x7ffd1000) = -1 ENOENT (No such file or directory)
      fstat(5<TCP:[55]>, {st_mode=S_IFSOCK|0777, st_size=0, ...}) = 0`,
    hits: `
      security_inode_getattr(/dev/pts/0 crw--w----)
      security_inode_getattr(/dev/pts/0 crw--w----)
      security_inode_getattr(/tmp/w/a -rw----r--)
      security_inode_getattr(srwxrwxrwx)`,
  },
  {
    shows: 'reads links and directories',
    hooks: `
      security_inode_readlink(0:dentry)
      security_file_permission(0:file, 1:int)`,
    trace: `
      readlink("/proc/self/exe", "/usr/bin/prog", 4095) = 13
      readlinkat(AT_FDCWD</tmp/w>, "link", "target", 4095) = 6
      readlink("a", 0x7ffd1000, 4095) = -1 EINVAL (Invalid argument)
      openat(AT_FDCWD</tmp/w>, ".", O_RDONLY|O_DIRECTORY) = 3</tmp/w>
      getdents64(3</tmp/w>, 0x55d0 /* 3 entries */, 32768) = 72
      getdents64(3</tmp/w>, 0x55d0 /* 0 entries */, 32768) = 0
      getdents(3</tmp/w>, 0x55d0 /* 3 entries */, 32768) = 72
      getdents64(0</dev/null<char 1:3>>, 0x7ffd1000, 32768) = -1 ENOTDIR (Not a directory)`,
    hits: `
      security_inode_readlink(/proc/100/exe lrwxrwxrwx)
      security_inode_readlink(/tmp/w/link lrwxrwxrwx)
      security_file_permission(/tmp/w drwxr-xr-x, 4)
      security_file_permission(/tmp/w drwxr-xr-x, 4)
      security_file_permission(/tmp/w drwxr-xr-x, 4)`,
  },
  {
    shows: 'says that it cannot tell whether a file existed, whatever else is hooked',
    hooks: `
      security_file_open(0:file)
      security_file_truncate(0:file)`,
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_WRONLY|O_CREAT|O_TRUNC, 0600) = 3</tmp/w/a>`,
    hits: `
      security_file_open(/tmp/w/a)
      not known: proof: security_file_truncate: neither the recording nor the trace shows whether the file existed (test.strace:2)`,
  },
  {
    shows: 'asks for the path of a new file that it then may not make',
    hooks: `
      security_path_mknod(1:dentry)
      security_inode_create(1:dentry)`,
    trace: `
      stat("/tmp/w/new", 0x7ffd1000) = -1 ENOENT (No such file or directory)
      openat(AT_FDCWD</tmp/w>, "new", O_WRONLY|O_CREAT, 0600) = -1 EACCES (Permission denied)`,
    hits: `
      security_path_mknod(/tmp/w/new ---------)`,
  },
  {
    shows: 'does not open a running program for writing',
    hooks: 'security_file_open(0:file)',
    trace: 'openat(AT_FDCWD</tmp/w>, "/usr/bin/prog", O_RDWR) = -1 ETXTBSY (Text file busy)',
    hits: '',
  },
  {
    shows: 'empties a file that is opened by its handle',
    hooks: since612.replace(/\n.*(mknod|create).*/g, ''),
    trace: `
      open_by_handle_at(3</tmp/w>, {handle_bytes=8, handle_type=1, f_handle=0x0102}, O_WRONLY|O_TRUNC) = 4</tmp/w/a>
      open_by_handle_at(3</tmp/w>, {handle_bytes=8, handle_type=1, f_handle=0x0102}, O_RDONLY) = -1 EPERM (Operation not permitted)`,
    hits: `
      security_file_open(/tmp/w/a)
      security_file_post_open(/tmp/w/a, 2)
      security_file_truncate(/tmp/w/a)
      security_inode_setattr(/tmp/w/a)
      fd_install(4, /tmp/w/a)`,
  },
  {
    shows: 'does so by its path on kernels up to 6.1',
    hooks: 'security_path_truncate(0:path)',
    kernel: '6.1.192-amd64',
    trace: `
      open_by_handle_at(3</tmp/w>, {handle_bytes=8, handle_type=1, f_handle=0x0102}, O_WRONLY|O_TRUNC) = 4</tmp/w/a>`,
    hits: 'security_path_truncate(/tmp/w/a)',
  },
  {
    shows: 'says that it cannot tell whether a refused open came to make a file',
    hooks: `
      security_path_mknod(1:dentry)
      security_inode_create(1:dentry)`,
    trace: `
      openat(AT_FDCWD</tmp/w>, "new", O_WRONLY|O_CREAT, 0600) = -1 EACCES (Permission denied)
      openat(AT_FDCWD</tmp/w>, "other", O_WRONLY|O_CREAT, 0600) = -1 EROFS (Read-only file system)`,
    hits: `
      not known: proof: security_path_mknod: neither the recording nor the trace shows whether the file existed (test.strace:2)`,
  },
  {
    shows: 'empties no file that it has just made, whatever else is hooked',
    hooks: `
      security_file_open(0:file)
      security_file_truncate(0:file)
      security_inode_setattr(1:dentry)`,
    trace: `
      stat("/tmp/w/new", 0x7ffd1000) = -1 ENOENT (No such file or directory)
      openat(AT_FDCWD</tmp/w>, "new", O_WRONLY|O_CREAT|O_TRUNC, 0600) = 3</tmp/w/new>`,
    hits: `
      security_file_open(/tmp/w/new -rw-------)`,
  },
];
