/** Proofs: what hangs on a process that was killed, one for each kind of chain; and what does not. */
import { end } from './pieces.ts';
import type { Proof } from './proof.ts';

/** A child is killed in its mkdir and would have gone on with these lines; then another process does something. */
const after = (would: string, lines: string, before = ''): Pick<Proof, 'hooks' | 'trace'> => ({
  hooks: `
    security_path_mkdir(1:dentry) Sigkill
    security_path_unlink(1:dentry)`,
  trace: `
    ${before}
    100 clone(child_stack=NULL, flags=SIGCHLD) = 101
    100 clone(child_stack=NULL, flags=SIGCHLD) = 102
    101 mkdir("/tmp/w/x", 0755) = 0
    ${would.replaceAll(/^ *(?=[a-z])/gm, '101 ')}
    ${end(101)}
    ${lines.replaceAll(/^ *(?=[a-z])/gm, '102 ')}
    102 unlink("/tmp/w/z") = 0
    ${end(102)}`,
});
const diverged = `
  security_path_mkdir(/tmp/w/x ---------) sigkill
  security_path_unlink(/tmp/w/z) (diverged)`;
const known = `
  security_path_mkdir(/tmp/w/x ---------) sigkill
  security_path_unlink(/tmp/w/z)`;

const writes = `openat(AT_FDCWD</tmp/w>, "out", O_WRONLY|O_CREAT|O_TRUNC, 0644) = 3</tmp/w/out>
  write(3</tmp/w/out>, "x", 1) = 1`;

export const chainProofs: readonly Proof[] = [
  {
    shows: 'doubts who opens what a killed process would have written',
    ...after(writes, 'openat(AT_FDCWD</tmp/w>, "out", O_RDONLY) = 3</tmp/w/out>'),
    hits: diverged,
  },
  {
    shows: 'does not doubt who opens something else',
    ...after(writes, 'openat(AT_FDCWD</tmp/w>, "other", O_RDONLY) = 3</tmp/w/other>'),
    hits: known,
  },
  {
    shows: 'doubts who lists a directory in which a killed process would have made a name',
    ...after(writes, 'getdents64(3</tmp/w>, 0x55 /* 3 entries */, 32768) = 80'),
    hits: diverged,
  },
  {
    shows: 'doubts who looks below a directory that a killed process would have moved',
    ...after('rename("/tmp/w/a", "/tmp/w/b") = 0', 'access("/tmp/w/b/c", F_OK) = 0'),
    hits: diverged,
  },
  {
    shows: 'doubts who uses what a child of a killed process would have made, which never came to be',
    ...after(
      `clone(child_stack=NULL, flags=SIGCHLD) = 103
      103 symlink("a", "/tmp/w/l") = 0
      103 +++ exited with 0 +++`,
      'lstat("/tmp/w/l", {st_mode=S_IFLNK|0777, st_size=1, ...}) = 0',
    ),
    hits: diverged,
  },
  {
    shows: 'doubts whom a signal would have reached from a killed process',
    ...after('kill(102, SIGUSR1) = 0', ''),
    hits: diverged,
  },
  {
    shows: 'doubts who reads a counter that a killed process would have written to',
    ...after(
      'write(3<anon_inode:[eventfd]>, "\\1\\0\\0\\0\\0\\0\\0\\0", 8) = 8',
      'read(3<anon_inode:[eventfd]>, "\\1\\0\\0\\0\\0\\0\\0\\0", 8) = 8',
      '100 eventfd2(0, 0) = 3<anon_inode:[eventfd]>',
    ),
    hits: diverged,
  },
  {
    shows: 'doubts who reads on in a file that a killed process would have read from',
    ...after(
      'read(3</tmp/w/list>, "a", 1) = 1',
      'read(3</tmp/w/list>, "b", 1) = 1',
      '100 openat(AT_FDCWD</tmp/w>, "list", O_RDONLY) = 3</tmp/w/list>',
    ),
    hits: diverged,
  },
  {
    shows: 'doubts the other end of a pair of sockets',
    ...after(
      'sendto(3<UNIX-STREAM:[420]>, "x", 1, 0, NULL, 0) = 1',
      'recvfrom(4<UNIX-STREAM:[421]>, "x", 1, 0, NULL, NULL) = 1',
      '100 socketpair(AF_UNIX, SOCK_STREAM, 0, [3<UNIX-STREAM:[420]>, 4<UNIX-STREAM:[421]>]) = 0',
    ),
    hits: diverged,
  },
  {
    shows: 'doubts who takes a lock that a killed process would have held',
    ...after('flock(3</tmp/w/lock>, LOCK_EX) = 0', 'flock(3</tmp/w/lock>, LOCK_EX|LOCK_NB) = 0'),
    hits: diverged,
  },
  {
    shows: 'doubts who shares memory with a killed process',
    ...after(
      '',
      '',
      '100 mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_SHARED|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000',
    ),
    hits: diverged,
  },
  {
    shows: 'doubts who waits at the other end of a named pipe',
    ...after(
      `openat(AT_FDCWD</tmp/w>, "p", O_WRONLY) = 3</tmp/w/p>
      write(3</tmp/w/p>, "x", 1) = 1`,
      'openat(AT_FDCWD</tmp/w>, "p", O_RDONLY) = 3</tmp/w/p>',
      '100 mknodat(AT_FDCWD</tmp/w>, "p", S_IFIFO|0644) = 0',
    ),
    hits: diverged,
  },
];
