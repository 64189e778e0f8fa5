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
];
