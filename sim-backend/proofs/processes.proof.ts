/** Proofs: birth and death of processes and threads. */
import type { Proof } from './proof.ts';

const thread = 'CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_THREAD';

export const processProofs: readonly Proof[] = [
  {
    shows: 'runs the hooks of a fork in the parent, with the child and the flags',
    hooks: `
      security_task_alloc(0:int:pid, 1:uint64)
      tp:task/task_newtask(4:int, 6:uint64)
      tp:sched/sched_process_fork(5:int, 7:int)
      wake_up_new_task(0:int:pid, 0:int:tgid, 0:string:comm)
      cap_capable`,
    trace: `
      100 clone(child_stack=NULL, flags=CLONE_FILES|SIGCHLD) = 101
      100 vfork() = 102
      100 fork() = 103
      100 clone3({flags=CLONE_VM|CLONE_VFORK, exit_signal=SIGCHLD, stack=0x7f00, stack_size=0x9000}, 88) = 104
      100 clone3({flags=${thread}, child_tid=0x7f0b, parent_tid=0x7f0b, exit_signal=0, stack=0x7f00, stack_size=0x9000, tls=0x7f0c} => {parent_tid=[105]}, 88) = 105
      100 clone(child_stack=NULL, flags=SIGCHLD) = -1 EAGAIN (Resource temporarily unavailable)
      105 exit(0) = ?
      105 +++ exited with 0 +++
      104 exit_group(0) = ?
      104 +++ exited with 0 +++
      103 +++ exited with 0 +++
      102 +++ exited with 0 +++
      101 +++ exited with 0 +++`,
    hits: `
      security_task_alloc(101, 1024)
      task/task_newtask(101, 1024)
      sched/sched_process_fork(100, 101)
      wake_up_new_task(101, 101, prog)
      security_task_alloc(102, 16640)
      task/task_newtask(102, 16640)
      sched/sched_process_fork(100, 102)
      wake_up_new_task(102, 102, prog)
      security_task_alloc(103, 0)
      task/task_newtask(103, 0)
      sched/sched_process_fork(100, 103)
      wake_up_new_task(103, 103, prog)
      security_task_alloc(104, 16640)
      task/task_newtask(104, 16640)
      sched/sched_process_fork(100, 104)
      wake_up_new_task(104, 104, prog)
      security_task_alloc(105, 67328)
      task/task_newtask(105, 67328)
      sched/sched_process_fork(100, 105)
      wake_up_new_task(105, 100, prog)`,
  },
  {
    shows: 'makes namespaces of a new child after its security structure, a user namespace before it',
    hooks: `
      create_user_ns(0:int:uid.val)
      security_create_user_ns(0:int:uid.val)
      security_task_alloc
      cap_capable(2:int)
      create_new_namespaces(0:uint64)
      security_socket_create(0:int, 2:int, 3:int) [2 Equal 58]
      wake_up_new_task`,
    trace: `
      100 clone(child_stack=NULL, flags=CLONE_NEWUSER|SIGCHLD) = 101
      100 clone(child_stack=NULL, flags=CLONE_NEWNS|CLONE_NEWPID|SIGCHLD) = 102
      100 clone(child_stack=NULL, flags=CLONE_NEWNET|SIGCHLD) = 103
      101 +++ exited with 0 +++
      102 +++ exited with 0 +++
      103 +++ exited with 0 +++`,
    hits: `
      create_user_ns(0)
      security_create_user_ns(0)
      security_task_alloc()
      wake_up_new_task()
      security_task_alloc()
      cap_capable(21)
      create_new_namespaces(537001984)
      wake_up_new_task()
      security_task_alloc()
      cap_capable(21)
      create_new_namespaces(1073741824)
      security_socket_create(10, 58, 1)
      security_socket_create(10, 58, 1)
      security_socket_create(10, 58, 1)
      wake_up_new_task()`,
  },
  {
    shows: 'has no security_create_user_ns before 6.1',
    kernel: '5.10.262-1-amd64',
    hooks: `
      create_user_ns(0:int:uid.val)
      security_create_user_ns(0:int:uid.val)`,
    trace: `
      100 clone(child_stack=NULL, flags=CLONE_NEWUSER|SIGCHLD) = 101
      101 +++ exited with 0 +++
      unshare(CLONE_NEWUSER) = 0`,
    hits: `
      create_user_ns(0)
      create_user_ns(0)
      not modelled: security_create_user_ns (only kernels >=6.1 run it)`,
  },
  {
    shows:
      'exits in order: the group, each thread, the accounting of the last one, then its end, and its files after that',
    course: true,
    hooks: `
      do_group_exit(0:int)
      do_exit(0:int)
      acct_process
      tp:sched/sched_process_exit(5:int)
      raw:sched/sched_process_exit
      security_file_release(0:file) [0 Prefix /tmp/w/]`,
    trace: `
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      101 openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 3</tmp/w/a>
      101 openat(AT_FDCWD</tmp/w>, "b", O_RDONLY) = 4</tmp/w/b>
      101 clone3({flags=${thread}, exit_signal=0}, 88) = 102
      102 exit(0) = ?
      102 +++ exited with 0 +++
      101 exit_group(3) = ?
      101 +++ exited with 3 +++`,
    hits: `
      exec /usr/bin/prog
      do_exit(0) by a thread
      sched/sched_process_exit(102) by a thread
      sched/sched_process_exit() by a thread
      do_group_exit(768)
      do_exit(768)
      acct_process()
      exit /usr/bin/prog 3
      sched/sched_process_exit(101) by a thread
      sched/sched_process_exit() by a thread
      security_file_release(/tmp/w/b) by a thread
      security_file_release(/tmp/w/a) by a thread
      do_group_exit(0)
      do_exit(0)
      acct_process()
      exit /usr/bin/prog 0
      executed /usr/bin/prog
      process 0 /usr/bin/prog: exited 0
      process 1 /usr/bin/prog: exited 3`,
  },
  {
    shows:
      'tells the end of each thread, the last one too, before the process is accounted for, from 6.16 on',
    course: true,
    kernel: '6.18.15+deb14-amd64',
    hooks: `
      acct_process
      tp:sched/sched_process_exit(5:int)
      raw:sched/sched_process_exit`,
    trace: `
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      101 exit_group(3) = ?
      101 +++ exited with 3 +++`,
    hits: `
      exec /usr/bin/prog
      sched/sched_process_exit(101)
      sched/sched_process_exit()
      acct_process()
      exit /usr/bin/prog 3
      sched/sched_process_exit(100)
      sched/sched_process_exit()
      acct_process()
      exit /usr/bin/prog 0
      executed /usr/bin/prog
      process 0 /usr/bin/prog: exited 0
      process 1 /usr/bin/prog: exited 3`,
  },
  {
    shows: 'runs the exit hooks of a process that a signal kills, and takes its unfinished call for entered',
    course: true,
    hooks: `
      do_group_exit(0:int)
      do_exit(0:int)
      acct_process
      sys_read(0:int)`,
    trace: `
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      101 read(0,  <unfinished ...>
      101 +++ killed by SIGTERM +++
      100 clone(child_stack=NULL, flags=SIGCHLD) = 102
      102 --- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=NULL} ---
      102 +++ killed by SIGSEGV (core dumped) +++`,
    hits: `
      exec /usr/bin/prog
      __x64_sys_read(0)
      do_group_exit(9)
      do_exit(15)
      acct_process()
      exit /usr/bin/prog SIGTERM
      do_group_exit(11)
      do_exit(139)
      acct_process()
      exit /usr/bin/prog SIGSEGV
      do_group_exit(0)
      do_exit(0)
      acct_process()
      exit /usr/bin/prog 0
      executed /usr/bin/prog
      process 0 /usr/bin/prog: exited 0
      process 1 /usr/bin/prog: SIGTERM
      process 2 /usr/bin/prog: SIGSEGV`,
  },
  {
    shows: 'lets a process run that outlived the recorded step, and leaves out how the recorder ended it',
    course: true,
    start: { left: [101] },
    hooks: 'do_exit',
    trace: `
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      100 exit_group(0) = ?
      100 +++ exited with 0 +++
      101 +++ killed by SIGKILL +++`,
    hits: `
      exec /usr/bin/prog
      do_exit()
      exit /usr/bin/prog 0
      left processes: /usr/bin/prog (pid 101) still ran 1 s after the root's end; \`daemons: kill\` allows it
      executed /usr/bin/prog
      process 0 /usr/bin/prog: exited 0
      process 1 /usr/bin/prog: running`,
  },
  {
    shows: 'shares descriptors and directories with a child as the flags of clone say',
    hooks: `
      security_path_mkdir(1:dentry)
      security_file_permission(0:file)`,
    trace: `
      100 clone(child_stack=NULL, flags=CLONE_FS|CLONE_FILES|SIGCHLD) = 101
      100 clone(child_stack=NULL, flags=SIGCHLD) = 102
      101 openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 3</tmp/w/a>
      101 chdir("/srv") = 0
      101 exit_group(0) = ?
      101 +++ exited with 0 +++
      100 mkdir("d", 0755) = 0
      100 read(3, "x", 1) = 1
      102 mkdir("d", 0755) = 0
      102 read(3, 0x7ffd0, 1) = -1 EBADF (Bad file descriptor)
      102 exit_group(0) = ?
      102 +++ exited with 0 +++`,
    hits: `
      security_path_mkdir(/srv/d ---------)
      security_file_permission(/tmp/w/a)
      security_path_mkdir(/tmp/w/d ---------)`,
  },
  {
    shows: 'knows who made a child whose lines come before the end of the call that made it',
    course: true,
    hooks: 'security_path_mkdir(1:dentry)',
    trace: `
      100 chdir("/srv") = 0
      100 vfork( <unfinished ...>
      101 mkdir("d", 0755) = 0
      101 execve("/usr/bin/id", ["id"], 0x7ffd0 /* 3 vars */ <unfinished ...>
      100 <... vfork resumed>) = 101
      101 <... execve resumed>) = 0
      101 exit_group(0) = ?
      101 +++ exited with 0 +++`,
    hits: `
      exec /usr/bin/prog
      security_path_mkdir(/srv/d ---------)
      exec /usr/bin/id
      exit /usr/bin/id 0
      exit /usr/bin/prog 0
      executed /usr/bin/prog
      executed /usr/bin/id
      process 0 /usr/bin/prog: exited 0
      process 1 /usr/bin/id: exited 0`,
  },
  {
    shows: 'bears no child again that was over before the call returned that made it',
    hooks: 'security_path_mkdir(1:dentry)',
    course: true,
    trace: `
      100 vfork( <unfinished ...>
      101 mkdir("/tmp/w/d", 0755) = 0
      101 +++ killed by SIGKILL +++
      100 <... vfork resumed>) = 101
      100 vfork() = 102
      102 +++ exited with 1 +++`,
    hits: `
      exec /usr/bin/prog
      security_path_mkdir(/tmp/w/d ---------)
      exit /usr/bin/prog SIGKILL
      exit /usr/bin/prog 1
      exit /usr/bin/prog 0
      executed /usr/bin/prog
      process 0 /usr/bin/prog: exited 0
      process 1 /usr/bin/prog: SIGKILL
      process 2 /usr/bin/prog: exited 1`,
  },
  {
    shows: 'gives a signal to the hook once it is permitted, signal 0 too',
    hooks: 'security_task_kill(2:int)',
    trace: `
      kill(101, SIGTERM) = 0
      kill(101, 0) = 0
      tkill(101, SIGHUP) = 0
      tgkill(100, 101, SIGUSR1) = 0
      rt_sigqueueinfo(101, SIGRT_3, {si_signo=SIGRT_3, si_code=SI_QUEUE, si_pid=100, si_uid=0}) = 0
      rt_tgsigqueueinfo(100, 101, SIGUSR2, {si_signo=SIGUSR2, si_code=SI_QUEUE, si_pid=100, si_uid=0}) = 0
      pidfd_send_signal(3<pid:101>, SIGKILL, NULL, 0) = 0
      kill(999, SIGTERM) = -1 ESRCH (No such process)
      kill(101, 99) = -1 EINVAL (Invalid argument)`,
    hits: `
      security_task_kill(15)
      security_task_kill(0)
      security_task_kill(1)
      security_task_kill(10)
      security_task_kill(35)
      security_task_kill(12)
      security_task_kill(9)`,
  },
  {
    shows: 'checks access by ptrace where a task is attached to, or its memory read, of other processes',
    hooks: `
      security_ptrace_traceme
      security_ptrace_access_check(1:uint32)`,
    trace: `
      ptrace(PTRACE_TRACEME) = -1 EPERM (Operation not permitted)
      ptrace(PTRACE_ATTACH, 101) = -1 EPERM (Operation not permitted)
      ptrace(PTRACE_SEIZE, 101, NULL, PTRACE_O_TRACESYSGOOD) = 0
      ptrace(PTRACE_CONT, 101, NULL, 0) = 0
      ptrace(PTRACE_ATTACH, 999) = -1 ESRCH (No such process)
      process_vm_readv(101, [{iov_base="x", iov_len=1}], 1, [{iov_base=0x7f00, iov_len=1}], 1, 0) = 1
      process_vm_writev(101, [{iov_base="x", iov_len=1}], 1, [{iov_base=0x7f00, iov_len=1}], 1, 0) = -1 EPERM (Operation not permitted)
      process_vm_readv(999, [{iov_base=0x7f00, iov_len=1}], 1, [{iov_base=0x7f00, iov_len=1}], 1, 0) = -1 ESRCH (No such process)
      process_vm_readv(100, [{iov_base="x", iov_len=1}], 1, [{iov_base=0x7f00, iov_len=1}], 1, 0) = 1
      pidfd_getfd(3<pid:100>, 5, 0) = 4</tmp/w/a>`,
    hits: `
      security_ptrace_traceme()
      security_ptrace_access_check(18)
      security_ptrace_access_check(18)
      not known: proof: security_ptrace_access_check: whether the other process may be looked at without a capability is not in the trace (test.strace:3), 2 times`,
  },
  {
    shows:
      'runs the hooks of priorities, process groups and limits, of a limit only where a new one is given',
    hooks: `
      security_task_setnice(1:int)
      security_task_setpgid(1:int)
      security_task_setrlimit(1:int)`,
    trace: `
      setpriority(PRIO_PROCESS, 0, 10) = 0
      setpriority(PRIO_PROCESS, 999, 10) = -1 ESRCH (No such process)
      setpriority(PRIO_PROCESS, 0, 30) = 0
      setpriority(PRIO_PROCESS, 0, -5) = -1 EACCES (Permission denied)
      setpgid(0, 7) = 0
      setpgid(0, 0) = 0
      setpgid(101, 0) = 0
      setpgid(0, 1) = -1 EPERM (Operation not permitted)
      setpgid(999, 7) = -1 ESRCH (No such process)
      prlimit64(0, RLIMIT_NOFILE, NULL, {rlim_cur=1024, rlim_max=4096}) = 0
      prlimit64(0, RLIMIT_NOFILE, {rlim_cur=512, rlim_max=4096}, NULL) = 0
      setrlimit(RLIMIT_CORE, {rlim_cur=0, rlim_max=RLIM64_INFINITY}) = 0
      setrlimit(RLIMIT_CORE, {rlim_cur=0, rlim_max=RLIM64_INFINITY}) = -1 EPERM (Operation not permitted)`,
    hits: `
      security_task_setnice(10)
      security_task_setnice(19)
      security_task_setpgid(7)
      security_task_setpgid(100)
      security_task_setpgid(101)
      security_task_setrlimit(7)
      security_task_setrlimit(4)`,
  },
  {
    shows: 'takes the code of the last thread for that of a process whose first one went before',
    course: true,
    hooks: 'do_exit(0:int)',
    trace: `
      100 clone3({flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD, exit_signal=0}, 88) = 101
      100 exit(5) = ?
      101 exit(7) = ?
      101 +++ exited with 7 +++
      100 +++ exited with 7 +++`,
    hits: `
      exec /usr/bin/prog
      do_exit(1792) by a thread
      do_exit(1280)
      exit /usr/bin/prog 7
      executed /usr/bin/prog
      process 0 /usr/bin/prog: exited 7`,
  },
  {
    shows: 'ends the other threads of a group that exits, or that a signal kills, as killed',
    hooks: `
      do_group_exit(0:int)
      do_exit(0:int)`,
    trace: `
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      101 clone3({flags=${thread}, exit_signal=0}, 88) = 102
      101 exit_group(3) = ?
      102 +++ exited with 3 +++
      101 +++ exited with 3 +++
      100 clone(child_stack=NULL, flags=SIGCHLD) = 103
      103 clone3({flags=${thread}, exit_signal=0}, 88) = 104
      103 --- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_USER, si_pid=100, si_uid=0} ---
      104 +++ killed by SIGUSR1 +++
      103 +++ killed by SIGUSR1 +++
      100 clone(child_stack=NULL, flags=SIGCHLD) = 105
      105 clone3({flags=${thread}, exit_signal=0}, 88) = 106
      106 +++ killed by SIGSEGV +++
      105 +++ killed by SIGSEGV +++`,
    hits: `
      do_group_exit(768)
      do_group_exit(9) by a thread
      do_exit(768) by a thread
      do_exit(768)
      do_group_exit(9) by a thread
      do_exit(10) by a thread
      do_group_exit(9)
      do_exit(10)
      do_group_exit(not known: which thread took the signal is not in the trace) by a thread
      do_exit(11) by a thread
      do_group_exit(11)
      do_exit(11)
      do_group_exit(0)
      do_exit(0)
      not known: proof: do_group_exit: which thread took the signal is not in the trace (test.strace)`,
  },
  {
    shows: 'opens and installs the descriptor of a child, and shows it where the parent uses it',
    hooks: `
      security_task_alloc(1:uint64)
      security_file_open(0:file)
      fd_install(0:int)
      wake_up_new_task
      security_file_release(0:file)`,
    trace: `
      100 clone(child_stack=NULL, flags=CLONE_PIDFD|SIGCHLD, parent_tid=[3<pid:101>]) = 101
      100 clone3({flags=CLONE_PIDFD, pidfd=0x7f76, exit_signal=SIGCHLD, stack=NULL, stack_size=0} => {pidfd=[4<pid:102>]}, 88) = 102
      101 exit_group(0) = ?
      101 +++ exited with 0 +++
      102 exit_group(0) = ?
      102 +++ exited with 0 +++
      100 close(3<pid:101>) = 0
      100 execve("/usr/bin/id", ["id"], 0x7ffd0 /* 3 vars */) = 0`,
    hits: `
      security_task_alloc(4096)
      security_file_open(-rwx------)
      fd_install(3)
      wake_up_new_task()
      security_task_alloc(4096)
      security_file_open(-rwx------)
      fd_install(4)
      wake_up_new_task()
      security_file_release(-rwx------)
      security_file_open(/usr/bin/id -rwxr-xr-x)
      security_file_open(/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2 -rwxr-xr-x)
      security_file_release(-rwx------)
      not known: proof: security_file_release: when the last mapping of the file goes is not in the trace (test.strace:9)`,
  },
  {
    shows: 'has no file system of descriptors of processes before 6.9',
    kernel: '6.1.192-1-amd64',
    hooks: `
      security_file_open(0:file)
      fd_install(0:int)`,
    trace: `
      100 clone(child_stack=NULL, flags=CLONE_PIDFD|SIGCHLD, parent_tid=[3<pid:101>]) = 101
      101 exit_group(0) = ?
      101 +++ exited with 0 +++`,
    hits: `fd_install(3)`,
  },
  {
    shows: 'takes a child that CLONE_PARENT makes for one of the parent’s, in whose image it is',
    course: true,
    hooks: 'security_path_mkdir(1:dentry)',
    trace: `
      100 clone(child_stack=NULL, flags=SIGCHLD) = 101
      101 execve("/usr/bin/env", ["env"], 0x7ffd0 /* 3 vars */) = 0
      101 clone(child_stack=NULL, flags=CLONE_PARENT|SIGCHLD) = 102
      102 mkdir("/tmp/w/d", 0755) = 0
      102 exit_group(0) = ?
      102 +++ exited with 0 +++
      101 exit_group(0) = ?
      101 +++ exited with 0 +++`,
    hits: `
      exec /usr/bin/prog
      exec /usr/bin/env
      security_path_mkdir(/tmp/w/d ---------)
      exit /usr/bin/prog 0
      exit /usr/bin/env 0
      exit /usr/bin/prog 0
      executed /usr/bin/prog
      executed /usr/bin/env
      process 0 /usr/bin/prog: exited 0
      process 1 /usr/bin/env: exited 0
      process 2 /usr/bin/prog: exited 0`,
  },
  {
    shows:
      'says that it does not know whether access by ptrace asks for CAP_SYS_PTRACE, but for one to itself',
    hooks: 'cap_capable(2:int) [2 Equal 19]',
    trace: `
      ptrace(PTRACE_SEIZE, 101, NULL, 0) = 0
      process_vm_readv(101, [{iov_base="x", iov_len=1}], 1, [{iov_base=0x7f00, iov_len=1}], 1, 0) = 1
      process_vm_readv(100, [{iov_base="x", iov_len=1}], 1, [{iov_base=0x7f00, iov_len=1}], 1, 0) = 1
      pidfd_getfd(3<pid:101>, 5, 0) = 4</tmp/w/a>
      pidfd_getfd(9, 5, 0) = -1 EBADF (Bad file descriptor)`,
    hits: `
      not known: proof: cap_capable: whether the other process may be traced without CAP_SYS_PTRACE is not modelled (test.strace:2), 3 times`,
  },
];
