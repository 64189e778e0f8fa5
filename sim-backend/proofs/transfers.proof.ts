/** Proofs: data over sockets, options, and the end of connections. */
import { inet } from './pieces.ts';
import type { Proof } from './proof.ts';

const message = (iov: string): string =>
  `{msg_name=NULL, msg_namelen=0, msg_iov=${iov}, msg_iovlen=1, msg_controllen=0, msg_flags=0}`;
const tcp = 'TCP:[127.0.0.1:80->127.0.0.1:40000]';
const sockWords = 'AF_INET SOCK_STREAM IPPROTO_TCP 127.0.0.1:80->127.0.0.1:40000 TCP_ESTABLISHED';

export const transferProofs: readonly Proof[] = [
  {
    shows: 'sends over TCP by any call, with the bytes asked for',
    hooks: `
      security_file_permission(1:int)
      __sys_sendto(0:int)
      __sys_sendmsg(0:int)
      security_socket_sendmsg(0:socket, 2:int)
      tcp_sendmsg(0:sock, 2:size_t)`,
    trace: `
      write(3<${tcp}>, "abcd", 4) = 2
      writev(3<${tcp}>, [{iov_base="ab", iov_len=2}, {iov_base="cde", iov_len=3}], 2) = 5
      sendto(3<${tcp}>, "abcdef", 6, MSG_NOSIGNAL, NULL, 0) = -1 EPIPE (Broken pipe)
      sendmsg(3<${tcp}>, ${message('[{iov_base="abc", iov_len=3}, {iov_base="defg", iov_len=4}]')}, 0) = 7
      pwritev2(3<${tcp}>, [{iov_base="a", iov_len=1}], 1, -1, 0) = 1
      sendto(9, "a", 1, 0, NULL, 0) = -1 EBADF (Bad file descriptor)
      sendto(1</dev/null<char 1:3>>, "a", 1, 0, NULL, 0) = -1 ENOTSOCK (Socket operation on non-socket)`,
    hits: `
      security_file_permission(2)
      security_socket_sendmsg(${sockWords}, 4)
      tcp_sendmsg(${sockWords}, 4)
      security_file_permission(2)
      security_socket_sendmsg(${sockWords}, 5)
      tcp_sendmsg(${sockWords}, 5)
      __sys_sendto(3)
      security_socket_sendmsg(${sockWords}, 6)
      tcp_sendmsg(${sockWords}, 6)
      __sys_sendmsg(3)
      security_socket_sendmsg(${sockWords}, 7)
      tcp_sendmsg(${sockWords}, 7)
      security_file_permission(2)
      security_socket_sendmsg(${sockWords}, 1)
      tcp_sendmsg(${sockWords}, 1)
      __sys_sendto(9)
      __sys_sendto(1)`,
  },
  {
    shows: 'sends by the protocol of the socket',
    hooks: `
      udp_sendmsg(2:size_t)
      udpv6_sendmsg(2:size_t)
      unix_stream_sendmsg(2:size_t)
      tcp_sendmsg(2:size_t)`,
    trace: `
      sendto(3<UDP:[0.0.0.0:1000]>, "abc", 3, 0, ${inet(53, '10.0.0.1')}, 16) = 3
      sendto(3<UDP:[10.0.0.7:1000->10.0.0.1:53]>, "abcd", 4, 0, NULL, 0) = -1 ECONNREFUSED (Connection refused)
      write(3<UDP:[10.0.0.7:1000->10.0.0.1:53]>, "abcde", 5) = 5
      sendto(4<UDPv6:[[fd00::7]:1000->[fd00::1]:53]>, "a", 1, 0, NULL, 0) = 1
      sendto(5<UNIX-STREAM:[7->8]>, "ab", 2, MSG_NOSIGNAL, NULL, 0) = 2
      write(5<UNIX-STREAM:[7->8]>, "abc", 3) = 3
      sendto(6<NETLINK:[ROUTE:100]>, "abcd", 4, 0, NULL, 0) = 4
      writev(3<UDP:[10.0.0.7:1000->10.0.0.1:53]>, [{iov_base="abcdef", iov_len=6}], 1) = 6
      writev(5<UNIX-STREAM:[7->8]>, [{iov_base="abcd", iov_len=4}], 1) = 4
      pwritev2(3<UDP:[10.0.0.7:1000->10.0.0.1:53]>, [{iov_base="abcdefg", iov_len=7}], 1, -1, 0) = 7
      pwritev2(5<UNIX-STREAM:[7->8]>, [{iov_base="abcde", iov_len=5}], 1, -1, 0) = 5
      sendmsg(3<UDP:[10.0.0.7:1000->10.0.0.1:53]>, ${message('[{iov_base="abcdefgh", iov_len=8}]')}, 0) = 8
      sendmsg(4<UDPv6:[[fd00::7]:1000->[fd00::1]:53]>, ${message('[{iov_base="ab", iov_len=2}]')}, 0) = 2
      sendmsg(5<UNIX-STREAM:[7->8]>, ${message('[{iov_base="abcdef", iov_len=6}]')}, 0) = 6`,
    hits: `
      udp_sendmsg(3)
      udp_sendmsg(4)
      udp_sendmsg(5)
      udpv6_sendmsg(1)
      unix_stream_sendmsg(2)
      unix_stream_sendmsg(3)
      udp_sendmsg(6)
      unix_stream_sendmsg(4)
      udp_sendmsg(7)
      unix_stream_sendmsg(5)
      udp_sendmsg(8)
      udpv6_sendmsg(2)
      unix_stream_sendmsg(6)`,
  },
  {
    shows: 'receives by any call, with the bytes and flags asked for',
    hooks: `
      security_socket_recvmsg(0:socket, 2:int, 3:int)
      tcp_recvmsg(2:size_t)
      udp_recvmsg(2:size_t)`,
    trace: `
      read(3<${tcp}>, "abc", 4096) = 3
      readv(3<${tcp}>, [{iov_base="a", iov_len=1}, {iov_base="", iov_len=63}], 2) = 1
      recvfrom(3<${tcp}>, "abc", 128, MSG_PEEK, NULL, NULL) = 3
      recvmsg(3<${tcp}>, ${message('[{iov_base="abc", iov_len=256}]')}, 0) = 3
      recvfrom(3<${tcp}>, 0x7ffd1000, 16, MSG_DONTWAIT, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)
      recvfrom(4<UDP:[0.0.0.0:1000]>, "abc", 512, MSG_TRUNC, ${inet(53, '10.0.0.1')}, [128 => 16]) = 3
      recvmsg(5<UNIX-STREAM:[7->8]>, ${message('[{iov_base="abc", iov_len=32}]')}, MSG_PEEK|MSG_TRUNC) = 3
      preadv2(3<${tcp}>, [{iov_base="ab", iov_len=48}], 1, -1, 0) = 2
      recvfrom(9, 0x7ffd1000, 16, 0, NULL, NULL) = -1 EBADF (Bad file descriptor)`,
    hits: `
      security_socket_recvmsg(${sockWords}, 4096, not known: whether the descriptor is non-blocking is not in the trace)
      tcp_recvmsg(4096)
      security_socket_recvmsg(${sockWords}, 64, not known: whether the descriptor is non-blocking is not in the trace)
      tcp_recvmsg(64)
      security_socket_recvmsg(${sockWords}, 128, not known: whether the descriptor is non-blocking is not in the trace)
      tcp_recvmsg(128)
      security_socket_recvmsg(${sockWords}, 256, not known: whether the descriptor is non-blocking is not in the trace)
      tcp_recvmsg(256)
      security_socket_recvmsg(${sockWords}, 16, 64)
      tcp_recvmsg(16)
      security_socket_recvmsg(AF_INET SOCK_DGRAM IPPROTO_UDP 0.0.0.0:1000->0.0.0.0:0 TCP_CLOSE, 512, not known: whether the descriptor is non-blocking is not in the trace)
      udp_recvmsg(512)
      security_socket_recvmsg(AF_UNIX SOCK_STREAM IPPROTO_IP TCP_CLOSE, 32, not known: whether the descriptor is non-blocking is not in the trace)
      security_socket_recvmsg(${sockWords}, 48, not known: whether the descriptor is non-blocking is not in the trace)
      tcp_recvmsg(48)
      not known: proof: security_socket_recvmsg: whether the descriptor is non-blocking is not in the trace (test.strace), 7 times`,
  },
  {
    shows: 'says that a size is not known where strace does not print the message',
    hooks: 'security_socket_recvmsg(2:int)',
    trace: `recvmsg(3<${tcp}>, {msg_namelen=0}, 0) = -1 EAGAIN (Resource temporarily unavailable)`,
    hits: `
      security_socket_recvmsg(not known: the size of the data is not in the trace)
      not known: proof: security_socket_recvmsg: the size of the data is not in the trace (test.strace)`,
  },
  {
    shows: 'asks for options, names and the end of a connection, where there is a socket',
    hooks: `
      security_socket_shutdown(0:socket, 1:int)
      tcp_shutdown(0:sock, 1:int)
      security_socket_getsockopt(1:int, 2:int)
      security_socket_setsockopt(1:int, 2:int)
      security_socket_getsockname(0:socket)
      security_socket_getpeername(0:socket)`,
    trace: `
      setsockopt(3<${tcp}>, SOL_TCP, TCP_NODELAY, [1], 4) = 0
      setsockopt(3<${tcp}>, SOL_SOCKET, SO_KEEPALIVE, [1], 1) = -1 EINVAL (Invalid argument)
      getsockopt(3<${tcp}>, SOL_SOCKET, SO_ERROR, [0], [4]) = 0
      getsockname(3<${tcp}>, ${inet(80, '127.0.0.1')}, [128 => 16]) = 0
      getpeername(3<${tcp}>, ${inet(40000, '127.0.0.1')}, [128 => 16]) = 0
      shutdown(3<${tcp}>, SHUT_WR) = 0
      shutdown(4<TCP:[55]>, SHUT_RDWR) = -1 ENOTCONN (Transport endpoint is not connected)
      getsockopt(1</dev/null<char 1:3>>, SOL_SOCKET, SO_ERROR, 0x7ffd1000, [4]) = -1 ENOTSOCK (Socket operation on non-socket)
      shutdown(9, SHUT_WR) = -1 EBADF (Bad file descriptor)`,
    hits: `
      security_socket_setsockopt(6, 1)
      security_socket_setsockopt(1, 9)
      security_socket_getsockopt(1, 4)
      security_socket_getsockname(${sockWords})
      security_socket_getpeername(${sockWords})
      security_socket_shutdown(${sockWords}, 1)
      tcp_shutdown(${sockWords}, 2)
      security_socket_shutdown(AF_INET SOCK_STREAM IPPROTO_TCP 0.0.0.0:0->0.0.0.0:0 TCP_CLOSE, 2)
      tcp_shutdown(AF_INET SOCK_STREAM IPPROTO_TCP 0.0.0.0:0->0.0.0.0:0 TCP_CLOSE, 3)`,
  },
  {
    shows: 'releases a socket with its last descriptor, in whatever state it is',
    hooks: `
      inet_release(0:socket)
      tcp_close(0:sock, 1:int)
      udp_destroy_sock(0:sock)
      unix_release(0:socket)`,
    trace: `
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3<TCP:[55]>
      dup(3<TCP:[55]>) = 4<TCP:[55]>
      close(3<TCP:[55]>) = 0
      close(4<TCP:[55]>) = 0
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3<TCP:[56]>
      connect(3<TCP:[56]>, ${inet(9, '127.0.0.1')}, 16) = -1 ECONNREFUSED (Connection refused)
      close(3<TCP:[56]>) = 0
      socket(AF_INET, SOCK_DGRAM|SOCK_CLOEXEC, IPPROTO_UDP) = 3<UDP:[57]>
      connect(3<UDP:[57]>, ${inet(53, '10.0.0.1')}, 16) = 0
      sendto(3<UDP:[10.0.0.7:1000->10.0.0.1:53]>, "x", 1, 0, NULL, 0) = 1
      dup2(0</dev/null<char 1:3>>, 3<UDP:[10.0.0.7:1000->10.0.0.1:53]>) = 3</dev/null<char 1:3>>
      socket(AF_UNIX, SOCK_STREAM, 0) = 4<UNIX-STREAM:[58]>
      pipe2([5<pipe:[71]>, 6<pipe:[71]>], 0) = 0
      close_range(4, 5, 0) = 0`,
    hits: `
      inet_release(AF_INET SOCK_STREAM IPPROTO_TCP 0.0.0.0:0->0.0.0.0:0 TCP_CLOSE)
      tcp_close(AF_INET SOCK_STREAM IPPROTO_TCP 0.0.0.0:0->0.0.0.0:0 TCP_CLOSE, 0)
      inet_release(AF_INET SOCK_STREAM IPPROTO_TCP 0.0.0.0:0->127.0.0.1:0 TCP_CLOSE)
      tcp_close(AF_INET SOCK_STREAM IPPROTO_TCP 0.0.0.0:0->127.0.0.1:0 TCP_CLOSE, 0)
      inet_release(AF_INET SOCK_DGRAM IPPROTO_UDP 10.0.0.7:1000->10.0.0.1:53 TCP_ESTABLISHED)
      udp_destroy_sock(AF_INET SOCK_DGRAM IPPROTO_UDP 10.0.0.7:1000->10.0.0.1:53 TCP_ESTABLISHED)
      unix_release(AF_UNIX SOCK_STREAM IPPROTO_IP TCP_CLOSE)`,
  },
  {
    shows: 'follows a connection of its own processes: who accepted whom, and who closed first',
    hooks: `
      security_sock_graft(0:sock)
      tcp_close(0:sock)`,
    trace: `
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3<TCP:[50]>
      bind(3<TCP:[50]>, ${inet(8080, '127.0.0.1')}, 16) = 0
      listen(3<TCP:[127.0.0.1:8080]>, 5) = 0
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 4<TCP:[51]>
      connect(4<TCP:[51]>, ${inet(8080, '127.0.0.1')}, 16) = 0
      sendto(4<TCP:[127.0.0.1:40000->127.0.0.1:8080]>, "abc", 3, 0, NULL, 0) = 3
      accept4(3<TCP:[127.0.0.1:8080]>, NULL, NULL, 0) = 5<TCP:[127.0.0.1:8080->127.0.0.1:40000]>
      recvfrom(5<TCP:[127.0.0.1:8080->127.0.0.1:40000]>, "abc", 16, 0, NULL, NULL) = 3
      close(4<TCP:[127.0.0.1:40000->127.0.0.1:8080]>) = 0
      close(5<TCP:[127.0.0.1:8080->127.0.0.1:40000]>) = 0
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 4<TCP:[52]>
      connect(4<TCP:[52]>, ${inet(8080, '127.0.0.1')}, 16) = 0
      accept(3<TCP:[127.0.0.1:8080]>, NULL, NULL) = 5<TCP:[127.0.0.1:8080->127.0.0.1:40001]>
      write(4<TCP:[127.0.0.1:40001->127.0.0.1:8080]>, "abc", 3) = 3
      close(5<TCP:[127.0.0.1:8080->127.0.0.1:40001]>) = 0
      close(4<TCP:[52]>) = 0
      close(3<TCP:[127.0.0.1:8080]>) = 0`,
    hits: `
      security_sock_graft(AF_INET SOCK_STREAM IPPROTO_TCP 127.0.0.1:8080->127.0.0.1:40000 TCP_ESTABLISHED)
      tcp_close(AF_INET SOCK_STREAM IPPROTO_TCP 127.0.0.1:40000->127.0.0.1:8080 TCP_ESTABLISHED)
      tcp_close(AF_INET SOCK_STREAM IPPROTO_TCP 127.0.0.1:8080->127.0.0.1:40000 TCP_CLOSE_WAIT)
      security_sock_graft(AF_INET SOCK_STREAM IPPROTO_TCP 127.0.0.1:8080->127.0.0.1:40001 TCP_ESTABLISHED)
      tcp_close(AF_INET SOCK_STREAM IPPROTO_TCP 127.0.0.1:8080->127.0.0.1:40001 TCP_ESTABLISHED)
      tcp_close(AF_INET SOCK_STREAM IPPROTO_TCP 127.0.0.1:0->127.0.0.1:8080 TCP_CLOSE)
      tcp_close(AF_INET SOCK_STREAM IPPROTO_TCP 127.0.0.1:8080->0.0.0.0:0 TCP_LISTEN)`,
  },
];
