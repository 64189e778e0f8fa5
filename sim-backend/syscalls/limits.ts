/** Priorities, process groups and resource limits. */
import { is, not, notFailed } from './conditions.ts';
import type { SyscallRow } from './row.ts';
import { arg } from './values.ts';

export const limitRows: readonly SyscallRow[] = [
  {
    calls: { setpriority: 'which who niceval' },
    evidence: 'rlimits',
    sites: [
      {
        hook: 'security_task_setnice',
        args: [undefined, arg('niceval')],
        when: notFailed('ESRCH', 'EINVAL'),
      },
    ],
  },
  {
    calls: { setpgid: 'pid pgid' },
    evidence: 'rlimits',
    sites: [
      { hook: 'security_task_setpgid', args: [undefined, arg('pgid')], when: notFailed('ESRCH', 'EINVAL') },
    ],
  },
  {
    calls: { prlimit64: 'pid resource new_rlim old_rlim', setrlimit: 'resource new_rlim' },
    evidence: 'rlimits',
    sites: [
      {
        hook: 'security_task_setrlimit',
        args: [undefined, arg('resource')],
        when: not(is('new_rlim', 'NULL')),
      },
    ],
  },
];
