/** Proofs: what a process may have done that no line shows, once its course is not the recorded one. */
import { end } from './pieces.ts';
import type { Proof } from './proof.ts';

const told = 'cat guarded || cp plain rescue';

/** A shell learns that its child was killed; then a process that it has nothing to do with makes these calls. */
const meanwhile = (
  lines: string,
  { words = told, uid = 0, before = '' } = {},
): Pick<Proof, 'hooks' | 'trace'> => ({
  hooks: `
    security_file_permission(0:file) [0 Equal /tmp/w/guarded] Sigkill
    security_path_unlink(1:dentry)`,
  trace: `
    100 clone(child_stack=NULL, flags=SIGCHLD) = 102
    102 execve("/usr/bin/other", ["other"], 0x7ffd0 /* 3 vars */) = 0
    ${before}
    100 clone(child_stack=NULL, flags=SIGCHLD) = 101
    ${uid === 0 ? '' : `101 setresuid(${uid}, ${uid}, ${uid}) = 0`}
    101 execve("/usr/bin/sh", ["sh", "-c", "${words}"], 0x7ffd0 /* 3 vars */) = 0
    101 clone(child_stack=NULL, flags=SIGCHLD) = 103
    103 read(3</tmp/w/guarded>, "secret", 100) = 6
    ${end(103)}
    101 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 103
    ${lines.replaceAll(/^ *(?=[a-z])/gm, '102 ')}
    102 unlink("/usr/z") = 0
    ${end(102)}
    ${end(101)}`,
});
const diverged = `
  security_file_permission(/tmp/w/guarded) sigkill
  security_path_unlink(/usr/z) (diverged)`;
const known = `
  security_file_permission(/tmp/w/guarded) sigkill
  security_path_unlink(/usr/z)`;

const access = (path: string): string => `access("${path}", F_OK) = 0`;

export const unrecordedProofs: readonly Proof[] = [
  {
    shows: 'doubts who looks for a file that a shell may have made after it learnt of a kill',
    ...meanwhile('access("/tmp/w/rescue", F_OK) = -1 ENOENT (No such file or directory)'),
    hits: diverged,
  },
  {
    shows: 'doubts who reads on in an open file that such a shell may have written',
    ...meanwhile('read(4</tmp/w/log>, "", 100) = 0', {
      before: '102 openat(AT_FDCWD</tmp/w>, "log", O_RDONLY) = 4</tmp/w/log>',
    }),
    hits: diverged,
  },
  {
    shows: 'doubts who lists a directory in which such a shell may have made a name',
    ...meanwhile('getdents64(4</tmp/w>, 0x55 /* 3 entries */, 32768) = 80'),
    hits: diverged,
  },
  {
    shows: 'doubts who lists processes, of which there may be others',
    ...meanwhile('getdents64(4</proc>, 0x55 /* 3 entries */, 32768) = 80'),
    hits: diverged,
  },
  {
    shows: 'doubts who accepts a connection that such a shell may have made',
    ...meanwhile('accept(4<TCP:[9]>, NULL, NULL) = 5<TCP:[127.0.0.1:80->127.0.0.1:9]>', {
      before: `102 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 4<TCP:[9]>
        102 bind(4<TCP:[9]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}, 16) = 0
        102 listen(4<TCP:[127.0.0.1:80]>, 1) = 0`,
    }),
    hits: diverged,
  },
  {
    shows: 'takes programs, libraries and the folders of the step for what they are',
    ...meanwhile(
      ['/usr/bin/true', '/lib/x86_64-linux-gnu/libc.so.6', '/etc/ld.so.cache', '/dev/null', '/tmp/w', '/tmp']
        .map(access)
        .join('\n'),
    ),
    hits: known,
  },
  {
    shows: 'doubts what lies below a folder of the system that the shell’s command names',
    ...meanwhile(access('/usr/local/share/f'), { words: 'cat guarded || rm -r /usr/local/sh*' }),
    hits: diverged,
  },
  {
    shows: 'does not take a program that the shell runs for one that it changes',
    ...meanwhile(access('/usr/bin/cat'), { words: '/usr/bin/cat guarded || /usr/bin/cat plain' }),
    hits: known,
  },
  {
    shows: 'doubts the configuration of the system where the shell is root',
    ...meanwhile(access('/etc/passwd')),
    hits: diverged,
  },
  {
    shows: 'leaves the system alone where the shell is not root, whatever it names',
    ...meanwhile(access('/etc/passwd'), { uid: 1000, words: 'cat guarded || cp plain /etc/passwd' }),
    hits: known,
  },
  {
    shows: 'doubts everybody where the shell’s command speaks of killing',
    ...meanwhile('', { words: 'cat guarded || kill 102' }),
    hits: diverged,
  },
  {
    shows:
      'doubts the children of a program that learns of a kill, but not those of a shell that was told nothing of it',
    course: true,
    hooks: 'security_file_permission(0:file) [0 Equal /tmp/w/guarded] Sigkill',
    trace: `
      100 execve("/usr/bin/sh", ["sh", "-c", "make; true"], 0x7ffd0 /* 3 vars */) = 0
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      101 execve("/usr/bin/make", ["make"], 0x7ffd0 /* 3 vars */) = 0
      100 clone(child_stack=NULL, flags=SIGCHLD) = 104
      104 execve("/usr/bin/sleep", ["sleep", "1"], 0x7ffd0 /* 3 vars */) = 0
      101 clone(child_stack=NULL, flags=SIGCHLD) = 102
      102 execve("/usr/bin/sleep", ["sleep", "2"], 0x7ffd0 /* 3 vars */) = 0
      101 clone(child_stack=NULL, flags=SIGCHLD) = 103
      103 read(3</tmp/w/guarded>, "secret", 100) = 6
      ${end(103)}
      101 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 103
      ${end(102)}
      ${end(101)}
      100 wait4(101, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 101
      ${end(104)}
      ${end(100)}`,
    hits: `
      exec /usr/bin/sh -c "make; true"
      exec /usr/bin/make
      exec /usr/bin/sleep 1
      exec /usr/bin/sleep 2
      security_file_permission(/tmp/w/guarded) sigkill
      exit /usr/bin/make SIGKILL
      exit /usr/bin/sleep 0 (diverged)
      exit /usr/bin/make 0 (diverged)
      exit /usr/bin/sleep 0
      exit /usr/bin/sh 0 (diverged)
      executed /usr/bin/sh
      executed /usr/bin/make
      executed /usr/bin/sleep, 2 times
      read /tmp/w/guarded, 6 bytes
      process 0 /usr/bin/sh: exited 0 (diverged)
      process 1 /usr/bin/make: exited 0 (diverged)
      process 2 /usr/bin/sleep: exited 0
      process 3 /usr/bin/sleep: exited 0 (diverged)
      process 4 /usr/bin/make: SIGKILL`,
  },
];
