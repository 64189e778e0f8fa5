/** Namespaces, mounts, modules, bpf, time. */
import { cloneFlag, namespaceFlags } from '../../machine/lifecycle.ts';
import type { Call } from '../../machine/call.ts';
import { constantValue } from '../../trace/constants.ts';
import { number, unknown } from '../kernel-value.ts';
import type { Condition, Group, Derivation } from '../row.ts';
import { all, arg, capable, constant, notFailed, pathValue, succeeded } from '../derivations.ts';

const cred: Derivation = (call) => ({ kind: 'cred', cred: call.task.cred });
const flags: Derivation = (call) => number(call.flags(0));
const withUser: Condition = (call) => (call.flags(0) & cloneFlag.newUser) !== 0;
const withOthers: Condition = (call) => (call.flags(0) & namespaceFlags) !== 0;

const moduleName: Derivation = (call) => {
  const name = call.path(0);
  return name === undefined ? unknown('the name is not in the trace') : { kind: 'module', name };
};
const mountpoint: Derivation = (call, machine) => {
  const path = call.path(call.name === 'mount' ? 1 : 0);
  return pathValue(path === undefined ? undefined : machine.resolve(call.task, undefined, path));
};
const command: Derivation = (call) => {
  const value = constantValue(call.arg(0));
  return value === undefined ? unknown(`the command "${call.arg(0)}" is not known`) : number(value);
};

const admin = capable(() => 21);
/** Namespaces copied whichever flag is set. */
const copies = ['copy_mnt_ns', 'copy_utsname', 'copy_ipcs', 'copy_pid_ns', 'copy_cgroup_ns', 'copy_net_ns'];

export const systemTables: readonly Group[] = [
  {
    syscalls: 'unshare',
    evidence: 'unshare',
    sites: [
      { hook: 'create_user_ns', args: [cred], when: all(withUser, notFailed('EINVAL')) },
      {
        hook: 'security_create_user_ns',
        args: [cred],
        when: all(withUser, notFailed('EINVAL')),
        kernels: '>=6.1',
      },
      { hook: 'unshare_nsproxy_namespaces', args: [flags], when: notFailed('EINVAL') },
      { hook: 'cap_capable', args: admin, when: all(withOthers, notFailed('EINVAL')) },
      { hook: 'create_new_namespaces', args: [flags], when: all(withOthers, succeeded) },
      ...copies.map((hook) => ({ hook, args: [flags], when: all(withOthers, succeeded) })),
      { hook: 'switch_task_namespaces', args: [], when: all(withOthers, succeeded) },
      {
        hook: 'commit_creds',
        args: [() => unknown('credentials of a new user namespace')],
        when: all(withUser, succeeded),
      },
    ],
  },
  {
    syscalls: 'setns',
    evidence: 'setns',
    sites: [
      { hook: 'create_new_namespaces', args: [constant(0)], when: notFailed('EBADF') },
      { hook: 'cap_capable', args: admin, when: notFailed('EBADF', 'EINVAL'), each: () => [0, 1] },
      { hook: 'switch_task_namespaces', args: [], when: succeeded },
    ],
  },
  {
    syscalls: 'mount',
    evidence: 'mount',
    sites: [
      {
        hook: 'path_mount',
        args: [arg(0), mountpoint, arg(2), arg(3)],
        when: notFailed('ENOENT', 'ENOTDIR', 'EFAULT'),
      },
      {
        hook: 'security_sb_mount',
        args: [arg(0), mountpoint, arg(2), arg(3), arg(4)],
        when: notFailed('ENOENT', 'ENOTDIR', 'EFAULT'),
      },
    ],
  },
  {
    syscalls: 'umount2',
    evidence: 'umount',
    sites: [
      { hook: 'path_umount', args: [mountpoint, arg(1)], when: notFailed('ENOENT', 'ENOTDIR', 'EFAULT') },
      { hook: 'cap_capable', args: admin, when: notFailed('ENOENT', 'EFAULT') },
      { hook: 'security_sb_umount', args: [undefined, arg(1)], when: notFailed('ENOENT', 'EINVAL', 'EPERM') },
    ],
  },
  {
    syscalls: 'pivot_root',
    evidence: 'pivot_root',
    sites: [
      { hook: 'cap_capable', args: admin },
      {
        hook: 'security_sb_pivotroot',
        args: [undefined, undefined],
        when: notFailed('ENOENT', 'EPERM', 'EFAULT'),
      },
    ],
  },
  {
    syscalls: 'fsopen fsconfig fsmount move_mount open_tree mount_setattr',
    evidence: 'new-mount-api',
    sites: [
      { hook: 'cap_capable', args: admin, when: notFailed('EBADF', 'EFAULT') },
      {
        hook: 'security_move_mount',
        args: [undefined, undefined],
        when: (call) => call.name === 'move_mount' && call.ok,
      },
    ],
  },
  {
    syscalls: 'finit_module init_module delete_module',
    evidence: 'finit_module, init_module, delete_module',
    sites: [
      { hook: 'cap_capable', args: capable(() => 16) },
      {
        hook: 'security_kernel_load_data',
        args: [constant(2), constant(1)],
        when: (call) => call.name === 'init_module' && !call.failed('EPERM', 'ENOEXEC'),
      },
      { hook: 'free_module', args: [moduleName], when: (call) => call.name === 'delete_module' && call.ok },
    ],
  },
  {
    syscalls: 'bpf',
    evidence: 'bpf',
    sites: [
      { hook: 'security_bpf', args: [command, undefined, arg(2)], when: notFailed('EFAULT', 'E2BIG') },
      {
        hook: 'fd_install',
        args: [(call: Call) => number(call.returned ?? -1), () => unknown('a bpf object')],
        when: (call) => call.ok && call.result.target !== undefined,
      },
    ],
  },
  {
    syscalls: 'perf_event_open',
    evidence: 'perf_event_open',
    sites: [
      {
        hook: 'fd_install',
        args: [(call: Call) => number(call.returned ?? -1), () => unknown('a perf event')],
        when: succeeded,
      },
    ],
  },
  {
    syscalls: 'clock_settime settimeofday adjtimex',
    evidence: 'time',
    sites: [
      { hook: 'security_settime64', args: [undefined], when: notFailed('EINVAL', 'EFAULT') },
      { hook: 'cap_capable', args: capable(() => 25), when: notFailed('EINVAL', 'EFAULT') },
    ],
  },
];
