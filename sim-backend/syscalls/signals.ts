/** Sending signals, and what a process does about them. */
import { notFailed } from './conditions.ts';
import { pidBehind } from './processes.ts';
import type { Effect, SyscallRow } from './row.ts';
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
    signals: (call) => (call.has('pidfd') ? pidBehind(call, 'pidfd') : call.int('pid')),
    sites: [
      {
        hook: 'security_task_kill',
        args: [undefined, undefined, numberFrom((call) => call.int('sig'), 'the signal'), undefined],
        when: notFailed('ESRCH', 'EPERM', 'EINVAL'),
      },
    ],
  },
  {
    calls: { rt_sigaction: 'sig act{sa_handler|sa_sigaction:handler sa_flags} oact sigsetsize' },
    evidence: 'no-hook-signals',
    effects: [handles],
  },
];
