/** Proofs: writes and reads of vectors, on whatever has them. */
import type { StartSnapshot } from '../../core/trace/start-snapshot.ts';
import type { Proof } from './proof.ts';

const onTmpfs: Partial<StartSnapshot> = {
  mounts: [
    { mountpoint: '/', root: '/', fstype: 'ext4', options: 'rw' },
    { mountpoint: '/tmp', root: '/', fstype: 'tmpfs', options: 'rw' },
  ],
};

/** The same vector by both families of calls: with the file's own offset, and with one of the call's. */
const vectors = (fd: string): string => `
  writev(${fd}, [{iov_base="ab", iov_len=2}, {iov_base="c", iov_len=1}], 2) = 3
  pwritev2(${fd}, [{iov_base="ab", iov_len=2}, {iov_base="c", iov_len=1}], 2, -1, 0) = 3`;

export const vectorProofs: readonly Proof[] = [
  {
    shows: 'hands all parts of a vector to the file system or the terminal',
    hooks: `
      ext4_file_write_iter(0:kiocb)
      shmem_file_write_iter(0:kiocb)
      tty_write(0:kiocb)`,
    start: onTmpfs,
    trace: `
      openat(AT_FDCWD</tmp/w>, "/srv/a", O_WRONLY) = 3</srv/a>
      openat(AT_FDCWD</tmp/w>, "b", O_WRONLY) = 4</tmp/w/b>
      openat(AT_FDCWD</tmp/w>, "/dev/pts/1", O_RDWR) = 5</dev/pts/1<char 136:1>>
      ${vectors('3</srv/a>')}
      pwrite64(3</srv/a>, "x", 1, 0) = 1
      ${vectors('4</tmp/w/b>')}
      pwrite64(4</tmp/w/b>, "x", 1, 0) = 1
      ${vectors('5</dev/pts/1<char 136:1>>')}`,
    hits: `
      ext4_file_write_iter(/srv/a)
      ext4_file_write_iter(/srv/a)
      ext4_file_write_iter(/srv/a)
      shmem_file_write_iter(/tmp/w/b)
      shmem_file_write_iter(/tmp/w/b)
      shmem_file_write_iter(/tmp/w/b)
      tty_write(/dev/pts/1)
      tty_write(/dev/pts/1)`,
  },
  {
    shows: 'sends a vector over a socket of each protocol with the size of all its parts',
    hooks: `
      security_socket_sendmsg(2:int)
      tcp_sendmsg(2:int)
      udp_sendmsg(2:int)
      unix_stream_sendmsg(2:int)`,
    trace: `
      ${vectors('3<TCP:[127.0.0.1:40000->127.0.0.1:80]>')}
      ${vectors('4<UDP:[10.0.0.7:1000->10.0.0.1:53]>')}
      ${vectors('5<UNIX-STREAM:[7->8]>')}`,
    hits: ['tcp', 'tcp', 'udp', 'udp', 'unix_stream', 'unix_stream']
      .map((protocol) => `security_socket_sendmsg(3)\n${protocol}_sendmsg(3)`)
      .join('\n'),
  },
  {
    shows: 'receives into a vector at no offset as into a buffer',
    hooks: `
      security_socket_recvmsg(2:int)
      tcp_recvmsg(2:int)`,
    trace: `
      preadv2(3<TCP:[127.0.0.1:40000->127.0.0.1:80]>, [{iov_base="ab", iov_len=64}], 1, -1, 0) = 2`,
    hits: `
      security_socket_recvmsg(64)
      tcp_recvmsg(64)`,
  },
  {
    shows: 'sends a message over sockets of UDP and AF_UNIX',
    hooks: `
      udp_sendmsg(2:int)
      udpv6_sendmsg(2:int)
      unix_stream_sendmsg(2:int)`,
    trace: `
      sendmsg(3<UDP:[10.0.0.7:1000->10.0.0.1:53]>, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="abc", iov_len=3}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = 3
      sendmsg(4<UDPv6:[[::1]:1000->[::1]:53]>, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="abc", iov_len=3}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = 3
      sendmsg(5<UNIX-STREAM:[7->8]>, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="abc", iov_len=3}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = 3`,
    hits: `
      udp_sendmsg(3)
      udpv6_sendmsg(3)
      unix_stream_sendmsg(3)`,
  },
  {
    shows: 'takes descriptors out of each of several messages',
    hooks: `
      security_file_receive(0:file)
      fd_install(0:int, 1:file)`,
    trace: `
      recvmmsg(3<UNIX-DGRAM:[7]>, [{msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="x", iov_len=1}], msg_iovlen=1, msg_control=[{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[4</tmp/w/a>]}], msg_controllen=24, msg_flags=0}, msg_len=1}, {msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="y", iov_len=1}], msg_iovlen=1, msg_control=[{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[5</tmp/w/b>]}], msg_controllen=24, msg_flags=0}, msg_len=1}], 2, 0, NULL) = 2`,
    hits: `
      security_file_receive(/tmp/w/a)
      fd_install(4, /tmp/w/a)
      security_file_receive(/tmp/w/b)
      fd_install(5, /tmp/w/b)`,
  },
  {
    shows: 'maps a shared memory segment, and makes both ends of a pair of sockets',
    hooks: `
      security_mmap_file(2:int)
      sk_alloc(1:int)
      security_socket_socketpair(0:nop)`,
    trace: `
      shmat(5, NULL, 0) = 0x7f0000003000
      socketpair(AF_UNIX, SOCK_STREAM, 0, [3<UNIX-STREAM:[7->8]>, 4<UNIX-STREAM:[8->7]>]) = 0`,
    hits: `
      security_mmap_file(1)
      sk_alloc(1)
      sk_alloc(1)
      security_socket_socketpair()`,
  },
];
