/** Calls that sleep until something comes. */
import type { KillRule, SyscallRow } from './row.ts';

/** A fatal signal wakes it, and nothing was consumed. */
export const wakesUp: readonly KillRule[] = [{ where: 'always', effect: 'stopped' }];

/** None of them starts again after a handler. */
const sleeps: Pick<SyscallRow, 'evidence' | 'killed' | 'interruption'> = {
  evidence: 'no-hook-sleep',
  killed: wakesUp,
  interruption: () => 'interrupted',
};

export const sleepingRows: readonly SyscallRow[] = [
  {
    calls: {
      nanosleep: 'rqtp rmtp',
      clock_nanosleep: 'which_clock flags rqtp rmtp',
      ppoll: 'ufds nfds tsp sigmask sigsetsize',
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
  { calls: { poll: 'ufds nfds timeout' }, ...sleeps, polls: true, shows: ['addresses'] },
  {
    calls: { futex: 'uaddr op val utime uaddr2 val3' },
    evidence: 'no-hook-sleep',
    killed: wakesUp,
    // Only operations that wait may sleep: FUTEX_WAIT_PRIVATE, FUTEX_LOCK_PI …
    interruption: (call) => (/^FUTEX_(WAIT|LOCK)/.test(call.arg('op')) ? 'waits' : undefined),
  },
];
