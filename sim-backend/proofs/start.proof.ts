/** Proofs: where a replay begins, by the start snapshot, and addresses of all forms. */
import type { Proof } from './proof.ts';

const ids = (id: number): { real: number; effective: number; saved: number; fs: number } => ({
  real: id,
  effective: id,
  saved: id,
  fs: id,
});

export const startProofs: readonly Proof[] = [
  {
    shows: 'starts where the snapshot says, below its root, with its umask, ids and capabilities',
    hooks: `
      security_file_open(0:file)
      cap_capable(0:int:uid.val, 0:int:egid.val, 0:cap_permitted:cap_permitted, 0:cap_inheritable:cap_bset, 2:int) [2 Equal 6 7]
      commit_creds(0:cap_effective:cap_effective, 0:cap_inheritable:cap_inheritable, 0:int:securebits)`,
    start: {
      cwd: '/srv/root/home',
      root: '/srv/root',
      umask: '0077',
      uid: ids(7),
      gid: ids(8),
      caps: { permitted: '81', effective: '1', inheritable: '2', bounding: '83', ambient: '0' },
      securebits: 16,
    },
    facts: {
      '/srv/root/usr/bin/prog': {
        existed: true,
        mode: '100755',
        capability: null,
        uid: 0,
        gid: 0,
        interpreter: null,
        loader: null,
      },
    },
    trace: `
      openat(AT_FDCWD</srv/root/home>, "a", O_WRONLY|O_CREAT|O_EXCL, 0666) = 3</srv/root/home/a>
      setgroups(0, NULL) = -1 EPERM (Operation not permitted)
      prctl(PR_SET_KEEPCAPS, 0) = 0`,
    hits: `
      security_file_open(/home/a -rw-------)
      cap_capable(7, 8, 0000000000000000, 0000000000000083, 6)
      commit_creds(0000000000000000, 0000000000000002, 0)`,
  },
  {
    shows: 'holds the descriptors that the snapshot lists, the standard ones among them',
    hooks: 'sys_fsync(0:fd)',
    start: { fds: { '0': '/dev/null', '1': '/tmp/w/out', '2': '/tmp/w/out', '5': '/tmp/w/log' } },
    output: true,
    trace: `
      fsync(0) = -1 EINVAL (Invalid argument)
      fsync(1) = 0
      fsync(5) = 0
      write(1</tmp/w/out>, "one", 3) = 3
      write(2</tmp/w/out>, "two", 3) = 3`,
    hits: `
      __x64_sys_fsync(/dev/null)
      __x64_sys_fsync(/tmp/w/out)
      __x64_sys_fsync(/tmp/w/log)
      stdout: "onetwo"
      stderr: ""`,
  },
  {
    shows: 'shows a dentry by its place in its own file system, however that is mounted',
    hooks: `
      security_path_unlink(1:dentry)
      security_inode_readlink(0:dentry)`,
    start: {
      mounts: [
        { mountpoint: '/', root: '/', fstype: 'ext4', options: 'rw' },
        { mountpoint: '/mnt', root: '/', fstype: 'xfs' },
        { mountpoint: '/mnt/bind', root: '/sub/dir', fstype: 'ext4', options: 'rw' },
      ],
    },
    trace: `
      unlink("/mnt/a") = 0
      unlink("/mnt/bind/a") = 0
      unlink("/a") = 0
      readlink("/mnt/bind", "x", 4095) = 1`,
    hits: `
      security_path_unlink(/a)
      security_path_unlink(/sub/dir/a)
      security_path_unlink(/a)
      security_inode_readlink(/sub/dir lrwxrwxrwx)`,
  },
  {
    shows: 'knows the processes above its own, and the user namespace that they live in',
    hooks: 'cap_capable(1:user_namespace, 2:int)',
    start: {
      ns: { user: 4026532999 },
      loginuid: 1000,
      ancestry: [
        { pid: 90, exe: '/usr/bin/bash', cmdline: ['bash', '-c', 'prog'], start_ticks: 100 },
        { pid: 1, exe: '/usr/lib/systemd/systemd', cmdline: ['init'], start_ticks: 1 },
      ],
    },
    trace: `
      setuid(0) = 0
      sethostname("name", 4) = 0
      iopl(3) = 0`,
    hits: `
      cap_capable({level 0, uid 0, gid 0, ns 4026532999}, 7)
      cap_capable(not known: which user namespace owns what the call is about is not in the trace, 21)
      cap_capable({level 0, uid 0, gid 0, ns {inum 4026531837, is_host true}}, 17)
      not known: proof: cap_capable: which user namespace owns what the call is about is not in the trace (test.strace)`,
  },
  {
    shows: 'reads addresses of all forms, and chooses the source of a loopback connection',
    hooks: `
      security_socket_connect(1:sockaddr)
      tcp_connect(0:sock)
      tcp_sendmsg(0:sock)`,
    trace: `
      socket(AF_INET6, SOCK_STREAM, IPPROTO_TCP) = 3<TCPv6:[55]>
      connect(3<TCPv6:[55]>, {sa_family=AF_INET6, sin6_port=htons(80), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28) = 0
      socket(AF_INET6, SOCK_STREAM, IPPROTO_TCP) = 4<TCPv6:[56]>
      connect(4<TCPv6:[56]>, {sa_family=AF_INET6, sin6_port=htons(81), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::ffff:127.0.0.1", &sin6_addr), sin6_scope_id=0}, 28) = 0
      sendto(5<TCPv6:[[fd00:1:2:3:4:5:6:7]:1000->[fd00::]:443]>, "a", 1, 0, NULL, 0) = 1`,
    hits: `
      security_socket_connect(AF_INET6 [::1]:80)
      tcp_connect(AF_INET6 SOCK_STREAM IPPROTO_TCP [::1]:32768->[::1]:80 TCP_SYN_SENT)
      security_socket_connect(AF_INET6 [::ffff:127.0.0.1]:81)
      tcp_connect(AF_INET6 SOCK_STREAM IPPROTO_TCP [::ffff:127.0.0.1]:32768->[::ffff:127.0.0.1]:81 TCP_SYN_SENT)
      tcp_sendmsg(AF_INET6 SOCK_STREAM IPPROTO_TCP [fd00:1:2:3:4:5:6:7]:1000->[fd00::]:443 TCP_ESTABLISHED)`,
  },
  {
    shows: 'does not tell a source port that no line shows, where a filter asks for it',
    hooks: 'tcp_connect(0:sock) [0 SPort 40000]',
    trace: `
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3<TCP:[55]>
      connect(3<TCP:[55]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}, 16) = 0`,
    hits: `
      not known: proof: tcp_connect: sock, which is not known (the source port is not in the trace), is compared: has a source port among 40000? (test.strace:3)`,
  },
  {
    shows:
      'does not tell the port that bind, listen or a message had the kernel choose, until a line shows it',
    hooks: `
      security_socket_listen(0:socket) [0 SPort 40000]
      security_socket_accept(0:socket) [0 SPort 40000]
      udp_sendmsg(0:sock) [0 SPort 40000]
      security_socket_sendmsg(0:socket) [0 SPort 40000]`,
    trace: `
      socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 3<UDP:[55]>
      sendto(3<UDP:[55]>, "a", 1, 0, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("127.0.0.1")}, 16) = 1
      sendto(3<UDP:[55]>, "a", 1, 0, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("127.0.0.1")}, 16) = 1
      sendto(3<UDP:[0.0.0.0:40000]>, "a", 1, 0, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("127.0.0.1")}, 16) = 1
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 4<TCP:[56]>
      bind(4<TCP:[56]>, {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr("0.0.0.0")}, 16) = 0
      listen(4<TCP:[56]>, 1) = 0
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 5<TCP:[57]>
      listen(5<TCP:[57]>, 1) = 0
      accept(5<TCP:[57]>, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)`,
    hits: `
      security_socket_sendmsg(AF_INET SOCK_DGRAM IPPROTO_UDP 0.0.0.0:40000->0.0.0.0:0 TCP_CLOSE)
      udp_sendmsg(AF_INET SOCK_DGRAM IPPROTO_UDP 0.0.0.0:40000->0.0.0.0:0 TCP_CLOSE)
      not known: proof: udp_sendmsg: sock, which is not known (the source port is not in the trace), is compared: has a source port among 40000? (test.strace:3), 2 times
      not known: proof: security_socket_sendmsg: socket, which is not known (the source port is not in the trace), is compared: has a source port among 40000? (test.strace:4)
      not known: proof: security_socket_listen: socket, which is not known (the source port is not in the trace), is compared: has a source port among 40000? (test.strace:8)
      not known: proof: security_socket_accept: socket, which is not known (the source port is not in the trace), is compared: has a source port among 40000? (test.strace:11)`,
  },
  {
    shows: 'takes any port that a kernel may choose for a chosen one',
    hooks: 'tcp_connect(0:sock) [0 SPort 32768:60999]',
    trace: `
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3<TCP:[55]>
      connect(3<TCP:[55]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}, 16) = 0`,
    hits: `
      tcp_connect(AF_INET SOCK_STREAM IPPROTO_TCP 127.0.0.1:32768->127.0.0.1:80 TCP_SYN_SENT)`,
  },
];
