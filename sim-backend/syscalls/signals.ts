/** Sending signals, and what a process does about them. */
import type { Call } from '../machine/call.ts';
import { doubtOf } from '../machine/credential-doubts.ts';
import type { Machine } from '../machine/machine.ts';
import type { Task } from '../machine/task.ts';
import { number, unknown } from '../kernel-model/kernel-value.ts';
import { capable } from './capability.ts';
import { all, condition, notFailed } from './conditions.ts';
import { pidBehind } from './processes.ts';
import type { Condition, Derivation, Effect, SyscallRow } from './row.ts';
import { numberFrom } from './values.ts';

const handles: Effect = {
  on: 'handlers',
  apply: ({ call }) => {
    const { handlers, restarts } = call.task.process;
    const signal = call.int('sig');
    const handler = call.arg('handler');
    // Without a new action the call only asks.
    if (signal === undefined || handler === '') return;
    if (handler === 'SIG_IGN') handlers.set(signal, 'ignore');
    else if (handler === 'SIG_DFL') handlers.delete(signal);
    else handlers.set(signal, 'handle');
    if (call.arg('sa_flags').split('|').includes('SA_RESTART')) restarts.add(signal);
    else restarts.delete(signal);
  },
};

/** Process or task that the signal is for; 0 or less: a group of them. */
const receiverPid = (call: Call): number | undefined =>
  call.has('pidfd') ? pidBehind(call, 'pidfd') : call.int('pid');

/** It, if it is one of the traced tasks. Pids of another namespace are other numbers. */
function receiver(call: Call, machine: Machine): Task | undefined {
  const pid = receiverPid(call);
  if (pid === undefined || pid <= 0) return undefined;
  const translated = call.has('pidfd') || call.arg('pid').includes('/*');
  if (call.task.process.nsPid !== 0 && !translated) return undefined;
  return machine.tasks.get(pid);
}

const isGroup = (call: Call): boolean => (receiverPid(call) ?? 1) <= 0;
const groupUnknown = 'how many processes are in the group, and whose they are, is not in the trace';

const found = notFailed('ESRCH', 'EINVAL', 'EBADF');
/** Each process of a group is asked about. */
const single = condition('it is for one process', (call) => (isGroup(call) ? groupUnknown : true));

/** kill_ok_by_cred: a process may send signals to those of its own user. */
const ofAnother: Condition = condition('the process is another user’s', (call, machine) => {
  if (call.failed('EPERM') && (receiverPid(call) ?? 0) > 0) return true;
  if (isGroup(call)) return groupUnknown;
  const to = receiver(call, machine);
  if (to === undefined) return 'whose process it is that gets the signal is not in the trace';
  if (to.process === call.task.process) return false;
  const doubt = doubtOf(to.cred, 'uid');
  if (doubt !== undefined) return doubt;
  const { uid, euid } = call.task.cred;
  return ![uid, euid].some((id) => id === to.cred.uid || id === to.cred.suid);
});

const receiverTask: Derivation = (call, machine) => {
  const to = receiver(call, machine);
  return to === undefined
    ? unknown('the process that gets the signal is not in the trace')
    : { kind: 'task', pid: to.tid, tgid: to.process.pid, comm: to.comm };
};

export const signalRows: readonly SyscallRow[] = [
  {
    calls: {
      kill: 'pid sig',
      tkill: 'pid sig',
      tgkill: 'tgid pid sig',
      rt_sigqueueinfo: 'pid sig uinfo',
      rt_tgsigqueueinfo: 'tgid pid sig uinfo',
      pidfd_send_signal: 'pidfd sig info flags',
    },
    evidence: 'kill',
    signals: receiverPid,
    sites: [
      capable(5, { when: all(found, ofAnother) }),
      {
        hook: 'security_task_kill',
        args: [receiverTask, undefined, numberFrom((call) => call.int('sig'), 'the signal'), () => number(0)],
        when: all(found, notFailed('EPERM'), single),
      },
    ],
  },
  {
    calls: { rt_sigaction: 'sig act{sa_handler|sa_sigaction:handler sa_flags} oact sigsetsize' },
    evidence: 'no-hook-signals',
    effects: [handles],
  },
];
