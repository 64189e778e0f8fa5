/** Proofs: structures of the kernel as types, and their members, as far as the machine holds them. */
import { inet } from './pieces.ts';
import type { Proof } from './proof.ts';

const numbered = [1, 2, 3, 4, 5, 6, 7].map((part) => `{iov_base="${part}", iov_len=1}`).join(', ');

export const structureProofs: readonly Proof[] = [
  {
    shows: 'knows of an argument neither what strace leaves out nor what lies behind a pointer',
    hooks: `
      sys_openat(3:int)
      sys_getsockopt(3:char_buf sizeArgIndex=5)
      sys_setsockopt(3:char_buf sizeArgIndex=5)
      sys_ioctl(2:fd)`,
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 3</tmp/w/a>
      socket(AF_UNIX, SOCK_STREAM, 0) = 4<UNIX-STREAM:[55]>
      getsockopt(4<UNIX-STREAM:[55]>, SOL_SOCKET, SO_TYPE, [1], [4]) = 0
      setsockopt(4<UNIX-STREAM:[55]>, SOL_SOCKET, SO_KEEPALIVE, [1], 4) = 0
      ioctl(3</tmp/w/a>, FIONREAD, 0x7ffd1000) = 0
      ioctl(3</tmp/w/a>, TCSBRK, 3) = 0`,
    hits: `
      __x64_sys_openat(not known: strace does not print argument 3 of this openat)
      __x64_sys_getsockopt(not known: the size of the buffer is not in the trace)
      __x64_sys_setsockopt(not known: the content of the buffer is not in the trace)
      __x64_sys_ioctl(/ ---------)
      __x64_sys_ioctl(/tmp/w/a)
      not known: proof: __x64_sys_openat: strace does not print argument 3 of this openat (test.strace)
      not known: proof: __x64_sys_getsockopt: the size of the buffer is not in the trace (test.strace)
      not known: proof: __x64_sys_setsockopt: the content of the buffer is not in the trace (test.strace)`,
  },
  {
    shows: 'reads a text up to its zero byte',
    hooks: 'sys_write(1:string)',
    trace: `
      write(1</dev/null<char 1:3>>, "ab\\0cd", 5) = 5
      write(1</dev/null<char 1:3>>, "ab", 2) = 2`,
    hits: `
      __x64_sys_write(ab)
      __x64_sys_write(ab)`,
  },
  {
    shows: 'reads no longer texts than Tetragon does',
    hooks: 'sys_write(1:string)',
    trace: `write(1</dev/null<char 1:3>>, "${'x'.repeat(4100)}", 4100) = 4100`,
    hits: `__x64_sys_write(${'x'.repeat(4096)})`,
  },
  {
    shows: 'reads seven parts of a vector, and knows none of a vector that strace does not show whole',
    hooks: 'sys_writev(1:char_iovec sizeArgIndex=3)',
    trace: `
      writev(1</dev/null<char 1:3>>, [${numbered}, {iov_base="8", iov_len=1}], 8) = 8
      writev(1</dev/null<char 1:3>>, [${numbered}, ...], 40) = 40
      writev(1</dev/null<char 1:3>>, [{iov_base="1", iov_len=1}, ...], 40) = 40
      writev(1</dev/null<char 1:3>>, [{iov_base="1", iov_len=1}, ... /* 0x7ffd2000 */], 2) = -1 EFAULT (Bad address)`,
    hits: `
      __x64_sys_writev({bytes_arg MTIzNDU2Nw==, orig_size 8})
      __x64_sys_writev(not known: strace does not show all parts of the vector)
      __x64_sys_writev(not known: strace does not show all parts of the vector)
      __x64_sys_writev(Q2hhckJ1ZkVycm9yUGFnZUZhdWx0)
      not known: proof: __x64_sys_writev: strace does not show all parts of the vector (test.strace), 2 times`,
  },
  {
    shows: 'reads buffers and files that the kernel itself hands on',
    hooks: `
      ext4_file_write_iter(1:char_buf)
      security_file_open(0:fd, 0:string, 0:char_buf, 0:bpf_map)
      security_mmap_file(0:fd)`,
    trace: `
      openat(AT_FDCWD</tmp/w>, "a", O_RDWR) = 3</tmp/w/a>
      write(3</tmp/w/a>, "abc", 3) = 3
      mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000
      mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3</tmp/w/a>, 0) = 0x7f0000000000`,
    hits: `
      security_file_open(/tmp/w/a, not known: the text is not in the trace, not known: the buffer is not in the trace, not known: the map is not in the trace)
      ext4_file_write_iter(YWJj)
      security_mmap_file(/ ---------)
      security_mmap_file(/tmp/w/a)
      not known: proof: security_file_open: the text is not in the trace (test.strace)
      not known: proof: security_file_open: the buffer is not in the trace (test.strace)
      not known: proof: security_file_open: the map is not in the trace (test.strace)`,
  },
  {
    shows: 'reads an address of another family as none of the declared type',
    hooks: 'security_socket_connect(1:sockaddr_un, 1:sockaddr)',
    trace: `
      socket(AF_UNIX, SOCK_STREAM, 0) = 4<UNIX-STREAM:[55]>
      connect(4<UNIX-STREAM:[55]>, {sa_family=AF_UNIX, sun_path="/run/s"}, 110) = 0
      socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 5<TCP:[56]>
      connect(5<TCP:[56]>, ${inet(443, '10.1.2.3')}, 16) = 0`,
    hits: `
      security_socket_connect(AF_UNIX /run/s, AF_UNIX invalid IP)
      security_socket_connect(AF_INET, AF_INET 10.1.2.3:443)`,
  },
  {
    shows: 'shows the root of a file system as a name of nothing',
    hooks: 'security_inode_setattr(1:dentry)',
    trace: `
      chmod("/", 0755) = 0
      chmod("/tmp", 0755) = 0`,
    hits: `
      security_inode_setattr(drwxr-xr-x)
      security_inode_setattr(/tmp drwxr-xr-x)`,
  },
  {
    shows: 'does not show paths that are too long for the kernel to print',
    hooks: 'security_file_permission(0:file)',
    trace: `
      openat(3</${'d/'.repeat(2040)}x>, "${'e/'.repeat(20)}x", O_RDONLY) = 4
      read(4, "a", 1) = 1`,
    hits: `
      security_file_permission(unresolvedPathComponents)`,
  },
  {
    shows: 'does not look into structures that it does not hold',
    hooks: `
      security_socket_connect(0:int:sk.sk_mark, 1:uint16:sa_family)
      security_file_permission(1:int:x)
      ext4_file_write_iter(1:int:count)
      security_inode_setattr(2:uint32:ia_uid, 2:uint32:ia_mode)
      security_task_kill(0:int:prio, 0:int:pid, 0:int:tgid, 0:string:comm)
      free_module(0:string:name)
      sys_lseek(1:int:x)
      security_kernel_module_request(0:int:x)
      security_capset(2:uint64:val)
      security_bpf_map_create(0:int:max_entries)
      bpf_check(1:int:insn_cnt)
      security_bprm_check(0:int:mm.x, 0:uint32:file.f_flags, 0:uint32:argc)`,
    trace: `
      socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 5<TCP:[56]>
      connect(5<TCP:[56]>, ${inet(443, '10.1.2.3')}, 16) = 0
      openat(AT_FDCWD</tmp/w>, "a", O_RDWR) = 3</tmp/w/a>
      write(3</tmp/w/a>, "abc", 3) = 3
      stat("/tmp/w/a", {st_mode=S_IFREG|0644, st_uid=0, st_gid=0, st_size=3, ...}) = 0
      chmod("/tmp/w/a", 0600) = 0
      kill(100, SIGUSR1) = 0
      delete_module("x", O_NONBLOCK) = 0
      lseek(3</tmp/w/a>, 0, SEEK_SET) = 0
      socket(0x1c /* AF_??? */, SOCK_RAW, 0) = -1 EAFNOSUPPORT (Address family not supported by protocol)
      capset({version=_LINUX_CAPABILITY_VERSION_3, pid=0}, {effective=0, permitted=0, inheritable=0}) = 0
      bpf(BPF_MAP_CREATE, {map_type=BPF_MAP_TYPE_HASH, key_size=4, value_size=8, max_entries=1}, 72) = 6<anon_inode:bpf-map>
      bpf(BPF_PROG_LOAD, {prog_type=BPF_PROG_TYPE_KPROBE, insn_cnt=2, insns=0x7ffd0, license="GPL"}, 148) = 7<anon_inode:bpf-prog>
      execve("/usr/bin/two", ["two"], 0x7ffd0 /* 3 vars */) = 0`,
    hits: `
      security_socket_connect(not known: "resolve: sk.sk_mark" looks into kernel memory, not known: "resolve: sa_family" looks into kernel memory)
      security_file_permission(not known: "resolve: x" looks into kernel memory)
      ext4_file_write_iter(not known: "resolve: count" looks into kernel memory)
      security_inode_setattr(not known: "resolve: ia_uid" looks into kernel memory, 33152)
      security_task_kill(not known: "resolve: prio" looks into kernel memory, 100, 100, prog)
      free_module(not known: "resolve: name" looks into kernel memory)
      __x64_sys_lseek(not known: "resolve: x" looks into kernel memory)
      security_kernel_module_request(not known: "resolve: x" looks into kernel memory)
      security_capset(not known: "resolve: val" looks into kernel memory)
      security_bpf_map_create(not known: "resolve: max_entries" looks into kernel memory)
      bpf_check(not known: "resolve: insn_cnt" looks into kernel memory)
      security_file_permission(not known: "resolve: x" looks into kernel memory)
      security_bprm_check(not known: "resolve: mm.x" looks into kernel memory, not known: "resolve: file.f_flags" looks into kernel memory, not known: "resolve: argc" looks into kernel memory)
      security_file_permission(not known: "resolve: x" looks into kernel memory)
      not known: proof: security_socket_connect: "resolve: sk.sk_mark" looks into kernel memory (test.strace)
      not known: proof: security_socket_connect: "resolve: sa_family" looks into kernel memory (test.strace)
      not known: proof: security_file_permission: "resolve: x" looks into kernel memory (test.strace), 3 times
      not known: proof: ext4_file_write_iter: "resolve: count" looks into kernel memory (test.strace)
      not known: proof: security_inode_setattr: "resolve: ia_uid" looks into kernel memory (test.strace)
      not known: proof: security_task_kill: "resolve: prio" looks into kernel memory (test.strace)
      not known: proof: free_module: "resolve: name" looks into kernel memory (test.strace)
      not known: proof: __x64_sys_lseek: "resolve: x" looks into kernel memory (test.strace)
      not known: proof: security_kernel_module_request: "resolve: x" looks into kernel memory (test.strace)
      not known: proof: security_capset: "resolve: val" looks into kernel memory (test.strace)
      not known: proof: security_bpf_map_create: "resolve: max_entries" looks into kernel memory (test.strace)
      not known: proof: bpf_check: "resolve: insn_cnt" looks into kernel memory (test.strace)
      not known: proof: security_bprm_check: "resolve: mm.x" looks into kernel memory (test.strace)
      not known: proof: security_bprm_check: "resolve: file.f_flags" looks into kernel memory (test.strace)
      not known: proof: security_bprm_check: "resolve: argc" looks into kernel memory (test.strace)`,
  },
  {
    shows: 'knows members of files that nobody looked at only as far as the trace shows them',
    hooks: `
      security_file_open(0:uint32:f_inode.i_mode, 0:string:f_path.dentry.d_name.name, 0:int:f_inode.i_uid.val)
      security_file_permission(0:string:f_path.dentry.d_name.name, 0:uint32:f_inode.i_mode, 0:int:f_inode.i_pipe.readers)
      security_bprm_check(0:int:file.f_inode.i_mode)`,
    trace: `
      openat(AT_FDCWD</tmp/w>, "unseen", O_RDWR) = 3</tmp/w/unseen>
      openat(AT_FDCWD</tmp/w>, ".", O_RDONLY|O_DIRECTORY) = 5</tmp/w>
      getdents64(5</tmp/w>, 0x5555 /* 2 entries */, 32768) = 48
      pipe2([6<pipe:[71]>, 7<pipe:[71]>], 0) = 0
      read(6<pipe:[71]>, "abc", 3) = 3
      execve("/opt/unseen", ["unseen"], 0x7ffd0 /* 3 vars */) = 0`,
    hits: `
      security_file_open(not known: neither the recording nor the trace tells the mode of the file, unseen, not known: "resolve: f_inode.i_uid.val" looks into kernel memory)
      security_file_open(16877, w, 0)
      security_file_permission(w, 16877, Bad address encountered during resolve dereference at depth 2)
      security_file_permission(not known: "resolve: f_path.dentry.d_name.name" looks into kernel memory, 4480, not known: "resolve: f_inode.i_pipe.readers" looks into kernel memory)
      security_file_open(not known: neither the recording nor the trace tells the mode of the file, unseen, not known: "resolve: f_inode.i_uid.val" looks into kernel memory)
      security_file_permission(unseen, not known: neither the recording nor the trace tells the mode of the file, Bad address encountered during resolve dereference at depth 2)
      security_bprm_check(not known: neither the recording nor the trace tells the mode of the file)
      security_file_permission(unseen, not known: neither the recording nor the trace tells the mode of the file, Bad address encountered during resolve dereference at depth 2)
      not known: proof: security_file_open: neither the recording nor the trace tells the mode of the file (test.strace), 2 times
      not known: proof: security_file_open: "resolve: f_inode.i_uid.val" looks into kernel memory (test.strace), 2 times
      not known: proof: security_file_permission: "resolve: f_path.dentry.d_name.name" looks into kernel memory (test.strace)
      not known: proof: security_file_permission: "resolve: f_inode.i_pipe.readers" looks into kernel memory (test.strace)
      not known: proof: security_file_permission: neither the recording nor the trace tells the mode of the file (test.strace), 2 times
      not known: proof: security_bprm_check: neither the recording nor the trace tells the mode of the file (test.strace)`,
  },
  {
    shows: 'does not know registers of a call that strace prints no numbers of',
    hooks: 'tp:raw_syscalls/sys_enter(5)',
    trace: 'lseek(3</tmp/w/a>, 0, SEEK_SET) = 0\nunlink("/tmp/w/a") = 0',
    hits: `
      raw_syscalls/sys_enter(not known: strace shows what a pointer leads to, not the pointer)
      raw_syscalls/sys_enter(not known: strace shows what a pointer leads to, not the pointer)
      raw_syscalls/sys_enter(not known: strace shows what a pointer leads to, not the pointer)
      raw_syscalls/sys_enter(not known: strace shows what a pointer leads to, not the pointer)
      not known: proof: raw_syscalls/sys_enter: strace shows what a pointer leads to, not the pointer (test.strace), 4 times`,
  },
];
