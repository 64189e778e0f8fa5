/** Namespaces: new ones, joining others, and what is set in them. */
import { cloneFlag, namespaceFlags, newNamespaces, newUserNamespace } from '../machine/lifecycle.ts';
import type { Call } from '../machine/call.ts';
import type { Machine } from '../machine/machine.ts';
import type { Namespaces, Task } from '../machine/task.ts';
import { number, unknown } from '../kernel-model/kernel-value.ts';
import { all, any, condition, flag, notFailed, succeeded, unmeasured } from './conditions.ts';
import type { Condition, Derivation, Effect, EffectContext, HookSite, SyscallRow } from './row.ts';
import { capable } from './capability.ts';
import { arg, constant, cred } from './values.ts';

const admin = 21;

/** Of clone and unshare alike. */
export const makesNamespaces: Condition = condition(
  'flags ask for namespaces other than a user namespace',
  (call) => {
    const flags = call.flags('flags');
    if (call.unreadFlags !== undefined) return `${call.unreadFlags} holds a flag that is not known`;
    return (flags & namespaceFlags) !== 0;
  },
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

/**
 * Sockets that the kernel makes for itself in a new network namespace: family, type, protocol. In the order of 6.12, which
 * hangs on the order in which its parts are linked.
 */
const kernelSockets: readonly (readonly [family: number, type: number, protocol: number])[] = [
  ...[0, 16, 9, 15, 10].map((protocol): [number, number, number] => [16, 2, protocol]),
  [2, 2, 0],
  [16, 2, 4],
  ...[58, 58, 58, 6].map((protocol): [number, number, number] => [10, 3, protocol]),
];
const ofSocket =
  (part: 0 | 1 | 2): Derivation =>
  (_call, _machine, item) =>
    number((item as (typeof kernelSockets)[number])[part]);

/** A network namespace is made, if this is so. */
export const createsNetwork = (when: Condition): HookSite => ({
  hook: 'security_socket_create',
  args: [ofSocket(0), ofSocket(1), ofSocket(2), constant(1)],
  when: all(flag('CLONE_NEWNET'), when),
  each: () => kernelSockets,
});

/** A new user namespace has all capabilities, and is asked for the others that the call makes in it. */
export const checksNamespaces = (when: Condition): readonly HookSite[] => [
  capable(admin, { of: 'own', when: all(when, flag('CLONE_NEWUSER', false)) }),
  {
    ...capable(admin, { when: all(when, flag('CLONE_NEWUSER')) }),
    args: [cred, () => unknown('the new user namespace is not in the trace'), constant(admin), constant(0)],
  },
];

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

/** What a flag of setns joins, by that name. */
const joinedFlags: Readonly<Record<string, number>> = {
  mnt: cloneFlag.newNs,
  uts: cloneFlag.newUts,
  ipc: cloneFlag.newIpc,
  net: cloneFlag.newNet,
  pid: cloneFlag.newPid,
  cgroup: cloneFlag.newCgroup,
  time: cloneFlag.newTime,
};

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

/** What it joins are the namespaces of this process, by a pidfd. */
const processOf = (call: Call): number | undefined => {
  const { target } = call.descriptor('fd') ?? {};
  return target?.kind === 'pid' ? Number(target.text) : undefined;
};

const byNamespace = condition('fd is a namespace', (call) => processOf(call) === undefined);

const whyUnknown = (call: Call, machine: Machine): string | undefined => {
  const pid = processOf(call);
  if (pid !== undefined)
    return machine.tasks.has(pid) && (call.flags('flags') & cloneFlag.newUser) === 0
      ? undefined
      : `the namespaces of process ${pid} are not in the trace`;
  return call.descriptor('fd')?.target?.kind === 'namespace'
    ? undefined
    : 'which namespace the descriptor is of is not in the trace';
};

/** Joins those of a process's namespaces that the flags name. */
function joinProcess(task: Task, flags: number, of: Task): void {
  const names = Object.entries(joinedFlags).flatMap(([kind, flag]) =>
    flags & flag ? (joined[kind] ?? []) : [],
  );
  task.namespaces = {
    ...task.namespaces,
    ...Object.fromEntries(names.map((name) => [name, of.namespaces[name]])),
  };
}

function join({ call, machine }: EffectContext): void {
  const { task } = call;
  const { target } = call.descriptor('fd') ?? {};
  if (target?.kind === 'pid') {
    const of = machine.tasks.get(Number(target.text));
    if (of) joinProcess(task, call.flags('flags'), of);
    return;
  }
  const match = /^([a-z_]+):\[(\d+)\]$/.exec(target?.text ?? '');
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

const asked = notFailed('EBADF', 'EINVAL');
const secondCheck = any(
  all(notFailed('EPERM'), byNamespace),
  unmeasured('how often setns asks for CAP_SYS_ADMIN'),
);

export const namespaceRows: readonly SyscallRow[] = [
  {
    calls: { unshare: 'flags' },
    shows: ['namespaces'],
    evidence: 'unshare',
    sites: [
      ...createsUserNamespace(valid),
      { hook: 'unshare_nsproxy_namespaces', args: [arg('flags')], when: valid },
      ...checksNamespaces(all(makesNamespaces, valid)),
      { hook: 'create_new_namespaces', args: [arg('flags')], when: unshared },
      ...copies.map((hook): HookSite => ({ hook, args: [arg('flags')], when: unshared })),
      createsNetwork(unshared),
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
    shows: ['confinement'],
    evidence: 'setns',
    sites: [
      { hook: 'create_new_namespaces', args: [constant(0)], when: notFailed('EBADF') },
      // Asked of the namespace's owner, then of the caller's own.
      capable(admin, { when: asked }),
      capable(admin, { when: all(asked, secondCheck) }),
      { hook: 'switch_task_namespaces', args: [], when: succeeded },
    ],
    effects: [{ on: 'namespaces', apply: join }],
    doubts: whyUnknown,
  },
  {
    calls: { sethostname: 'name len', setdomainname: 'name len' },
    evidence: 'sethostname',
    sites: [capable(admin)],
  },
];
