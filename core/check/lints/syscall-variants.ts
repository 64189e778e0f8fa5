/** System calls that do what a hooked one does: a policy that hooks one only is gone around by the others. */
import { hookedFunctions, hookedSyscalls } from '../../policy/call-names.ts';
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

/** Functions of the kernel that see one way of several to the same end, by what sees the others. */
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
};
export function syscallVariants(context: LintContext): void {
  besideFunctions(context);
  const hooked = new Set(context.hooks.flatMap((entry) => hookedSyscalls(context.document, entry)));
  const told = new Set<readonly string[]>();
  for (const entry of context.hooks) {
    for (const name of hookedSyscalls(context.document, entry)) {
      const family = families.find((members) => members.includes(name));
      if (family === undefined || told.has(family)) continue;
      told.add(family);
      const others = family.filter((other) => !hooked.has(other));
      if (others.length === 0) continue;
      context.warning(
        'TR-syscall-variants',
        [...entry.path, entry.section === 'tracepoints' ? 'event' : 'call'],
        `programs can use ${others.join(', ')} instead of ${name}, unseen by this policy`,
        'Hook them too (a list does), or hook a security_ function that all of them run.',
      );
    }
  }
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
