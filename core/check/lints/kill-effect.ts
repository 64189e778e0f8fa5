/**
 * Sigkill without Override where the operation still takes effect: the signal is acted on when the call returns, so most
 * calls run to their end. The table holds what was seen on kernels.
 */
import { hookedFunctions } from '../../policy/call-names.ts';
import type { LintContext } from '../subject.ts';

const effects: readonly (readonly [RegExp, string])[] = [
  [
    /^(sys_(open|openat|openat2|creat)|security_file_open|fd_install|do_filp_open|do_sys_openat2|vfs_open)$/,
    'the file is opened all the same, and created or emptied if the call asks for it',
  ],
  [/^(sys_f?truncate|security_(path|file)_truncate|do_truncate)$/, 'the file is truncated all the same'],
  [
    /^(sys_|security_(path|inode)_|vfs_|do_)(unlink(at)?|rmdir|rename(at2?)?|link(at)?|symlink(at)?|mkdir(at)?|mknod(at)?|f?chmod(at2?)?|[fl]?chown(at)?|[lf]?setxattr|[lf]?removexattr|setattr)$/,
    'the change is made all the same',
  ],
  [
    /^(sys_connect|tcp_(v4_|v6_)?connect|security_socket_connect)$/,
    'the connection is attempted all the same',
  ],
  [
    /^(sys_(sendto|sendmsg|sendmmsg)|security_socket_sendmsg|(tcp|udp|udpv6)_sendmsg|ip_output|ip6_output)$/,
    'the data are sent all the same',
  ],
  [/^(sys_bind|security_socket_bind)$/, 'the address is bound all the same'],
  [
    /^(sys_(write|writev|pwrite64|pwritev2?)|vfs_write|ksys_write)$/,
    'writes to pipes, sockets and /proc/sys still happen; those to regular files do not, but on btrfs',
  ],
  [
    /^(sys_(mount|umount|chroot|pivot_root|move_mount|fsmount)|security_sb_(mount|umount|pivotroot)|path_mount|path_umount|security_move_mount)$/,
    'the mount tree is changed all the same',
  ],
  [/^(sys_(kill|tgkill|tkill)|security_task_kill)$/, 'the signal is delivered all the same'],
  [
    /^(sys_set(re|res|fs)?[ug]id|__sys_set(re|res|fs)?[ug]id|security_task_fix_set[ug]id|commit_creds|sys_capset|security_capset)$/,
    'the credentials are changed, but the process has no time to use them',
  ],
  [
    /^(sys_(unshare|setns)|create_user_ns|security_create_user_ns)$/,
    'the namespace is made, but dies with the process',
  ],
  [
    /^(sys_(init_module|finit_module|delete_module)|do_init_module|load_module|security_kernel_(read_file|load_data|module_request))$/,
    'the module is loaded all the same, and stays',
  ],
  [/^(sys_bpf|security_bpf(_prog|_map)?|bpf_check)$/, 'the call is carried out all the same'],
  [
    /^(sys_sethostname|sys_setdomainname|sys_clock_settime|sys_settimeofday)$/,
    'the setting is changed all the same',
  ],
  [/^(sys_ptrace|security_ptrace_access_check)$/, 'the target is attached to all the same'],
  [/^(sched_process_fork|proc_fork_connector|wake_up_new_task)$/, 'the child is there already, and lives on'],
];

export function killEffects(context: LintContext): void {
  for (const { entry, expanded } of context.sites) {
    const actions = expanded.selector.matchActions ?? [];
    const index = actions.findIndex(({ action }) => action === 'Sigkill');
    if (index === -1 || actions.some(({ action }) => action === 'Override' || action === 'NotifyEnforcer'))
      continue;
    // 32-bit programs enter elsewhere, and do the same.
    const names = hookedFunctions(context.document, entry).map((name) =>
      name.replace(/^__(ia32|arm64)_(compat_)?/, ''),
    );
    const effect = names
      .map((name) => effects.find(([call]) => call.test(name))?.[1])
      .find((text) => text !== undefined);
    if (effect === undefined) continue;
    context.warning(
      'TR-kill-effect',
      [...expanded.listPath('matchActions'), index],
      `Sigkill does not stop the operation: ${effect}`,
      overrideHelp(names, entry.section === 'lsmhooks'),
    );
  }
}

function overrideHelp(names: readonly string[], lsm: boolean): string {
  if (lsm || names.every((name) => /^(sys_|security_)/.test(name))) {
    return 'Put `action: Override` with `argError: -1` before Sigkill.';
  }
  return 'Hook the system call or a security_ function on its way, and put Override before Sigkill.';
}
