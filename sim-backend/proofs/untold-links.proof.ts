/** A name of which nothing tells whether it is a symbolic link leads where it says only for policies that speak of it. */
import type { Proof } from './proof.ts';

const untold = { linksUntold: true } as const;
const why = (path: string): string =>
  `the trace does not show whether ${path} is a symbolic link, and so where it leads (record with strace -y, or state it under facts of the start snapshot)`;
const opened = (path: string): string => `security_file_open(not known: ${why(path)})`;
const guarded = [
  ...['/etc/shadow', '/srv/data', '/usr/lib/x86_64-linux-gnu/libz.so.1.2.13'],
  ...['/usr/share/zoneinfo/UTC', '/run/resolv'],
];

/** What leads to none of these, link or not. */
const settled = [
  ...['/etc/ld.so.cache', '/usr/lib/x86_64-linux-gnu/libc.so.6', '/usr/share/locale/locale.alias'],
  ...['/usr/lib/ssl/openssl.cnf', '/etc/app/settings', '/proc/self/status', '/dev/null', '/srv/job.py'],
];
const unsettled = [
  ...['/usr/lib/x86_64-linux-gnu/libz.so.1', '/usr/share/misc/magic', '/etc/localtime', '/etc/resolv.conf'],
  '/srv/job',
];

export const untoldLinkProofs: readonly Proof[] = [
  {
    ...untold,
    shows: 'does not know which file was opened where the descriptor has no path: the name may be a link',
    hooks: 'security_file_open(0:file)',
    trace: `
      openat(AT_FDCWD, "/srv/a", O_RDONLY) = 3
      openat(AT_FDCWD, "/srv/d/b", O_RDONLY) = 4
      openat(AT_FDCWD, "/srv/e", O_RDONLY) = 5</srv/e>
      openat(AT_FDCWD, "/srv/e", O_RDONLY) = 6
      openat(AT_FDCWD, "/srv/e", O_RDONLY|O_NOFOLLOW) = 7
      openat(AT_FDCWD, "/srv/new", O_WRONLY|O_CREAT|O_EXCL, 0600) = 8`,
    hits: `
      ${opened('/srv/a')}
      ${opened('/srv/d')}
      security_file_open(/srv/e)
      security_file_open(/srv/e)
      security_file_open(/srv/e)
      security_file_open(/srv/new -rw-------)
      not known: proof: security_file_open: ${why('/srv/a')} (test.strace)
      not known: proof: security_file_open: ${why('/srv/d')} (test.strace)`,
  },
  {
    ...untold,
    shows:
      'takes a name that the policy speaks of for no link, and does not know whether another one leads there',
    hooks: 'security_file_open(0:file) [0 Equal /srv/a]',
    trace: `
      openat(AT_FDCWD, "/srv/a", O_RDONLY) = 3
      openat(AT_FDCWD, "/srv/b", O_RDONLY) = 4`,
    hits: `
      security_file_open(/srv/a)
      not known: proof: security_file_open: file, which is not known (${why('/srv/b')}), is compared: is "/srv/a"? (test.strace:3)`,
  },
  {
    ...untold,
    shows: 'does not know that a name leads elsewhere than a policy excludes',
    hooks: 'security_file_open(0:file) [0 NotPrefix /srv/a]',
    trace: `
      openat(AT_FDCWD, "/srv/ab", O_RDONLY) = 3
      openat(AT_FDCWD, "/srv/b", O_RDONLY) = 4`,
    hits: `
      not known: proof: security_file_open: file, which is not known (${why('/srv/b')}), is compared: does not start with "/srv/a"? (test.strace:3)`,
  },
  {
    ...untold,
    shows: 'knows where what packages install leads at most, and that programs keep their endings',
    hooks: `apiVersion: cilium.io/v1alpha1
kind: TracingPolicy
metadata: { name: proof }
spec:
  kprobes:
    - call: security_file_open
      syscall: false
      args: [{ index: 0, type: file }]
      selectors: [{ matchArgs: [{ index: 0, operator: Equal, values: [${guarded.join(', ')}] }] }]`,
    trace: [...settled, ...unsettled]
      .map((path) => `openat(AT_FDCWD, "${path}", O_RDONLY|O_CLOEXEC) = 3\nclose(3) = 0`)
      .join('\n'),
    hits: unsettled
      .map(
        (path, index) =>
          `not known: proof: security_file_open: file, which is not known (${why(path)}), is compared: is one of ${guarded.map((one) => JSON.stringify(one)).join(', ')}? (test.strace:${2 + 2 * (settled.length + index)})`,
      )
      .join('\n'),
  },
  {
    ...untold,
    shows: 'does not know which directory a name stands in that a call gives, makes or takes away',
    hooks: `
      security_path_mkdir(0:path, 1:dentry)
      security_path_unlink(1:dentry) [1 Equal /srv/d/a]
      security_path_chmod(0:path)`,
    trace: `
      mkdir("/srv/d/new", 0755) = 0
      unlink("/srv/d/a") = 0
      unlink("/srv/d/b") = 0
      unlink("/srv/c") = 0
      chmod("/srv/f", 0600) = 0`,
    hits: `
      security_path_mkdir(not known: ${why('/srv/d')}, not known: ${why('/srv/d')})
      security_path_unlink(/srv/d/a)
      security_path_chmod(not known: ${why('/srv/f')})
      not known: proof: security_path_mkdir: ${why('/srv/d')} (test.strace), 2 times
      not known: proof: security_path_unlink: dentry, which is not known (${why('/srv/d')}), is compared: is "/srv/d/a"? (test.strace:4)
      not known: proof: security_path_chmod: ${why('/srv/f')} (test.strace)`,
  },
  {
    ...untold,
    shows: 'knows the directory that a path was looked up from, and the one that the program began in',
    hooks: 'security_path_mkdir(1:dentry)',
    trace: `
      mkdirat(AT_FDCWD</tmp/w>, "a", 0755) = 0
      openat(AT_FDCWD</srv/d>, "x", O_RDONLY) = -1 ENOENT (No such file or directory)
      mkdir("/srv/d/b", 0755) = 0`,
    hits: `
      security_path_mkdir(/tmp/w/a ---------)
      security_path_mkdir(/srv/d/b ---------)`,
  },
  {
    ...untold,
    shows: 'does not know what is looked at, read as a link or bound behind such a name',
    hooks: `
      security_inode_getattr(0:path)
      security_inode_readlink(0:dentry)
      security_path_mknod(1:dentry)`,
    trace: `
      openat(AT_FDCWD, "/srv/a", O_RDONLY) = 3
      fstat(3, {st_mode=S_IFREG|0644, st_size=1, ...}) = 0
      stat("/srv/b", {st_mode=S_IFREG|0644, st_size=1, ...}) = 0
      lstat("/srv/c", {st_mode=S_IFREG|0644, st_size=1, ...}) = 0
      stat("/srv/c", {st_mode=S_IFREG|0644, st_size=1, ...}) = 0
      readlink("/srv/d/l", "x", 4096) = 1
      socket(AF_UNIX, SOCK_STREAM, 0) = 4
      bind(4, {sa_family=AF_UNIX, sun_path="/srv/e/s"}, 110) = 0`,
    hits: `
      security_inode_getattr(not known: ${why('/srv/a')})
      security_inode_getattr(not known: ${why('/srv/b')})
      security_inode_getattr(/srv/c -rw-r--r--)
      security_inode_getattr(/srv/c -rw-r--r--)
      security_inode_readlink(not known: ${why('/srv/d')})
      security_path_mknod(not known: ${why('/srv/e')})
      not known: proof: security_inode_getattr: ${why('/srv/a')} (test.strace)
      not known: proof: security_inode_getattr: ${why('/srv/b')} (test.strace)
      not known: proof: security_inode_readlink: ${why('/srv/d')} (test.strace)
      not known: proof: security_path_mknod: ${why('/srv/e')} (test.strace)`,
  },
];
