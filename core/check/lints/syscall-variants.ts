/** System calls that do what a hooked one does: a policy that hooks one only is gone around by the others. */
import { isEnforcing } from '../../names/actions.ts';
import { hookedFunctions, hookedSyscalls } from '../../policy/call-names.ts';
import type { HookEntry } from '../../policy/selectors.ts';
import type { LintContext } from '../subject.ts';

const families: readonly (readonly string[])[] = [
  ['open', 'openat', 'openat2', 'creat'],
  ['unlink', 'unlinkat'],
  ['rename', 'renameat', 'renameat2'],
  ['mkdir', 'mkdirat'],
  ['mknod', 'mknodat'],
  ['link', 'linkat'],
  ['symlink', 'symlinkat'],
  ['chmod', 'fchmod', 'fchmodat', 'fchmodat2'],
  ['chown', 'lchown', 'fchown', 'fchownat'],
  ['truncate', 'ftruncate'],
  ['execve', 'execveat'],
  ['write', 'writev', 'pwrite64', 'pwritev', 'pwritev2'],
  ['read', 'readv', 'pread64', 'preadv', 'preadv2'],
  ['sendto', 'sendmsg', 'sendmmsg'],
  ['recvfrom', 'recvmsg', 'recvmmsg'],
  ['accept', 'accept4'],
  ['dup', 'dup2', 'dup3'],
  ['setxattr', 'lsetxattr', 'fsetxattr'],
  ['clone', 'clone3', 'fork', 'vfork'],
  ['init_module', 'finit_module'],
  ['mount', 'move_mount'],
  ['kill', 'tkill', 'tgkill', 'pidfd_send_signal'],
  ['setuid', 'setreuid', 'setresuid'],
  ['setgid', 'setregid', 'setresgid'],
  ['clock_settime', 'settimeofday'],
  ['sendfile64', 'splice', 'copy_file_range'],
  ['removexattr', 'lremovexattr', 'fremovexattr'],
];

/** Hooks that see one way of several to the same end, by what sees the others. */
const functionsBeside: Readonly<
  Record<string, { readonly others: readonly string[]; readonly ways: string }>
> = {
  tcp_connect: {
    others: ['security_socket_connect', 'udp_sendmsg'],
    ways: 'UDP and other sockets that are no TCP',
  },
  tcp_v4_connect: { others: ['security_socket_connect', 'tcp_v6_connect', 'tcp_connect'], ways: 'IPv6, UDP' },
  security_sb_mount: { others: ['security_move_mount'], ways: 'fsopen, open_tree and move_mount' },
  security_file_permission: { others: ['security_mmap_file'], ways: 'memory that a file is mapped into' },
  sys_unshare: {
    others: ['create_new_namespaces', 'sys_clone', 'sys_clone3'],
    ways: 'clone and clone3, which make namespaces, too',
  },
  sys_setns: {
    others: ['create_new_namespaces', 'sys_unshare', 'sys_clone'],
    ways: 'unshare and clone, which lead into other namespaces, too',
  },
  sys_ptrace: {
    others: ['security_ptrace_access_check', 'ptrace_may_access', 'sys_process_vm_writev'],
    ways: 'process_vm_readv, process_vm_writev and /proc/PID/mem',
  },
  sys_process_vm_readv: {
    others: ['security_ptrace_access_check', 'ptrace_may_access', 'sys_ptrace'],
    ways: 'ptrace and /proc/PID/mem',
  },
  sys_process_vm_writev: {
    others: ['security_ptrace_access_check', 'ptrace_may_access', 'sys_ptrace'],
    ways: 'ptrace and /proc/PID/mem',
  },
};

/** What io_uring does in the stead of system calls (IORING_OP_… of include/uapi/linux/io_uring.h). */
const ofUring =
  /^(accept4?|bind|close|connect|fadvise64|fallocate|[fl]?getxattr|[fl]?setxattr|ftruncate|fsync|futex|link(at)?|listen|madvise|mkdir(at)?|open(at2?)?|creat|epoll_ctl|read|readv|pread64|preadv2?|recvfrom|recvmsg|rename(at2?)?|sendto|sendmsg|shutdown|socket|splice|statx|symlink(at)?|sync_file_range|tee|unlink(at)?|rmdir|waitid|write|writev|pwrite64|pwritev2?)$/;

export function syscallVariants(context: LintContext): void {
  besideFunctions(context);
  const hooked = new Set(context.hooks.flatMap((entry) => hookedSyscalls(context.document, entry)));
  const isSeenFurtherIn = context.hooks.some((entry) =>
    hookedFunctions(context.document, entry).some((name) => /^(security_|__ia32_)/.test(name)),
  );
  const told = new Set<readonly string[]>();
  for (const entry of context.hooks) {
    const names = hookedSyscalls(context.document, entry);
    const ways: string[] = [];
    for (const name of names) {
      const family = families.find((members) => members.includes(name));
      if (family === undefined || told.has(family)) continue;
      told.add(family);
      const others = family.filter((other) => !hooked.has(other));
      if (others.length > 0)
        ways.push(`programs can use ${others.join(', ')} instead of ${name}, unseen by this policy`);
    }
    const isGoneAround = ways.length > 0;
    if (names.length > 0 && !isSeenFurtherIn && isEnforced(context, entry)) ways.push(otherEntry(names));
    if (ways.length === 0) continue;
    context.warning(
      'TR-syscall-variants',
      [...entry.path, entry.section === 'tracepoints' ? 'event' : 'call'],
      ways.join('; '),
      isGoneAround
        ? 'Hook them too (a list does), or hook a security_ function that all of them run.'
        : 'Hook a security_ function that all of them run; 32-bit calls are in a list of type syscalls as `i386/sys_NAME`.',
    );
  }
}

const isEnforced = (context: LintContext, entry: HookEntry): boolean =>
  context.sites.some(
    (site) =>
      site.entry === entry &&
      (site.expanded.selector.matchActions ?? []).some(({ action }) => isEnforcing(action)),
  );

/** Whoever enters the kernel elsewhere than by the system calls of x86-64 is not held back there. */
function otherEntry(names: readonly string[]): string {
  const uring = names.find((each) => ofUring.test(each));
  return uring === undefined
    ? `32-bit programs enter the kernel elsewhere: their ${names[0] ?? ''} is not held back`
    : `32-bit programs enter the kernel elsewhere, and io_uring needs no system call: their ${uring} is not held back`;
}

function besideFunctions(context: LintContext): void {
  const hooked = new Set(context.hooks.flatMap((entry) => hookedFunctions(context.document, entry)));
  for (const entry of context.hooks) {
    const name = hookedFunctions(context.document, entry).find((each) =>
      Object.hasOwn(functionsBeside, each),
    );
    const beside = name === undefined ? undefined : functionsBeside[name];
    if (name === undefined || beside === undefined || beside.others.some((other) => hooked.has(other)))
      continue;
    context.warning(
      'TR-syscall-variants',
      [...entry.path, entry.section === 'lsmhooks' ? 'hook' : 'call'],
      `${name} does not see ${beside.ways}`,
      `Hook ${beside.others[0] ?? ''}, too, if that is to be seen.`,
    );
  }
}
