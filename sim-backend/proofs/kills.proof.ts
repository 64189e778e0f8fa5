/** Proofs: what a call still does that is killed inside, by call and file system. */
import type { StartSnapshot } from '../../core/trace/start-snapshot.ts';
import { end, oldFile } from './pieces.ts';
import type { Proof } from './proof.ts';

/** Lines of a child of its own, which would end well. */
const child = (pid: number, lines: string): string => `
  100 clone(child_stack=NULL, flags=SIGCHLD) = ${pid}
  ${lines.replaceAll(/^ *(?=\w)/gm, `${pid} `)}
  ${end(pid)}`;

const on = (fstype: string): Partial<StartSnapshot> => ({
  mounts: [{ mountpoint: '/', root: '/', fstype, options: 'rw' }],
});
const files = ['/tmp/w/a', '/tmp/w/b', '/tmp/w/c'];
const given = { files: files.map(oldFile) };

/** Writes of all kinds to three files. */
const writes = (flags: string): string => `
  ${child(
    101,
    `openat(AT_FDCWD</tmp/w>, "a", O_WRONLY${flags}) = 3</tmp/w/a>
    write(3</tmp/w/a>, "new", 3) = 3`,
  )}
  ${child(
    102,
    `openat(AT_FDCWD</tmp/w>, "b", O_WRONLY${flags}) = 3</tmp/w/b>
    pwrite64(3</tmp/w/b>, "new", 3, 3) = 3`,
  )}
  ${child(
    103,
    `openat(AT_FDCWD</tmp/w>, "c", O_WRONLY${flags}) = 3</tmp/w/c>
    writev(3</tmp/w/c>, [{iov_base="new", iov_len=3}], 1) = 3`,
  )}`;
const killAtWrite = 'security_file_permission(0:file) [0 Prefix /tmp/w/] Sigkill';
const killed = files.map((path) => `security_file_permission(${path} -rw-r--r--) sigkill`).join('\n');

export const killProofs: readonly Proof[] = [
  ...['tmpfs', 'ext4', 'xfs'].map((fstype) => ({
    shows: `has written nothing that is killed in a write to a file on ${fstype}`,
    start: on(fstype),
    given,
    files,
    hooks: killAtWrite,
    trace: writes(''),
    hits: `${killed}
      ${files.map((path) => `file ${path}: 0644 "old"`).join('\n')}`,
  })),
  {
    shows: 'has written all that is killed in a write to a file on btrfs',
    start: on('btrfs'),
    given,
    files,
    hooks: killAtWrite,
    trace: writes(''),
    hits: `${killed}
      file /tmp/w/a: 0644 "new"
      file /tmp/w/b: 0644 "oldnew"
      file /tmp/w/c: 0644 "new"`,
  },
  ...['ext4', 'xfs', 'btrfs'].map((fstype) => ({
    shows: `has written all that goes past the page cache on ${fstype}`,
    start: on(fstype),
    given,
    files,
    hooks: killAtWrite,
    trace: writes('|O_DIRECT'),
    hits: `${killed}
      file /tmp/w/a: 0644 "new"
      file /tmp/w/b: 0644 "oldnew"
      file /tmp/w/c: 0644 "new"`,
  })),
  {
    shows: 'has written nothing on tmpfs that was to go past the page cache',
    start: on('tmpfs'),
    given,
    files,
    hooks: killAtWrite,
    trace: writes('|O_DIRECT'),
    hits: `${killed}
      ${files.map((path) => `file ${path}: 0644 "old"`).join('\n')}`,
  },
  ...['tmpfs', 'ext4', 'xfs', 'btrfs'].map((fstype) => ({
    shows: `has copied nothing into a file on ${fstype} that is killed on the way`,
    start: on(fstype),
    given,
    files,
    hooks: 'security_file_permission(0:file, 1:int) [1 Equal 2] Sigkill',
    trace: `
      100 openat(AT_FDCWD</tmp/w>, "a", O_WRONLY) = 3</tmp/w/a>
      100 openat(AT_FDCWD</tmp/w>, "b", O_WRONLY) = 4</tmp/w/b>
      100 openat(AT_FDCWD</tmp/w>, "c", O_WRONLY) = 5</tmp/w/c>
      ${child(101, 'sendfile(3</tmp/w/a>, 6</tmp/w/d>, [0] => [3], 3) = 3')}
      ${child(102, 'copy_file_range(7</tmp/w/d>, NULL, 4</tmp/w/b>, NULL, 3, 0) = 3')}
      ${child(103, 'splice(7<pipe:[900]>, NULL, 5</tmp/w/c>, NULL, 3, 0) = 3')}`,
    hits: `
      security_file_permission(/tmp/w/a -rw-r--r--, 2) sigkill
      security_file_permission(/tmp/w/b -rw-r--r--, 2) sigkill
      security_file_permission(/tmp/w/c -rw-r--r--, 2) sigkill
      file /tmp/w/a: 0644 "old"
      file /tmp/w/b: 0644 "old"
      file /tmp/w/c: 0644 "old"`,
  })),
  ...['ext4', 'btrfs', 'tmpfs', 'xfs'].map((fstype) => {
    const stopped = fstype === 'tmpfs' || fstype === 'xfs';
    return {
      shows: `${stopped ? 'is stopped in' : 'has done'} a fallocate on ${fstype} that is killed, as who looks at the file later shows`,
      start: on(fstype),
      hooks: `
        ${killAtWrite}
        security_path_truncate(0:path)`,
      trace: `
        ${child(101, 'fallocate(3</tmp/w/a>, 0, 0, 4096) = 0')}
        100 truncate("/tmp/w/a", 0) = 0`,
      hits: `
        security_file_permission(/tmp/w/a) sigkill
        security_path_truncate(/tmp/w/a)${stopped ? ' (diverged)' : ''}`,
    };
  }),
  {
    shows: 'has moved a file on tmpfs into a pipe by the splice that is killed, and none on ext4',
    course: true,
    start: {
      mounts: [
        { mountpoint: '/', root: '/', fstype: 'ext4', options: 'rw' },
        { mountpoint: '/run', root: '/', fstype: 'tmpfs', options: 'rw' },
      ],
    },
    hooks: 'security_file_permission(0:file) Sigkill',
    trace: `
      ${child(101, 'splice(3</run/a>, NULL, 7<pipe:[900]>, NULL, 3, 0) = 3')}
      ${child(102, 'splice(3</tmp/w/a>, NULL, 7<pipe:[900]>, NULL, 3, 0) = 3')}`,
    hits: `
      exec /usr/bin/prog
      security_file_permission(/run/a) sigkill
      exit /usr/bin/prog SIGKILL
      security_file_permission(/tmp/w/a) sigkill
      exit /usr/bin/prog SIGKILL
      exit /usr/bin/prog 0
      executed /usr/bin/prog
      read /run/a, 3 bytes
      process 0 /usr/bin/prog: exited 0
      process 1 /usr/bin/prog: SIGKILL
      process 2 /usr/bin/prog: SIGKILL`,
  },
  {
    shows:
      'has written all that is killed in a write to a pipe, a socket or /proc/sys, and nothing to a terminal',
    course: true,
    output: true,
    start: { fds: { 1: '/dev/pts/0', 2: 'pipe:[901]' } },
    hooks: 'security_file_permission(0:file) Sigkill',
    trace: `
      ${child(101, 'write(1</dev/pts/0<char 136:0>>, "tty", 3) = 3')}
      ${child(102, 'write(2<pipe:[901]>, "pipe", 4) = 4')}
      ${child(103, 'write(5<TCP:[127.0.0.1:4000->127.0.0.1:80]>, "tcp", 3) = 3')}
      ${child(104, 'writev(6<UDP:[127.0.0.1:4000->127.0.0.1:53]>, [{iov_base="udp", iov_len=3}], 1) = 3')}
      ${child(105, 'write(7<UNIX-STREAM:[900->901,"/run/s"]>, "unix", 4) = 4')}
      ${child(106, 'write(8</proc/sys/vm/swappiness>, "10", 2) = 2')}`,
    hits: `
      exec /usr/bin/prog
      security_file_permission(/dev/pts/0) sigkill
      exit /usr/bin/prog SIGKILL
      security_file_permission(prw-------) sigkill
      exit /usr/bin/prog SIGKILL
      security_file_permission(srwxrwxrwx) sigkill
      exit /usr/bin/prog SIGKILL
      security_file_permission(srwxrwxrwx) sigkill
      exit /usr/bin/prog SIGKILL
      security_file_permission(srwxrwxrwx) sigkill
      exit /usr/bin/prog SIGKILL
      security_file_permission(/proc/sys/vm/swappiness) sigkill
      exit /usr/bin/prog SIGKILL
      exit /usr/bin/prog 0
      stdout: ""
      stderr: not known (a process was killed: what its parent says about it is not in the trace (rests on: prog was killed at line 3)), assumed ""
      executed /usr/bin/prog
      written 127.0.0.1:80, 3 bytes
      written 127.0.0.1:53, 3 bytes
      written /run/s, 4 bytes
      written /proc/sys/vm/swappiness, 2 bytes
      process 0 /usr/bin/prog: exited 0
      process 1 /usr/bin/prog: SIGKILL
      process 2 /usr/bin/prog: SIGKILL
      process 3 /usr/bin/prog: SIGKILL
      process 4 /usr/bin/prog: SIGKILL
      process 5 /usr/bin/prog: SIGKILL
      process 6 /usr/bin/prog: SIGKILL`,
  },
  {
    shows: 'has emptied and made what is killed at its very entry to open, and the hooks of the open run on',
    given,
    files: ['/tmp/w/a', '/tmp/w/n'],
    hooks: `
      sys_openat(1:string) Sigkill
      security_file_open(0:file) [0 Prefix /tmp/w/]
      fd_install(1:file) [1 Prefix /tmp/w/]`,
    trace: `
      ${child(101, 'openat(AT_FDCWD</tmp/w>, "a", O_WRONLY|O_TRUNC) = 3</tmp/w/a>')}
      ${child(102, 'openat(AT_FDCWD</tmp/w>, "n", O_WRONLY|O_CREAT|O_EXCL, 0600) = 3</tmp/w/n>')}`,
    hits: `
      __x64_sys_openat(a) sigkill
      security_file_open(/tmp/w/a -rw-r--r--)
      fd_install(/tmp/w/a -rw-r--r--)
      __x64_sys_openat(n) sigkill
      security_file_open(/tmp/w/n -rw-------)
      fd_install(/tmp/w/n -rw-------)
      file /tmp/w/a: 0644 ""
      file /tmp/w/n: 0600 ""`,
  },
  {
    shows: 'has changed names and attributes though it is killed at the first hook, and reaches the next',
    given,
    files: ['/tmp/w/a', '/tmp/w/b', '/tmp/w/c', '/tmp/w/d', '/tmp/w/e'],
    hooks: `
      security_path_truncate(0:path) Sigkill
      security_path_unlink(1:dentry) Sigkill
      security_inode_unlink(1:dentry)
      security_path_rename(1:dentry) Sigkill
      security_inode_rename(1:dentry)
      security_path_chmod(0:path) Sigkill
      security_path_mkdir(1:dentry) Sigkill
      security_path_link(0:dentry) Sigkill`,
    trace: `
      ${child(101, 'truncate("/tmp/w/a", 1) = 0')}
      ${child(102, 'unlink("/tmp/w/b") = 0')}
      ${child(103, 'rename("/tmp/w/c", "/tmp/w/d") = 0')}
      ${child(104, 'chmod("/tmp/w/d", 0600) = 0')}
      ${child(105, 'mkdir("/tmp/w/e", 0700) = 0')}
      ${child(106, 'link("/tmp/w/a", "/tmp/w/l") = 0')}`,
    hits: `
      security_path_truncate(/tmp/w/a -rw-r--r--) sigkill
      security_path_unlink(/tmp/w/b -rw-r--r--) sigkill
      security_inode_unlink(/tmp/w/b -rw-r--r--)
      security_path_rename(/tmp/w/c -rw-r--r--) sigkill
      security_inode_rename(/tmp/w/c -rw-r--r--)
      security_path_chmod(/tmp/w/d -rw-r--r--) sigkill
      security_path_mkdir(/tmp/w/e ---------) sigkill
      security_path_link(/tmp/w/a -rw-r--r--) sigkill
      file /tmp/w/a: 0644 "o"
      file /tmp/w/b: does not exist
      file /tmp/w/c: does not exist
      file /tmp/w/d: 0600 "old"
      file /tmp/w/e: 0700 ?`,
  },
];
