/** Proofs: the last reference to a file goes. */
import type { Proof } from './proof.ts';

export const releaseProofs: readonly Proof[] = [
  {
    shows: 'releases a file with its last descriptor, whoever closes that',
    hooks: `
      security_file_release(0:file) [0 Prefix /tmp/w/]
      security_file_free(0:file) [0 Prefix /tmp/w/]`,
    trace: `
      100 openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 3</tmp/w/a>
      100 dup(3</tmp/w/a>) = 4</tmp/w/a>
      100 close(3</tmp/w/a>) = 0
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      100 close(4</tmp/w/a>) = 0
      101 close(4</tmp/w/a>) = 0
      101 close(4) = -1 EBADF (Bad file descriptor)
      101 exit_group(0) = ?
      101 +++ exited with 0 +++
      100 openat(AT_FDCWD</tmp/w>, "b", O_RDONLY) = 3</tmp/w/b>
      100 openat(AT_FDCWD</tmp/w>, "c", O_RDONLY) = 4</tmp/w/c>
      100 dup2(3</tmp/w/b>, 4</tmp/w/c>) = 4</tmp/w/b>
      100 dup2(3</tmp/w/b>, 3</tmp/w/b>) = 3</tmp/w/b>
      100 dup3(0</dev/null<char 1:3>>, 3</tmp/w/b>, O_CLOEXEC) = 3</dev/null<char 1:3>>
      100 close_range(4, 4294967295, 0) = 0`,
    hits: `
      security_file_release(/tmp/w/a)
      security_file_free(/tmp/w/a)
      security_file_release(/tmp/w/c)
      security_file_free(/tmp/w/c)
      security_file_release(/tmp/w/b)
      security_file_free(/tmp/w/b)`,
  },
  {
    shows: 'releases the socket of a file between both hooks of the file, by its family',
    hooks: `
      security_file_release
      inet_release
      tcp_close(0:sock)
      udp_destroy_sock(0:sock)
      unix_release
      security_file_free`,
    trace: `
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3<TCP:[501]>
      close(3<TCP:[501]>) = 0
      socket(AF_INET6, SOCK_DGRAM, IPPROTO_IP) = 3<UDPv6:[502]>
      close(3<UDPv6:[502]>) = 0
      socket(AF_UNIX, SOCK_STREAM, 0) = 3<UNIX-STREAM:[503]>
      close(3<UNIX-STREAM:[503]>) = 0`,
    hits: `
      security_file_release()
      inet_release()
      tcp_close(AF_INET SOCK_STREAM IPPROTO_TCP 0.0.0.0:0->0.0.0.0:0 TCP_CLOSE)
      security_file_free()
      security_file_release()
      inet_release()
      udp_destroy_sock(AF_INET6 SOCK_DGRAM IPPROTO_UDP [::]:0->[::]:0 TCP_CLOSE)
      security_file_free()
      security_file_release()
      unix_release()
      security_file_free()`,
  },
  {
    shows: 'takes what the root and orphans release as they end for hits of others, also after a second exec',
    hooks: 'security_file_free(0:file) [0 Prefix /tmp/w/]',
    trace: `
      100 openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 3</tmp/w/a>
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      101 openat(AT_FDCWD</tmp/w>, "b", O_RDONLY) = 4</tmp/w/b>
      101 clone(child_stack=NULL, flags=SIGCHLD) = 102
      102 close(3</tmp/w/a>) = 0
      102 openat(AT_FDCWD</tmp/w>, "c", O_RDONLY) = 5</tmp/w/c>
      102 dup2(5</tmp/w/c>, 4</tmp/w/b>) = 4</tmp/w/c>
      101 exit_group(0) = ?
      101 +++ exited with 0 +++
      102 exit_group(0) = ?
      102 +++ exited with 0 +++
      100 execve("/usr/bin/prog", ["prog", "again"], 0x7ffd0 /* 3 vars */) = 0`,
    hits: `
      security_file_free(/tmp/w/b) by a thread`,
  },
  {
    shows: 'has no security_file_release before 6.9',
    kernel: '6.1.192-1-amd64',
    hooks: `
      security_file_release(0:file)
      security_file_free(0:file) [0 Equal /tmp/w/a]`,
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 3</tmp/w/a>
      close(3</tmp/w/a>) = 0`,
    hits: `
      security_file_free(/tmp/w/a)
      not modelled: security_file_release (only kernels >=6.9 run it)`,
  },
  {
    shows: 'kills at a release, when the file is gone all the same',
    course: true,
    hooks: 'security_file_free(0:file) [0 Equal /tmp/w/a] Sigkill',
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 3</tmp/w/a>
      close(3</tmp/w/a>) = 0
      openat(AT_FDCWD</tmp/w>, "b", O_RDONLY) = 3</tmp/w/b>`,
    hits: `
      exec /usr/bin/prog
      security_file_free(/tmp/w/a) sigkill
      exit /usr/bin/prog SIGKILL
      executed /usr/bin/prog
      process 0 /usr/bin/prog: SIGKILL`,
  },
  {
    shows: 'does not know when a mapped file is released',
    hooks: `
      security_file_release(0:file) [0 Prefix /tmp/w/]
      security_file_free(0:file) [0 Prefix /tmp/w/]`,
    trace: `
      openat(AT_FDCWD</tmp/w>, "b", O_RDONLY) = 3</tmp/w/b>
      close(3</tmp/w/b>) = 0
      openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 3</tmp/w/a>
      mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3</tmp/w/a>, 0) = 0x7f0000000000`,
    hits: `
      security_file_release(/tmp/w/b)
      security_file_free(/tmp/w/b)
      not known: proof: security_file_release: when the last mapping of the file goes is not in the trace (test.strace:5)
      not known: proof: security_file_free: when the last mapping of the file goes is not in the trace (test.strace:5)`,
  },
  {
    shows: 'does not know how far an open came that failed',
    hooks: 'security_file_free(0:file)',
    trace: `
      openat(AT_FDCWD</tmp/w>, "b", O_RDONLY) = 3</tmp/w/b>
      close(3</tmp/w/b>) = 0
      open_by_handle_at(5</tmp/w>, {handle_bytes=8, handle_type=1, f_handle=0x0011223344556677}, O_RDONLY) = -1 ESTALE (Stale file handle)
      openat(AT_FDCWD</tmp/w>, "none", O_RDONLY) = -1 ENOENT (No such file or directory)`,
    hits: `
      security_file_free(/tmp/w/b)
      not known: proof: security_file_free: how far an open came that failed is not in the trace (test.strace:4), 2 times`,
  },
  {
    shows: 'does not know where a new program is put',
    hooks: 'security_mmap_addr(0:uint64)',
    trace: `
      mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000
      execve("/usr/bin/one", ["one"], 0x7ffd /* 0 vars */) = 0`,
    hits: `
      security_mmap_addr(139637976727552)
      not known: proof: security_mmap_addr: how many parts a new program has is not in the trace (test.strace:3)`,
  },
];
