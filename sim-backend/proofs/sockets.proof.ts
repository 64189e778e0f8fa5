/** Proofs: sockets, made, named and connected. */
import { inet } from './pieces.ts';
import type { Proof } from './proof.ts';

const inet4 = (port: number, address: string): string => `${inet(port, address)}, 16`;
const inet6 = (port: number, address: string): string =>
  `{sa_family=AF_INET6, sin6_port=htons(${port}), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "${address}", &sin6_addr), sin6_scope_id=0}, 28`;
const unix = (path: string): string => `{sa_family=AF_UNIX, sun_path=${path}}, 110`;

export const socketProofs: readonly Proof[] = [
  {
    shows: 'makes a socket, and the sock behind it',
    hooks: `
      __sys_socket(0:int, 1:int, 2:int)
      security_socket_create(0:int, 1:int, 2:int, 3:int)
      cap_capable(2:int)
      sk_alloc(1:int)
      security_socket_post_create(1:int, 2:int, 3:int, 4:int)
      fd_install(0:int, 1:file)`,
    trace: `
      socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, IPPROTO_IP) = 3<TCP:[55]>
      socket(AF_NETLINK, SOCK_RAW|SOCK_CLOEXEC, NETLINK_ROUTE) = 4<NETLINK:[ROUTE]>
      socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6) = 5<RAWv6:[56]>
      socket(AF_INET, SOCK_RAW, IPPROTO_RAW) = -1 EPERM (Operation not permitted)
      socket(AF_INET, 0xf /* SOCK_??? */, IPPROTO_IP) = -1 EINVAL (Invalid argument)
      socket(AF_INET, SOCK_STREAM, IPPROTO_UDP) = -1 EPROTONOSUPPORT (Protocol not supported)`,
    hits: `
      __sys_socket(2, 526337, 0)
      security_socket_create(2, 1, 0, 0)
      sk_alloc(2)
      security_socket_post_create(2, 1, 0, 0)
      fd_install(3, srwxrwxrwx)
      __sys_socket(16, 524291, 0)
      security_socket_create(16, 3, 0, 0)
      sk_alloc(16)
      security_socket_post_create(16, 3, 0, 0)
      fd_install(4, srwxrwxrwx)
      __sys_socket(10, 3, 58)
      security_socket_create(10, 3, 58, 0)
      cap_capable(13)
      sk_alloc(10)
      security_socket_post_create(10, 3, 58, 0)
      fd_install(5, srwxrwxrwx)
      __sys_socket(2, 3, 255)
      security_socket_create(2, 3, 255, 0)
      cap_capable(13)
      __sys_socket(2, 15, 0)
      __sys_socket(2, 1, 17)
      security_socket_create(2, 1, 17, 0)`,
  },
  {
    shows: 'makes both ends of a pair of sockets',
    hooks: `
      security_socket_create(0:int, 1:int, 2:int, 3:int)
      fd_install(0:int, 1:file)`,
    trace:
      'socketpair(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0, [3<UNIX-STREAM:[7->8]>, 4<UNIX-STREAM:[8->7]>]) = 0',
    hits: `
      security_socket_create(1, 1, 0, 0)
      security_socket_create(1, 1, 0, 0)
      fd_install(3, srwxrwxrwx)
      fd_install(4, srwxrwxrwx)`,
  },
  {
    shows: 'makes the socks of a pair, and joins its sockets',
    hooks: `
      sk_alloc(1:int)
      security_socket_socketpair
      fd_install(0:int)`,
    trace: 'socketpair(AF_UNIX, SOCK_DGRAM, 0, [3<UNIX-DGRAM:[7->8]>, 4<UNIX-DGRAM:[8->7]>]) = 0',
    hits: `
      sk_alloc(1)
      sk_alloc(1)
      security_socket_socketpair()
      fd_install(3)
      fd_install(4)`,
  },
  {
    shows: 'binds a socket, asking for ports below 1024, whether it succeeds or not',
    hooks: `
      __sys_bind(0:int, 1:sockaddr, 2:int)
      security_socket_bind(0:socket, 1:sockaddr, 2:int)
      inet_bind(0:socket, 1:sockaddr)
      cap_capable(2:int)`,
    trace: `
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3<TCP:[55]>
      bind(3<TCP:[55]>, ${inet4(80, '0.0.0.0')}) = -1 EADDRINUSE (Address already in use)
      bind(3<TCP:[55]>, ${inet4(8080, '127.0.0.1')}) = 0
      bind(3<TCP:[127.0.0.1:8080]>, ${inet4(8080, '127.0.0.1')}) = -1 EINVAL (Invalid argument)
      socket(AF_INET6, SOCK_DGRAM, IPPROTO_UDP) = 4<UDPv6:[56]>
      bind(4<UDPv6:[56]>, ${inet6(53, '::1')}) = 0
      bind(1</dev/null<char 1:3>>, ${inet4(80, '0.0.0.0')}) = -1 ENOTSOCK (Socket operation on non-socket)
      bind(9, ${inet4(80, '0.0.0.0')}) = -1 EBADF (Bad file descriptor)`,
    hits: `
      __sys_bind(3, AF_INET 0.0.0.0:80, 16)
      security_socket_bind(AF_INET SOCK_STREAM IPPROTO_TCP 0.0.0.0:0->0.0.0.0:0 TCP_CLOSE, AF_INET 0.0.0.0:80, 16)
      inet_bind(AF_INET SOCK_STREAM IPPROTO_TCP 0.0.0.0:0->0.0.0.0:0 TCP_CLOSE, AF_INET 0.0.0.0:80)
      cap_capable(10)
      __sys_bind(3, AF_INET 127.0.0.1:8080, 16)
      security_socket_bind(AF_INET SOCK_STREAM IPPROTO_TCP 0.0.0.0:0->0.0.0.0:0 TCP_CLOSE, AF_INET 127.0.0.1:8080, 16)
      inet_bind(AF_INET SOCK_STREAM IPPROTO_TCP 0.0.0.0:0->0.0.0.0:0 TCP_CLOSE, AF_INET 127.0.0.1:8080)
      __sys_bind(3, AF_INET 127.0.0.1:8080, 16)
      security_socket_bind(AF_INET SOCK_STREAM IPPROTO_TCP 127.0.0.1:8080->0.0.0.0:0 TCP_CLOSE, AF_INET 127.0.0.1:8080, 16)
      inet_bind(AF_INET SOCK_STREAM IPPROTO_TCP 127.0.0.1:8080->0.0.0.0:0 TCP_CLOSE, AF_INET 127.0.0.1:8080)
      __sys_bind(4, AF_INET6 [::1]:53, 28)
      security_socket_bind(AF_INET6 SOCK_DGRAM IPPROTO_UDP [::]:0->[::]:0 TCP_CLOSE, AF_INET6 [::1]:53, 28)
      cap_capable(10)
      __sys_bind(1, AF_INET 0.0.0.0:80, 16)
      __sys_bind(9, AF_INET 0.0.0.0:80, 16)`,
  },
  {
    shows: 'makes the file that a local socket is bound to, and knows it afterwards',
    hooks: `
      security_socket_bind(0:socket, 1:sockaddr_un)
      security_path_mknod(1:dentry)
      security_inode_getattr(0:path)`,
    trace: `
      socket(AF_UNIX, SOCK_DGRAM, 0) = 3<UNIX-DGRAM:[55]>
      umask(022) = 022
      bind(3<UNIX-DGRAM:[55]>, ${unix('"sock"')}) = 0
      stat("/tmp/w/sock", {st_mode=S_IFSOCK|0755, st_size=0, ...}) = 0
      socket(AF_UNIX, SOCK_STREAM, 0) = 4<UNIX-STREAM:[56]>
      bind(4<UNIX-STREAM:[56]>, ${unix('"sock"')}) = -1 EADDRINUSE (Address already in use)
      bind(4<UNIX-STREAM:[56]>, ${unix('"none/sock"')}) = -1 ENOENT (No such file or directory)
      bind(4<UNIX-STREAM:[56]>, ${unix('@"name"')}) = 0`,
    hits: `
      security_socket_bind(AF_UNIX SOCK_DGRAM IPPROTO_IP TCP_CLOSE, AF_UNIX sock)
      security_path_mknod(/tmp/w/sock ---------)
      security_inode_getattr(/tmp/w/sock srwxr-xr-x)
      security_socket_bind(AF_UNIX SOCK_STREAM IPPROTO_IP TCP_CLOSE, AF_UNIX sock)
      security_socket_bind(AF_UNIX SOCK_STREAM IPPROTO_IP TCP_CLOSE, AF_UNIX none/sock)
      security_socket_bind(AF_UNIX SOCK_STREAM IPPROTO_IP TCP_CLOSE, AF_UNIX @name)`,
  },
  {
    shows: 'starts listening once',
    hooks: `
      __sys_listen(0:int, 1:int)
      security_socket_listen(0:socket, 1:int)
      inet_csk_listen_start(0:sock)`,
    trace: `
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3<TCP:[55]>
      bind(3<TCP:[55]>, ${inet4(8080, '127.0.0.1')}) = 0
      listen(3<TCP:[127.0.0.1:8080]>, 5) = 0
      listen(3<TCP:[127.0.0.1:8080]>, 7) = 0
      socket(AF_UNIX, SOCK_STREAM, 0) = 4<UNIX-STREAM:[56]>
      listen(4<UNIX-STREAM:[56]>, 5) = -1 EINVAL (Invalid argument)
      listen(9, 5) = -1 EBADF (Bad file descriptor)`,
    hits: `
      __sys_listen(3, 5)
      security_socket_listen(AF_INET SOCK_STREAM IPPROTO_TCP 127.0.0.1:8080->0.0.0.0:0 TCP_CLOSE, 5)
      inet_csk_listen_start(AF_INET SOCK_STREAM IPPROTO_TCP 127.0.0.1:8080->0.0.0.0:0 TCP_CLOSE)
      __sys_listen(3, 7)
      security_socket_listen(AF_INET SOCK_STREAM IPPROTO_TCP 127.0.0.1:8080->0.0.0.0:0 TCP_LISTEN, 7)
      __sys_listen(4, 5)
      security_socket_listen(AF_UNIX SOCK_STREAM IPPROTO_IP TCP_CLOSE, 5)
      __sys_listen(9, 5)`,
  },
  {
    shows: 'connects by TCP, with the addresses that the trace shows later',
    hooks: `
      __sys_connect(0:int, 1:sockaddr, 2:int)
      security_socket_connect(0:socket, 1:sockaddr, 2:int)
      inet_stream_connect(0:socket, 1:sockaddr)
      tcp_v4_connect(0:sock, 1:sockaddr)
      tcp_v6_connect(0:sock, 1:sockaddr)
      tcp_connect(0:sock)`,
    trace: `
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3<TCP:[55]>
      connect(3<TCP:[55]>, ${inet4(443, '10.1.2.3')}) = 0
      sendto(3<TCP:[10.0.0.7:40000->10.1.2.3:443]>, "x", 1, 0, NULL, 0) = 1
      connect(3<TCP:[10.0.0.7:40000->10.1.2.3:443]>, ${inet4(443, '10.1.2.3')}) = -1 EISCONN (Transport endpoint is already connected)
      socket(AF_INET6, SOCK_STREAM, IPPROTO_TCP) = 4<TCPv6:[56]>
      connect(4<TCPv6:[56]>, ${inet6(443, 'fd00::1')}) = 0
      getsockname(4<TCPv6:[[fd00::7]:40001->[fd00::1]:443]>, ${inet6(40001, 'fd00::7')}) = 0`,
    hits: `
      __sys_connect(3, AF_INET 10.1.2.3:443, 16)
      security_socket_connect(AF_INET SOCK_STREAM IPPROTO_TCP 0.0.0.0:0->0.0.0.0:0 TCP_CLOSE, AF_INET 10.1.2.3:443, 16)
      inet_stream_connect(AF_INET SOCK_STREAM IPPROTO_TCP 0.0.0.0:0->0.0.0.0:0 TCP_CLOSE, AF_INET 10.1.2.3:443)
      tcp_v4_connect(AF_INET SOCK_STREAM IPPROTO_TCP 0.0.0.0:0->0.0.0.0:0 TCP_CLOSE, AF_INET 10.1.2.3:443)
      tcp_connect(AF_INET SOCK_STREAM IPPROTO_TCP 10.0.0.7:40000->10.1.2.3:443 TCP_SYN_SENT)
      __sys_connect(3, AF_INET 10.1.2.3:443, 16)
      security_socket_connect(AF_INET SOCK_STREAM IPPROTO_TCP 10.0.0.7:40000->10.1.2.3:443 TCP_ESTABLISHED, AF_INET 10.1.2.3:443, 16)
      inet_stream_connect(AF_INET SOCK_STREAM IPPROTO_TCP 10.0.0.7:40000->10.1.2.3:443 TCP_ESTABLISHED, AF_INET 10.1.2.3:443)
      __sys_connect(4, AF_INET6 [fd00::1]:443, 28)
      security_socket_connect(AF_INET6 SOCK_STREAM IPPROTO_TCP [::]:0->[::]:0 TCP_CLOSE, AF_INET6 [fd00::1]:443, 28)
      inet_stream_connect(AF_INET6 SOCK_STREAM IPPROTO_TCP [::]:0->[::]:0 TCP_CLOSE, AF_INET6 [fd00::1]:443)
      tcp_v6_connect(AF_INET6 SOCK_STREAM IPPROTO_TCP [::]:0->[::]:0 TCP_CLOSE, AF_INET6 [fd00::1]:443)
      tcp_connect(AF_INET6 SOCK_STREAM IPPROTO_TCP [fd00::7]:40001->[fd00::1]:443 TCP_SYN_SENT)`,
  },
  {
    shows: 'comes as far in a failing connect as the error tells',
    hooks: `
      security_socket_connect(1:sockaddr)
      inet_stream_connect(1:sockaddr)
      tcp_v4_connect(1:sockaddr)
      tcp_connect(0:sock)`,
    trace: `
      socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK, IPPROTO_TCP) = 3<TCP:[55]>
      connect(3<TCP:[55]>, ${inet4(1, '198.51.100.1')}) = -1 ENETUNREACH (Network is unreachable)
      connect(3<TCP:[55]>, ${inet6(2, '::1')}) = -1 EAFNOSUPPORT (Address family not supported by protocol)
      connect(3<TCP:[55]>, ${inet4(3, '127.0.0.1')}) = -1 ECONNREFUSED (Connection refused)
      connect(3<TCP:[55]>, {sa_family=AF_UNSPEC, sa_data="\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0"}, 16) = 0
      connect(3<TCP:[55]>, ${inet4(4, '127.0.0.1')}) = -1 EINPROGRESS (Operation now in progress)
      fcntl(3<TCP:[127.0.0.1:40000->127.0.0.1:4]>, F_GETFL) = 0x802 (flags O_RDWR|O_NONBLOCK)
      connect(3<TCP:[127.0.0.1:40000->127.0.0.1:4]>, ${inet4(4, '127.0.0.1')}) = -1 EALREADY (Operation already in progress)
      connect(1</dev/null<char 1:3>>, ${inet4(5, '127.0.0.1')}) = -1 ENOTSOCK (Socket operation on non-socket)`,
    hits: `
      security_socket_connect(AF_INET 198.51.100.1:1)
      inet_stream_connect(AF_INET 198.51.100.1:1)
      tcp_v4_connect(AF_INET 198.51.100.1:1)
      security_socket_connect(AF_INET6 [::1]:2)
      inet_stream_connect(AF_INET6 [::1]:2)
      security_socket_connect(AF_INET 127.0.0.1:3)
      inet_stream_connect(AF_INET 127.0.0.1:3)
      tcp_v4_connect(AF_INET 127.0.0.1:3)
      tcp_connect(AF_INET SOCK_STREAM IPPROTO_TCP 127.0.0.1:32768->127.0.0.1:3 TCP_SYN_SENT)
      security_socket_connect(AF_UNSPEC invalid IP)
      inet_stream_connect(AF_UNSPEC invalid IP)
      security_socket_connect(AF_INET 127.0.0.1:4)
      inet_stream_connect(AF_INET 127.0.0.1:4)
      tcp_v4_connect(AF_INET 127.0.0.1:4)
      tcp_connect(AF_INET SOCK_STREAM IPPROTO_TCP 127.0.0.1:40000->127.0.0.1:4 TCP_SYN_SENT)
      security_socket_connect(AF_INET 127.0.0.1:4)
      inet_stream_connect(AF_INET 127.0.0.1:4)`,
  },
  {
    shows: 'connects by UDP and to local sockets',
    hooks: `
      security_socket_connect(0:socket)
      inet_dgram_connect(0:socket, 1:sockaddr)
      unix_stream_connect(0:socket, 1:sockaddr_un)
      sk_alloc(1:int)
      security_unix_stream_connect(0:sock)`,
    trace: `
      connect(3<UDP:[55]>, ${inet4(53, '10.0.0.1')}) = 0
      connect(4<UNIX-STREAM:[56]>, ${unix('"/run/s"')}) = 0
      connect(5<UNIX-STREAM:[57]>, ${unix('"/run/none"')}) = -1 ENOENT (No such file or directory)
      connect(5<UNIX-STREAM:[57]>, ${unix('"/run/old"')}) = -1 ECONNREFUSED (Connection refused)`,
    hits: `
      security_socket_connect(AF_INET SOCK_DGRAM IPPROTO_UDP 0.0.0.0:0->0.0.0.0:0 TCP_CLOSE)
      inet_dgram_connect(AF_INET SOCK_DGRAM IPPROTO_UDP 0.0.0.0:0->0.0.0.0:0 TCP_CLOSE, AF_INET 10.0.0.1:53)
      security_socket_connect(AF_UNIX SOCK_STREAM IPPROTO_IP TCP_CLOSE)
      unix_stream_connect(AF_UNIX SOCK_STREAM IPPROTO_IP TCP_CLOSE, AF_UNIX /run/s)
      sk_alloc(1)
      security_unix_stream_connect(AF_UNIX SOCK_STREAM IPPROTO_IP TCP_CLOSE)
      security_socket_connect(AF_UNIX SOCK_STREAM IPPROTO_IP TCP_CLOSE)
      unix_stream_connect(AF_UNIX SOCK_STREAM IPPROTO_IP TCP_CLOSE, AF_UNIX /run/none)
      sk_alloc(1)
      security_socket_connect(AF_UNIX SOCK_STREAM IPPROTO_IP TCP_CLOSE)
      unix_stream_connect(AF_UNIX SOCK_STREAM IPPROTO_IP TCP_CLOSE, AF_UNIX /run/old)
      sk_alloc(1)`,
  },
  {
    shows: 'accepts on the listener’s port, from whom the trace shows',
    hooks: `
      __sys_accept4(0:int)
      security_socket_accept(0:socket)
      inet_csk_accept(0:sock)
      security_sock_graft(0:sock)
      fd_install(0:int, 1:file) [0 GT 4]`,
    trace: `
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3<TCP:[55]>
      bind(3<TCP:[55]>, ${inet4(8080, '0.0.0.0')}) = 0
      listen(3<TCP:[0.0.0.0:8080]>, 5) = 0
      accept4(3<TCP:[0.0.0.0:8080]>, {sa_family=AF_INET, sin_port=htons(40000), sin_addr=inet_addr("127.0.0.1")}, [128 => 16], SOCK_CLOEXEC) = 5<TCP:[127.0.0.1:8080->127.0.0.1:40000]>
      accept(3<TCP:[0.0.0.0:8080]>, NULL, NULL) = 6<TCP:[10.0.0.7:8080->10.0.0.9:40001]>
      accept4(3<TCP:[0.0.0.0:8080]>, NULL, NULL, SOCK_NONBLOCK) = -1 EAGAIN (Resource temporarily unavailable)
      accept(9, NULL, NULL) = -1 EBADF (Bad file descriptor)
      accept(7<UNIX-STREAM:[56,"/run/s"]>, NULL, NULL) = 8<UNIX-STREAM:[57->58,"/run/s"]>`,
    hits: `
      __sys_accept4(3)
      security_socket_accept(AF_INET SOCK_STREAM IPPROTO_TCP 0.0.0.0:8080->0.0.0.0:0 TCP_LISTEN)
      inet_csk_accept(AF_INET SOCK_STREAM IPPROTO_TCP 0.0.0.0:8080->0.0.0.0:0 TCP_LISTEN)
      security_sock_graft(AF_INET SOCK_STREAM IPPROTO_TCP 127.0.0.1:8080->127.0.0.1:40000 TCP_ESTABLISHED)
      fd_install(5, srwxrwxrwx)
      __sys_accept4(3)
      security_socket_accept(AF_INET SOCK_STREAM IPPROTO_TCP 0.0.0.0:8080->0.0.0.0:0 TCP_LISTEN)
      inet_csk_accept(AF_INET SOCK_STREAM IPPROTO_TCP 0.0.0.0:8080->0.0.0.0:0 TCP_LISTEN)
      security_sock_graft(AF_INET SOCK_STREAM IPPROTO_TCP 10.0.0.7:8080->10.0.0.9:40001 TCP_ESTABLISHED)
      fd_install(6, srwxrwxrwx)
      __sys_accept4(3)
      security_socket_accept(AF_INET SOCK_STREAM IPPROTO_TCP 0.0.0.0:8080->0.0.0.0:0 TCP_LISTEN)
      inet_csk_accept(AF_INET SOCK_STREAM IPPROTO_TCP 0.0.0.0:8080->0.0.0.0:0 TCP_LISTEN)
      __sys_accept4(9)
      __sys_accept4(7)
      security_socket_accept(AF_UNIX SOCK_STREAM IPPROTO_IP TCP_CLOSE)
      security_sock_graft(AF_UNIX SOCK_STREAM IPPROTO_IP TCP_ESTABLISHED)
      fd_install(8, srwxrwxrwx)`,
  },
];
