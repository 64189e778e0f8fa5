/** Proofs: namespaces, mounts, modules, bpf, time. */
import type { Proof } from './proof.ts';

export const systemProofs: readonly Proof[] = [
  {
    shows: 'makes a user namespace before all others, and takes its credentials when all are made',
    hooks: `
      create_user_ns(0:int:uid.val)
      security_create_user_ns(0:int:uid.val)
      unshare_nsproxy_namespaces(0:uint64)
      cap_capable(2:int)
      create_new_namespaces(0:uint64)
      copy_mnt_ns(0:uint64)
      copy_utsname(0:uint64)
      copy_ipcs(0:uint64)
      copy_pid_ns(0:uint64)
      copy_cgroup_ns(0:uint64)
      copy_net_ns(0:uint64)
      switch_task_namespaces
      commit_creds`,
    trace: `
      unshare(CLONE_NEWUSER|CLONE_NEWUTS) = 0
      unshare(CLONE_FILES) = 0
      unshare(CLONE_NEWNS) = -1 EPERM (Operation not permitted)
      unshare(CLONE_NEWNS|0x1) = -1 EINVAL (Invalid argument)`,
    hits: `
      create_user_ns(0)
      security_create_user_ns(0)
      unshare_nsproxy_namespaces(335544320)
      cap_capable(21)
      create_new_namespaces(335544320)
      copy_mnt_ns(335544320)
      copy_utsname(335544320)
      copy_ipcs(335544320)
      copy_pid_ns(335544320)
      copy_cgroup_ns(335544320)
      copy_net_ns(335544320)
      switch_task_namespaces()
      commit_creds()
      unshare_nsproxy_namespaces(1024)
      unshare_nsproxy_namespaces(131072)
      cap_capable(21)`,
  },
  {
    shows: 'does not know the credentials that unshare makes',
    hooks: 'commit_creds(0:int:euid.val)',
    trace: 'unshare(CLONE_NEWUSER) = 0',
    hits: `
      commit_creds(not known: credentials of a new user namespace)
      not known: proof: commit_creds: credentials of a new user namespace (test.strace)`,
  },
  {
    shows: 'asks twice for CAP_SYS_ADMIN where a task enters a namespace',
    hooks: `
      create_new_namespaces(0:uint64)
      cap_capable(2:int)
      switch_task_namespaces`,
    trace: `
      setns(3<net:[4026532008]>, CLONE_NEWNET) = 0
      setns(9, CLONE_NEWNET) = -1 EBADF (Bad file descriptor)`,
    hits: `
      create_new_namespaces(0)
      cap_capable(21)
      cap_capable(21)
      switch_task_namespaces()`,
  },
  {
    shows: 'runs both hooks of mount once the place is found, with the arguments of the call',
    hooks: `
      path_mount(0:string, 1:path, 2:string, 3:uint64)
      security_sb_mount(0:string, 1:path, 2:string, 3:uint64)`,
    trace: `
      mkdir("/tmp/w/m", 0755) = 0
      mount("tmpfs", "/tmp/w/m", "tmpfs", MS_NOSUID|MS_NODEV, "size=1m") = 0
      mount("/srv", "m", NULL, MS_BIND, NULL) = 0
      mount("tmpfs", "/tmp/w/no", "tmpfs", 0, NULL) = -1 ENOENT (No such file or directory)
      mount("tmpfs", "/etc/passwd/m", "tmpfs", 0, NULL) = -1 ENOTDIR (Not a directory)
      mount("tmpfs", "/tmp/w/m", "tmpfs", 0, NULL) = -1 EPERM (Operation not permitted)`,
    hits: `
      path_mount(tmpfs, /tmp/w/m drwxr-xr-x, tmpfs, 6)
      security_sb_mount(tmpfs, /tmp/w/m drwxr-xr-x, tmpfs, 6)
      path_mount(/srv, /tmp/w/m, Bad address for basic type, 4096)
      security_sb_mount(/srv, /tmp/w/m, Bad address for basic type, 4096)
      path_mount(tmpfs, /tmp/w/m, tmpfs, 0)
      security_sb_mount(tmpfs, /tmp/w/m, tmpfs, 0)`,
  },
  {
    shows: 'shows names as they are within what is mounted there, moved and bound as it may be',
    hooks: 'security_path_unlink(0:string:dentry.d_name.name, 1:dentry)',
    trace: `
      unlink("/tmp/w/m/a") = 0
      mount("tmpfs", "/tmp/w/m", "tmpfs", 0, NULL) = 0
      unlink("/tmp/w/m/a") = 0
      mount("/tmp/w/m", "/srv", NULL, MS_MOVE, NULL) = 0
      mount(NULL, "/srv", NULL, MS_REC|MS_PRIVATE, NULL) = 0
      mount(NULL, "/srv", NULL, MS_REMOUNT|MS_RDONLY, NULL) = 0
      unlink("/tmp/w/m/a") = 0
      unlink("/srv/a") = 0
      mount("/usr/share", "/mnt", NULL, MS_BIND, NULL) = 0
      unlink("/mnt/a") = 0
      umount2("/mnt", MNT_DETACH) = 0
      umount2("/home", 0) = -1 EINVAL (Invalid argument)
      unlink("/mnt/a") = 0`,
    hits: `
      security_path_unlink(m, /tmp/w/m/a)
      security_path_unlink(m, /a)
      security_path_unlink(m, /tmp/w/m/a)
      security_path_unlink(srv, /a)
      security_path_unlink(mnt, /usr/share/a)
      security_path_unlink(mnt, /mnt/a)`,
  },
  {
    shows: 'runs the hooks of umount2, the last one on a mount point only',
    hooks: `
      path_umount(0:path, 1:int)
      cap_capable(2:int)
      security_sb_umount(1:int)`,
    trace: `
      mkdir("/tmp/w/m", 0755) = 0
      umount2("/tmp/w/m", MNT_DETACH) = 0
      umount2("/tmp/w/m", 0) = -1 EBUSY (Device or resource busy)
      umount2("/tmp/w/m", 0) = -1 EINVAL (Invalid argument)
      umount2("/tmp/w/m", 0) = -1 EPERM (Operation not permitted)
      umount2("/tmp/w/no", 0) = -1 ENOENT (No such file or directory)`,
    hits: `
      path_umount(/tmp/w/m drwxr-xr-x, 2)
      cap_capable(21)
      security_sb_umount(2)
      path_umount(/tmp/w/m, 0)
      cap_capable(21)
      security_sb_umount(0)
      path_umount(/tmp/w/m, 0)
      cap_capable(21)
      path_umount(/tmp/w/m, 0)
      cap_capable(21)`,
  },
  {
    shows: 'asks for CAP_SYS_ADMIN before pivot_root looks at its paths',
    hooks: `
      cap_capable(2:int)
      security_sb_pivotroot`,
    trace: `
      pivot_root(".", "old") = 0
      pivot_root("/tmp/w", "/tmp/w/old") = -1 EINVAL (Invalid argument)
      pivot_root("/tmp/w/no", "/tmp/w/old") = -1 ENOENT (No such file or directory)
      pivot_root("/tmp/w", "/tmp/w/old") = -1 EPERM (Operation not permitted)`,
    hits: `
      cap_capable(21)
      security_sb_pivotroot()
      cap_capable(21)
      security_sb_pivotroot()
      cap_capable(21)
      cap_capable(21)`,
  },
  {
    shows: 'does not know what kind of file system move_mount puts somewhere, nor what part of it',
    hooks: `
      ext4_file_write_iter
      security_path_unlink(1:dentry)`,
    trace: `
      openat(AT_FDCWD</tmp/w>, "/mnt/a", O_WRONLY) = 5</mnt/a>
      write(5</mnt/a>, "a", 1) = 1
      move_mount(4</>, "", AT_FDCWD</tmp/w>, "/mnt", MOVE_MOUNT_F_EMPTY_PATH) = 0
      openat(AT_FDCWD</tmp/w>, "/mnt/b", O_WRONLY) = 6</mnt/b>
      write(6</mnt/b>, "b", 1) = 1
      unlink("/mnt/b") = 0`,
    hits: `
      ext4_file_write_iter()
      security_path_unlink(not known: what move_mount put at /mnt is not in the trace)
      not known: proof: ext4_file_write_iter: what move_mount put at /mnt is not in the trace (test.strace:6)
      not known: proof: security_path_unlink: what move_mount put at /mnt is not in the trace (test.strace)`,
  },
  {
    shows: 'knows no file after pivot_root by what was known of its name before',
    hooks: `
      security_bprm_check(0:linux_binprm)
      security_path_unlink(1:dentry)
      security_path_chmod(0:path)`,
    trace: `
      chmod("/usr/bin/true", 0755) = 0
      pivot_root(".", "old") = 0
      chmod("/usr/bin/true", 0755) = 0
      unlink("/tmp/w/a") = 0
      execve("/bin/true", ["true"], 0x7ffd /* 0 vars */) = 0`,
    hits: `
      security_path_chmod(/usr/bin/true -rwxr-xr-x)
      security_path_chmod(not known: neither the recording nor the trace tells whether /usr is a symbolic link: record it again, or state it under facts.files of the start snapshot)
      security_path_unlink(not known: neither the recording nor the trace tells whether /tmp is a symbolic link: record it again, or state it under facts.files of the start snapshot)
      security_bprm_check(not known: neither the recording nor the trace tells whether /usr is a symbolic link: record it again, or state it under facts.files of the start snapshot)
      not known: proof: security_path_chmod: neither the recording nor the trace tells whether /usr is a symbolic link: record it again, or state it under facts.files of the start snapshot (test.strace)
      not known: proof: security_path_unlink: neither the recording nor the trace tells whether /tmp is a symbolic link: record it again, or state it under facts.files of the start snapshot (test.strace)
      not known: proof: security_bprm_check: neither the recording nor the trace tells whether /usr is a symbolic link: record it again, or state it under facts.files of the start snapshot (test.strace)`,
  },
  {
    shows: 'asks for CAP_SYS_ADMIN in each call that makes mounts of descriptors',
    hooks: `
      cap_capable(2:int)
      security_move_mount`,
    trace: `
      fsopen("tmpfs", 0) = 3<anon_inode:[fscontext]>
      fsconfig(3<anon_inode:[fscontext]>, FSCONFIG_CMD_CREATE, NULL, NULL, 0) = 0
      fsmount(3<anon_inode:[fscontext]>, FSMOUNT_CLOEXEC, 0) = 4</>
      open_tree(AT_FDCWD</tmp/w>, "/srv", OPEN_TREE_CLONE|AT_RECURSIVE) = 5</srv>
      mount_setattr(5</srv>, "", AT_EMPTY_PATH, {attr_set=MOUNT_ATTR_RDONLY, attr_clr=0, propagation=0, userns_fd=0}, 32) = 0
      move_mount(4</>, "", AT_FDCWD</tmp/w>, "/mnt", MOVE_MOUNT_F_EMPTY_PATH) = 0
      fsopen("tmpfs", 0) = -1 EPERM (Operation not permitted)`,
    hits: `
      cap_capable(21)
      cap_capable(21)
      cap_capable(21)
      cap_capable(21)
      cap_capable(21)
      cap_capable(21)
      security_move_mount()
      cap_capable(21)`,
  },
  {
    shows: 'asks for CAP_SYS_MODULE before all else of a module',
    hooks: `
      cap_capable(2:int)
      security_kernel_load_data(0:int, 1:int)
      security_kernel_read_file(0:file, 1:int)
      do_init_module(0:module)
      free_module(0:module)`,
    trace: `
      init_module("\\177ELF\\2\\1\\1\\0"..., 49152, "") = 0
      init_module("\\177ELF\\2\\1\\1\\0"..., 49152, "") = -1 EPERM (Operation not permitted)
      init_module("", 8, "") = -1 ENOEXEC (Exec format error)
      finit_module(3</tmp/w/m.ko>, "", 0) = 0
      finit_module(3</tmp/w/m.ko>, "", 0) = -1 EPERM (Operation not permitted)
      delete_module("dummy", O_NONBLOCK) = 0
      delete_module("dummy", O_NONBLOCK) = -1 ENOENT (No such file or directory)
      delete_module("dummy", O_NONBLOCK) = -1 EPERM (Operation not permitted)`,
    hits: `
      cap_capable(16)
      security_kernel_load_data(2, 1)
      do_init_module(not known: the name of a module is inside its file, which is not in a trace)
      cap_capable(16)
      cap_capable(16)
      cap_capable(16)
      security_kernel_read_file(/tmp/w/m.ko, 2)
      do_init_module(not known: the name of a module is inside its file, which is not in a trace)
      cap_capable(16)
      cap_capable(16)
      free_module(dummy)
      cap_capable(16)
      cap_capable(16)
      not known: proof: do_init_module: the name of a module is inside its file, which is not in a trace (test.strace), 2 times`,
  },
  {
    shows: 'runs security_bpf for each command, and installs what it opens',
    hooks: `
      security_bpf(0:int, 2:int)
      fd_install(0:int)`,
    trace: `
      bpf(BPF_MAP_CREATE, {map_type=BPF_MAP_TYPE_HASH, key_size=4, value_size=4, max_entries=1}, 72) = 3<anon_inode:bpf-map>
      bpf(BPF_MAP_UPDATE_ELEM, {map_fd=3<anon_inode:bpf-map>, key=0x7ffd0, value=0x7ffd8, flags=BPF_ANY}, 32) = 0
      bpf(BPF_PROG_LOAD, {prog_type=BPF_PROG_TYPE_KPROBE, insn_cnt=2, insns=0x7ffd0, license="GPL"}, 148) = -1 EINVAL (Invalid argument)
      bpf(BPF_PROG_LOAD, {prog_type=BPF_PROG_TYPE_KPROBE, insn_cnt=2, insns=0x7ffd0, license="GPL"}, 9000) = -1 E2BIG (Argument list too long)
      perf_event_open({type=PERF_TYPE_TRACEPOINT, size=0x88, config=1}, -1, 0, -1, PERF_FLAG_FD_CLOEXEC) = 4<anon_inode:[perf_event]>
      perf_event_open({type=PERF_TYPE_TRACEPOINT, size=0x88, config=1}, -1, 0, -1, PERF_FLAG_FD_CLOEXEC) = -1 EACCES (Permission denied)`,
    hits: `
      security_bpf(0, 72)
      fd_install(3)
      security_bpf(2, 32)
      security_bpf(5, 148)
      fd_install(4)`,
  },
  {
    shows: 'says that the object behind a new descriptor of bpf is not known',
    hooks: 'fd_install(1:file)',
    trace: 'bpf(BPF_MAP_CREATE, {map_type=BPF_MAP_TYPE_HASH}, 72) = 3<anon_inode:bpf-map>',
    hits: `
      fd_install(not known: a bpf object)
      not known: proof: fd_install: a bpf object (test.strace)`,
  },
  {
    shows: 'runs the hook of the clock, then asks for CAP_SYS_TIME',
    hooks: `
      security_settime64
      cap_capable(2:int)`,
    trace: `
      clock_settime(CLOCK_REALTIME, {tv_sec=1700000000, tv_nsec=0}) = 0
      clock_settime(CLOCK_MONOTONIC, {tv_sec=1, tv_nsec=0}) = -1 EINVAL (Invalid argument)
      settimeofday({tv_sec=1700000000, tv_usec=0}, NULL) = -1 EPERM (Operation not permitted)
      settimeofday(0x10, NULL) = -1 EFAULT (Bad address)`,
    hits: `
      security_settime64()
      cap_capable(25)
      security_settime64()
      cap_capable(25)`,
  },
];
