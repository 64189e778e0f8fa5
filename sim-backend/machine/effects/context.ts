/** Working directory, root, umask, credentials, namespaces, mounts, signal handlers, waits. */
import { readInt } from '../../trace/number.ts';
import { readDescriptor } from '../../trace/annotation.ts';
import { readStruct } from '../../trace/text.ts';
import { constantValue } from '../../trace/constants.ts';
import { newCredentials } from '../credential-calls.ts';
import { cloneFlag, newNamespaces, newUserNamespace } from '../lifecycle.ts';
import type { Call } from '../call.ts';
import type { Machine } from '../machine.ts';
import { moveBytes } from '../sockets.ts';
import { cleanPath } from '../../../core/values/path-text.ts';
import type { Namespaces } from '../task.ts';
import { forCalls, type EffectTable } from './effect.ts';
import { subjectPath } from './names.ts';

const namespaceOf: Readonly<Record<string, readonly (keyof Namespaces)[]>> = {
  mnt: ['Mnt'],
  uts: ['Uts'],
  ipc: ['Ipc'],
  net: ['Net'],
  pid: ['PidForChildren'],
  cgroup: ['Cgroup'],
  time: ['TimeForChildren', 'Time'],
  user: ['User'],
};

function setns({ machine, call }: { machine: Machine; call: Call }): void {
  const { task } = call;
  const target = readDescriptor(call.arg(0))?.target;
  const match = /^([a-z_]+):\[(\d+)\]$/.exec(target?.text ?? '');
  if (!match) return;
  const inum = Number(match[2]);
  const next: Record<string, number> = { ...task.namespaces };
  for (const key of namespaceOf[match[1] ?? ''] ?? []) next[key] = inum;
  task.namespaces = next as unknown as Namespaces;
  if (match[1] === 'user')
    task.cred = { ...newUserNamespace(machine, task.cred), userNs: { ...task.cred.userNs, inum } };
}

/** `0 1000 1` written to /proc/PID/uid_map: who root is in that namespace. */
function mapUsers({ machine, call }: { machine: Machine; call: Call }): void {
  const pid = /^\/proc\/(\d+)\/uid_map$/.exec(machine.fileOf(call.task, call.descriptor(0))?.path ?? '')?.[1];
  const of = pid === undefined ? undefined : machine.tasks.get(Number(pid));
  const line = /^\s*0\s+(\d+)\s/m.exec(call.path(1) ?? '');
  if (of && line) of.cred.userNs.root.uid = Number(line[1]);
}

/** Data over a socket. */
function transfer({ machine, call }: { machine: Machine; call: Call }): void {
  const socket = machine.fileOf(call.task, call.descriptor(0))?.socket;
  if (socket?.peer) moveBytes(socket, call.name, call.returned ?? 0);
}

export const contextEffects: EffectTable = {
  ...forCalls('writev sendto sendmsg read readv recvfrom', transfer),
  write(context) {
    mapUsers(context);
    transfer(context);
  },
  chdir({ machine, call }) {
    const path = subjectPath(machine, call);
    if (path === undefined) return;
    call.task.fs.cwd = path;
    call.task.fs.cwdDeleted = false;
  },
  fchdir({ machine, call }) {
    const file = machine.fileOf(call.task, call.descriptor(0));
    if (!file || file.path === '') return;
    call.task.fs.cwd = file.path;
    call.task.fs.cwdDeleted = file.deleted;
  },
  chroot({ machine, call }) {
    const path = subjectPath(machine, call);
    if (path !== undefined) call.task.fs.root = path;
  },
  umask({ call }) {
    const mask = call.int(0);
    if (mask !== undefined) call.task.fs.umask = mask & 0o777;
  },
  unshare({ machine, call }) {
    const flags = call.flags(0);
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
  },
  setns,
  ...forCalls(
    'setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid setgroups capset prctl',
    ({ call }) => {
      call.task.cred = newCredentials(call) ?? call.task.cred;
      const name = call.arg(0) === 'PR_SET_NAME' ? call.path(1) : undefined;
      if (name !== undefined) call.task.comm = (name.split('\0')[0] ?? '').slice(0, 15);
    },
  ),
  mount({ machine, call }) {
    const target = call.path(1);
    const flags = call.flags(3);
    if (target === undefined) return;
    const mountpoint = machine.resolve(call.task, undefined, target);
    // Remounts and changes of propagation make no new mount.
    if (flags & (32 | (1 << 17) | (1 << 18) | (1 << 19) | (1 << 20))) return;
    const source = call.path(0);
    if (flags & 4096 && source !== undefined) {
      const from = machine.resolve(call.task, undefined, source);
      const mount = machine.mountOf(from);
      machine.mounts.push({
        mountpoint,
        root: cleanPath(machine.dentryPath(from)),
        fstype: mount.fstype,
        options: mount.options,
      });
    } else if (flags & 8192 && source !== undefined) {
      const from = machine.resolve(call.task, undefined, source);
      const index = machine.mounts.findLastIndex((mount) => mount.mountpoint === from);
      const old = machine.mounts[index];
      if (old) machine.mounts[index] = { ...old, mountpoint };
    } else {
      machine.mounts.push({
        mountpoint,
        root: '/',
        fstype: call.path(2) ?? 'unknown',
        options: flags & 2 ? ['nosuid'] : [],
      });
    }
  },
  umount2({ machine, call }) {
    const target = call.path(0);
    if (target === undefined) return;
    const path = machine.resolve(call.task, undefined, target);
    const index = machine.mounts.findLastIndex((mount) => mount.mountpoint === path);
    if (index > 0) machine.mounts.splice(index, 1);
  },
  rt_sigaction({ call }) {
    const signal = constantValue(call.arg(0)) ?? call.int(0);
    const handler =
      readStruct(call.arg(1))?.get('sa_handler') ?? readStruct(call.arg(1))?.get('sa_sigaction');
    if (signal === undefined || handler === undefined) return;
    const { handlers } = call.task.process;
    if (handler === 'SIG_IGN') handlers.set(signal, 'ignore');
    else if (handler === 'SIG_DFL') handlers.delete(signal);
    else handlers.set(signal, 'handle');
    const flags = readStruct(call.arg(1))?.get('sa_flags') ?? '';
    call.task.process.restarts[/\bSA_RESTART\b/.test(flags) ? 'add' : 'delete'](signal);
  },
  ...forCalls('wait4 waitid waitpid', ({ call }) => {
    const pid =
      call.name === 'waitid'
        ? readInt(/si_pid=(\d+)/.exec(call.text)?.[1])
        : (call.result.hostPid ?? call.returned);
    const { process } = call.task;
    if (pid !== undefined && process.changedChildren.delete(pid)) process.diverged = true;
  }),
};
