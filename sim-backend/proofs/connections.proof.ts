/** Proofs: states of connections, families of sockets, messages, locks and the order of releases. */
import { inet } from './pieces.ts';
import type { Proof } from './proof.ts';

export const connectionProofs: readonly Proof[] = [
  {
    shows: 'asks for the capability of open_by_handle_at and userfaultfd first',
    hooks: `
      cap_capable(2:int)
      security_file_open(0:file)
      fd_install(0:int)`,
    trace: `
      open_by_handle_at(AT_FDCWD</tmp/w>, {handle_bytes=8, handle_type=1, f_handle=0x0102}, O_RDONLY) = 3</tmp/w/a>
      userfaultfd(O_CLOEXEC) = 4<anon_inode:[userfaultfd]>`,
    hits: `
      cap_capable(2)
      security_file_open(/tmp/w/a)
      fd_install(3)
      cap_capable(19)
      fd_install(4)`,
  },
  {
    shows: 'receives and installs several descriptors one after the other',
    hooks: `
      security_file_receive(0:file)
      fd_install(0:int)`,
    trace:
      'recvmsg(3<UNIX-STREAM:[7->8]>, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="x", iov_len=1}], msg_iovlen=1, msg_control=[{cmsg_len=24, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[4</tmp/w/a>, 5</tmp/w/b>]}], msg_controllen=24, msg_flags=0}, 0) = 1',
    hits: `
      security_file_receive(/tmp/w/a)
      fd_install(4)
      security_file_receive(/tmp/w/b)
      fd_install(5)`,
  },
  {
    shows: 'asks for a fcntl on an open descriptor that then refuses it',
    hooks: 'security_file_fcntl(0:file, 1:int)',
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 3</tmp/w/a>
      fcntl(3</tmp/w/a>, F_SETLK, {l_type=F_WRLCK, l_whence=SEEK_SET, l_start=0, l_len=0}) = -1 EBADF (Bad file descriptor)`,
    hits: 'security_file_fcntl(/tmp/w/a, 6)',
  },
  {
    shows: 'asks for a lock by its type',
    hooks: 'security_file_lock(0:file, 1:int)',
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDWR) = 3</tmp/w/a>
      flock(3</tmp/w/a>, LOCK_EX|LOCK_NB) = 0
      flock(3</tmp/w/a>, LOCK_SH) = 0
      flock(3</tmp/w/a>, LOCK_UN) = 0
      fcntl(3</tmp/w/a>, F_SETLK, {l_type=F_WRLCK, l_whence=SEEK_SET, l_start=0, l_len=0}) = 0`,
    hits: `
      security_file_lock(/tmp/w/a, 1)
      security_file_lock(/tmp/w/a, 0)
      security_file_lock(/tmp/w/a, 2)
      security_file_lock(/tmp/w/a, 1)`,
  },
  {
    shows: 'sends and receives each of several messages',
    hooks: `
      security_socket_sendmsg(2:int)
      security_socket_recvmsg(2:int)`,
    trace: `
      sendmmsg(3<UDP:[10.0.0.7:1000->10.0.0.1:53]>, [{msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="abc", iov_len=3}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, msg_len=3}, {msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="abcd", iov_len=4}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, msg_len=4}], 2, MSG_NOSIGNAL) = 2
      recvmmsg(3<UDP:[10.0.0.7:1000->10.0.0.1:53]>, [{msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="abc", iov_len=64}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, msg_len=3}], 1, 0, NULL) = 1`,
    hits: `
      security_socket_sendmsg(3)
      security_socket_sendmsg(4)
      security_socket_recvmsg(64)`,
  },
  {
    shows: 'does not wait on a non-blocking socket',
    hooks: 'security_socket_recvmsg(3:int)',
    trace: `
      socket(AF_INET, SOCK_DGRAM|SOCK_NONBLOCK, IPPROTO_UDP) = 3<UDP:[55]>
      recvfrom(3<UDP:[55]>, 0x7ffd1000, 16, 0, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)
      read(3<UDP:[55]>, 0x7ffd1000, 16) = -1 EAGAIN (Resource temporarily unavailable)
      fcntl(3<UDP:[55]>, F_SETFL, O_RDWR) = 0
      recvfrom(3<UDP:[55]>, "abc", 16, MSG_PEEK, NULL, NULL) = 3`,
    hits: `
      security_socket_recvmsg(64)
      security_socket_recvmsg(64)
      security_socket_recvmsg(2)`,
  },
  {
    shows: 'writes and reads UDP sockets by the functions of their family',
    hooks: `
      udp_sendmsg(2:size_t)
      udpv6_sendmsg(2:size_t)
      udp_recvmsg(2:size_t)`,
    trace: `
      write(4<UDPv6:[[fd00::7]:1000->[fd00::1]:53]>, "ab", 2) = 2
      read(3<UDP:[10.0.0.7:1000->10.0.0.1:53]>, "abc", 16) = 3
      recvfrom(4<UDPv6:[[fd00::7]:1000->[fd00::1]:53]>, "abc", 32, 0, NULL, NULL) = 3`,
    hits: `
      udpv6_sendmsg(2)
      udp_recvmsg(16)`,
  },
  {
    shows: 'does not send datagrams by the function of streams',
    hooks: 'unix_stream_sendmsg(2:size_t)',
    trace: `
      sendto(3<UNIX-DGRAM:[7->8]>, "abc", 3, 0, NULL, 0) = 3
      write(3<UNIX-DGRAM:[7->8]>, "abc", 3) = 3
      sendto(4<UNIX-SEQPACKET:[9->10]>, "abc", 3, 0, NULL, 0) = 3`,
    hits: '',
  },
  {
    shows: 'asks for a local connection only where a stream finds a listener',
    hooks: 'security_unix_stream_connect(0:sock)',
    trace: `
      connect(3<UNIX-DGRAM:[7]>, {sa_family=AF_UNIX, sun_path="/run/s"}, 110) = 0
      connect(4<UNIX-STREAM:[8]>, {sa_family=AF_UNIX, sun_path="/run/s"}, 110) = -1 EACCES (Permission denied)
      connect(4<UNIX-STREAM:[8]>, {sa_family=AF_UNIX, sun_path="/run/s"}, 110) = -1 EPROTOTYPE (Protocol wrong type for socket)`,
    hits: '',
  },
  {
    shows: 'connects raw and ping sockets like datagram ones',
    hooks: 'inet_dgram_connect(1:sockaddr)',
    trace: `
      socket(AF_INET, SOCK_RAW, IPPROTO_ICMP) = 3<RAW:[55]>
      connect(3<RAW:[55]>, {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr("10.0.0.1")}, 16) = 0
      socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP) = 4<PING:[56]>
      connect(4<PING:[56]>, {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr("10.0.0.1")}, 16) = 0`,
    hits: `
      inet_dgram_connect(AF_INET 10.0.0.1)
      inet_dgram_connect(AF_INET 10.0.0.1)`,
  },
  {
    shows: 'starts no second connection on a connecting socket',
    hooks: `
      inet_stream_connect(1:sockaddr)
      tcp_v4_connect(1:sockaddr)
      tcp_connect(0:sock)`,
    trace: `
      socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK, IPPROTO_TCP) = 3<TCP:[55]>
      connect(3<TCP:[55]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("10.1.2.3")}, 16) = -1 EINPROGRESS (Operation now in progress)
      getpeername(3<TCP:[10.0.0.7:40000->10.1.2.3:80]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("10.1.2.3")}, [16]) = -1 ENOTCONN (Transport endpoint is not connected)
      connect(3<TCP:[10.0.0.7:40000->10.1.2.3:80]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("10.1.2.3")}, 16) = 0`,
    hits: `
      inet_stream_connect(AF_INET 10.1.2.3:80)
      tcp_v4_connect(AF_INET 10.1.2.3:80)
      tcp_connect(AF_INET SOCK_STREAM IPPROTO_TCP 10.0.0.7:40000->10.1.2.3:80 TCP_SYN_SENT)
      inet_stream_connect(AF_INET 10.1.2.3:80)`,
  },
  {
    shows: 'takes the source port from a second connect, too',
    hooks: 'tcp_connect(0:sock)',
    trace: `
      socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK, IPPROTO_TCP) = 3<TCP:[55]>
      connect(3<TCP:[55]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}, 16) = -1 EINPROGRESS (Operation now in progress)
      connect(3<TCP:[127.0.0.1:40000->127.0.0.1:80]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}, 16) = -1 EALREADY (Operation already in progress)`,
    hits: 'tcp_connect(AF_INET SOCK_STREAM IPPROTO_TCP 127.0.0.1:40000->127.0.0.1:80 TCP_SYN_SENT)',
  },
  {
    shows: 'closes a connection with the addresses that the trace showed',
    hooks: 'tcp_close(0:sock)',
    trace: `
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3<TCP:[55]>
      connect(3<TCP:[55]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("10.1.2.3")}, 16) = 0
      getsockname(3<TCP:[10.0.0.7:40000->10.1.2.3:80]>, {sa_family=AF_INET, sin_port=htons(40000), sin_addr=inet_addr("10.0.0.7")}, [128 => 16]) = 0
      dup2(0</dev/null<char 1:3>>, 3<TCP:[10.0.0.7:40000->10.1.2.3:80]>) = 3</dev/null<char 1:3>>`,
    hits: 'tcp_close(AF_INET SOCK_STREAM IPPROTO_TCP 10.0.0.7:40000->10.1.2.3:80 TCP_ESTABLISHED)',
  },
  {
    shows: 'follows the state of a connection through the ends of its streams',
    hooks: 'tcp_close(0:sock)',
    trace: `
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3<TCP:[55]>
      connect(3<TCP:[55]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("10.1.2.3")}, 16) = 0
      recvfrom(3<TCP:[10.0.0.7:40000->10.1.2.3:80]>, "", 16, 0, NULL, NULL) = 0
      close(3<TCP:[10.0.0.7:40000->10.1.2.3:80]>) = 0
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3<TCP:[56]>
      connect(3<TCP:[56]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("10.1.2.3")}, 16) = 0
      shutdown(3<TCP:[10.0.0.7:40001->10.1.2.3:80]>, SHUT_WR) = 0
      close(3<TCP:[10.0.0.7:40001->10.1.2.3:80]>) = 0`,
    hits: `
      tcp_close(AF_INET SOCK_STREAM IPPROTO_TCP 10.0.0.7:40000->10.1.2.3:80 TCP_CLOSE_WAIT)
      tcp_close(AF_INET SOCK_STREAM IPPROTO_TCP 10.0.0.7:40001->10.1.2.3:80 TCP_FIN_WAIT1)`,
  },
  {
    shows: 'closes a connection that never came about in the state of its attempt',
    hooks: 'tcp_close(0:sock)',
    trace: `
      socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK, IPPROTO_TCP) = 3<TCP:[55]>
      connect(3<TCP:[55]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("10.1.2.3")}, 16) = -1 EINPROGRESS (Operation now in progress)
      close(3<TCP:[10.0.0.7:40000->10.1.2.3:80]>) = 0`,
    hits: 'tcp_close(AF_INET SOCK_STREAM IPPROTO_TCP 10.0.0.7:40000->10.1.2.3:80 TCP_SYN_SENT)',
  },
  {
    shows: 'counts bytes that were sent before the connection was accepted',
    hooks: 'tcp_close(0:sock)',
    trace: `
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3<TCP:[50]>
      bind(3<TCP:[50]>, {sa_family=AF_INET, sin_port=htons(8080), sin_addr=inet_addr("127.0.0.1")}, 16) = 0
      listen(3<TCP:[127.0.0.1:8080]>, 5) = 0
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 4<TCP:[52]>
      connect(4<TCP:[52]>, {sa_family=AF_INET, sin_port=htons(8080), sin_addr=inet_addr("127.0.0.1")}, 16) = 0
      write(4<TCP:[127.0.0.1:40001->127.0.0.1:8080]>, "abc", 3) = 3
      accept(3<TCP:[127.0.0.1:8080]>, NULL, NULL) = 5<TCP:[127.0.0.1:8080->127.0.0.1:40001]>
      close(5<TCP:[127.0.0.1:8080->127.0.0.1:40001]>) = 0
      close(4<TCP:[52]>) = 0`,
    hits: `
      tcp_close(AF_INET SOCK_STREAM IPPROTO_TCP 127.0.0.1:8080->127.0.0.1:40001 TCP_ESTABLISHED)
      tcp_close(AF_INET SOCK_STREAM IPPROTO_TCP 127.0.0.1:0->127.0.0.1:8080 TCP_CLOSE)`,
  },
  {
    shows: 'asks for a socket of a family and type in range, whatever becomes of it',
    hooks: `
      security_socket_create(0:int, 1:int)
      cap_capable(2:int)`,
    trace: `
      socket(0x63 /* AF_??? */, SOCK_STREAM, 0) = -1 EAFNOSUPPORT (Address family not supported by protocol)
      socket(AF_INET, SOCK_STREAM, 0x3e8 /* IPPROTO_??? */) = -1 EINVAL (Invalid argument)
      socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_ALL)) = 3<PACKET:[55]>`,
    hits: `
      security_socket_create(2, 1)
      security_socket_create(17, 2)
      cap_capable(13)`,
  },
  {
    shows: 'makes both sockets of a pair wholly, one after the other',
    hooks: `
      security_socket_create(0:int)
      sk_alloc(1:int)
      security_socket_post_create(1:int)
      security_socket_socketpair
      fd_install(0:int)`,
    trace: `
      socketpair(AF_UNIX, SOCK_STREAM, 0, [3<UNIX-STREAM:[7->8]>, 4<UNIX-STREAM:[8->7]>]) = 0
      socketpair(AF_INET, SOCK_STREAM, 0, 0x7ffd1000) = -1 EOPNOTSUPP (Operation not supported)`,
    hits: `
      security_socket_create(1)
      sk_alloc(1)
      security_socket_post_create(1)
      security_socket_create(1)
      sk_alloc(1)
      security_socket_post_create(1)
      security_socket_socketpair()
      fd_install(3)
      fd_install(4)
      security_socket_create(2)
      sk_alloc(2)
      security_socket_post_create(2)
      security_socket_create(2)
      sk_alloc(2)
      security_socket_post_create(2)
      security_socket_socketpair()`,
  },
  {
    shows: 'makes the inode of a bound local socket',
    hooks: `
      security_path_mknod(1:dentry)
      security_inode_mknod(1:dentry)`,
    trace: `
      socket(AF_UNIX, SOCK_STREAM, 0) = 3<UNIX-STREAM:[55]>
      bind(3<UNIX-STREAM:[55]>, {sa_family=AF_UNIX, sun_path="/run/s"}, 110) = 0`,
    hits: `
      security_path_mknod(/run/s ---------)
      security_inode_mknod(/run/s ---------)`,
  },
  {
    shows: 'asks for the capability to write audit records',
    hooks: 'cap_capable(2:int)',
    trace:
      'sendto(3<NETLINK:[AUDIT:100]>, [{nlmsg_len=16, nlmsg_type=AUDIT_USER, nlmsg_flags=NLM_F_REQUEST|NLM_F_ACK, nlmsg_seq=1, nlmsg_pid=0}, ""], 16, 0, {sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, 12) = 16',
    hits: `
      cap_capable(29)
      cap_capable(29)`,
  },
  {
    shows: 'closes a connection with the addresses that its close shows',
    hooks: 'tcp_close(0:sock)',
    trace: `
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3<TCP:[55]>
      connect(3<TCP:[55]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("10.1.2.3")}, 16) = 0
      close(3<TCP:[10.0.0.7:40000->10.1.2.3:80]>) = 0`,
    hits: 'tcp_close(AF_INET SOCK_STREAM IPPROTO_TCP 10.0.0.7:40000->10.1.2.3:80 TCP_ESTABLISHED)',
  },
  {
    shows: 'releases each of several files wholly, the last descriptor first',
    hooks: `
      security_file_release(0:file)
      security_file_free(0:file)`,
    trace: `
      100 execve("/usr/bin/one", ["one"], 0x7ffd0 /* 3 vars */) = 0
      100 openat(AT_FDCWD</tmp/w>, "a", O_RDONLY|O_CLOEXEC) = 3</tmp/w/a>
      100 openat(AT_FDCWD</tmp/w>, "b", O_RDONLY|O_CLOEXEC) = 4</tmp/w/b>
      100 execve("/usr/bin/two", ["two"], 0x7ffd0 /* 3 vars */) = 0`,
    hits: `
      security_file_release(/tmp/w/b)
      security_file_free(/tmp/w/b)
      security_file_release(/tmp/w/a)
      security_file_free(/tmp/w/a)
      not known: proof: security_file_release: when the last mapping of the file goes is not in the trace (test.strace:4)
      not known: proof: security_file_free: when the last mapping of the file goes is not in the trace (test.strace:4)
      trace: the log ends early at line 5: /usr/bin/two (pid 100) had not ended (record until the end, and copy the whole log) (test.strace:5)`,
  },
  {
    shows: 'releases the files of a process one after the other, the highest descriptor first',
    hooks: `
      security_file_release(0:file) [0 Prefix /tmp/w/]
      security_file_free(0:file) [0 Prefix /tmp/w/]`,
    trace: `
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      101 openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 3</tmp/w/a>
      101 openat(AT_FDCWD</tmp/w>, "b", O_RDONLY) = 4</tmp/w/b>
      101 exit_group(0) = ?
      101 +++ exited with 0 +++`,
    hits: `
      security_file_release(/tmp/w/b) by a thread
      security_file_free(/tmp/w/b) by a thread
      security_file_release(/tmp/w/a) by a thread
      security_file_free(/tmp/w/a) by a thread`,
  },
  {
    shows: 'sends each message by the functions of its socket, the failed one too',
    hooks: `
      security_socket_sendmsg(2:int)
      tcp_sendmsg(2:size_t)
      udp_sendmsg(2:size_t)
      udpv6_sendmsg(2:size_t)
      unix_stream_sendmsg(2:size_t)`,
    trace: `
      sendmmsg(3<UDP:[10.0.0.7:1000->10.0.0.1:53]>, [{msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="abc", iov_len=3}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, msg_len=3}, {msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="abcd", iov_len=4}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, msg_len=4}, {msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="abcde", iov_len=5}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, msg_len=5}], 3, 0) = 1
      sendmmsg(4<TCP:[10.0.0.7:1000->10.0.0.1:80]>, [{msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="abc", iov_len=3}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, msg_len=3}], 1, 0) = 1
      sendmmsg(5<UDPv6:[[fd00::7]:1000->[fd00::1]:53]>, [{msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="abc", iov_len=3}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, msg_len=3}], 1, 0) = 1
      sendmmsg(6<UNIX-STREAM:[7->8]>, [{msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="abcd", iov_len=4}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, msg_len=4}], 1, 0) = 1
      sendmmsg(7<UDP:[0.0.0.0:1000]>, [{msg_hdr={msg_name={sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("10.0.0.1")}, msg_namelen=16, msg_iov=[{iov_base="ab", iov_len=2}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, msg_len=2}, {msg_hdr={msg_name={sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("10.0.0.1")}, msg_namelen=16, msg_iov=[{iov_base="ab", iov_len=2}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, msg_len=2}], 2, 0) = 2
      sendmmsg(3<UDP:[10.0.0.7:1000->10.0.0.1:53]>, 0x7ffd1000, 1, 0) = -1 ECONNREFUSED (Connection refused)`,
    hits: `
      security_socket_sendmsg(3)
      udp_sendmsg(3)
      security_socket_sendmsg(4)
      udp_sendmsg(4)
      security_socket_sendmsg(3)
      tcp_sendmsg(3)
      security_socket_sendmsg(3)
      udpv6_sendmsg(3)
      security_socket_sendmsg(4)
      unix_stream_sendmsg(4)
      security_socket_sendmsg(not known: the size of the message is not in the trace)
      udp_sendmsg(not known: the size of the message is not in the trace)
      not known: proof: security_socket_sendmsg: whether a message to the same address is asked about again (test.strace:6)
      not known: proof: tcp_sendmsg: whether a message to the same address is asked about again (test.strace:6)
      not known: proof: udp_sendmsg: whether a message to the same address is asked about again (test.strace:6)
      not known: proof: udpv6_sendmsg: whether a message to the same address is asked about again (test.strace:6)
      not known: proof: unix_stream_sendmsg: whether a message to the same address is asked about again (test.strace:6)
      not known: proof: security_socket_sendmsg: the size of the message is not in the trace (test.strace)
      not known: proof: udp_sendmsg: the size of the message is not in the trace (test.strace)`,
  },
  {
    shows: 'receives the first of several messages, and says what it cannot tell of the others',
    hooks: `
      security_socket_recvmsg(2:int, 3:int)
      tcp_recvmsg(2:size_t)
      udp_recvmsg(2:size_t)`,
    trace: `
      socket(AF_INET, SOCK_DGRAM|SOCK_NONBLOCK, IPPROTO_UDP) = 3<UDP:[55]>
      recvmmsg(3<UDP:[55]>, [{msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="abc", iov_len=3}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, msg_len=3}, {msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="abcd", iov_len=4}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, msg_len=4}], 2, MSG_WAITFORONE, NULL) = 2
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 4<TCP:[56]>
      recvmmsg(4<TCP:[56]>, [{msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="abcde", iov_len=5}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, msg_len=5}], 1, 0, NULL) = 1`,
    hits: `
      security_socket_recvmsg(3, 64)
      udp_recvmsg(3)
      security_socket_recvmsg(5, 0)
      tcp_recvmsg(5)
      not known: proof: security_socket_recvmsg: how often the messages behind the first are asked about (test.strace:3)`,
  },
  {
    shows: 'asks for a raw pair before it finds that there are none',
    hooks: `
      security_socket_create(0:int, 1:int)
      cap_capable(2:int)
      security_socket_socketpair`,
    trace:
      'socketpair(AF_INET, SOCK_RAW, IPPROTO_ICMP, 0x7ffd1000) = -1 EOPNOTSUPP (Operation not supported)',
    hits: `
      security_socket_create(2, 3)
      cap_capable(13)
      security_socket_create(2, 3)
      cap_capable(13)
      security_socket_socketpair()`,
  },
  {
    shows: 'learns from errors, answers and polls how a connection ended',
    hooks: 'tcp_close(0:sock)',
    trace: `
      socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK, IPPROTO_TCP) = 3<TCP:[55]>
      connect(3<TCP:[55]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("10.1.2.3")}, 16) = -1 EINPROGRESS (Operation now in progress)
      poll([{fd=3<TCP:[10.0.0.7:40000->10.1.2.3:80]>, events=POLLOUT}], 1, 1000) = 1 ([{fd=3, revents=POLLOUT}])
      close(3<TCP:[10.0.0.7:40000->10.1.2.3:80]>) = 0
      socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK, IPPROTO_TCP) = 3<TCP:[56]>
      connect(3<TCP:[56]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("10.1.2.3")}, 16) = -1 EINPROGRESS (Operation now in progress)
      getsockopt(3<TCP:[56]>, SOL_SOCKET, SO_ERROR, [ECONNREFUSED], [4]) = 0
      close(3<TCP:[56]>) = 0
      socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK, IPPROTO_TCP) = 3<TCP:[57]>
      connect(3<TCP:[57]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("10.1.2.3")}, 16) = -1 EINPROGRESS (Operation now in progress)
      getpeername(3<TCP:[10.0.0.7:40001->10.1.2.3:80]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("10.1.2.3")}, [16]) = 0
      recvfrom(3<TCP:[10.0.0.7:40001->10.1.2.3:80]>, "a", 1, MSG_PEEK, NULL, NULL) = 1
      shutdown(3<TCP:[10.0.0.7:40001->10.1.2.3:80]>, SHUT_WR) = 0
      read(3<TCP:[10.0.0.7:40001->10.1.2.3:80]>, "", 16) = 0
      close(3<TCP:[10.0.0.7:40001->10.1.2.3:80]>) = 0`,
    hits: `
      tcp_close(AF_INET SOCK_STREAM IPPROTO_TCP 10.0.0.7:40000->10.1.2.3:80 TCP_ESTABLISHED)
      tcp_close(AF_INET SOCK_STREAM IPPROTO_TCP ?:0->10.1.2.3:80 TCP_CLOSE)
      tcp_close(AF_INET SOCK_STREAM IPPROTO_TCP 10.0.0.7:40001->10.1.2.3:80 TCP_CLOSE)`,
  },
  {
    shows: 'says that a message to the kernel may ask for another capability, or asks for none',
    hooks: 'cap_capable(2:int)',
    trace: `
      sendmsg(3<NETLINK:[AUDIT:100]>, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base=[{nlmsg_len=16, nlmsg_type=AUDIT_USER, nlmsg_flags=0, nlmsg_seq=1, nlmsg_pid=0}, ""], iov_len=16}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = 16
      sendto(3<NETLINK:[AUDIT:100]>, [{nlmsg_len=16, nlmsg_type=AUDIT_SET, nlmsg_flags=NLM_F_REQUEST, nlmsg_seq=1, nlmsg_pid=0}, ""], 16, 0, NULL, 0) = 16
      sendto(3<NETLINK:[AUDIT:100]>, [{nlmsg_len=16, nlmsg_type=0x7d0 /* AUDIT_??? */, nlmsg_flags=NLM_F_REQUEST, nlmsg_seq=1, nlmsg_pid=0}, ""], 16, 0, NULL, 0) = 16
      sendto(4<NETLINK:[ROUTE:100]>, [{nlmsg_len=20, nlmsg_type=RTM_GETLINK, nlmsg_flags=NLM_F_REQUEST|NLM_F_DUMP, nlmsg_seq=1, nlmsg_pid=0}, {ifi_family=AF_UNSPEC}], 20, 0, NULL, 0) = 20
      sendto(4<NETLINK:[ROUTE:100]>, [{nlmsg_len=20, nlmsg_type=RTM_NEWADDR, nlmsg_flags=NLM_F_REQUEST, nlmsg_seq=1, nlmsg_pid=0}, {ifa_family=AF_INET}], 20, 0, NULL, 0) = 20`,
    hits: `
      cap_capable(29)
      cap_capable(29)
      cap_capable(30)
      cap_capable(30)
      cap_capable(12)
      cap_capable(12)
      not known: proof: cap_capable: what the message asks for depends on its type, which is not modelled or not in the trace (test.strace:4), 2 times`,
  },
  {
    shows: 'knows a socket that does not wait by what sets and shows it',
    hooks: 'security_socket_recvmsg(3:int)',
    trace: `
      fcntl(3<UDP:[55]>, F_GETFL) = 0x802 (flags O_RDWR|O_NONBLOCK)
      recvfrom(3<UDP:[55]>, "abc", 16, 0, NULL, NULL) = 3
      ioctl(3<UDP:[55]>, FIONBIO, [0]) = 0
      recvfrom(3<UDP:[55]>, "abc", 16, 0, NULL, NULL) = 3
      ioctl(3<UDP:[55]>, FIONBIO, [1]) = 0
      recvfrom(3<UDP:[55]>, "abc", 16, 0, NULL, NULL) = 3
      recvfrom(4<UDP:[56]>, "abc", 16, MSG_DONTWAIT, NULL, NULL) = 3`,
    hits: `
      security_socket_recvmsg(64)
      security_socket_recvmsg(0)
      security_socket_recvmsg(64)
      security_socket_recvmsg(64)`,
  },
  {
    shows: 'does not know the source address that the kernel chose by its routes, nor compares it',
    hooks: `
      tcp_connect(0:sock) [0 SAddr 10.0.0.0/8]
      tcp_close(0:sock)`,
    trace: `
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
      connect(3, ${inet(80, '10.1.2.3')}, 16) = 0
      close(3) = 0
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
      connect(3, ${inet(80, '127.0.0.1')}, 16) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)
      connect(3, ${inet(80, '127.0.0.1')}, 16) = -1 ECONNREFUSED (Connection refused)
      close(3) = 0`,
    hits: `
      tcp_close(AF_INET SOCK_STREAM IPPROTO_TCP ?:32768->10.1.2.3:80 TCP_ESTABLISHED)
      tcp_close(AF_INET SOCK_STREAM IPPROTO_TCP 0.0.0.0:0->127.0.0.1:0 TCP_CLOSE)
      not known: proof: tcp_connect: sock, which is not known (the source address is not in the trace (record with strace -yy)), is compared: has a source address in 10.0.0.0/8? (test.strace:3)`,
  },
  {
    shows: 'knows both ends of a connection to a port that the kernel chose, by what accept returns',
    hooks: `
      security_socket_recvmsg(0:socket)
      tcp_close(0:sock)`,
    trace: `
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3<TCP:[50]>
      bind(3<TCP:[50]>, ${inet(0, '127.0.0.1')}, 16) = 0
      listen(3<TCP:[50]>, 5) = 0
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 4<TCP:[51]>
      connect(4<TCP:[51]>, ${inet(40000, '127.0.0.1')}, 16) = 0
      accept4(3<TCP:[50]>, ${inet(50000, '127.0.0.1')}, [16], 0) = 5<TCP:[52]>
      shutdown(5<TCP:[52]>, SHUT_WR) = 0
      recvfrom(4<TCP:[51]>, "", 4, 0, NULL, NULL) = 0
      close(4<TCP:[51]>) = 0
      close(5<TCP:[52]>) = 0
      close(3<TCP:[50]>) = 0`,
    hits: `
      security_socket_recvmsg(AF_INET SOCK_STREAM IPPROTO_TCP 127.0.0.1:50000->127.0.0.1:40000 TCP_CLOSE_WAIT)
      tcp_close(AF_INET SOCK_STREAM IPPROTO_TCP 127.0.0.1:50000->127.0.0.1:40000 TCP_CLOSE_WAIT)
      tcp_close(AF_INET SOCK_STREAM IPPROTO_TCP 127.0.0.1:0->127.0.0.1:50000 TCP_CLOSE)
      tcp_close(AF_INET SOCK_STREAM IPPROTO_TCP 127.0.0.1:40000->0.0.0.0:0 TCP_LISTEN)`,
  },
  {
    shows:
      'tells listeners apart by the port that getsockname returns, by their address, and by who connected',
    hooks: `
      security_sock_graft(0:sock)
      tcp_close(0:sock)`,
    trace: `
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3<TCP:[50]>
      bind(3<TCP:[50]>, ${inet(0, '127.0.0.1')}, 16) = 0
      listen(3<TCP:[50]>, 5) = 0
      getsockname(3<TCP:[50]>, ${inet(40000, '127.0.0.1')}, [16]) = 0
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 4<TCP:[51]>
      bind(4<TCP:[51]>, ${inet(40001, '127.0.0.2')}, 16) = 0
      listen(4<TCP:[51]>, 5) = 0
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 5<TCP:[52]>
      connect(5<TCP:[52]>, ${inet(40001, '127.0.0.2')}, 16) = 0
      getsockname(5<TCP:[52]>, ${inet(50001, '127.0.0.1')}, [16]) = 0
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 6<TCP:[53]>
      connect(6<TCP:[53]>, ${inet(40000, '127.0.0.1')}, 16) = 0
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 7<TCP:[54]>
      bind(7<TCP:[54]>, ${inet(50003, '127.0.0.1')}, 16) = 0
      connect(7<TCP:[54]>, ${inet(40000, '127.0.0.1')}, 16) = 0
      accept4(3<TCP:[50]>, ${inet(50003, '127.0.0.1')}, [16], 0) = 8<TCP:[55]>
      close(6<TCP:[53]>) = 0
      close(8<TCP:[55]>) = 0
      close(7<TCP:[54]>) = 0`,
    hits: `
      security_sock_graft(AF_INET SOCK_STREAM IPPROTO_TCP 127.0.0.1:40000->127.0.0.1:50003 TCP_ESTABLISHED)
      tcp_close(AF_INET SOCK_STREAM IPPROTO_TCP 127.0.0.1:32768->127.0.0.1:40000 TCP_ESTABLISHED)
      tcp_close(AF_INET SOCK_STREAM IPPROTO_TCP 127.0.0.1:40000->127.0.0.1:50003 TCP_ESTABLISHED)
      tcp_close(AF_INET SOCK_STREAM IPPROTO_TCP 127.0.0.1:50003->127.0.0.1:40000 TCP_CLOSE_WAIT)`,
  },
  {
    shows: 'accepts a connection whose other end has gone already as such',
    hooks: `
      security_sock_graft(0:sock)
      tcp_close(0:sock)`,
    trace: `
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3<TCP:[50]>
      bind(3<TCP:[50]>, ${inet(8080, '127.0.0.1')}, 16) = 0
      listen(3<TCP:[127.0.0.1:8080]>, 5) = 0
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 4<TCP:[51]>
      connect(4<TCP:[51]>, ${inet(8080, '127.0.0.1')}, 16) = 0
      close(4<TCP:[127.0.0.1:40000->127.0.0.1:8080]>) = 0
      accept4(3<TCP:[127.0.0.1:8080]>, NULL, NULL, 0) = 5<TCP:[127.0.0.1:8080->127.0.0.1:40000]>
      close(5<TCP:[127.0.0.1:8080->127.0.0.1:40000]>) = 0`,
    hits: `
      tcp_close(AF_INET SOCK_STREAM IPPROTO_TCP 127.0.0.1:40000->127.0.0.1:8080 TCP_ESTABLISHED)
      security_sock_graft(AF_INET SOCK_STREAM IPPROTO_TCP 127.0.0.1:8080->127.0.0.1:40000 TCP_CLOSE_WAIT)
      tcp_close(AF_INET SOCK_STREAM IPPROTO_TCP 127.0.0.1:8080->127.0.0.1:40000 TCP_CLOSE_WAIT)`,
  },
];
