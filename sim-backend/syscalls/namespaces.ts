/** Namespaces: new ones, joining others, and what is set in them. */
import { cloneFlag, namespaceFlags, newNamespaces, newUserNamespace } from '../machine/lifecycle.ts';
import type { Namespaces } from '../machine/task.ts';
import { unknown } from '../kernel-model/kernel-value.ts';
import { all, condition, flag, notFailed, succeeded } from './conditions.ts';
import type { Condition, Effect, EffectContext, HookSite, SyscallRow } from './row.ts';
import { arg, capable, constant, cred } from './values.ts';

/** Of clone and unshare alike. */
export const makesNamespaces: Condition = condition(
  'flags ask for namespaces other than a user namespace',
  (call) => (call.flags('flags') & namespaceFlags) !== 0,
);

/** A user namespace is made, if this is so. */
export const createsUserNamespace = (when: Condition): readonly HookSite[] => [
  { hook: 'create_user_ns', args: [cred], when: all(flag('CLONE_NEWUSER'), when) },
  {
    hook: 'security_create_user_ns',
    args: [cred],
    when: all(flag('CLONE_NEWUSER'), when),
    kernels: '>=6.1',
  },
];

const admin = 21;
const valid = notFailed('EINVAL');
const unshared = all(makesNamespaces, succeeded);
/** All are copied, whichever flag is set. */
const copies = ['copy_mnt_ns', 'copy_utsname', 'copy_ipcs', 'copy_pid_ns', 'copy_cgroup_ns', 'copy_net_ns'];

function unshare({ call, machine }: EffectContext): void {
  const flags = call.flags('flags');
  const { task } = call;
  task.namespaces = newNamespaces(machine, task.namespaces, flags, false);
  if (flags & cloneFlag.newUser) {
    task.cred = newUserNamespace(machine, task.cred);
    task.namespaces = { ...task.namespaces, User: task.cred.userNs.inum };
  }
  if (flags & (cloneFlag.fs | cloneFlag.newNs)) task.fs = { ...task.fs };
  if (flags & cloneFlag.files && task.files.users > 1) {
    task.files.users -= 1;
    task.files = task.files.fork();
  }
}

/** What joining a namespace changes, by the name that its descriptor's annotation has. */
const joined: Readonly<Record<string, readonly (keyof Namespaces)[]>> = {
  mnt: ['Mnt'],
  uts: ['Uts'],
  ipc: ['Ipc'],
  net: ['Net'],
  pid: ['PidForChildren'],
  cgroup: ['Cgroup'],
  time: ['TimeForChildren', 'Time'],
  user: ['User'],
};

function join({ call, machine }: EffectContext): void {
  const { task } = call;
  const match = /^([a-z_]+):\[(\d+)\]$/.exec(call.descriptor('fd')?.target?.text ?? '');
  const kinds = joined[match?.[1] ?? ''];
  if (!match || !kinds) return;
  const inum = Number(match[2]);
  task.namespaces = { ...task.namespaces, ...Object.fromEntries(kinds.map((kind) => [kind, inum])) };
  if (kinds.includes('User'))
    task.cred = { ...newUserNamespace(machine, task.cred), userNs: { ...task.cred.userNs, inum } };
}

/** `0 1000 1` written to /proc/PID/uid_map: who root is in that namespace. */
export const mapsUsers: Effect = {
  on: 'namespaces',
  apply: ({ call, machine }) => {
    const pid = /^\/proc\/(\d+)\/uid_map$/.exec(machine.fileAt(call, 'fd')?.path ?? '')?.[1];
    const of = pid === undefined ? undefined : machine.tasks.get(Number(pid));
    const line = /^\s*0\s+(\d+)\s/m.exec(call.path('buf') ?? '');
    if (of && line) of.cred.userNs.root.uid = Number(line[1]);
  },
};

export const namespaceRows: readonly SyscallRow[] = [
  {
    calls: { unshare: 'flags' },
    evidence: 'unshare',
    sites: [
      ...createsUserNamespace(valid),
      { hook: 'unshare_nsproxy_namespaces', args: [arg('flags')], when: valid },
      capable(admin, { when: all(makesNamespaces, valid) }),
      { hook: 'create_new_namespaces', args: [arg('flags')], when: unshared },
      ...copies.map((hook): HookSite => ({ hook, args: [arg('flags')], when: unshared })),
      { hook: 'switch_task_namespaces', args: [], when: unshared },
      {
        hook: 'commit_creds',
        args: [() => unknown('credentials of a new user namespace')],
        when: all(flag('CLONE_NEWUSER'), succeeded),
      },
    ],
    effects: [{ on: 'namespaces', apply: unshare }],
  },
  {
    calls: { setns: 'fd flags' },
    evidence: 'setns',
    sites: [
      { hook: 'create_new_namespaces', args: [constant(0)], when: notFailed('EBADF') },
      // Asked of the namespace's owner, then of the caller's own.
      capable(admin, { when: notFailed('EBADF', 'EINVAL'), each: () => [0, 1] }),
      { hook: 'switch_task_namespaces', args: [], when: succeeded },
    ],
    effects: [{ on: 'namespaces', apply: join }],
  },
  {
    calls: { sethostname: 'name len', setdomainname: 'name len' },
    evidence: 'sethostname',
    sites: [capable(admin)],
  },
];
