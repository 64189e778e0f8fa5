/** Proofs: what arguments are as the types that a policy declares. */
import type { Proof } from './proof.ts';

/** What Tetragon puts in the place of bytes that it could not read. */
const pageFault = btoa('CharBufErrorPageFault');
const longest = 'x'.repeat(4095);
/** 2047 directories: the longest path of such names. */
const deepest = `${'d/'.repeat(2047)}x`;

export const valueProofs: readonly Proof[] = [
  {
    shows: 'reads a buffer as far as its size says, and as long as Tetragon reads one',
    hooks: 'sys_write(0:int, 1:char_buf sizeArgIndex=3, 2:size_t)',
    trace: `
      write(1</dev/null<char 1:3>>, "abc", 3) = 3
      write(1</dev/null<char 1:3>>, "", 0) = 0
      write(1</dev/null<char 1:3>>, NULL, 3) = -1 EFAULT (Bad address)
      write(1</dev/null<char 1:3>>, "abc"..., 9) = 9
      write(1</dev/null<char 1:3>>, "${longest}y", 4096) = 4096`,
    hits: `
      __x64_sys_write(1, YWJj, 3)
      __x64_sys_write(1, , 0)
      __x64_sys_write(1, ${pageFault}, 3)
      __x64_sys_write(1, not known: strace cut the buffer short (record with a larger -s), 9)
      __x64_sys_write(1, {bytes_arg ${btoa(longest)}, orig_size 4096}, 4096)
      not known: proof: __x64_sys_write: strace cut the buffer short (record with a larger -s) (test.strace)`,
  },
  {
    shows: 'reads the whole of a large buffer if it is asked to',
    hooks: 'sys_write(1:char_buf sizeArgIndex=3 maxData)',
    trace: `write(1</dev/null<char 1:3>>, "${longest}yz", 4097) = 4097`,
    hits: `__x64_sys_write(${btoa(`${longest}yz`)})`,
  },
  {
    shows: 'reads what a call filled in when it returns, and not before',
    hooks: `
      sys_read(0:int, 1:char_buf returnCopy, 2:size_t) = int
      sys_pread64(0:int, 1:char_buf sizeArgIndex=3)`,
    trace: `
      read(3</tmp/w/a>, "abc", 16) = 3
      read(3</tmp/w/a>, "", 16) = 0
      read(3</tmp/w/a>, 0x7ffd1000, 16) = -1 EAGAIN (Resource temporarily unavailable)
      pread64(3</tmp/w/a>, "abc", 16, 0) = 3`,
    hits: `
      __x64_sys_read(3, YWJj, 16) = 3
      __x64_sys_read(3, , 16) = 0
      __x64_sys_read(3, ${pageFault}, 16) = -11
      __x64_sys_pread64(3, not known: what the buffer held before the call is not in the trace)
      not known: proof: __x64_sys_pread64: what the buffer held before the call is not in the trace (test.strace)`,
  },
  {
    shows: 'reads a vector of buffers as one',
    hooks: 'sys_writev(1:char_iovec sizeArgIndex=3, 2:int)',
    trace: `
      writev(1</dev/null<char 1:3>>, [{iov_base="ab", iov_len=2}, {iov_base="", iov_len=0}, {iov_base="c", iov_len=1}], 3) = 3
      writev(1</dev/null<char 1:3>>, 0x1000, 1) = -1 EFAULT (Bad address)
      writev(1</dev/null<char 1:3>>, [{iov_base=NULL, iov_len=2}], 1) = -1 EFAULT (Bad address)
      writev(1</dev/null<char 1:3>>, [{iov_base="ab"..., iov_len=4}], 1) = 4
      writev(1</dev/null<char 1:3>>, [{iov_base="${longest}x", iov_len=4096}], 1) = 4096`,
    hits: `
      __x64_sys_writev(YWJj, 3)
      __x64_sys_writev(${pageFault}, 1)
      __x64_sys_writev(${pageFault}, 1)
      __x64_sys_writev(not known: strace cut the buffer short, 1)
      __x64_sys_writev(${btoa('CharBufErrorBufTooLarge')}, 1)
      not known: proof: __x64_sys_writev: strace cut the buffer short (test.strace)`,
  },
  {
    shows: 'compares what strace shows of data that it cut, where that decides',
    hooks: `
      sys_write(0:nop, 1:char_buf sizeArgIndex=3, 2:int) [1 Prefix other]
      sys_pwrite64(1:char_buf sizeArgIndex=3) [1 Equal abcd] Sigkill
      sys_unlink(0:string) [0 NotPrefix /tmp/] Sigkill
      sys_rmdir(0:string) [0 Postfix /w] Sigkill
      sys_lseek(2:int) [2 Mask 2] Sigkill`,
    trace: `
      write(1</dev/null<char 1:3>>, "abc"..., 9) = 9
      pwrite64(1</dev/null<char 1:3>>, "abc"..., 9, 0) = 9
      unlink("/tmp/w"...) = 0
      rmdir("/tmp"...) = 0
      lseek(3</tmp/w/a>, 0, SEEK_END|SEEK_OF_LATER) = 0`,
    hits: `
      __x64_sys_lseek(not known: the number behind "SEEK_END|SEEK_OF_LATER" is not known) sigkill
      not known: proof: __x64_sys_rmdir: string, which is not known (strace cut the text short (record with -s 4096)), is compared: ends with "/w"? (test.strace:5)
      not known: proof: __x64_sys_lseek: the number behind "SEEK_END|SEEK_OF_LATER" is not known (test.strace)`,
  },
  {
    shows: 'reads numbers as wide as they are declared',
    hooks: `
      sys_lseek(1:int8, 1:uint8, 1:int16, 1:uint16, 1:uint32)
      sys_ioctl(1:int32, 2:int64, 2:uint64)
      sys_mmap(2:int, 3:int, 4:int, 1:int64)`,
    trace: `
      lseek(3</tmp/w/a>, -1, SEEK_CUR) = 0
      lseek(3</tmp/w/a>, 65664, SEEK_SET) = 65664
      ioctl(3</tmp/w/a>, _IOC(_IOC_READ, 0x54, 0x30, 0x4), 0xffffffffffffffff) = -1 ENOTTY (Inappropriate ioctl for device)
      mmap(NULL, 4096*2, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000`,
    hits: `
      __x64_sys_lseek(-1, 255, -1, 65535, 4294967295)
      __x64_sys_lseek(-128, 128, 128, 128, 65664)
      __x64_sys_ioctl(-2147199952, -1, 18446744073709551615)
      __x64_sys_mmap(3, 34, -1, 8192)`,
  },
  {
    shows: 'reads texts up to their end, and paths that cannot be read as such',
    hooks: 'sys_unlink(0:string)',
    trace: `
      unlink("a\\303\\244") = 0
      unlink("a"...) = -1 ENOENT (No such file or directory)
      unlink(NULL) = -1 EFAULT (Bad address)
      unlink("${deepest}"...) = -1 ENAMETOOLONG (File name too long)`,
    hits: `
      __x64_sys_unlink(aä)
      __x64_sys_unlink(not known: strace cut the text short (record with -s 4096))
      __x64_sys_unlink(Bad address for basic type)
      __x64_sys_unlink(${deepest})
      not known: proof: __x64_sys_unlink: strace cut the text short (record with -s 4096) (test.strace)`,
  },
  {
    shows: 'reads a descriptor as the file behind it',
    hooks: 'sys_fsync(0:fd)',
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 3</tmp/w/a>
      fsync(3</tmp/w/a>) = 0
      fsync(3) = 0
      openat(AT_FDCWD</tmp/w>, "we\\76ird", O_RDONLY) = 4</tmp/w/we\\76ird>
      fsync(4</tmp/w/we\\76ird>) = 0
      fsync(5</tmp/w/gone>(deleted)) = 0
      fsync(6<pipe:[71]>) = -1 EINVAL (Invalid argument)
      fsync(7<net:[4026531840]>) = -1 EINVAL (Invalid argument)
      fsync(9) = -1 EBADF (Bad file descriptor)
      fsync(-1) = -1 EBADF (Bad file descriptor)`,
    hits: `
      __x64_sys_fsync(/tmp/w/a)
      __x64_sys_fsync(/tmp/w/a)
      __x64_sys_fsync(/tmp/w/we>ird)
      __x64_sys_fsync(/tmp/w/gone (deleted))
      __x64_sys_fsync(prw-------)
      __x64_sys_fsync(-r--r--r--)
      __x64_sys_fsync(/ ---------)
      __x64_sys_fsync(/ ---------)`,
  },
  {
    shows: 'shows paths below the root of a process',
    hooks: `
      security_file_open(0:file)
      security_inode_getattr(0:path)`,
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 3</tmp/w/a>
      chroot("/tmp") = 0
      chdir("/w") = 0
      openat(AT_FDCWD</tmp/w>, "/w/b", O_RDONLY) = 4</tmp/w/b>
      openat(AT_FDCWD</tmp/w>, "/../w/c", O_RDONLY) = 5</tmp/w/c>
      stat("d", {st_mode=S_IFREG|0644, st_size=0, ...}) = 0
      fstat(3</tmp/w/a>, {st_mode=S_IFREG|0644, st_size=0, ...}) = 0`,
    hits: `
      security_file_open(/tmp/w/a -rw-r--r--)
      security_file_open(/w/b)
      security_file_open(/w/c)
      security_inode_getattr(/w/d -rw-r--r--)
      security_inode_getattr(/w/a -rw-r--r--)`,
  },
  {
    shows: 'reads members of the structures that the machine holds',
    hooks: `
      security_file_open(0:uint32:f_flags, 0:uint32:f_inode.i_mode, 0:string:f_path.dentry.d_name.name, 0:int:f_inode.i_uid.val, 0:int:f_inode.i_gid.val)
      security_inode_getattr(0:string:dentry.d_name.name)
      security_mmap_file(0:uint32:f_flags, 0:int:f_inode.i_pipe.readers)`,
    trace: `
      stat("/tmp/w/a", {st_mode=S_IFREG|0600, st_uid=7, st_gid=8, st_size=0, ...}) = 0
      openat(AT_FDCWD</tmp/w>, "a", O_RDWR|O_APPEND|O_CLOEXEC) = 3</tmp/w/a>
      mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000
      mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3</tmp/w/a>, 0) = 0x7f0000000000`,
    hits: `
      security_inode_getattr(a)
      security_file_open(33794, 33152, a, 7, 8)
      security_mmap_file(Bad address encountered during resolve dereference at depth 0, Bad address encountered during resolve dereference at depth 0)
      security_mmap_file(33794, Bad address encountered during resolve dereference at depth 2)`,
  },
  {
    shows: 'reads members of a program that is about to run',
    hooks: 'security_bprm_check(0:int:file.f_inode.i_mode, 0:string:file.f_path.dentry.d_name.name)',
    trace: `
      100 execve("/usr/bin/one", ["one"], 0x7ffd0 /* 3 vars */) = 0
      100 execve("/usr/bin/two", ["two"], 0x7ffd0 /* 3 vars */) = 0
      100 exit_group(0) = ?
      100 +++ exited with 0 +++`,
    hits: 'security_bprm_check(33261, two)',
  },
  {
    shows: 'does not know what lies in kernel memory alone',
    hooks: `
      security_file_open(0:int:f_owner.pid, 0:uint64:f_pos)
      commit_creds(0:int:usage, 0:int:uid.val)
      security_inode_getattr(0:int:mnt.mnt_flags)`,
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 3</tmp/w/a>
      setuid(0) = 0
      stat("/tmp/w/a", {st_mode=S_IFREG|0600, st_size=0, ...}) = 0`,
    hits: `
      security_file_open(not known: "resolve: f_owner.pid" looks into kernel memory, not known: "resolve: f_pos" looks into kernel memory)
      commit_creds(not known: "resolve: usage" looks into kernel memory, 0)
      security_inode_getattr(not known: "resolve: mnt.mnt_flags" looks into kernel memory)
      not known: proof: security_file_open: "resolve: f_owner.pid" looks into kernel memory (test.strace)
      not known: proof: security_file_open: "resolve: f_pos" looks into kernel memory (test.strace)
      not known: proof: commit_creds: "resolve: usage" looks into kernel memory (test.strace)
      not known: proof: security_inode_getattr: "resolve: mnt.mnt_flags" looks into kernel memory (test.strace)`,
  },
  {
    shows: 'does not know structures as types that are none of theirs',
    hooks: `
      security_file_open(0:sock, 0:cred, 0:user_namespace, 0:kernel_cap_t, 0:module)
      security_socket_create(0:path, 0:string, 0:bpf_attr, 0:iov_iter, 0:char_buf)
      security_socket_connect(1:fd, 1:char_iovec, 1:const_buf, 1:skb, 2:nop)
      security_mmap_addr(0:sockaddr, 0:fd)`,
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 3</tmp/w/a>
      socket(AF_UNIX, SOCK_STREAM, 0) = 4<UNIX-STREAM:[55]>
      connect(4<UNIX-STREAM:[55]>, {sa_family=AF_UNIX, sun_path="/run/s"}, 110) = 0
      mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000`,
    hits: `
      security_file_open(not known: the socket is not in the trace, not known: the credentials is not in the trace, not known: the user namespace is not in the trace, not known: the capability set is not in the trace, not known: the module is not in the trace)
      security_socket_create(not known: the path is not in the trace, Bad address for basic type, not known: the program is not in the trace, not known: the iterator is not in the trace, )
      security_socket_connect(not known: the descriptor is not in the trace, not known: the vector is not in the trace, not known: the array is not in the trace, not known: packets are not in a trace)
      security_mmap_addr(not known: the address is not in the trace, / ---------)
      not known: proof: security_file_open: the socket is not in the trace (test.strace)
      not known: proof: security_file_open: the credentials is not in the trace (test.strace)
      not known: proof: security_file_open: the user namespace is not in the trace (test.strace)
      not known: proof: security_file_open: the capability set is not in the trace (test.strace)
      not known: proof: security_file_open: the module is not in the trace (test.strace)
      not known: proof: security_socket_create: the path is not in the trace (test.strace)
      not known: proof: security_socket_create: the program is not in the trace (test.strace)
      not known: proof: security_socket_create: the iterator is not in the trace (test.strace)
      not known: proof: security_socket_connect: the descriptor is not in the trace (test.strace)
      not known: proof: security_socket_connect: the vector is not in the trace (test.strace)
      not known: proof: security_socket_connect: the array is not in the trace (test.strace)
      not known: proof: security_socket_connect: packets are not in a trace (test.strace)
      not known: proof: security_mmap_addr: the address is not in the trace (test.strace)`,
  },
  {
    shows: 'reads the numbers of a call as its entry has them',
    hooks: 'tp:raw_syscalls/sys_enter(4:int64, 5) [4 Equal 9]',
    trace: 'mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000',
    hits: 'raw_syscalls/sys_enter(9, 0, 4096, 3, 34, 18446744073709551615, 0)',
  },
  {
    shows: 'filters by ids, names and numbers of the calling task',
    hooks: `apiVersion: cilium.io/v1alpha1
kind: TracingPolicy
metadata: { name: proof }
spec:
  kprobes:
  - call: security_file_open
    syscall: false
    args: [{ index: 0, type: file }]
    data:
    - { index: 0, type: uint32, source: current_task, resolve: cred.uid.val }
    - { index: 1, type: int, source: current_task, resolve: pid }
    - { index: 2, type: int, source: current_task, resolve: tgid }
    - { index: 3, type: string, source: current_task, resolve: comm }
    selectors:
    - matchData:
      - { args: [0], operator: Equal, values: ["1000"] }
      - { args: [1], operator: Equal, values: ["100"] }
      - { args: [2], operator: NotEqual, values: ["7"] }
      - { args: [3], operator: Equal, values: ["a-long-name-of-"] }
`,
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 3</tmp/w/a>
      prctl(PR_SET_NAME, "a-long-name-of-a-task") = 0
      setuid(1000) = 0
      openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 4</tmp/w/a>`,
    hits: 'security_file_open(/tmp/w/a) data 1000, 100, 100, a-long-name-of-',
  },
];
