/** Proofs: calls of which strace shows an address in an argument's place change nothing that is known. */
import type { Proof } from './proof.ts';

export const unreadableProofs: readonly Proof[] = [
  {
    shows: 'knows no working directory where nothing shows it, but for calls that do',
    hooks: 'security_path_mkdir(1:dentry) [1 Prefix /tmp/]',
    trace: `
      chdir(0x5555) = 0
      mkdir("a", 0755) = 0
      mkdir("/tmp/w/b", 0755) = 0
      mkdirat(AT_FDCWD</tmp/w>, "c", 0755) = 0
      chdir("/tmp/w") = 0
      mkdir("d", 0755) = 0`,
    hits: `
      security_path_mkdir(/tmp/w/b ---------)
      security_path_mkdir(/tmp/w/c ---------)
      security_path_mkdir(/tmp/w/d ---------)
      not known: proof: security_path_mkdir: dentry, which is not known (the trace does not show in which directory the program runs (record with strace -yy, or give a start snapshot with its cwd)), is compared: starts with "/tmp/"? (test.strace:3)`,
  },
  {
    shows: 'leaves all as it was after calls whose names are not in the trace',
    files: ['/tmp/w/a'],
    given: { files: [{ path: '/tmp/w/a', content: new TextEncoder().encode('old'), mode: 0o640 }] },
    hooks: 'security_path_mkdir(1:dentry) [1 Postfix z]',
    trace: `
      rmdir(0x5555) = 0
      mknod(0x5555, S_IFIFO|0600) = 0
      symlink(0x5555, 0x6666) = 0
      unlink(0x5555) = 0
      rename(0x5555, "b") = 0
      link("a", 0x5555) = 0
      truncate(0x5555, 0) = 0
      chmod(0x5555, 0600) = 0
      fchmodat(AT_FDCWD</tmp/w>, 0x5555, 0600, 0) = 0
      chown(0x5555, 0, 0) = 0
      fchmod(99, 0600) = 0
      fchown(99, 0, 0) = 0
      fchdir(99) = 0
      chdir(0x5555) = 0
      chroot(0x5555) = 0
      readlink(0x5555, "x", 64) = 1
      stat(0x5555, {st_mode=S_IFREG|0600, st_size=1, ...}) = 0
      stat("/tmp/w/a", 0x7ffd0) = 0
      mount(NULL, 0x5555, NULL, 0, NULL) = 0
      umount2(0x5555, 0) = 0
      setns(99, 0) = 0
      rt_sigaction(SIGUSR1, 0x5555, NULL, 8) = 0
      umask(0x5555) = 022
      mkdir("/tmp/w/z", 0755) = 0`,
    hits: `
      security_path_mkdir(/tmp/w/z ---------)
      not known: setns: which namespace the descriptor is of is not in the trace (test.strace:22)
      file /tmp/w/a: 0640 "old"`,
  },
  {
    shows: 'names what it does not know of arguments that are no numbers to it',
    hooks: `
      security_path_chmod(1:int)
      security_task_kill(2:int)
      security_task_setnice(1:int)
      security_bpf(0:int)
      free_module(0:module)
      security_inode_getxattr(1:string)`,
    trace: `
      chmod("/tmp/w/a", NEW_BITS) = 0
      kill(100, SIGNEW) = 0
      setpriority(PRIO_PROCESS, 0, PRIO_NEW) = 0
      bpf(BPF_NEW, 0x7ffd0, 72) = 0
      delete_module(0x5555, 0) = 0
      getxattr("/tmp/w/a", 0x5555, 0x7ffd0, 8) = 1`,
    hits: `
      security_path_chmod(not known: the mode is not known)
      security_task_kill(not known: the signal is not in the trace)
      security_task_setnice(not known: the nice value is not in the trace)
      security_bpf(not known: the command is not in the trace)
      free_module(not known: the name is not in the trace)
      not known: proof: security_path_chmod: the mode is not known (test.strace)
      not known: proof: security_task_kill: the signal is not in the trace (test.strace)
      not known: proof: security_task_setnice: the nice value is not in the trace (test.strace)
      not known: proof: security_bpf: the command is not in the trace (test.strace)
      not known: proof: free_module: the name is not in the trace (test.strace)
      not known: proof: security_inode_getxattr: the name is not in the trace (test.strace:7)`,
  },
];
