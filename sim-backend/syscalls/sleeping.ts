/** Calls that sleep until something comes. */
import { establish } from '../machine/sockets.ts';
import type { EffectContext, KillRule, SyscallRow } from './row.ts';

/** A fatal signal wakes it, and nothing was consumed. */
export const wakesUp: readonly KillRule[] = [{ where: 'always', effect: 'stopped' }];

/** None of them starts again after a handler. */
const sleeps: Pick<SyscallRow, 'evidence' | 'killed' | 'interruption'> = {
  evidence: 'no-hook-sleep',
  killed: wakesUp,
  interruption: () => 'interrupted',
};

/** A connection that was under way can be written to: it has come about. */
function learnsConnections({ call }: EffectContext): void {
  for (const [, fd, events = ''] of call.result.text.matchAll(/fd=(\d+)[^{}]*, revents=([A-Z|]+)/g)) {
    const socket = call.task.files.get(Number(fd))?.socket;
    if (socket && events.includes('POLLOUT') && !/POLL(ERR|HUP)/.test(events)) establish(socket);
  }
}

export const sleepingRows: readonly SyscallRow[] = [
  {
    calls: {
      nanosleep: 'rqtp rmtp',
      clock_nanosleep: 'which_clock flags rqtp rmtp',
      select: 'n inp outp exp tvp',
      pselect6: 'n inp outp exp tsp sig',
      epoll_wait: 'epfd events maxevents timeout',
      epoll_pwait: 'epfd events maxevents timeout sigmask sigsetsize',
      pause: '',
      rt_sigsuspend: 'unewset sigsetsize',
      rt_sigtimedwait: 'uthese uinfo uts sigsetsize',
    },
    ...sleeps,
    polls: true,
  },
  {
    calls: { poll: 'ufds nfds timeout', ppoll: 'ufds nfds tsp sigmask sigsetsize' },
    ...sleeps,
    polls: true,
    effects: [{ on: 'sockets', apply: learnsConnections }],
    shows: ['addresses'],
  },
  {
    calls: { futex: 'uaddr op val utime uaddr2 val3' },
    evidence: 'no-hook-sleep',
    killed: wakesUp,
    // Only operations that wait may sleep: FUTEX_WAIT_PRIVATE, FUTEX_LOCK_PI …
    interruption: (call) => (/^FUTEX_(WAIT|LOCK)/.test(call.arg('op')) ? 'waits' : undefined),
  },
];
