/** Proofs: what hangs on an argument, a file or a process that the trace does not show is said to be unknown, or left alone. */
import { end, inet } from './pieces.ts';
import type { Proof } from './proof.ts';

const older = '6.1.192-amd64';

export const unshownProofs: readonly Proof[] = [
  {
    shows: 'does not know the mode of a file after a change of it that the trace does not show',
    hooks: `
      security_inode_setattr(2:uint32:ia_mode)
      security_path_truncate(0:path)`,
    given: { files: [{ path: '/tmp/w/a', content: new TextEncoder().encode('old'), mode: 0o640 }] },
    files: ['/tmp/w/a'],
    trace: `
      chmod(0x5555, 0600) = 0
      chmod("/tmp/w/a", 0600) = 0
      chmod("/tmp/w/a", NEW_BITS) = 0
      truncate("/tmp/w/a", 0) = 0`,
    hits: `
      security_inode_setattr(not known: the mode is not known)
      security_inode_setattr(33152)
      security_inode_setattr(not known: the mode is not known)
      security_path_truncate(/tmp/w/a)
      security_inode_setattr(not known: "resolve: ia_mode" looks into kernel memory)
      not known: proof: security_inode_setattr: the mode is not known (test.strace), 2 times
      not known: proof: security_inode_setattr: "resolve: ia_mode" looks into kernel memory (test.strace)
      file /tmp/w/a: ? ""`,
  },
  {
    shows: 'knows a new length only where the trace shows it',
    hooks: 'security_inode_setattr(2:uint64:ia_size)',
    trace: `
      truncate("/tmp/w/a", LENGTH) = 0
      truncate("/tmp/w/a", 7) = 0`,
    hits: `
      security_inode_setattr(not known: the length is not known)
      security_inode_setattr(7)
      not known: proof: security_inode_setattr: the length is not known (test.strace)`,
  },
  {
    shows: 'changes the mode of what has no name',
    hooks: 'security_file_permission(0:file)',
    trace: `
      memfd_create("m", 0) = 3</memfd:m>(deleted)
      fchmod(3</memfd:m>(deleted), 0600) = 0
      write(3</memfd:m>(deleted), "x", 1) = 1
      fchmod(3</memfd:m>(deleted), NEW_BITS) = 0
      write(3</memfd:m>(deleted), "x", 1) = 1`,
    hits: `
      security_file_permission(-rw-------)
      security_file_permission(-rw-------)`,
  },
  {
    shows: 'knows programs and maps of bpf only as their calls describe them',
    hooks: `
      security_bpf_map_create(0:bpf_map)
      bpf_check(1:bpf_attr)`,
    trace: `
      bpf(BPF_MAP_CREATE, {map_type=BPF_MAP_TYPE_LRU_PERCPU_HASH, key_size=4, value_size=8, max_entries=100}, 72) = 3<anon_inode:bpf-map>
      bpf(BPF_MAP_CREATE, {map_type=0x63 /* BPF_MAP_TYPE_??? */, key_size=4, value_size=8, max_entries=100}, 72) = 4<anon_inode:bpf-map>
      bpf(BPF_MAP_CREATE, {map_type=BPF_MAP_TYPE_HASH, key_size=4, value_size=8}, 72) = 5<anon_inode:bpf-map>
      bpf(BPF_MAP_CREATE, {map_type=BPF_MAP_TYPE_HASH, key_size=4, value_size=8, max_entries=1}, 72) = 6<anon_inode:bpf-map>
      bpf(BPF_PROG_LOAD, {prog_type=0x63 /* BPF_PROG_TYPE_??? */, insn_cnt=2, insns=0x7ffd0, license="GPL"}, 148) = 7<anon_inode:bpf-prog>
      bpf(BPF_PROG_LOAD, {prog_type=BPF_PROG_TYPE_KPROBE, insn_cnt=2, insns=0x7ffd0, license="GPL"}, 148) = 8<anon_inode:bpf-prog>
      bpf(BPF_PROG_LOAD, 0x7ffd0, 148) = 9<anon_inode:bpf-prog>`,
    hits: `
      security_bpf_map_create(not known: the number of entries hangs on the machine)
      security_bpf_map_create(not known: the attributes are not in the trace)
      security_bpf_map_create(not known: the attributes are not in the trace)
      security_bpf_map_create({MapType BPF_MAP_TYPE_HASH, KeySize 4, ValueSize 8, MaxEntries 1})
      bpf_check(not known: the attributes are not in the trace)
      bpf_check({ProgType BPF_PROG_TYPE_KPROBE, InsnCnt 2})
      bpf_check(not known: the attributes are not in the trace)
      not known: proof: security_bpf_map_create: the number of entries hangs on the machine (test.strace)
      not known: proof: security_bpf_map_create: the attributes are not in the trace (test.strace), 2 times
      not known: proof: bpf_check: the attributes are not in the trace (test.strace), 2 times`,
  },
  {
    shows: 'knows sockets whose making the trace does not show only by their annotations',
    hooks: `
      tcp_connect(0:sock)
      security_sock_graft(0:sock)
      security_socket_bind(0:socket)
      security_socket_listen(0:socket)`,
    trace: `
      socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 5<TCP:[56]>
      connect(5<TCP:[56]>, 0x5555, 16) = 0
      accept(8, NULL, NULL) = 9<TCP:[127.0.0.1:80->127.0.0.1:4000]>
      accept(8, NULL, NULL) = 10
      accept(8, NULL, NULL) = 11</tmp/w/a>
      bind(5<TCP:[56]>, 0x5555, 16) = 0
      bind(9, ${inet(80, '0.0.0.0')}, 16) = 0
      bind(12, ${inet(80, '0.0.0.0')}, 16) = 0
      listen(12, 5) = 0`,
    hits: `
      tcp_connect(not known: the socket is not known)
      security_sock_graft(AF_INET SOCK_STREAM IPPROTO_TCP 127.0.0.1:80->127.0.0.1:4000 TCP_ESTABLISHED)
      security_sock_graft(not known: the socket is not known)
      security_sock_graft(not known: the socket is not known)
      security_socket_bind(AF_INET SOCK_STREAM IPPROTO_TCP 0.0.0.0:0->0.0.0.0:0 TCP_CLOSE)
      security_socket_bind(AF_INET SOCK_STREAM IPPROTO_TCP 127.0.0.1:80->127.0.0.1:4000 TCP_ESTABLISHED)
      not known: proof: tcp_connect: the socket is not known (test.strace)
      not known: proof: security_sock_graft: the socket is not known (test.strace), 2 times
      not known: proof: security_socket_bind: the trace does not show what the descriptor stands for (record with strace -y, or give a start snapshot with its descriptors) (test.strace:9)
      not known: proof: security_socket_listen: the trace does not show what the descriptor stands for (record with strace -y, or give a start snapshot with its descriptors) (test.strace:10)`,
  },
  {
    shows: 'accepts connections of traced processes where the results have no annotations',
    hooks: 'security_sock_graft(0:sock)',
    trace: `
      socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 5
      bind(5, ${inet(80, '127.0.0.1')}, 16) = 0
      listen(5, 5) = 0
      accept(5, ${inet(4000, '127.0.0.1')}, [16]) = 6
      socket(AF_UNIX, SOCK_STREAM, 0) = 7
      bind(7, {sa_family=AF_UNIX, sun_path="/run/s"}, 110) = 0
      listen(7, 5) = 0
      fork() = 200
      200 socket(AF_UNIX, SOCK_STREAM, 0) = 8
      200 connect(8, {sa_family=AF_UNIX, sun_path="/run/s"}, 110) = 0
      accept(7, NULL, NULL) = 9
      ${end(200)}`,
    hits: `
      security_sock_graft(AF_INET SOCK_STREAM IPPROTO_TCP 127.0.0.1:80->127.0.0.1:4000 TCP_ESTABLISHED)
      security_sock_graft(AF_UNIX SOCK_STREAM IPPROTO_IP TCP_ESTABLISHED)`,
  },
  {
    shows: 'does not guess how far a copy of older kernels came',
    hooks: 'security_file_permission(0:file, 1:int)',
    kernel: older,
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 3</tmp/w/a>
      openat(AT_FDCWD</tmp/w>, "b", O_WRONLY) = 4</tmp/w/b>
      sendfile(4</tmp/w/b>, 3</tmp/w/a>, NULL, COUNT) = 3
      copy_file_range(3</tmp/w/a>, NULL, 99, NULL, 10, 0) = 3
      sendfile(4</tmp/w/b>, 3</tmp/w/a>, NULL, 10) = ?
      +++ killed by SIGKILL +++`,
    hits: `
      security_file_permission(/tmp/w/a, 4)
      security_file_permission(/tmp/w/b, 2)
      security_file_permission(/tmp/w/b, 2)
      security_file_permission(/tmp/w/a, 4)
      security_file_permission(/tmp/w/b, 2)
      security_file_permission(/tmp/w/a, 4)
      security_file_permission(not known: the trace does not show what the descriptor stands for (record with strace -y, or give a start snapshot with its descriptors), 2)
      security_file_permission(/tmp/w/a, 4)
      security_file_permission(/tmp/w/b, 2)
      security_file_permission(/tmp/w/b, 2)
      not known: proof: security_file_permission: how much it was to move is not in the trace (test.strace:4)
      not known: proof: security_file_permission: the trace does not show what the descriptor stands for (record with strace -y, or give a start snapshot with its descriptors) (test.strace)
      not known: proof: security_file_permission: the trace does not show what the descriptor stands for (record with strace -y, or give a start snapshot with its descriptors) (test.strace:5), 5 times
      not known: proof: security_file_permission: how much a copy moved that did not return is not in the trace (test.strace:6), 2 times`,
  },
  {
    shows: 'knows new credentials only as the trace shows them',
    hooks: `
      commit_creds(0:int:uid.val)
      security_capset(0:cred, 2:cap_effective)
      security_task_fix_setgroups(0:cred)`,
    notes: true,
    trace: `
      setuid(UID) = 0
      setresgid(1, GID, 1) = 0
      setgroups(3, [1, 2, ...]) = 0
      setgroups(1, 0x5555) = 0
      capset({version=_LINUX_CAPABILITY_VERSION_3, pid=0}, 0x5555) = 0
      prctl(PR_SET_KEEPCAPS, KEEP) = 0
      prctl(PR_SET_SECUREBITS, SECBIT_NEW) = 0
      prctl(PR_CAPBSET_DROP, CAP_NEW) = 0
      setfsuid(-1) = 0
      setreuid(-1, -1) = 0`,
    hits: `
      security_task_fix_setgroups(not known: not all groups are in the trace)
      security_task_fix_setgroups(not known: not all groups are in the trace)
      security_capset(not known: the capabilities are not in the trace, not known: the capabilities are not in the trace)
      not known: proof: commit_creds: an id is not in the trace (test.strace:2), 2 times
      not known: proof: security_task_fix_setgroups: not all groups are in the trace (test.strace), 2 times
      not known: proof: commit_creds: not all groups are in the trace (test.strace:4), 2 times
      not known: proof: security_capset: the capabilities are not in the trace (test.strace), 2 times
      not known: proof: commit_creds: the capabilities are not in the trace (test.strace:6)
      not known: proof: commit_creds: the argument is not in the trace (test.strace:7)
      not known: proof: commit_creds: the bits are not in the trace (test.strace:8)
      not known: proof: commit_creds: the capability "CAP_NEW" is not known (test.strace:9)
      not known: proof: commit_creds: credentials after a setuid are not known: an id is not in the trace (test.strace:10), 2 times`,
  },
  {
    shows: 'knows the data of a write only where strace shows all of it',
    hooks: 'ext4_file_write_iter(1:iov_iter)',
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDWR) = 3</tmp/w/a>
      write(3</tmp/w/a>, 0x7ffd0, 3) = 3
      writev(3</tmp/w/a>, [{iov_base="ab", iov_len=2}, {iov_base="c", iov_len=1}], 2) = 3
      writev(3</tmp/w/a>, [{iov_base="ab"..., iov_len=4}], 1) = 4
      writev(3</tmp/w/a>, [{iov_base="ab", iov_len=2}, ...], 40) = 80
      writev(3</tmp/w/a>, 0x5555, 1) = 4`,
    hits: `
      ext4_file_write_iter(not known: the data is not in the trace)
      ext4_file_write_iter(YWJj)
      ext4_file_write_iter(not known: the data is not in the trace)
      ext4_file_write_iter(not known: the data is not in the trace)
      ext4_file_write_iter(not known: the data is not in the trace)
      not known: proof: ext4_file_write_iter: the data is not in the trace (test.strace), 4 times`,
  },
  {
    shows: 'does not know the files of descriptors that nothing shows',
    hooks: `
      fd_install(0:int, 1:file)
      security_file_lock(1:uint32)
      security_file_fcntl(0:file)
      security_mmap_file(0:file)`,
    trace: `
      dup(99) = 5
      fcntl(98, F_DUPFD, 0) = 6
      eventfd2(0, 0) = 7
      flock(3</tmp/w/a>, LOCK_NEW) = 0
      flock(3</tmp/w/a>, LOCK_MAND) = 0
      fcntl(97, F_SETFL, O_RDONLY|O_NONBLOCK) = 0
      fcntl(97, F_GETFL) = 0x8000 (flags O_RDONLY|O_LARGEFILE)
      ioctl(97, FIONBIO, [1]) = 0
      dup2(96, 8) = 8
      pipe2(0x5555, 0) = 0
      mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 95, 0) = 0x7f0000000000`,
    hits: `
      fd_install(5, not known: the trace does not show what the descriptor stands for (record with strace -y, or give a start snapshot with its descriptors))
      security_file_fcntl(not known: the trace does not show what the descriptor stands for (record with strace -y, or give a start snapshot with its descriptors))
      fd_install(6, not known: the trace does not show what the descriptor stands for (record with strace -y, or give a start snapshot with its descriptors))
      fd_install(7, rw-------)
      security_file_lock(not known: the type of the lock is not in the trace)
      security_file_lock(not known: the type of the lock is not in the trace)
      security_file_fcntl(not known: the trace does not show what the descriptor stands for (record with strace -y, or give a start snapshot with its descriptors))
      security_file_fcntl(not known: the trace does not show what the descriptor stands for (record with strace -y, or give a start snapshot with its descriptors))
      security_mmap_file(not known: the trace does not show what the descriptor stands for (record with strace -y, or give a start snapshot with its descriptors))
      not known: proof: fd_install: the trace does not show what the descriptor stands for (record with strace -y, or give a start snapshot with its descriptors) (test.strace), 2 times
      not known: proof: security_file_fcntl: the trace does not show what the descriptor stands for (record with strace -y, or give a start snapshot with its descriptors) (test.strace), 3 times
      not known: proof: security_file_lock: the type of the lock is not in the trace (test.strace), 2 times
      not known: proof: security_mmap_file: the trace does not show what the descriptor stands for (record with strace -y, or give a start snapshot with its descriptors) (test.strace)`,
  },
  {
    shows: 'does not take for the value of a field what Tetragon does not read of it',
    hooks: `
      tp:syscalls/sys_enter_dup(5:fd)
      tp:syscalls/sys_enter_close(5:int)
      tp:sched/sched_process_exec(4:string)`,
    trace: `
      100 execve("/usr/bin/prog", ["prog"], 0x7ffd0 /* 3 vars */) = 0
      100 dup(1</dev/null>) = 3</dev/null>
      100 close(3</dev/null>) = 0
      ${end(100)}`,
    hits: `
      sched/sched_process_exec(not known: what a dynamic text is as a string (its type is data_loc))
      syscalls/sys_enter_dup(not known: of a tracepoint's field Tetragon takes no fd, but 0 for it)
      syscalls/sys_enter_close(3)
      not known: proof: sched/sched_process_exec: what a dynamic text is as a string (its type is data_loc) (test.strace)
      not known: proof: syscalls/sys_enter_dup: of a tracepoint's field Tetragon takes no fd, but 0 for it (test.strace)`,
  },
  {
    shows: 'knows no program whose path the trace does not show',
    hooks: `
      security_bprm_check(0:linux_binprm)
      commit_creds(0:int:uid.val)
      tp:sched/sched_process_exec(4:data_loc)
      raw:sched/sched_process_exec(2:linux_binprm)
      security_mmap_file(0:file)`,
    trace: `
      100 execve("/usr/bin/prog", ["prog"], 0x7ffd0 /* 3 vars */) = 0
      100 execve(0x5555, ["x"], 0x7ffd0 /* 3 vars */) = 0
      100 execveat(99, "", ["x"], 0x7ffd0 /* 3 vars */, AT_EMPTY_PATH) = 0
      ${end(100)}`,
    hits: `
      sched/sched_process_exec(/usr/bin/prog)
      sched/sched_process_exec(/usr/bin/prog -rwxr-xr-x)
      commit_creds(not known: the program is not known)
      security_bprm_check(not known: the trace does not show the path of the executed descriptor)
      commit_creds(0)
      security_mmap_file(not known: the trace does not show the path of the executed descriptor)
      security_mmap_file(not known: the trace does not show the path of the executed descriptor)
      security_mmap_file(not known: the trace does not show the path of the executed descriptor)
      security_mmap_file(not known: the trace does not show the path of the executed descriptor)
      sched/sched_process_exec(/dev/fd/99)
      sched/sched_process_exec(not known: the trace does not show the path of the executed descriptor)
      not known: proof: commit_creds: the program is not known (test.strace)
      trace: the path of an executed program is not readable in the trace (test.strace:2)
      not known: proof: security_bprm_check: the trace does not show the path of the executed descriptor (test.strace)
      not known: proof: security_mmap_file: the trace does not show the path of the executed descriptor (test.strace), 4 times
      not known: proof-tracepoints: sched/sched_process_exec: the trace does not show the path of the executed descriptor (test.strace)`,
  },
  {
    shows: 'knows no socket of a family or a type that it does not know',
    hooks: `
      security_socket_create(0:int, 1:int, 2:int)
      security_kernel_module_request(0:string)
      tcp_shutdown(0:sock, 1:int)
      cap_capable(2:capability)`,
    trace: `
      socket(AF_LATER, SOCK_STREAM, 0) = 3
      socket(AF_INET, SOCK_LATER, IPPROTO_LATER) = 4
      socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 5<TCP:[56]>
      setsockopt(5<TCP:[56]>, SOL_SOCKET, SO_PRIORITY, 0x5555, 4) = 0
      setsockopt(5<TCP:[56]>, SOL_SOCKET, SO_PRIORITY, [7], 4) = 0
      shutdown(5<TCP:[56]>, SHUT_LATER) = 0`,
    hits: `
      security_socket_create(2, 1, 0)
      cap_capable({value 13, name CAP_NET_RAW})
      tcp_shutdown(AF_INET SOCK_STREAM IPPROTO_TCP 0.0.0.0:0->0.0.0.0:0 TCP_CLOSE, not known: how it is shut down is not in the trace)
      not known: proof: security_socket_create: the family or the type of the socket is not known (test.strace:2), 2 times
      not known: proof: security_kernel_module_request: the family or the type of the socket is not known (test.strace:2), 2 times
      not known: proof: security_kernel_module_request: whether a module of the family or protocol was loaded before is not in the trace (test.strace:3), 2 times
      not known: socket: SOCK_LATER holds a flag that is not known (test.strace:3)
      not known: proof: cap_capable: the priority is not in the trace (test.strace:5), 2 times
      not known: proof: tcp_shutdown: how it is shut down is not in the trace (test.strace)`,
  },
  {
    shows: 'knows what a message to the kernel asks for only by its type',
    hooks: 'cap_capable(2:capability)',
    trace: `
      socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE) = 3<NETLINK:[ROUTE:100]>
      sendto(3<NETLINK:[ROUTE:100]>, "abc", 3, 0, NULL, 0) = 3
      sendto(3<NETLINK:[ROUTE:100]>, [{nlmsg_len=20, nlmsg_type=RTM_GETLINK, nlmsg_flags=NLM_F_REQUEST, nlmsg_seq=1, nlmsg_pid=0}, {nlmsg_len=20, nlmsg_type=NLMSG_DONE, nlmsg_flags=0, nlmsg_seq=1, nlmsg_pid=0}], 40, 0, NULL, 0) = 40
      sendto(3<NETLINK:[ROUTE:100]>, [{nlmsg_len=20, nlmsg_type=RTM_NEWLINK, nlmsg_flags=NLM_F_REQUEST, nlmsg_seq=1, nlmsg_pid=0}, {nlmsg_len=20, nlmsg_type=RTM_NEWLINK, nlmsg_flags=0, nlmsg_seq=1, nlmsg_pid=0}], 40, 0, NULL, 0) = 40
      socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 4<UDP:[57]>
      sendto(4<UDP:[57]>, "abc", 3, 0, ${inet(53, '10.1.2.3')}, 16) = 3`,
    hits: `
      not known: proof: cap_capable: what the message asks for depends on its type, which is not modelled or not in the trace (test.strace:3), 4 times`,
  },
  {
    shows: 'knows the sizes of several messages only where the trace shows them',
    hooks: 'security_socket_sendmsg(2:int)\nsecurity_socket_recvmsg(2:int, 3:int)',
    trace: `
      socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 4<UDP:[57]>
      sendmmsg(4<UDP:[57]>, 0x5555, 2, 0) = -1 EFAULT (Bad address)
      sendmmsg(4<UDP:[57]>, 0x5555, 2, 0) = ?
      sendmmsg(4<UDP:[57]>, [{msg_hdr=0x5555, msg_len=1}, {msg_len=2}], 2, 0) = 2
      recvmmsg(4<UDP:[57]>, [{msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="ab", iov_len=8}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, msg_len=2}], 1, MSG_LATER, NULL) = 1
      recvmmsg(4<UDP:[57]>, 0x5555, 1, 0, NULL) = ?
      recvfrom(4<UDP:[57]>, "ab", 8, MSG_LATER, NULL, NULL) = 2`,
    hits: `
      security_socket_sendmsg(not known: the size of the message is not in the trace)
      security_socket_sendmsg(not known: the size of the message is not in the trace)
      security_socket_sendmsg(not known: the size of the message is not in the trace)
      security_socket_recvmsg(8, not known: a flag is not in the trace)
      security_socket_recvmsg(not known: the size of the message is not in the trace, 0)
      security_socket_recvmsg(8, not known: a flag is not in the trace)
      not known: proof: security_socket_sendmsg: the size of the message is not in the trace (test.strace), 3 times
      not known: proof: security_socket_recvmsg: a flag is not in the trace (test.strace), 2 times
      not known: recvmmsg: MSG_LATER holds a flag that is not known (test.strace:6)
      not known: proof: security_socket_recvmsg: the size of the message is not in the trace (test.strace)
      not known: recvfrom: MSG_LATER holds a flag that is not known (test.strace:8)`,
  },
  {
    shows: 'sends no signal to a process that the trace does not show, or of another namespace',
    hooks: 'security_task_kill(0:int:pid, 2:int)',
    trace: `
      unshare(CLONE_NEWPID) = 0
      fork() = 2 /* 200 in strace's PID NS */
      200 kill(1, SIGUSR1) = 0
      200 kill(100 /* 100 in strace's PID NS */, SIGUSR1) = 0
      200 kill(1, SIGUSR1) = -1 EPERM (Operation not permitted)
      pidfd_send_signal(9, SIGUSR1, NULL, 0) = 0
      kill(PID, SIGUSR1) = 0
      kill(PID, SIGUSR1) = -1 EPERM (Operation not permitted)
      ${end(200)}`,
    hits: `
      security_task_kill(not known: the process that gets the signal is not in the trace, 10)
      security_task_kill(100, 10)
      security_task_kill(not known: the process that gets the signal is not in the trace, 10)
      security_task_kill(not known: the process that gets the signal is not in the trace, 10)
      not known: proof: security_task_kill: the process that gets the signal is not in the trace (test.strace), 3 times`,
  },
  {
    shows: 'names nothing below a directory whose descriptor nothing shows',
    hooks: `
      security_path_mkdir(0:path, 1:dentry)
      security_path_unlink(1:dentry)
      security_file_open(0:file)
      cap_capable(2:capability)`,
    given: { files: [{ path: '/tmp/w/a', content: new TextEncoder().encode('old'), mode: 0o640 }] },
    files: ['/tmp/w/a'],
    trace: `
      mkdirat(99, "d", 0755) = 0
      unlinkat(99, "a", 0) = 0
      openat(99, "b", O_RDONLY) = 3
      openat(99, "c", O_RDONLY) = 4</srv/c>
      openat(99, "/tmp/w/d", O_RDONLY) = 5
      openat(98, "e", O_RDONLY) = -1 EBADF (Bad file descriptor)`,
    hits: `
      security_path_mkdir(not known: the path is not readable in the trace, not known: the path is not readable in the trace)
      security_path_unlink(not known: the path is not readable in the trace)
      security_file_open(not known: the path of the opened file is not known)
      security_file_open(/srv/c)
      security_file_open(/tmp/w/d)
      not known: proof: security_path_mkdir: the path is not readable in the trace (test.strace), 2 times
      not known: proof: cap_capable: what the mode and the owner of the file let the caller do is not known (test.strace:2), 4 times
      not known: proof: security_path_unlink: the path is not readable in the trace (test.strace)
      not known: proof: cap_capable: whose the name is, and whether its directory is sticky, is not known (test.strace:3)
      not known: proof: security_file_open: the path of the opened file is not known (test.strace)
      not known: proof: cap_capable: what the mode and the owner of /srv/c let the caller do is not known (test.strace:5), 2 times
      not known: proof: cap_capable: what the mode and the owner of /tmp/w/d let the caller do is not known (test.strace:6), 2 times
      file /tmp/w/a: 0640 "old"`,
  },
  {
    shows: 'looks at the file of a descriptor by its status, and learns nothing of what is a link',
    hooks: 'security_inode_getattr(0:path)',
    trace: `
      openat(AT_FDCWD</tmp/w>, "l", O_PATH|O_NOFOLLOW) = 3</tmp/w/l>
      fstat(3</tmp/w/l>, {st_mode=S_IFLNK|0777, st_uid=0, st_gid=0, st_size=3, ...}) = 0
      newfstatat(99, "", {st_mode=S_IFREG|0600, st_uid=0, st_gid=0, st_size=3, ...}, AT_EMPTY_PATH) = 0
      pipe2([6<pipe:[71]>, 7<pipe:[71]>], 0) = 0
      fstat(6<pipe:[71]>, {st_mode=S_IFIFO|0600, st_uid=0, st_gid=0, st_size=0, ...}) = 0`,
    hits: `
      security_inode_getattr(/tmp/w/l lrwxrwxrwx)
      security_inode_getattr(not known: the trace does not show what the descriptor stands for (record with strace -y, or give a start snapshot with its descriptors))
      security_inode_getattr(prw-------)
      not known: proof: security_inode_getattr: the trace does not show what the descriptor stands for (record with strace -y, or give a start snapshot with its descriptors) (test.strace)`,
  },
  {
    shows: 'asks as its real ids where access does, and does not know what they would be asked',
    hooks: 'cap_capable(2:capability)',
    trace: `
      setresuid(1000, 0, 0) = 0
      access("/tmp/w/unseen", R_OK) = 0
      access(0x5555, R_OK) = -1 EFAULT (Bad address)
      stat("/tmp/w/a", {st_mode=S_IFREG|0644, st_uid=0, st_gid=0, st_size=3, ...}) = 0
      access("/tmp/w/a", R_OK) = 0
      access("/tmp/w/a", W_OK) = -1 EACCES (Permission denied)`,
    hits: `
      cap_capable({value 7, name CAP_SETUID})
      not known: proof: cap_capable: what a capability of the real ids would be asked for is not modelled (test.strace:3), 2 times`,
  },
  {
    shows: 'opens what a program makes with a mode, with none that it shows, and below /proc',
    hooks: `
      security_file_open(0:file)
      security_inode_create(1:dentry)
      security_path_mknod(1:dentry, 2:int)
      security_inode_setattr(1:dentry)`,
    trace: `
      openat(AT_FDCWD</tmp/w>, "n", O_WRONLY|O_CREAT|O_EXCL, MODE) = 3</tmp/w/n>
      openat(AT_FDCWD</tmp/w>, "m", O_WRONLY|O_CREAT|O_TRUNC, 0600) = 4
      openat(AT_FDCWD</tmp/w>, "o", O_WRONLY|O_TRUNC) = 5
      openat(AT_FDCWD</tmp/w>, 0x5555, O_WRONLY|O_CREAT|O_TRUNC, 0600) = 6
      openat(AT_FDCWD</tmp/w>, "/proc/self/comm", O_WRONLY|O_TRUNC) = 7</proc/100/comm>
      openat(AT_FDCWD</tmp/w>, "/dev/null", O_RDWR) = 8</dev/null<char 1:3>>
      openat(AT_FDCWD</tmp/w>, "a", O_RDWR) = 9<pipe:[71]>`,
    hits: `
      security_path_mknod(/tmp/w/n ---------, 32768)
      security_inode_create(/tmp/w/n ---------)
      security_file_open(/tmp/w/n)
      security_file_open(/tmp/w/m)
      security_file_open(/tmp/w/o)
      security_file_open(not known: the path of the opened file is not known)
      security_file_open(/proc/100/comm)
      security_file_open(/dev/null)
      security_file_open(prw-------)
      not known: proof: security_path_mknod: neither the recording nor the trace shows whether the file existed (test.strace:3), 2 times
      not known: proof: security_inode_create: neither the recording nor the trace shows whether the file existed (test.strace:3), 2 times
      not known: proof: security_inode_setattr: nothing tells what kind of file it is (test.strace:3), 2 times
      not known: proof: security_file_open: the path of the opened file is not known (test.strace)`,
  },
  {
    shows: 'makes nodes and removes names only as the trace shows them',
    hooks: `
      security_inode_create(1:dentry)
      security_inode_mknod(1:dentry)
      security_path_rmdir(1:dentry)
      cap_capable(2:capability)`,
    trace: `
      mknod("n", S_IFNEW|0600, 0) = 0
      rmdir("unseen") = -1 ENOTDIR (Not a directory)
      unlink("unseen") = 0
      rename(0x5555, "x") = 0
      link("unseen", "y") = -1 EPERM (Operation not permitted)`,
    hits: `
      not known: proof: cap_capable: the mode is not known (test.strace:2)
      not known: proof: security_inode_create: the mode is not known (test.strace:2)
      not known: proof: security_inode_mknod: the mode is not known (test.strace:2)
      not known: proof: security_path_rmdir: whether the name is of a file is not in the trace (test.strace:3)
      not known: proof: cap_capable: what the mode and the owner of the file let the caller do is not known (test.strace:5)
      not known: proof: cap_capable: whose the name is, and whether its directory is sticky, is not known (test.strace:5)
      not known: proof: cap_capable: whether the new name was taken is not known (test.strace:5)
      not known: proof: cap_capable: the owner of the file is not in the trace (test.strace:6), 3 times`,
  },
  {
    shows: 'does not know whose files are that nothing shows, nor what their changes ask for',
    hooks: `
      security_path_chown(0:path, 1:int)
      cap_capable(2:capability)`,
    trace: `
      fchown(99, 0, 0) = 0
      fchown(3<pipe:[71]>, 0, 0) = 0
      chown(0x5555, 0, 0) = 0
      chown("/tmp/w/unseen", -1, -1) = 0
      chown("/tmp/w/unseen", 0, 0) = 0
      stat("/tmp/w/a", {st_mode=S_IFREG|S_ISGID|0644, st_uid=0, st_gid=7, st_size=3, ...}) = 0
      chown("/tmp/w/a", 1, 8) = 0
      stat("/tmp/w/b", {st_mode=S_IFREG|S_ISUID|0644, st_uid=5, st_gid=7, st_size=3, ...}) = 0
      chown("/tmp/w/b", 1, 8) = 0`,
    hits: `
      security_path_chown(not known: the trace does not show what the descriptor stands for (record with strace -y, or give a start snapshot with its descriptors), 0)
      security_path_chown(prw-------, 0)
      security_path_chown(not known: the path is not readable in the trace, 0)
      security_path_chown(/tmp/w/unseen, -1)
      security_path_chown(/tmp/w/unseen, 0)
      cap_capable({value 4, name CAP_FSETID})
      security_path_chown(/tmp/w/a -rw-r-Sr--, 1)
      cap_capable({value 0, name CAP_CHOWN})
      cap_capable({value 0, name CAP_CHOWN})
      security_path_chown(/tmp/w/b -rwSr--r--, 1)
      cap_capable({value 0, name CAP_CHOWN})
      cap_capable({value 0, name CAP_CHOWN})
      cap_capable({value 3, name CAP_FOWNER})
      cap_capable({value 4, name CAP_FSETID})
      cap_capable({value 4, name CAP_FSETID})
      not known: proof: cap_capable: the mode of the file, whose set-id bits the call drops, is not in the trace (test.strace:2), 4 times
      not known: proof: security_path_chown: the trace does not show what the descriptor stands for (record with strace -y, or give a start snapshot with its descriptors) (test.strace)
      not known: proof: cap_capable: nothing tells who owned the file before (test.strace:2), 4 times
      not known: proof: cap_capable: the owner of the file is not in the trace (test.strace:2), 5 times
      not known: proof: security_path_chown: the path is not readable in the trace (test.strace)`,
  },
  {
    shows: 'tells pids, groups and limits of its own process by their numbers',
    hooks: `
      security_task_setpgid(1:int)
      security_task_setrlimit(1:uint32)
      cap_capable(2:capability)`,
    trace: `
      setpgid(0, 0) = 0
      unshare(CLONE_NEWPID) = 0
      fork() = 2 /* 200 in strace's PID NS */
      200 setpgid(0, 0) = 0
      prlimit64(100, RLIMIT_CORE, {rlim_cur=0, rlim_max=0}, {rlim_cur=0, rlim_max=0}) = 0
      prlimit64(0, RLIMIT_CORE, {rlim_cur=0}, NULL) = 0
      sched_setaffinity(100, 8, [0]) = 0
      sched_setaffinity(7, 8, [0]) = 0
      ${end(200)}`,
    hits: `
      security_task_setpgid(100)
      cap_capable({value 21, name CAP_SYS_ADMIN})
      security_task_setpgid(1)
      security_task_setrlimit(4)
      security_task_setrlimit(4)
      not known: proof: cap_capable: the new limit is not in the trace (test.strace:7)
      not known: proof: cap_capable: whose task it is is not in the trace (test.strace:9)`,
  },
  {
    shows: 'waits for the process behind a pidfd, and makes one of a child',
    hooks: `
      sys_waitid(1:int)
      do_group_exit(0:int)
      tp:task/task_newtask(4:int, 6:uint64)`,
    trace: `
      fork() = 200
      pidfd_open(200, 0) = 3<pid:200>
      ${end(200)}
      waitid(P_PIDFD, 3<pid:200>, {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=200, si_uid=0, si_status=0, si_utime=0, si_stime=0}, WEXITED, NULL) = 0
      clone(child_stack=NULL, flags=CLONE_LATER|SIGCHLD) = 201
      201 exit_group(STATUS) = ?
      201 +++ exited with 0 +++
      wait4(201, NULL, 0, NULL) = ?
      +++ killed by SIGKILL +++`,
    hits: `
      task/task_newtask(200, 0)
      do_group_exit(0)
      __x64_sys_waitid(3)
      task/task_newtask(201, not known: a flag is not in the trace)
      do_group_exit(not known: the exit code is not in the trace)
      do_group_exit(9)
      not known: proof-tracepoints: task/task_newtask: a flag is not in the trace (test.strace)
      not known: clone: CLONE_LATER|SIGCHLD holds a flag that is not known (test.strace:7)
      not known: proof: do_group_exit: the exit code is not in the trace (test.strace)
      not known: exit_group: STATUS holds a flag that is not known (test.strace:8)`,
  },
  {
    shows: 'mounts, moves and covers what the trace shows of mounts',
    hooks: `
      path_mount(1:path, 3:uint64)
      cap_capable(2:capability)
      security_file_open(0:file)
      ext4_file_write_iter(0:kiocb)`,
    trace: `
      mount("none", "/mnt", 0x5555, 0, NULL) = 0
      mount("/opt", "/srv", NULL, MS_MOVE, NULL) = 0
      mount("none", "/mnt", "tmpfs", MS_LATER, NULL) = 0
      move_mount(3</opt>, "", AT_FDCWD</tmp/w>, 0x5555, MOVE_MOUNT_F_EMPTY_PATH) = 0
      openat(AT_FDCWD</tmp/w>, "/srv/a", O_WRONLY) = 4</srv/a>
      write(4</srv/a>, "x", 1) = 1`,
    hits: `
      path_mount(/mnt drwxr-xr-x, 0)
      cap_capable({value 21, name CAP_SYS_ADMIN})
      cap_capable({value 21, name CAP_SYS_ADMIN})
      path_mount(/srv, 8192)
      cap_capable({value 21, name CAP_SYS_ADMIN})
      path_mount(/mnt, not known: the number behind "MS_LATER" is not known)
      cap_capable({value 21, name CAP_SYS_ADMIN})
      cap_capable({value 21, name CAP_SYS_ADMIN})
      security_file_open(/srv/a)
      ext4_file_write_iter(/srv/a)
      not known: proof: cap_capable: whether CAP_SYS_ADMIN is asked for once more (test.strace:3)
      not known: proof: path_mount: the number behind "MS_LATER" is not known (test.strace)
      not known: proof: cap_capable: a flag of the mount is not known (test.strace:4), 2 times
      not known: mount: MS_LATER holds a flag that is not known (test.strace:4)
      not known: proof: cap_capable: what the mode and the owner of /srv/a let the caller do is not known (test.strace:6), 2 times
      not known: proof: cap_capable: whether /srv/a has set-id bits, which such a call drops, is not known (test.strace:7)`,
  },
  {
    shows: 'names a program below a directory by the descriptor of that',
    hooks: `
      tp:sched/sched_process_exec(4:data_loc)
      raw:sched/sched_process_exec(2:linux_binprm, 2:string:filename)`,
    course: true,
    facts: {
      '/opt/script': {
        existed: true,
        uid: 0,
        gid: 0,
        mode: '100755',
        interpreter: '/usr/bin/sh',
        capability: null,
      },
    },
    trace: `
      100 execve("/usr/bin/prog", ["prog"], 0x7ffd0 /* 3 vars */) = 0
      100 execveat(5</opt>, "script", ["script", "x"], 0x7ffd0 /* 3 vars */, 0) = 0
      100 execveat(6</usr/bin/true>, "", ["true"], 0x7ffd0 /* 3 vars */, AT_EMPTY_PATH) = 0
      ${end(100)}`,
    hits: `
      exec /usr/bin/prog
      sched/sched_process_exec(/usr/bin/prog)
      sched/sched_process_exec(/usr/bin/prog -rwxr-xr-x, /usr/bin/prog)
      exec /dev/fd/5/script /dev/fd/5/script x
      sched/sched_process_exec(/dev/fd/5/script)
      sched/sched_process_exec(/usr/bin/sh -rwxr-xr-x, /dev/fd/5/script)
      exec /dev/fd/6
      sched/sched_process_exec(/dev/fd/6)
      sched/sched_process_exec(/usr/bin/true -rwxr-xr-x, /dev/fd/6)
      exit /dev/fd/6 0
      executed /usr/bin/prog
      executed /usr/bin/sh
      executed /usr/bin/true
      process 0 /dev/fd/6: exited 0`,
  },
];
