/** Proofs: where paths lead, by links, directories and roots, and what is known of files before and after a call shows it. */
import type { Proof } from './proof.ts';

export const lookupProofs: readonly Proof[] = [
  {
    shows: 'learns no link from a file without a name, nor from one that was sought from another root',
    hooks: 'security_path_unlink(1:dentry)',
    trace: `
      openat(AT_FDCWD</tmp/w>, "/var/tmp", O_RDWR|O_TMPFILE, 0600) = 3</var/tmp/#12>(deleted)
      openat2(4</srv>, "/etc/x", {flags=O_RDONLY, resolve=RESOLVE_IN_ROOT}, 24) = 5</srv/etc/x>
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      101 chroot("/tmp/w/r") = 0
      101 openat(AT_FDCWD</tmp/w/r>, "/opt/y", O_RDONLY) = 3</tmp/w/r/opt/y>
      101 exit_group(0) = ?
      101 +++ exited with 0 +++
      unlink("/var/tmp/e") = 0
      unlink("/etc/e") = 0
      unlink("/opt/e") = 0`,
    hits: `
      security_path_unlink(/var/tmp/e)
      security_path_unlink(/etc/e)
      security_path_unlink(/opt/e)`,
  },
  {
    shows: 'follows recorded links, and knows no place behind a name that may be a link',
    notes: true,
    start: {
      root: '/',
      umask: '022',
      uid: { real: 0, effective: 0, saved: 0, fs: 0 },
      gid: { real: 0, effective: 0, saved: 0, fs: 0 },
      caps: { effective: '1ffffffffff' },
      ns: {},
    },
    facts: { '/srv/now': {} },
    hooks: 'security_path_truncate(0:path)',
    trace: `
      stat("/usr/bin/a", {st_mode=S_IFREG|0755, st_size=9, ...}) = 0
      stat("/srv/one/b", {st_mode=S_IFREG|0600, st_size=9, ...}) = 0
      truncate("/bin/a", 0) = 0
      truncate("/srv/now/b", 0) = 0`,
    hits: `
      security_path_truncate(/usr/bin/a -rwxr-xr-x)
      security_path_truncate(not known: neither the recording nor the trace tells whether /srv/now is a symbolic link: record it again, or state it under facts.files of the start snapshot)
      not known: proof: security_path_truncate: neither the recording nor the trace tells whether /srv/now is a symbolic link: record it again, or state it under facts.files of the start snapshot (test.strace)`,
  },
  {
    shows: 'learns a link from where an open led, also for what comes before it',
    hooks: 'security_path_unlink(1:dentry)',
    trace: `
      unlink("/opt/current/a") = 0
      openat(AT_FDCWD</tmp/w>, "/opt/current/lib/b", O_RDONLY) = 3</opt/v2/lib/b>
      openat(AT_FDCWD</tmp/w>, "/opt/current/m", O_RDONLY) = 3</opt/v2/m>
      openat(4</opt>, "latest/c", O_RDONLY) = 5</opt/v3/c>
      openat(4</opt>, "latest/f", O_RDONLY) = 5</opt/v3/f>
      unlink("/opt/current/d") = 0
      unlink("/opt/latest/e") = 0`,
    hits: `
      security_path_unlink(/opt/v2/a)
      security_path_unlink(/opt/v2/d)
      security_path_unlink(/opt/v3/e)`,
  },
  {
    shows: 'learns no link from a path that goes up again',
    hooks: 'security_path_unlink(1:dentry)',
    trace: `
      openat(AT_FDCWD</tmp/w>, "/home/x/../b", O_RDONLY) = 6</mnt/b>
      unlink("/home/x/d") = 0`,
    hits: 'security_path_unlink(/home/x/d)',
  },
  {
    shows: 'follows links that were read or made, until they are moved or taken away',
    hooks: 'security_path_truncate(0:path)',
    trace: `
      readlink("/srv/one", "/data", 64) = 5
      readlinkat(4</srv>, "two", "../data/two", 64) = 11
      symlink("one", "/srv/three") = 0
      truncate("/srv/one/a", 0) = 0
      truncate("/srv/two/b", 0) = 0
      truncate("/srv/three/c", 0) = 0
      rename("/srv/three", "/srv/four") = 0
      truncate("/srv/four/d", 0) = 0
      unlink("/srv/one") = 0
      mkdir("/srv/one", 0755) = 0
      truncate("/srv/one/e", 0) = 0
      readlink("/proc/self/fd/0", "/dev/null", 64) = 9`,
    hits: `
      security_path_truncate(/data/a)
      security_path_truncate(/data/two/b)
      security_path_truncate(/data/c)
      security_path_truncate(/data/d)
      security_path_truncate(/srv/one/e)`,
  },
  {
    shows: 'leaves links that go in a circle',
    hooks: 'security_path_unlink(1:dentry)',
    trace: `
      symlink("b", "/tmp/w/a") = 0
      symlink("a", "/tmp/w/b") = 0
      chmod("/tmp/w/a", 0600) = -1 ELOOP (Too many levels of symbolic links)
      unlink("/tmp/w/a") = 0`,
    hits: 'security_path_unlink(/tmp/w/a lrwxrwxrwx)',
  },
  {
    shows: 'follows the links of /proc to what the task has open, its program, directory and root',
    hooks: `
      security_path_truncate(0:path)
      security_path_mkdir(1:dentry)`,
    trace: `
      100 openat(AT_FDCWD</tmp/w>, "a", O_RDWR) = 3</tmp/w/a>
      100 truncate("/proc/self/fd/3", 0) = 0
      100 truncate("/dev/fd/3", 0) = 0
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      101 chdir("/srv") = 0
      101 truncate("/proc/100/fd/3", 0) = 0
      100 truncate("/proc/101/exe", 0) = -1 EPERM (Operation not permitted)
      100 mkdir("/proc/101/cwd/d", 0755) = 0
      100 mkdir("/proc/thread-self/cwd/e", 0755) = 0
      100 mkdir("/proc/self/root/f", 0755) = 0
      101 exit_group(0) = ?
      101 +++ exited with 0 +++`,
    hits: `
      security_path_truncate(/tmp/w/a)
      security_path_truncate(/tmp/w/a)
      security_path_truncate(/tmp/w/a)
      security_path_truncate(/usr/bin/prog -rwxr-xr-x)
      security_path_mkdir(/srv/d ---------)
      security_path_mkdir(/tmp/w/e ---------)
      security_path_mkdir(/f ---------)`,
  },
  {
    shows: 'resolves within the root of a task, where links begin anew',
    hooks: 'security_path_truncate(0:path)',
    trace: `
      chroot("/srv") = 0
      chdir("/") = 0
      symlink("/data", "/link") = 0
      truncate("/link/a", 0) = 0
      truncate("../../b", 0) = 0
      truncate("/c/./d//e", 0) = 0`,
    hits: `
      security_path_truncate(/data/a)
      security_path_truncate(/b)
      security_path_truncate(/c/d/e)`,
  },
  {
    shows: 'knows the mode of a file that is looked at later, by whichever call',
    hooks: 'security_path_unlink(1:dentry)',
    trace: `
      unlink("/tmp/w/a") = 0
      unlink("/tmp/w/b") = 0
      unlink("/tmp/w/c") = 0
      unlink("/tmp/w/d") = 0
      unlink("/tmp/w/e") = 0
      unlink("/tmp/w/f") = 0
      unlink("/tmp/w/g") = 0
      stat("/tmp/w/a", {st_mode=S_IFREG|0600, st_size=1}) = 0
      lstat("/tmp/w/b", {st_mode=S_IFLNK|0777, st_size=1, ...}) = 0
      fstat(3</tmp/w/c>, {st_mode=S_IFREG|0601, st_size=1, ...}) = 0
      newfstatat(4</tmp/w>, "d", {st_mode=S_IFREG|0602, st_size=1, ...}, 0) = 0
      newfstatat(5</tmp/w/e>, "", {st_mode=S_IFREG|0603, st_size=1, ...}, AT_EMPTY_PATH) = 0
      statx(AT_FDCWD</tmp/w>, "/tmp/w/f", AT_STATX_SYNC_AS_STAT, STATX_ALL, {stx_mask=STATX_ALL, stx_mode=S_IFREG|0604, stx_size=1, ...}) = 0
      fstat(6</tmp/w/g>(deleted), {st_mode=S_IFREG|0605, st_size=1, ...}) = 0`,
    hits: `
      security_path_unlink(/tmp/w/a)
      security_path_unlink(/tmp/w/b)
      security_path_unlink(/tmp/w/c)
      security_path_unlink(/tmp/w/d)
      security_path_unlink(/tmp/w/e)
      security_path_unlink(/tmp/w/f)
      security_path_unlink(/tmp/w/g)`,
  },
  {
    shows: 'takes the last look at a file for its mode, through a link too',
    hooks: 'security_path_chmod(0:path)',
    trace: `
      stat("/tmp/w/a", {st_mode=S_IFREG|0600, st_size=1, ...}) = 0
      chmod("/tmp/w/a", 0600) = 0
      symlink("a", "/tmp/w/l") = 0
      stat("/tmp/w/l", {st_mode=S_IFREG|0640, st_size=1, ...}) = 0
      stat("l", {st_mode=S_IFREG|0644, st_size=1, ...}) = 0
      newfstatat(AT_FDCWD</tmp/w>, "l", {st_mode=S_IFLNK|0777, st_size=1, ...}, AT_SYMLINK_NOFOLLOW) = 0
      chmod("/tmp/w/a", 0600) = 0`,
    hits: `
      security_path_chmod(/tmp/w/a -rw-------)
      security_path_chmod(/tmp/w/a -rw-r--r--)`,
  },
  {
    shows: 'knows of a file that was sought in vain, or that lies above one that was opened',
    files: ['/tmp/w/no', '/tmp/w/d', '/tmp/w/x'],
    hooks: 'wake_up_new_task',
    trace: `
      access("/tmp/w/no", F_OK) = -1 ENOENT (No such file or directory)
      openat(AT_FDCWD</tmp/w>, "d/e/f", O_RDONLY) = 3</tmp/w/d/e/f>`,
    hits: `
      file /tmp/w/no: does not exist
      file /tmp/w/d: ? ?
      file /tmp/w/x: not known (the trace does not show this file)`,
  },
  {
    shows: 'says that a path is not in the trace where strace could not read it',
    hooks: `
      security_path_unlink(0:path, 1:dentry)
      security_path_rename(0:path, 1:dentry)
      set_fs_pwd(1:path)`,
    trace: `
      unlink(0x5555) = 0
      rename(0x5555, "b") = 0
      chdir(0x5555) = 0`,
    hits: `
      security_path_unlink(not known: the path is not readable in the trace, not known: the path is not readable in the trace)
      security_path_rename(not known: the path is not readable in the trace, not known: the path is not readable in the trace)
      set_fs_pwd(not known: the path is not readable in the trace)
      not known: proof: security_path_unlink: the path is not readable in the trace (test.strace), 2 times
      not known: proof: security_path_rename: the path is not readable in the trace (test.strace), 2 times
      not known: proof: set_fs_pwd: the path is not readable in the trace (test.strace)`,
  },
  {
    shows: 'shows the mode of a file that the very line tells',
    hooks: 'security_inode_getattr(0:path)',
    trace: `
      stat("a", {st_mode=S_IFREG|0600, st_size=1, ...}) = 0
      symlink("/srv/t", "/tmp/w/link") = 0
      newfstatat(AT_FDCWD</tmp/w>, "link", {st_mode=S_IFREG|0640, st_size=1, ...}, 0) = 0
      stat("/proc/self/comm", {st_mode=S_IFREG|0644, st_size=0, ...}) = 0`,
    hits: `
      security_inode_getattr(/tmp/w/a -rw-------)
      security_inode_getattr(/srv/t -rw-r-----)
      security_inode_getattr(/proc/100/comm -rw-r--r--)`,
  },
  {
    shows:
      'takes a file that led elsewhere by its name for a link, and not its folder, if that is seen to be none',
    hooks: `
      security_path_mkdir(0:path, 1:dentry)
      security_path_unlink(0:path, 1:dentry)`,
    trace: `
      openat(AT_FDCWD</tmp/w>, "/srv/data/alias", O_RDONLY) = 3</etc/alias>
      mkdir("/srv/data/one", 0777) = 0
      unlink("/srv/data/alias") = 0
      openat(AT_FDCWD</tmp/w>, "/srv/plain/alias", O_RDONLY) = 3</etc/alias>
      openat(AT_FDCWD</tmp/w>, "/srv/plain/other", O_RDONLY) = 4</srv/plain/other>
      mkdir("/srv/plain/one", 0777) = 0
      unlink("/srv/plain/alias") = 0
      openat(AT_FDCWD</tmp/w>, "/srv/link/alias", O_RDONLY) = 3</opt/alias>
      openat(AT_FDCWD</tmp/w>, "/srv/link/other", O_RDONLY) = 4</opt/other>
      mkdir("/srv/link/one", 0777) = 0
      unlink("/srv/link/alias") = 0
      openat(AT_FDCWD</tmp/w>, "/top/alias", O_RDONLY) = 3</usr/top/alias>
      mkdir("/top/one", 0777) = 0`,
    hits: `
      security_path_mkdir(not known: neither the recording nor the trace tells whether /srv/data is a symbolic link: record it again, or state it under facts.files of the start snapshot, not known: neither the recording nor the trace tells whether /srv/data is a symbolic link: record it again, or state it under facts.files of the start snapshot)
      security_path_unlink(not known: neither the recording nor the trace tells whether /srv/data is a symbolic link: record it again, or state it under facts.files of the start snapshot, not known: neither the recording nor the trace tells whether /srv/data is a symbolic link: record it again, or state it under facts.files of the start snapshot)
      security_path_mkdir(/srv/plain, /srv/plain/one ---------)
      security_path_unlink(/srv/plain, /srv/plain/alias)
      security_path_mkdir(/opt drwxr-xr-x, /opt/one ---------)
      security_path_unlink(/opt drwxr-xr-x, /opt/alias)
      security_path_mkdir(/usr/top, /usr/top/one ---------)
      not known: proof: security_path_mkdir: neither the recording nor the trace tells whether /srv/data is a symbolic link: record it again, or state it under facts.files of the start snapshot (test.strace), 2 times
      not known: proof: security_path_unlink: neither the recording nor the trace tells whether /srv/data is a symbolic link: record it again, or state it under facts.files of the start snapshot (test.strace), 2 times`,
  },
];
