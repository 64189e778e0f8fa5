/** Proofs: which capabilities calls ask for, of which user namespace, and how. */
import { asNobody } from './pieces.ts';
import type { Proof } from './proof.ts';

const asUser = 'setresuid(1000, 1000, 1000) = 0';

export const capabilityProofs: readonly Proof[] = [
  {
    shows: 'asks for CAP_KILL for processes of other users, and says where it does not know whose they are',
    hooks: `
      cap_capable(2:int, 3:int) [2 Equal 5]
      security_task_kill(0:int:pid, 2:int)`,
    trace: `
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      101 setresuid(1000, 1000, 1000) = 0
      101 kill(101, SIGUSR1) = 0
      101 kill(100, SIGTERM) = -1 EPERM (Operation not permitted)
      100 kill(101, SIGTERM) = 0
      100 kill(100, 0) = 0
      100 kill(999, 0) = 0
      100 kill(-101, SIGTERM) = 0
      100 kill(999, SIGTERM) = -1 ESRCH (No such process)
      101 +++ killed by SIGTERM +++`,
    hits: `
      security_task_kill(101, 10)
      cap_capable(5, 0)
      cap_capable(5, 0)
      security_task_kill(101, 15)
      security_task_kill(100, 0)
      security_task_kill(not known: the process that gets the signal is not in the trace, 0)
      not known: proof: cap_capable: whose process it is that gets the signal is not in the trace (test.strace:8)
      not known: proof: security_task_kill: the process that gets the signal is not in the trace (test.strace)
      not known: proof: cap_capable: how many processes are in the group, and whose they are, is not in the trace (test.strace:9)
      not known: proof: security_task_kill: how many processes are in the group, and whose they are, is not in the trace (test.strace:9)`,
  },
  {
    shows: 'finds no obstacle in checks of a capability that no policy asks for',
    hooks: 'cap_capable(2:int) [2 Equal 7]',
    trace: `
      kill(999, 0) = 0
      kill(-101, SIGTERM) = 0
      setpriority(PRIO_PROCESS, 0, -5) = 0
      setuid(0) = 0`,
    hits: 'cap_capable(7)',
  },
  {
    shows:
      'asks for CAP_SYS_RESOURCE where a hard limit is raised, but not for more descriptors than there may be',
    hooks: `
      cap_capable(2:int, 3:int)
      security_task_setrlimit(1:int)`,
    trace: `
      prlimit64(0, RLIMIT_NOFILE, {rlim_cur=512*1024, rlim_max=512*1024}, {rlim_cur=1024, rlim_max=4096}) = 0
      prlimit64(0, RLIMIT_NOFILE, {rlim_cur=512, rlim_max=4096}, {rlim_cur=1024, rlim_max=512*1024}) = 0
      prlimit64(0, RLIMIT_NOFILE, {rlim_cur=2048*1024, rlim_max=2048*1024}, NULL) = -1 EPERM (Operation not permitted)
      prlimit64(0, RLIMIT_CORE, {rlim_cur=0, rlim_max=RLIM64_INFINITY}, NULL) = 0
      setrlimit(RLIMIT_CORE, {rlim_cur=0, rlim_max=RLIM64_INFINITY}) = -1 EPERM (Operation not permitted)`,
    hits: `
      cap_capable(24, 0)
      security_task_setrlimit(7)
      security_task_setrlimit(7)
      security_task_setrlimit(4)
      cap_capable(24, 0)
      not known: proof: cap_capable: what the limit was before is not in the trace (test.strace:5)`,
  },
  {
    shows: 'asks for CAP_SYS_NICE where a priority is raised, as far as that is known',
    hooks: `
      cap_capable(2:int)
      security_task_setnice(1:int)
      security_task_setscheduler
      security_task_getscheduler`,
    trace: `
      setpriority(PRIO_PROCESS, 0, 19) = 0
      setpriority(PRIO_PROCESS, 0, -5) = -1 EACCES (Permission denied)
      setpriority(PRIO_PROCESS, 0, -5) = 0
      setpriority(PRIO_PGRP, 0, 19) = 0
      sched_setscheduler(0, SCHED_OTHER, [0]) = 0
      sched_setscheduler(0, SCHED_FIFO, [3]) = -1 EPERM (Operation not permitted)
      sched_setscheduler(0, SCHED_FIFO, [3]) = 0
      sched_setparam(0, [4]) = -1 EINVAL (Invalid argument)
      sched_setaffinity(0, 128, [0]) = 0
      sched_setaffinity(0, 128, []) = -1 EINVAL (Invalid argument)
      sched_getscheduler(0) = 0 (SCHED_OTHER)
      sched_getparam(0, [0]) = 0
      sched_getaffinity(0, 128, [0 1]) = 8`,
    hits: `
      security_task_setnice(19)
      cap_capable(23)
      security_task_setnice(-5)
      security_task_setscheduler()
      cap_capable(23)
      security_task_setscheduler()
      security_task_setscheduler()
      security_task_getscheduler()
      security_task_getscheduler()
      security_task_getscheduler()
      not known: proof: cap_capable: whether the new priority is above the old one is not in the trace (test.strace:4), 2 times
      not known: proof: security_task_setnice: how many processes get the priority is not in the trace (test.strace:5)
      not known: proof: cap_capable: whether CAP_SYS_NICE is asked for hangs on how the task was scheduled before (test.strace:8)
      not known: proof: security_task_setscheduler: what of the mask is invalid is not in the trace (test.strace:11)`,
  },
  {
    shows: 'asks for ids with the option that says so, and in a new user namespace for what is not known',
    hooks: 'cap_capable(1:user_namespace, 2:int, 3:int)',
    trace: `
      setgroups(0, []) = 0
      setuid(0) = 0
      unshare(CLONE_NEWUSER|CLONE_NEWNS) = 0`,
    hits: `
      cap_capable({level 0, uid 0, gid 0, ns {inum 4026531837, is_host true}}, 6, 4)
      cap_capable({level 0, uid 0, gid 0, ns {inum 4026531837, is_host true}}, 7, 4)
      cap_capable(not known: the new user namespace is not in the trace, 21, 0)
      not known: proof: cap_capable: the new user namespace is not in the trace (test.strace)`,
  },
  {
    shows: 'asks three times for a filter of system calls, and once more without PR_SET_NO_NEW_PRIVS',
    hooks: 'cap_capable(2:int, 3:int)',
    trace: `
      seccomp(SECCOMP_SET_MODE_FILTER, 0, {len=1, filter=0x7ffd0}) = 0
      prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) = 0
      prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, {len=1, filter=0x7ffd0}) = 0
      seccomp(SECCOMP_GET_ACTION_AVAIL, 0, [SECCOMP_RET_TRAP]) = 0
      seccomp(SECCOMP_SET_MODE_FILTER, 0, NULL) = -1 EFAULT (Bad address)`,
    hits: `
      cap_capable(21, 2)
      cap_capable(21, 2)
      cap_capable(21, 2)
      cap_capable(21, 2)
      cap_capable(21, 2)
      cap_capable(21, 2)
      cap_capable(21, 2)
      not known: proof: cap_capable: how far the filter came is not in the trace (test.strace:6)`,
  },
  {
    shows: 'commits credentials for a new session keyring, and does not know whether others have to be made',
    hooks: 'commit_creds',
    trace: `
      keyctl(KEYCTL_JOIN_SESSION_KEYRING, NULL) = 5
      keyctl(KEYCTL_GET_PERSISTENT, -1, 5) = 6
      keyctl(KEYCTL_GET_KEYRING_ID, KEY_SPEC_PROCESS_KEYRING, 1) = 7
      add_key("user", "a", "b", 1, KEY_SPEC_SESSION_KEYRING) = 8
      request_key("user", "a", NULL, KEY_SPEC_THREAD_KEYRING) = 8`,
    hits: `
      commit_creds()
      not known: proof: commit_creds: whether a keyring has to be made for it is not in the trace (test.strace:4), 3 times`,
  },
  {
    shows: 'asks for CAP_IPC_LOCK for rings, without telling of a refusal',
    hooks: `
      cap_capable(2:int, 3:int)
      fd_install(0:int)`,
    trace: `
      io_uring_setup(8, {flags=0}) = 3<anon_inode:[io_uring]>
      io_uring_setup(8, {flags=0}) = -1 EPERM (Operation not permitted)
      io_uring_setup(8, {flags=0}) = -1 ENOMEM (Cannot allocate memory)`,
    hits: `
      cap_capable(14, 2)
      fd_install(3)
      not known: proof: cap_capable: how far it came is not in the trace (test.strace:4)`,
  },
  {
    shows: 'asks for what options of sockets need, for the second capability without the first',
    hooks: 'cap_capable(2:int)',
    trace: `
      socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP) = 3<UDP:[1]>
      setsockopt(3<UDP:[1]>, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0
      setsockopt(3<UDP:[1]>, SOL_SOCKET, SO_MARK, [1], 4) = 0
      setsockopt(3<UDP:[1]>, SOL_SOCKET, SO_PRIORITY, [6], 4) = 0
      setsockopt(3<UDP:[1]>, SOL_SOCKET, SO_PRIORITY, [7], 4) = 0
      setsockopt(3<UDP:[1]>, SOL_SOCKET, SO_RCVBUFFORCE, [70000], 4) = 0
      setsockopt(3<UDP:[1]>, SOL_IP, IP_TRANSPARENT, [1], 4) = 0
      ${asUser}
      setsockopt(3<UDP:[1]>, SOL_SOCKET, SO_MARK, [1], 4) = -1 EPERM (Operation not permitted)`,
    hits: `
      cap_capable(13)
      cap_capable(13)
      cap_capable(12)
      cap_capable(7)
      cap_capable(13)
      cap_capable(12)
      not known: proof: cap_capable: what this option asks for is not modelled (test.strace:8)`,
  },
  {
    shows: 'knows which commands of drivers ask for nothing',
    hooks: `
      cap_capable(2:int)
      security_kernel_module_request(0:string)`,
    trace: `
      ioctl(1</dev/pts/0<char 136:0>>, TCGETS, 0x7ffd0) = -1 ENOTTY (Inappropriate ioctl for device)
      ioctl(1</dev/pts/0<char 136:0>>, TIOCSTI, "x") = -1 EPERM (Operation not permitted)
      ioctl(3<UDP:[1]>, SIOCGIFINDEX, {ifr_name="dummy0"}) = -1 ENODEV (No such device)`,
    hits: `
      not known: proof: cap_capable: what a driver asks for is not modelled (test.strace:3)
      not known: proof: security_kernel_module_request: whether a module is asked for (test.strace:4)`,
  },
  {
    shows: 'asks for modules of families and protocols that nobody offers',
    hooks: `
      security_socket_create(0:int)
      security_kernel_module_request(0:string)`,
    trace: `
      socket(AF_IRDA, SOCK_STREAM, 0) = -1 EAFNOSUPPORT (Address family not supported by protocol)
      socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP) = -1 EPROTONOSUPPORT (Protocol not supported)
      socket(AF_NETLINK, SOCK_RAW, NETLINK_XFRM) = -1 EPROTONOSUPPORT (Protocol not supported)
      socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3<TCP:[1]>
      socket(AF_VSOCK, SOCK_STREAM, 0) = 4<socket:[2]>
      socketpair(AF_IRDA, SOCK_STREAM, 0, 0x7ffd0) = -1 EAFNOSUPPORT (Address family not supported by protocol)
      sendto(5<NETLINK:[ROUTE:1]>, [{nlmsg_len=20, nlmsg_type=RTM_NEWLINK, nlmsg_flags=NLM_F_REQUEST, nlmsg_seq=1, nlmsg_pid=0}, {ifi_family=AF_UNSPEC}], 20, 0, NULL, 0) = 20
      sendmsg(5<NETLINK:[ROUTE:1]>, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base=[{nlmsg_len=20, nlmsg_type=RTM_NEWLINK, nlmsg_flags=NLM_F_REQUEST, nlmsg_seq=1, nlmsg_pid=0}, {ifi_family=AF_UNSPEC}], iov_len=20}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = 20`,
    hits: `
      security_socket_create(23)
      security_kernel_module_request(net-pf-23)
      security_socket_create(2)
      security_kernel_module_request(net-pf-2-proto-132-type-1)
      security_kernel_module_request(net-pf-2-proto-132)
      security_socket_create(16)
      security_kernel_module_request(net-pf-16-proto-6)
      security_socket_create(2)
      security_socket_create(40)
      security_socket_create(23)
      security_kernel_module_request(net-pf-23)
      not known: proof: security_kernel_module_request: whether a module of the family or protocol was loaded before is not in the trace (test.strace:6)
      not known: proof: security_kernel_module_request: whether the kind of the interface needs a module is not in the trace (test.strace:8), 2 times`,
  },
  {
    shows: 'describes maps and programs of bpf as the call does, and asks for CAP_BPF before each',
    hooks: `
      security_bpf(0:bpf_cmd)
      security_bpf_map_create(0:bpf_map)
      security_bpf_prog_load(0:bpf_prog, 1:bpf_attr)
      bpf_check(1:bpf_attr)
      cap_capable(2:int) [2 Equal 39]
      fd_install(0:int)`,
    trace: `
      bpf(BPF_MAP_CREATE, {map_type=BPF_MAP_TYPE_HASH, key_size=4, value_size=8, max_entries=10, map_flags=0, inner_map_fd=0, map_name="m", map_ifindex=0}, 72) = 3<anon_inode:bpf-map>
      bpf(BPF_PROG_LOAD, {prog_type=BPF_PROG_TYPE_KPROBE, insn_cnt=2, insns=0x7ffd0, license="GPL", log_level=0, log_size=0, log_buf=NULL, kern_version=KERNEL_VERSION(0, 0, 0), prog_flags=0, prog_name="p"}, 128) = 4<anon_inode:bpf-prog>
      bpf(BPF_PROG_LOAD, {prog_type=BPF_PROG_TYPE_KPROBE, insn_cnt=2, insns=0x7ffd0}, 128) = -1 EACCES (Permission denied)
      bpf(BPF_MAP_CREATE, 0x7ffd0, 72) = -1 EPERM (Operation not permitted)`,
    hits: `
      security_bpf(BPF_MAP_CREATE)
      cap_capable(39)
      security_bpf_map_create({MapType BPF_MAP_TYPE_HASH, KeySize 4, ValueSize 8, MaxEntries 10, MapName m})
      fd_install(3)
      security_bpf(BPF_PROG_LOAD)
      cap_capable(39)
      security_bpf_prog_load({ProgType BPF_PROG_TYPE_KPROBE, InsnCnt 2, ProgName p}, {ProgType BPF_PROG_TYPE_KPROBE, InsnCnt 2, ProgName p})
      bpf_check({ProgType BPF_PROG_TYPE_KPROBE, InsnCnt 2, ProgName p})
      fd_install(4)
      security_bpf(BPF_PROG_LOAD)
      cap_capable(39)
      security_bpf(BPF_MAP_CREATE)
      cap_capable(39)
      not known: proof: cap_capable: how often bpf asks hangs on types, and on the mitigations of the kernel (test.strace:2), 4 times
      not known: proof: security_bpf_prog_load: how far a bpf that failed came is not in the trace (test.strace:4)
      not known: proof: bpf_check: how far a bpf that failed came is not in the trace (test.strace:4)`,
  },
  {
    shows: 'makes maps of bpf by another hook before 6.9, and does not know how often it asks then',
    kernel: '6.1.192-1-amd64',
    hooks: `
      security_bpf_map_alloc(0:bpf_map)
      cap_capable(2:int) [2 Equal 39]`,
    trace:
      'bpf(BPF_MAP_CREATE, {map_type=BPF_MAP_TYPE_HASH, key_size=4, value_size=8, max_entries=10, map_flags=0, inner_map_fd=0, map_name="m", map_ifindex=0}, 72) = 3<anon_inode:bpf-map>',
    hits: `
      security_bpf_map_alloc({MapType BPF_MAP_TYPE_HASH, KeySize 4, ValueSize 8, MaxEntries 10, MapName m})
      not known: proof: cap_capable: how often bpf asks hangs on types, and on the mitigations of the kernel (test.strace:2)`,
  },
  {
    shows: 'does not know how often the making of an event of perf asks, and what the event is of',
    hooks: `
      cap_capable(2:int)
      security_perf_event_open
      security_perf_event_alloc(0:perf_event)
      fd_install(0:int)`,
    trace:
      'perf_event_open({type=PERF_TYPE_SOFTWARE, size=0x88, config=PERF_COUNT_SW_DUMMY}, 0, -1, -1, 0) = 3<anon_inode:[perf_event]>',
    hits: `
      security_perf_event_alloc(not known: what a perf event is of is not read of the trace)
      fd_install(3)
      not known: proof: cap_capable: how often it asks hangs on the event and on what is open to all (test.strace:2)
      not known: proof: security_perf_event_open: how often it is asked hangs on the event (test.strace:2)
      not known: proof: security_perf_event_alloc: what a perf event is of is not read of the trace (test.strace)`,
  },
  {
    shows:
      'asks for access that the mode bits refuse: for reading twice, else once, and of who may not write to a directory',
    hooks: 'cap_capable(2:int)',
    start: asNobody,
    trace: `
      stat("/tmp/w", {st_mode=S_IFDIR|0755, st_uid=0, st_gid=0, st_size=0, ...}) = 0
      stat("/tmp/w/s", {st_mode=S_IFREG|0600, st_uid=0, st_gid=0, st_size=0, ...}) = 0
      stat("/tmp/w/r", {st_mode=S_IFREG|0644, st_uid=0, st_gid=0, st_size=0, ...}) = 0
      openat(AT_FDCWD</tmp/w>, "s", O_RDONLY) = -1 EACCES (Permission denied)
      openat(AT_FDCWD</tmp/w>, "s", O_RDWR) = -1 EACCES (Permission denied)
      openat(AT_FDCWD</tmp/w>, "r", O_RDONLY) = 3</tmp/w/r>
      openat(AT_FDCWD</tmp/w>, "unknown", O_RDONLY) = 4</tmp/w/unknown>
      openat(AT_FDCWD</tmp/w>, "s", O_PATH) = 5</tmp/w/s>
      mkdir("d", 0755) = -1 EACCES (Permission denied)
      symlink("x", "l") = -1 EACCES (Permission denied)
      unlink("r") = -1 EACCES (Permission denied)
      rename("r", "q") = -1 EACCES (Permission denied)
      openat(AT_FDCWD</tmp/w>, "denied", O_RDONLY) = -1 EACCES (Permission denied)`,
    hits: `
      cap_capable(2)
      cap_capable(1)
      cap_capable(1)
      cap_capable(1)
      cap_capable(1)
      cap_capable(1)
      cap_capable(1)
      not known: proof: cap_capable: what the mode and the owner of /tmp/w/denied let the caller do is not known (test.strace:14), 2 times`,
  },
  {
    shows: 'asks root once, by what it opens the file for, and for names of others in a sticky directory',
    hooks: 'cap_capable(2:int)',
    trace: `
      stat("/tmp", {st_mode=S_IFDIR|S_ISVTX|0777, st_uid=5, st_gid=5, st_size=0, ...}) = 0
      stat("/tmp/s", {st_mode=S_IFREG|0600, st_uid=1000, st_gid=1000, st_size=0, ...}) = 0
      stat("/tmp/e", {st_mode=S_IFREG|0600, st_uid=0, st_gid=0, st_size=0, ...}) = 0
      openat(AT_FDCWD</tmp/w>, "/tmp/s", O_RDONLY) = 3</tmp/s>
      openat(AT_FDCWD</tmp/w>, "/tmp/s", O_RDWR) = 4</tmp/s>
      unlink("/tmp/s") = 0
      rename("/tmp/e", "/tmp/f") = 0
      openat(AT_FDCWD</tmp/w>, "/tmp/f", O_RDONLY) = 5</tmp/f>`,
    hits: `
      cap_capable(2)
      cap_capable(1)
      cap_capable(3)
      not known: proof: cap_capable: whether the new name was taken is not known (test.strace:8)`,
  },
  {
    shows: 'asks for CAP_NET_ADMIN in each folder of /proc/sys/net, without telling of a refusal',
    hooks: 'cap_capable(2:int, 3:int) [2 Equal 12]',
    trace:
      'openat(AT_FDCWD</tmp/w>, "/proc/sys/net/ipv4/ip_forward", O_RDONLY) = 3</proc/sys/net/ipv4/ip_forward>',
    hits: `
      cap_capable(12, 2)
      cap_capable(12, 2)
      cap_capable(12, 2)`,
  },
  {
    shows:
      'does not know how often memory is accounted for where that asks for CAP_SYS_ADMIN, without telling of a refusal',
    kernel: '6.18.15+deb14-amd64',
    hooks: 'cap_capable(2:int, 3:int) [3 Equal 2]',
    trace: `
      mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7000
      mprotect(0x7000, 4096, PROT_READ|PROT_WRITE) = 0
      mprotect(0x7000, 4096, PROT_READ) = 0
      mremap(0x7000, 4096, 8192, MREMAP_MAYMOVE) = 0x9000
      clone(child_stack=NULL, flags=SIGCHLD) = 101
      101 execve("/usr/bin/true", ["true"], 0x7ffd0 /* 3 vars */) = 0
      101 brk(NULL) = 0x5000
      101 exit_group(0) = ?
      101 +++ exited with 0 +++`,
    hits: `
      not known: proof: cap_capable: how often memory is accounted for hangs on the mappings of the process (test.strace:2), 5 times`,
  },
];
