/** Proofs: what programs write, to standard output and error and into files. */
import { oldFile } from './pieces.ts';
import type { Proof } from './proof.ts';

const redirected = { fds: { 1: '/tmp/out', 2: '/tmp/err' } };
const outcomes = 'wake_up_new_task';

export const outputProofs: readonly Proof[] = [
  {
    shows: 'gathers what is written to standard output and error, by whichever call and descriptor',
    output: true,
    start: redirected,
    hooks: outcomes,
    trace: `
      write(1</tmp/out>, "one\\n", 4) = 4
      writev(1</tmp/out>, [{iov_base="t", iov_len=1}, {iov_base="wo\\n", iov_len=3}], 2) = 4
      write(2</tmp/err>, "error", 5) = 3
      write(1</tmp/out>, "lost", 4) = -1 ENOSPC (No space left on device)
      dup2(1</tmp/out>, 2</tmp/err>) = 2</tmp/out>
      write(2</tmp/out>, "three\\n", 6) = 6`,
    hits: `
      stdout: "one\\ntwo\\nthree\\n"
      stderr: "err"`,
  },
  {
    shows: 'does not know an output of which strace shows a part or nothing',
    output: true,
    start: redirected,
    hooks: outcomes,
    trace: `
      write(1</tmp/out>, "much"..., 64) = 64
      writev(2</tmp/err>, [{iov_base="much"..., iov_len=64}], 1) = 64`,
    hits: `
      stdout: not known (what write wrote is not in the trace)
      stderr: not known (what writev wrote is not in the trace)`,
  },
  {
    shows: 'does not know an output that was copied',
    output: true,
    start: redirected,
    hooks: outcomes,
    trace: `
      sendfile(1</tmp/out>, 3</tmp/w/a>, NULL, 64) = 3
      splice(4<pipe:[903]>, NULL, 2</tmp/err>, NULL, 64, 0) = 3`,
    hits: `
      stdout: not known (what sendfile wrote is not in the trace)
      stderr: not known (what splice wrote is not in the trace)`,
  },
  {
    shows: 'has an output of a process that diverged only if the recorded course holds',
    output: true,
    start: redirected,
    hooks: 'security_path_unlink Override -1',
    trace: `
      write(1</tmp/out>, "a", 1) = 1
      unlink("/tmp/w/a") = 0
      write(1</tmp/out>, "b", 1) = 1`,
    hits: `
      security_path_unlink() override
      stdout: not known (what a process writes after its course was changed is not in the trace (rests on: unlink of prog got another result at line 3)), assumed "ab"
      stderr: not known (what a process writes after its course was changed is not in the trace (rests on: unlink of prog got another result at line 3)), assumed ""`,
  },
  {
    shows: 'knows what files hold, as they are written, cut, copied and renamed',
    files: ['/tmp/w/a', '/tmp/w/b', '/tmp/w/c', '/tmp/w/d', '/tmp/w/e', '/tmp/w/f'],
    given: { files: ['/tmp/w/a', '/tmp/w/b', '/tmp/w/c'].map(oldFile) },
    hooks: outcomes,
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_WRONLY|O_APPEND) = 3</tmp/w/a>
      write(3</tmp/w/a>, "new", 3) = 3
      openat(AT_FDCWD</tmp/w>, "b", O_RDWR) = 4</tmp/w/b>
      lseek(4</tmp/w/b>, 5, SEEK_SET) = 5
      write(4</tmp/w/b>, "x", 1) = 1
      ftruncate(4</tmp/w/b>, 7) = 0
      truncate("/tmp/w/c", 1) = 0
      openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 5</tmp/w/a>
      creat("/tmp/w/d", 0600) = 6</tmp/w/d>
      sendfile(6</tmp/w/d>, 5</tmp/w/a>, NULL, 4) = 4
      copy_file_range(5</tmp/w/a>, NULL, 6</tmp/w/d>, NULL, 9, 0) = 2
      link("/tmp/w/d", "/tmp/w/e") = 0
      pwrite64(6</tmp/w/d>, "X", 1, 0) = 1
      rename("/tmp/w/e", "/tmp/w/f") = 0
      unlink("/tmp/w/d") = 0
      stat("/tmp/w/f", {st_mode=S_IFREG|0600, st_size=6, ...}) = 0`,
    hits: `
      file /tmp/w/a: 0644 "oldnew"
      file /tmp/w/b: 0644 "old\\u0000\\u0000x\\u0000"
      file /tmp/w/c: 0644 "o"
      file /tmp/w/d: does not exist
      file /tmp/w/e: does not exist
      file /tmp/w/f: 0600 "Xldnew"`,
  },
  {
    shows: 'knows what a file holds that was read to its end, and not what the trace does not show',
    files: ['/tmp/w/a', '/tmp/w/b', '/tmp/w/c'],
    hooks: outcomes,
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 3</tmp/w/a>
      read(3</tmp/w/a>, "text", 4096) = 4
      openat(AT_FDCWD</tmp/w>, "b", O_WRONLY) = 4</tmp/w/b>
      write(4</tmp/w/b>, "x", 1) = 1`,
    hits: `
      file /tmp/w/a: ? "text"
      file /tmp/w/b: ? ?
      file /tmp/w/c: not known (the trace does not show this file)`,
  },
  {
    shows: 'reads and writes at the offsets that calls are given, and moves those of descriptors otherwise',
    files: ['/tmp/w/a', '/tmp/w/b', '/tmp/w/c', '/tmp/w/d'],
    given: { files: ['/tmp/w/a', '/tmp/w/b', '/tmp/w/c', '/tmp/w/d'].map(oldFile) },
    hooks: outcomes,
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDWR) = 3</tmp/w/a>
      openat(AT_FDCWD</tmp/w>, "b", O_RDWR) = 4</tmp/w/b>
      readv(3</tmp/w/a>, [{iov_base="old", iov_len=3}], 1) = 3
      write(3</tmp/w/a>, "new", 3) = 3
      sendfile(4</tmp/w/b>, 3</tmp/w/a>, [4] => [6], 10) = 2
      openat(AT_FDCWD</tmp/w>, "c", O_RDWR) = 5</tmp/w/c>
      copy_file_range(3</tmp/w/a>, [1], 5</tmp/w/c>, [3], 2, 0) = 2
      pwritev2(5</tmp/w/c>, [{iov_base="X", iov_len=1}], 1, 0, 0) = 1
      openat(AT_FDCWD</tmp/w>, "d", O_WRONLY|O_APPEND) = 6</tmp/w/d>
      pwrite64(6</tmp/w/d>, "new", 3, 0) = 3`,
    hits: `
      file /tmp/w/a: 0644 "oldnew"
      file /tmp/w/b: 0644 "ewd"
      file /tmp/w/c: 0644 "Xldld"
      file /tmp/w/d: 0644 "oldnew"`,
  },
  {
    shows: 'does not know what a file holds that is mapped, cloned or has space given to it',
    files: ['/tmp/w/a', '/tmp/w/b', '/tmp/w/c'],
    given: { files: ['/tmp/w/a', '/tmp/w/b', '/tmp/w/c'].map(oldFile) },
    hooks: outcomes,
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDWR) = 3</tmp/w/a>
      mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_SHARED, 3</tmp/w/a>, 0) = 0x7f00
      openat(AT_FDCWD</tmp/w>, "b", O_RDWR) = 4</tmp/w/b>
      ioctl(4</tmp/w/b>, FICLONE, 3</tmp/w/a>) = 0`,
    hits: `
      file /tmp/w/a: 0644 ?
      file /tmp/w/b: 0644 ?
      file /tmp/w/c: 0644 "old"`,
  },
  {
    shows: 'doubts a file that a process wrote after its course was changed',
    files: ['/tmp/w/a', '/tmp/w/b'],
    given: { files: ['/tmp/w/a', '/tmp/w/b'].map(oldFile) },
    hooks: 'security_path_unlink Override -1',
    trace: `
      openat(AT_FDCWD</tmp/w>, "b", O_WRONLY) = 3</tmp/w/b>
      unlink("/tmp/w/c") = 0
      write(3</tmp/w/b>, "new", 3) = 3
      rename("/tmp/w/b", "/tmp/w/a") = 0`,
    hits: `
      security_path_unlink() override
      file /tmp/w/a: not known (a process whose course an action changed made this file what it is (rests on: unlink of prog got another result at line 3, which has changed /tmp/w/a (line 5)))
      file /tmp/w/b: not known (a process whose course an action changed made this file what it is (rests on: unlink of prog got another result at line 3, after which prog may use what it has open in another way))`,
  },
];
