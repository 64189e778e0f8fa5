/** Proofs: making, duplicating, receiving and closing descriptors. */
import type { Proof } from './proof.ts';

export const descriptorProofs: readonly Proof[] = [
  {
    shows: 'installs every new descriptor last, with what it stands for',
    hooks: 'fd_install(0:int, 1:file)',
    trace: `
      stat("/", {st_mode=S_IFDIR|0755, st_size=4096, ...}) = 0
      stat("/srv", {st_mode=S_IFDIR|0755, st_size=4096, ...}) = 0
      memfd_create("m", MFD_CLOEXEC) = 3</memfd:m>(deleted)
      memfd_secret(FD_CLOEXEC) = 4<anon_inode:[secretmem]>
      eventfd2(0, EFD_CLOEXEC) = 5<anon_inode:[eventfd]>
      eventfd(0) = 6<anon_inode:[eventfd]>
      epoll_create1(EPOLL_CLOEXEC) = 7<anon_inode:[eventpoll]>
      epoll_create(1) = 8<anon_inode:[eventpoll]>
      timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC) = 9<anon_inode:[timerfd]>
      signalfd4(-1, [CHLD], 8, SFD_CLOEXEC) = 10<anon_inode:[signalfd]>
      signalfd(-1, [CHLD], 8) = 21<anon_inode:[signalfd]>
      inotify_init1(IN_CLOEXEC) = 11<anon_inode:inotify>
      inotify_init() = 12<anon_inode:inotify>
      fanotify_init(FAN_CLASS_NOTIF, O_RDONLY) = 13<anon_inode:[fanotify]>
      userfaultfd(O_CLOEXEC) = 14<anon_inode:[userfaultfd]>
      fsopen("tmpfs", FSOPEN_CLOEXEC) = 15<anon_inode:[fscontext]>
      fsmount(15<anon_inode:[fscontext]>, FSMOUNT_CLOEXEC, 0) = 16</>
      fspick(AT_FDCWD</tmp/w>, "/", FSPICK_CLOEXEC) = 17<anon_inode:[fscontext]>
      open_tree(AT_FDCWD</tmp/w>, "/srv", OPEN_TREE_CLOEXEC) = 18</srv>
      io_uring_setup(8, {flags=0, sq_thread_cpu=0, sq_thread_idle=0, sq_entries=8}) = 19<anon_inode:[io_uring]>
      landlock_create_ruleset({handled_access_fs=LANDLOCK_ACCESS_FS_EXECUTE}, 8, 0) = 20<anon_inode:landlock-ruleset>
      eventfd2(0, 0) = -1 EMFILE (Too many open files)`,
    hits: `
      fd_install(3, -rwxrwxrwx)
      fd_install(4, rw-------)
      fd_install(5, rw-------)
      fd_install(6, rw-------)
      fd_install(7, rw-------)
      fd_install(8, rw-------)
      fd_install(9, rw-------)
      fd_install(10, rw-------)
      fd_install(21, rw-------)
      fd_install(11, rw-------)
      fd_install(12, rw-------)
      fd_install(13, rw-------)
      fd_install(14, rw-------)
      fd_install(15, rw-------)
      fd_install(16, drwxr-xr-x)
      fd_install(17, rw-------)
      fd_install(18, /srv drwxr-xr-x)
      fd_install(19, rw-------)
      fd_install(20, rw-------)`,
  },
  {
    shows: 'installs both ends of a pipe, the reading one first',
    hooks: 'fd_install(0:int, 1:file)',
    trace: `
      pipe([3<pipe:[71]>, 4<pipe:[71]>]) = 0
      pipe2([5<pipe:[72]>, 6<pipe:[72]>], O_CLOEXEC) = 0
      pipe2(0x7ffd1000, 0) = -1 EMFILE (Too many open files)`,
    hits: `
      fd_install(3, prw-------)
      fd_install(4, prw-------)
      fd_install(5, prw-------)
      fd_install(6, prw-------)`,
  },
  {
    shows: 'opens the file of a pidfd on kernels from 6.9 on',
    hooks: `
      security_file_open
      fd_install(0:int)`,
    trace: `
      pidfd_open(100, 0) = 3<pid:100>
      pidfd_open(4242, 0) = -1 ESRCH (No such process)`,
    hits: `
      security_file_open()
      fd_install(3)`,
  },
  {
    shows: 'only installs a pidfd on older kernels',
    hooks: `
      security_file_open
      fd_install(0:int)`,
    kernel: '6.1.192-amd64',
    trace: 'pidfd_open(100, 0) = 3<pid:100>',
    hits: 'fd_install(3)',
  },
  {
    shows: 'takes a descriptor of another process if that may be traced',
    hooks: `
      security_ptrace_access_check(1:int)
      security_file_receive(0:file)
      fd_install(0:int, 1:file)`,
    trace: `
      pidfd_getfd(3<pid:101>, 5, 0) = 4</tmp/w/a>
      pidfd_getfd(3<pid:101>, 5, 0) = -1 EPERM (Operation not permitted)
      pidfd_getfd(9, 5, 0) = -1 EBADF (Bad file descriptor)`,
    hits: `
      security_ptrace_access_check(18)
      security_file_receive(/tmp/w/a)
      fd_install(4, /tmp/w/a)
      not known: proof: security_ptrace_access_check: whether the other process may be looked at without a capability is not in the trace (test.strace:3)`,
  },
  {
    shows: 'installs a duplicate where the kernel chooses its number',
    hooks: `
      fd_install(0:int, 1:file)
      security_file_fcntl(0:file, 1:int, 2:int)`,
    trace: `
      dup(0</dev/null<char 1:3>>) = 3</dev/null<char 1:3>>
      dup2(0</dev/null<char 1:3>>, 4) = 4</dev/null<char 1:3>>
      dup3(0</dev/null<char 1:3>>, 5, O_CLOEXEC) = 5</dev/null<char 1:3>>
      fcntl(0</dev/null<char 1:3>>, F_DUPFD, 6) = 6</dev/null<char 1:3>>
      fcntl(0</dev/null<char 1:3>>, F_DUPFD_CLOEXEC, 6) = 7</dev/null<char 1:3>>
      dup(0</dev/null<char 1:3>>) = 8
      dup(0</dev/null<char 1:3>>) = -1 EMFILE (Too many open files)`,
    hits: `
      fd_install(3, /dev/null)
      security_file_fcntl(/dev/null, 0, 6)
      fd_install(6, /dev/null)
      security_file_fcntl(/dev/null, 1030, 6)
      fd_install(7, /dev/null)
      fd_install(8, /dev/null)`,
  },
  {
    shows: 'asks for a received descriptor before it installs it, after the message',
    hooks: `
      security_socket_recvmsg(2:int)
      security_file_receive(0:file)
      fd_install(0:int, 1:file)`,
    trace: `
      recvmsg(3<UNIX-STREAM:[7->8]>, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="x", iov_len=1}], msg_iovlen=1, msg_control=[{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[4</tmp/w/a>]}], msg_controllen=24, msg_flags=MSG_CMSG_CLOEXEC}, MSG_CMSG_CLOEXEC) = 1`,
    hits: `
      security_socket_recvmsg(1)
      security_file_receive(/tmp/w/a)
      fd_install(4, /tmp/w/a)`,
  },
  {
    shows: 'receives descriptors with one of several messages, too',
    hooks: `
      security_file_receive(0:file)
      fd_install(0:int, 1:file)`,
    trace: `
      recvmmsg(3<UNIX-STREAM:[7->8]>, [{msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="x", iov_len=1}], msg_iovlen=1, msg_control=[{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[5</tmp/w/b>]}], msg_controllen=24, msg_flags=0}, msg_len=1}], 1, MSG_TRUNC, NULL) = 1`,
    hits: `
      security_file_receive(/tmp/w/b)
      fd_install(5, /tmp/w/b)`,
  },
  {
    shows: 'controls and locks open files',
    hooks: `
      security_file_fcntl(0:file, 1:int)
      security_file_lock(0:file)
      security_file_ioctl(0:file, 1:uint32)`,
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDWR) = 3</tmp/w/a>
      fcntl(3</tmp/w/a>, F_GETFD) = 0
      fcntl(3</tmp/w/a>, F_SETLK, {l_type=F_WRLCK, l_whence=SEEK_SET, l_start=0, l_len=0}) = 0
      fcntl(3</tmp/w/a>, F_OFD_SETLKW, {l_type=F_RDLCK, l_whence=SEEK_SET, l_start=0, l_len=0}) = 0
      fcntl(3</tmp/w/a>, F_GETLK, {l_type=F_UNLCK, l_whence=SEEK_SET, l_start=0, l_len=0, l_pid=0}) = 0
      fcntl(9, F_GETFD) = -1 EBADF (Bad file descriptor)
      flock(3</tmp/w/a>, LOCK_EX|LOCK_NB) = -1 EAGAIN (Resource temporarily unavailable)
      flock(9, LOCK_EX) = -1 EBADF (Bad file descriptor)
      ioctl(3</tmp/w/a>, TCGETS, 0x7ffd1000) = -1 ENOTTY (Inappropriate ioctl for device)
      ioctl(9, TCGETS, 0x7ffd1000) = -1 EBADF (Bad file descriptor)`,
    hits: `
      security_file_fcntl(/tmp/w/a, 1)
      security_file_fcntl(/tmp/w/a, 6)
      security_file_lock(/tmp/w/a)
      security_file_fcntl(/tmp/w/a, 38)
      security_file_lock(/tmp/w/a)
      security_file_fcntl(/tmp/w/a, 5)
      security_file_lock(/tmp/w/a)
      security_file_ioctl(/tmp/w/a, 21505)`,
  },
  {
    shows: 'releases a file with its last descriptor: closed, displaced, or not kept at an exec',
    hooks: `
      security_file_release(0:file)
      security_file_free(0:file)`,
    trace: `
      100 execve("/usr/bin/one", ["one"], 0x7ffd0 /* 3 vars */) = 0
      100 openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 3</tmp/w/a>
      100 openat(AT_FDCWD</tmp/w>, "b", O_RDONLY) = 4</tmp/w/b>
      100 openat(AT_FDCWD</tmp/w>, "c", O_RDONLY|O_CLOEXEC) = 5</tmp/w/c>
      100 openat(AT_FDCWD</tmp/w>, "d", O_RDONLY) = 6</tmp/w/d>
      100 openat(AT_FDCWD</tmp/w>, "e", O_RDONLY) = 7</tmp/w/e>
      100 openat(AT_FDCWD</tmp/w>, "f", O_RDONLY|O_CLOEXEC) = 8</tmp/w/f>
      100 dup2(3</tmp/w/a>, 3</tmp/w/a>) = 3</tmp/w/a>
      100 dup(3</tmp/w/a>) = 9</tmp/w/a>
      100 close(3</tmp/w/a>) = 0
      100 close(9</tmp/w/a>) = 0
      100 close(9) = -1 EBADF (Bad file descriptor)
      100 dup3(5</tmp/w/c>, 4</tmp/w/b>, 0) = 4</tmp/w/c>
      100 close(4</tmp/w/c>) = 0
      100 ioctl(8</tmp/w/f>, FIONCLEX) = 0
      100 execve("/usr/bin/two", ["two"], 0x7ffd0 /* 3 vars */) = 0
      100 fcntl(6</tmp/w/d>, F_SETFD, FD_CLOEXEC) = 0
      100 execve("/usr/bin/three", ["three"], 0x7ffd0 /* 3 vars */) = 0
      100 ioctl(7</tmp/w/e>, FIOCLEX) = 0
      100 execve("/usr/bin/four", ["four"], 0x7ffd0 /* 3 vars */) = 0
      100 close_range(8, 4294967295, CLOSE_RANGE_CLOEXEC) = 0
      100 execve("/usr/bin/five", ["five"], 0x7ffd0 /* 3 vars */) = 0`,
    hits: `
      security_file_release(/tmp/w/a)
      security_file_free(/tmp/w/a)
      security_file_release(/tmp/w/b)
      security_file_free(/tmp/w/b)
      security_file_release(/tmp/w/c)
      security_file_free(/tmp/w/c)
      security_file_release(/tmp/w/d)
      security_file_free(/tmp/w/d)
      security_file_release(/tmp/w/e)
      security_file_free(/tmp/w/e)
      security_file_release(/tmp/w/f)
      security_file_free(/tmp/w/f)
      not known: proof: security_file_release: when the last mapping of the file goes is not in the trace (test.strace:16), 4 times
      not known: proof: security_file_free: when the last mapping of the file goes is not in the trace (test.strace:16), 4 times
      trace: the log ends early at line 23: /usr/bin/five (pid 100) had not ended (record until the end, and copy the whole log) (test.strace:23)`,
  },
  {
    shows: 'has no function for releasing a file on kernels before 6.9',
    hooks: `
      security_file_free(0:file)
      lsm:file_release(0:file)`,
    kernel: '6.1.192-amd64',
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 3</tmp/w/a>
      close(3</tmp/w/a>) = 0`,
    hits: `
      security_file_free(/tmp/w/a)
      not modelled: file_release (only kernels >=6.9 run it)`,
  },
  {
    shows: 'marks the descriptors of all makers as they were asked to be',
    hooks: 'security_file_free(0:file)',
    trace: `
      100 execve("/usr/bin/one", ["one"], 0x7ffd0 /* 3 vars */) = 0
      100 accept4(0<UNIX-STREAM:[5,"/run/s"]>, NULL, NULL, SOCK_CLOEXEC) = 3<UNIX-STREAM:[57->58,"/run/s"]>
      100 accept(0<UNIX-STREAM:[5,"/run/s"]>, NULL, NULL) = 4<UNIX-STREAM:[59->60,"/run/s"]>
      100 execve("/usr/bin/two", ["two"], 0x7ffd0 /* 3 vars */) = 0
      100 socketpair(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0, [3<UNIX-STREAM:[7->8]>, 5<UNIX-STREAM:[8->7]>]) = 0
      100 execve("/usr/bin/three", ["three"], 0x7ffd0 /* 3 vars */) = 0
      100 pipe2([3<pipe:[71]>, 5<pipe:[71]>], O_CLOEXEC) = 0
      100 pipe2([6<pipe:[72]>, 7<pipe:[72]>], 0) = 0
      100 execve("/usr/bin/four", ["four"], 0x7ffd0 /* 3 vars */) = 0
      100 recvmsg(4<UNIX-STREAM:[59->60,"/run/s"]>, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="x", iov_len=1}], msg_iovlen=1, msg_control=[{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[3</tmp/w/a>]}], msg_controllen=24, msg_flags=MSG_CMSG_CLOEXEC}, MSG_CMSG_CLOEXEC) = 1
      100 execve("/usr/bin/five", ["five"], 0x7ffd0 /* 3 vars */) = 0
      100 signalfd4(-1, [CHLD], 8, SFD_CLOEXEC) = 3<anon_inode:[signalfd]>
      100 dup3(4<UNIX-STREAM:[59->60,"/run/s"]>, 5, O_CLOEXEC) = 5<UNIX-STREAM:[59->60,"/run/s"]>
      100 fcntl(4<UNIX-STREAM:[59->60,"/run/s"]>, F_DUPFD_CLOEXEC, 0) = 8<UNIX-STREAM:[59->60,"/run/s"]>
      100 execve("/usr/bin/six", ["six"], 0x7ffd0 /* 3 vars */) = 0
      100 socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0) = 3<UNIX-STREAM:[61]>
      100 execve("/usr/bin/seven", ["seven"], 0x7ffd0 /* 3 vars */) = 0
      100 close_range(6, 6, 0) = 0`,
    hits: `
      security_file_free(srwxrwxrwx)
      security_file_free(srwxrwxrwx)
      security_file_free(srwxrwxrwx)
      security_file_free(prw-------)
      security_file_free(prw-------)
      security_file_free(/tmp/w/a)
      security_file_free(rw-------)
      security_file_free(srwxrwxrwx)
      security_file_free(prw-------)
      not known: proof: security_file_free: when the last mapping of the file goes is not in the trace (test.strace:4), 6 times
      trace: the log ends early at line 19: /usr/bin/seven (pid 100) had not ended (record until the end, and copy the whole log) (test.strace:19)`,
  },
  {
    shows: 'shows a pidfd as the kernel has it',
    hooks: 'fd_install(0:int, 1:file)',
    trace: 'pidfd_open(100, 0) = 3<pid:100>',
    hits: 'fd_install(3, -rwx------)',
  },
];
