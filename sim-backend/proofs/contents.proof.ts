/** Proofs: what is in files after a step, what programs put out, and what was achieved. */
import type { Proof } from './proof.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const given = {
  files: [
    { path: '/tmp/w/a', content: bytes('abcdef'), mode: 0o644 },
    { path: '/tmp/w/b', content: bytes('xyz'), mode: 0o600 },
  ],
};
const files = ['/tmp/w/a', '/tmp/w/b'];

export const contentProofs: readonly Proof[] = [
  {
    shows: 'knows what is in files that were given, and how they are truncated, removed and missed',
    hooks: '',
    given,
    files: [...files, '/tmp/w/c', '/tmp/w/d', '/tmp/w/e'],
    trace: `
      truncate("a", 2) = 0
      openat(AT_FDCWD</tmp/w>, "b", O_RDWR) = 3</tmp/w/b>
      ftruncate(3</tmp/w/b>, 5) = 0
      truncate("b", -1) = -1 EINVAL (Invalid argument)
      openat(AT_FDCWD</tmp/w>, "c", O_RDONLY) = -1 ENOENT (No such file or directory)
      chmod("/tmp/w/d", 0600) = 0
      unlink("d") = 0`,
    hits: `
      file /tmp/w/a: 0644 "ab"
      file /tmp/w/b: 0600 "xyz\\u0000\\u0000"
      file /tmp/w/c: does not exist
      file /tmp/w/d: does not exist
      file /tmp/w/e: not known (the trace does not show this file)`,
  },
  {
    shows: 'writes where the descriptor stands, and at the end of what is appended to',
    hooks: '',
    given,
    files,
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDWR) = 3</tmp/w/a>
      read(3</tmp/w/a>, "ab", 2) = 2
      write(3</tmp/w/a>, "CD", 2) = 1
      pwrite64(3</tmp/w/a>, "!", 1, 8) = 1
      dup(3</tmp/w/a>) = 4</tmp/w/a>
      lseek(4</tmp/w/a>, -2, SEEK_CUR) = 1
      write(3</tmp/w/a>, "B", 1) = 1
      openat(AT_FDCWD</tmp/w>, "b", O_WRONLY|O_APPEND) = 5</tmp/w/b>
      write(5</tmp/w/b>, "1", 1) = 1
      write(5</tmp/w/b>, "2", 1) = -1 ENOSPC (No space left on device)
      write(5</tmp/w/b>, "", 0) = 0
      write(5</tmp/w/b>, "3", 1) = 1`,
    hits: `
      file /tmp/w/a: 0644 "aBCdef\\u0000\\u0000!"
      file /tmp/w/b: 0600 "xyz13"`,
  },
  {
    shows: 'empties files that are opened so, and starts new ones empty',
    hooks: '',
    given,
    files: [...files, '/tmp/w/new'],
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_WRONLY|O_TRUNC) = 3</tmp/w/a>
      write(3</tmp/w/a>, "1\\n", 2) = 2
      creat("b", 0644) = 4</tmp/w/b>
      openat(AT_FDCWD</tmp/w>, "new", O_WRONLY|O_CREAT|O_EXCL, 0640) = 5</tmp/w/new>
      write(5</tmp/w/new>, "new", 3) = 3`,
    hits: `
      file /tmp/w/a: 0644 "1\\n"
      file /tmp/w/b: 0600 ""
      file /tmp/w/new: 0640 "new"`,
  },
  {
    shows: 'moves contents with names, and shares them between links',
    hooks: '',
    given,
    files: [...files, '/tmp/w/c'],
    trace: `
      rename("a", "c") = 0
      link("b", "d") = 0
      openat(AT_FDCWD</tmp/w>, "d", O_WRONLY|O_APPEND) = 3</tmp/w/d>
      write(3</tmp/w/d>, "1", 1) = 1
      renameat(AT_FDCWD</tmp/w>, "e", AT_FDCWD</tmp/w>, "f") = 0`,
    hits: `
      file /tmp/w/a: does not exist
      file /tmp/w/b: 0600 "xyz1"
      file /tmp/w/c: 0644 "abcdef"`,
  },
  {
    shows: 'learns what is in a file from a read that meets its end',
    hooks: '',
    files: ['/tmp/w/c', '/tmp/w/d', '/proc/version'],
    trace: `
      openat(AT_FDCWD</tmp/w>, "c", O_RDONLY) = 3</tmp/w/c>
      fstat(3</tmp/w/c>, {st_mode=S_IFREG|0604, st_size=3, ...}) = 0
      read(3</tmp/w/c>, "abc", 4096) = 3
      openat(AT_FDCWD</tmp/w>, "d", O_RDONLY) = 4</tmp/w/d>
      fstat(4</tmp/w/d>, {st_mode=S_IFREG|0604, st_size=5, ...}) = 0
      read(4</tmp/w/d>, "abc", 3) = 3
      read(4</tmp/w/d>, "de", 3) = 2
      openat(AT_FDCWD</tmp/w>, "/proc/version", O_RDONLY) = 5</proc/version>
      read(5</proc/version>, "Linux", 4096) = 5`,
    hits: `
      file /tmp/w/c: 0604 "abc"
      file /tmp/w/d: 0604 ?
      file /proc/version: ? ?`,
  },
  {
    shows: 'copies inside the kernel what it knows of the source',
    hooks: '',
    given,
    files: [...files, '/tmp/w/c', '/tmp/w/d', '/tmp/w/e'],
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 3</tmp/w/a>
      openat(AT_FDCWD</tmp/w>, "c", O_WRONLY|O_CREAT|O_EXCL, 0600) = 4</tmp/w/c>
      sendfile(4</tmp/w/c>, 3</tmp/w/a>, NULL, 4) = 4
      copy_file_range(3</tmp/w/a>, NULL, 4</tmp/w/c>, NULL, 4096, 0) = 2
      openat(AT_FDCWD</tmp/w>, "f", O_RDONLY) = 5</tmp/w/f>
      openat(AT_FDCWD</tmp/w>, "d", O_WRONLY|O_CREAT|O_EXCL, 0600) = 6</tmp/w/d>
      sendfile(6</tmp/w/d>, 5</tmp/w/f>, NULL, 4096) = 7
      openat(AT_FDCWD</tmp/w>, "e", O_WRONLY|O_CREAT|O_EXCL, 0600) = 7</tmp/w/e>
      sendfile(7</tmp/w/e>, 5</tmp/w/f>, NULL, 4096) = 0`,
    hits: `
      file /tmp/w/a: 0644 "abcdef"
      file /tmp/w/b: 0600 "xyz"
      file /tmp/w/c: 0600 "abcdef"
      file /tmp/w/d: 0600 ?
      file /tmp/w/e: 0600 ""`,
  },
  {
    shows: 'does not know contents that the trace cuts short or does not show',
    hooks: '',
    given,
    files: [...files, '/tmp/w/c', '/tmp/w/d'],
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_WRONLY) = 3</tmp/w/a>
      write(3</tmp/w/a>, "ab"..., 4) = 4
      openat(AT_FDCWD</tmp/w>, "b", O_WRONLY) = 4</tmp/w/b>
      writev(4</tmp/w/b>, [{iov_base="ab"..., iov_len=4}], 1) = 4
      chmod("/tmp/w/c", 0600) = 0
      openat(AT_FDCWD</tmp/w>, "c", O_WRONLY) = 5</tmp/w/c>
      write(5</tmp/w/c>, "ab", 2) = 2
      chmod("/tmp/w/d", 0600) = 0
      openat(AT_FDCWD</tmp/w>, "d", O_RDONLY) = 6</tmp/w/d>
      truncate("d", 4194304) = 0`,
    hits: `
      file /tmp/w/a: 0644 ?
      file /tmp/w/b: 0600 ?
      file /tmp/w/c: ? ?
      file /tmp/w/d: ? ?`,
  },
  {
    shows: 'copies from and to the offsets that a call gives, and moves descriptors along with vectors',
    hooks: '',
    given,
    files: [...files, '/tmp/w/c', '/tmp/w/d'],
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDWR) = 3</tmp/w/a>
      read(3</tmp/w/a>, "ab", 2) = 2
      openat(AT_FDCWD</tmp/w>, "c", O_WRONLY|O_CREAT|O_EXCL, 0600) = 4</tmp/w/c>
      sendfile(4</tmp/w/c>, 3</tmp/w/a>, [0] => [3], 3) = 3
      openat(AT_FDCWD</tmp/w>, "d", O_WRONLY|O_CREAT|O_EXCL, 0600) = 5</tmp/w/d>
      copy_file_range(3</tmp/w/a>, NULL, 5</tmp/w/d>, [1] => [3], 2, 0) = 2
      readv(3</tmp/w/a>, [{iov_base="e", iov_len=1}], 1) = 1
      writev(3</tmp/w/a>, [{iov_base="F", iov_len=1}, {iov_base="G", iov_len=1}], 2) = 2
      openat(AT_FDCWD</tmp/w>, "b", O_WRONLY|O_APPEND) = 6</tmp/w/b>
      pwrite64(6</tmp/w/b>, "1", 1, 0) = 1`,
    hits: `
      file /tmp/w/a: 0644 "abcdeFG"
      file /tmp/w/b: 0600 "xyz1"
      file /tmp/w/c: 0600 "abc"
      file /tmp/w/d: 0600 "\\u0000cd"`,
  },
  {
    shows: 'knows the file that a splice reads, and not what it or a shared mapping changes',
    hooks: '',
    given,
    files: [...files, '/tmp/w/c'],
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 3</tmp/w/a>
      openat(AT_FDCWD</tmp/w>, "b", O_WRONLY) = 4</tmp/w/b>
      pipe2([5<pipe:[71]>, 6<pipe:[71]>], 0) = 0
      splice(3</tmp/w/a>, NULL, 6<pipe:[71]>, NULL, 4096, 0) = 6
      splice(5<pipe:[71]>, NULL, 4</tmp/w/b>, NULL, 4096, 0) = 6
      mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3</tmp/w/a>, 0) = 0x7f0000000000
      openat(AT_FDCWD</tmp/w>, "c", O_RDWR|O_CREAT|O_EXCL, 0600) = 7</tmp/w/c>
      mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_SHARED, 7</tmp/w/c>, 0) = 0x7f0000001000`,
    hits: `
      file /tmp/w/a: 0644 "abcdef"
      file /tmp/w/b: 0600 ?
      file /tmp/w/c: 0600 ?`,
  },
  {
    shows: 'knows the watched files that are looked at, or looked for in vain',
    hooks: '',
    files: ['/tmp/w/c', '/tmp/w/d'],
    trace: `
      newfstatat(AT_FDCWD</tmp/w>, "c", 0x7ffd1000, 0) = -1 ENOENT (No such file or directory)
      newfstatat(AT_FDCWD</tmp/w>, "d", {st_mode=S_IFREG|0640, st_size=1, ...}, 0) = 0`,
    hits: `
      file /tmp/w/c: does not exist
      file /tmp/w/d: 0640 ?`,
  },
  {
    shows: 'leaves alone what a killed program would have written',
    hooks: 'security_file_permission(0:file) [0 Equal /tmp/w/a] Sigkill',
    given,
    files,
    trace: `
      100 execve("/usr/bin/sh", ["sh"], 0x7ffd0 /* 3 vars */) = 0
      100 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7f) = 101
      101 openat(AT_FDCWD</tmp/w>, "a", O_WRONLY|O_APPEND) = 3</tmp/w/a>
      101 write(3</tmp/w/a>, "1", 1) = 1
      101 exit_group(0) = ?
      101 +++ exited with 0 +++
      100 exit_group(0) = ?
      100 +++ exited with 0 +++`,
    hits: `
      security_file_permission(/tmp/w/a -rw-r--r--) sigkill
      file /tmp/w/a: 0644 "abcdef"
      file /tmp/w/b: 0600 "xyz"`,
  },
  {
    shows: 'trusts no file once a process has learnt of an end that was not recorded',
    hooks: 'security_file_permission(0:file) [0 Equal /tmp/w/a] Sigkill',
    given,
    files,
    trace: `
      100 execve("/usr/bin/sh", ["sh"], 0x7ffd0 /* 3 vars */) = 0
      100 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7f) = 101
      101 openat(AT_FDCWD</tmp/w>, "a", O_WRONLY|O_APPEND) = 3</tmp/w/a>
      101 write(3</tmp/w/a>, "1", 1) = 1
      101 exit_group(0) = ?
      101 +++ exited with 0 +++
      100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 101
      100 openat(AT_FDCWD</tmp/w>, "b", O_WRONLY|O_TRUNC) = 3</tmp/w/b>
      100 write(3</tmp/w/b>, "1", 1) = 1
      100 exit_group(0) = ?
      100 +++ exited with 0 +++`,
    hits: `
      security_file_permission(/tmp/w/a -rw-r--r--) sigkill
      file /tmp/w/a: not known (a process whose course an action changed made this file what it is (rests on: sh was killed at line 4, which sh waits for at line 7, after which sh may have changed it))
      file /tmp/w/b: not known (a process whose course an action changed made this file what it is (rests on: sh was killed at line 4, which sh waits for at line 7, which has changed /tmp/w/b (line 8)))`,
  },
  {
    shows: 'puts out what programs write to their standard descriptors, by any call and duplicate',
    hooks: '',
    output: true,
    trace: `
      write(1</dev/pts/0<char 136:0>>, "one\\n", 4) = 4
      writev(2</dev/pts/0<char 136:0>>, [{iov_base="tw", iov_len=2}, {iov_base="o\\n", iov_len=2}], 2) = 4
      dup2(1</dev/pts/0<char 136:0>>, 5) = 5</dev/pts/0<char 136:0>>
      write(5</dev/pts/0<char 136:0>>, "three\\n", 6) = 4
      openat(AT_FDCWD</tmp/w>, "a", O_WRONLY) = 3</tmp/w/a>
      dup2(3</tmp/w/a>, 1</dev/pts/0<char 136:0>>) = 1</tmp/w/a>
      write(1</tmp/w/a>, "four\\n", 5) = 5
      write(2</dev/pts/0<char 136:0>>, "five\\n", 5) = -1 EIO (Input/output error)`,
    hits: `
      stdout: "one\\nthre"
      stderr: "two\\n"`,
  },
  {
    shows: 'says that output is not known which the trace does not hold',
    hooks: '',
    output: true,
    trace: `
      write(1</dev/pts/0<char 136:0>>, "one"..., 4) = 4
      sendfile(2</dev/pts/0<char 136:0>>, 3</tmp/w/a>, NULL, 4096) = 70`,
    hits: `
      stdout: not known (what write wrote is not in the trace)
      stderr: not known (what sendfile wrote is not in the trace)`,
  },
  {
    shows: 'sums up what was read, written, executed and reached, by the bytes that moved',
    hooks: '',
    course: true,
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 3</tmp/w/a>
      openat(AT_FDCWD</tmp/w>, "b", O_WRONLY) = 4</tmp/w/b>
      read(3</tmp/w/a>, "abc", 16) = 3
      pread64(3</tmp/w/a>, "abc", 16, 0) = 3
      readv(3</tmp/w/a>, [{iov_base="d", iov_len=1}], 1) = 1
      read(3</tmp/w/a>, "", 16) = 0
      write(4</tmp/w/b>, "abc", 3) = 3
      pwritev2(4</tmp/w/b>, [{iov_base="d", iov_len=1}], 1, 0, 0) = 1
      write(4</tmp/w/b>, "e", 1) = -1 ENOSPC (No space left on device)
      splice(3</tmp/w/a>, NULL, 5<pipe:[71]>, NULL, 16, 0) = 5
      splice(6<pipe:[71]>, NULL, 4</tmp/w/b>, NULL, 16, 0) = 5
      sendfile(4</tmp/w/b>, 3</tmp/w/a>, NULL, 16) = 7
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 7<TCP:[55]>
      connect(7<TCP:[55]>, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("10.1.2.3")}, 16) = 0
      sendto(7<TCP:[10.0.0.7:40000->10.1.2.3:443]>, "GET", 3, 0, NULL, 0) = 3
      recvfrom(7<TCP:[10.0.0.7:40000->10.1.2.3:443]>, "200", 16, 0, NULL, NULL) = 3
      socket(AF_INET6, SOCK_STREAM, IPPROTO_TCP) = 8<TCPv6:[56]>
      connect(8<TCPv6:[56]>, {sa_family=AF_INET6, sin6_port=htons(80), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "fd00::1", &sin6_addr), sin6_scope_id=0}, 28) = 0
      connect(9<UNIX-STREAM:[57]>, {sa_family=AF_UNIX, sun_path="/run/s"}, 110) = -1 ENOENT (No such file or directory)
      sendmsg(10<UNIX-STREAM:[58->59,"/run/t"]>, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="ab", iov_len=2}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = 2`,
    hits: `
      exec /usr/bin/prog
      exit /usr/bin/prog 0
      executed /usr/bin/prog
      read /tmp/w/a, 19 bytes, 5 times
      written /tmp/w/b, 16 bytes, 4 times
      reached 10.1.2.3:443
      written 10.1.2.3:443, 3 bytes
      read 10.1.2.3:443, 3 bytes
      reached [fd00::1]:80
      written /run/t, 2 bytes
      process 0 /usr/bin/prog: exited 0`,
  },
];
