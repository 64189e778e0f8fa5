/** Priorities, scheduling, process groups and resource limits. */
import type { Call } from '../machine/call.ts';
import { capable } from './capability.ts';
import { all, any, condition, failed, is, not, notFailed, succeeded, unmeasured } from './conditions.ts';
import type { Condition, SyscallRow } from './row.ts';
import { arg, numberFrom } from './values.ts';

/** Numerically lower is more important. */
const nicest = 19;
const mostImportant = -20;

const nice = (call: Call): number | undefined => {
  const asked = call.int('niceval');
  return asked === undefined ? undefined : Math.max(mostImportant, Math.min(nicest, asked));
};

const oneProcess = all(is('which', 'PRIO_PROCESS'), is('who', '0'));
/** A nicer process never needs it; whether another value is a nicer one hangs on the one before. */
const raisesPriority: Condition = any(
  failed('EACCES'),
  all(
    any(
      not(oneProcess),
      condition('it is not the nicest value', (call) => nice(call) !== nicest),
    ),
    unmeasured('whether the new priority is above the old one is not in the trace'),
  ),
);
const hasProcess = notFailed('ESRCH', 'EINVAL');

/** A process group of number 0 is the one of the process itself. */
const group = numberFrom((call) => {
  const pgid = call.int('pgid');
  if (pgid !== 0) return pgid;
  const pid = call.int('pid');
  if (pid !== 0) return pid;
  const { nsPid, pid: hostPid } = call.task.process;
  return nsPid === 0 ? hostPid : nsPid;
}, 'the process group');

const setsLimit = not(is('new_rlim', 'NULL'));
const hard = (call: Call, argument: string): number | undefined => {
  const text = /rlim_max=([^,}]+)/.exec(call.arg(argument))?.[1];
  if (text === undefined) return undefined;
  if (/INFINITY/.test(text)) return Number.POSITIVE_INFINITY;
  const [base = '', factor = '1'] = text.split('*');
  return Number(base) * Number(factor);
};
/** fs.nr_open: no process has more descriptors, whatever it may. */
const mostDescriptors = 1048576;
const raisesLimit: Condition = condition('it raises a hard limit', (call) => {
  const next = hard(call, 'new_rlim');
  if (next === undefined) return 'the new limit is not in the trace';
  if (call.arg('resource') === 'RLIMIT_NOFILE' && next > mostDescriptors) return false;
  if (call.failed('EPERM')) return true;
  const old = hard(call, 'old_rlim');
  return old === undefined ? 'what the limit was before is not in the trace' : next > old;
});
const validLimit = all(setsLimit, notFailed('EINVAL', 'ESRCH', 'EFAULT'));
const ofOwn = condition(
  'the limit is its own',
  (call) => !call.has('pid') || call.int('pid') === 0 || call.int('pid') === call.task.process.pid,
);

const ofOwnTask = condition(
  'it is about the caller',
  (call) => call.int('pid') === 0 || call.int('pid') === call.task.tid,
);
/** The common policies of the own task need no capability. */
const needsToSchedule = any(
  failed('EPERM'),
  all(
    not(all(ofOwnTask, is('policy', 'SCHED_OTHER', 'SCHED_BATCH', 'SCHED_NORMAL'))),
    unmeasured('whether CAP_SYS_NICE is asked for hangs on how the task was scheduled before'),
  ),
);
const scheduled = notFailed('ESRCH', 'EINVAL', 'EFAULT', 'EPERM');
const asked = notFailed('ESRCH', 'EINVAL', 'EFAULT');

export const limitRows: readonly SyscallRow[] = [
  {
    calls: { setpriority: 'which who niceval' },
    evidence: 'rlimits',
    sites: [
      capable(23, { of: 'first', when: all(hasProcess, any(failed('EPERM'), raisesPriority)) }),
      {
        hook: 'security_task_setnice',
        args: [undefined, numberFrom(nice, 'the nice value')],
        when: all(
          hasProcess,
          notFailed('EPERM', 'EACCES'),
          any(
            is('which', 'PRIO_PROCESS'),
            unmeasured('how many processes get the priority is not in the trace'),
          ),
        ),
      },
    ],
  },
  {
    calls: { setpgid: 'pid pgid' },
    evidence: 'rlimits',
    // What keeps it from the group, such as another session, is found out before.
    sites: [{ hook: 'security_task_setpgid', args: [undefined, group], when: succeeded }],
  },
  {
    calls: { prlimit64: 'pid resource new_rlim old_rlim', setrlimit: 'resource new_rlim' },
    evidence: 'rlimits',
    sites: [
      capable(24, {
        when: all(
          not(ofOwn),
          asked,
          unmeasured('whose process it is that gets the limit is not in the trace'),
        ),
      }),
      capable(24, { of: 'first', when: all(validLimit, raisesLimit) }),
      {
        hook: 'security_task_setrlimit',
        args: [undefined, arg('resource')],
        when: all(validLimit, notFailed('EPERM')),
      },
    ],
  },
  {
    calls: { sched_setscheduler: 'pid policy param', sched_setparam: 'pid param' },
    evidence: 'rlimits',
    sites: [
      capable(23, { of: 'first', when: all(asked, needsToSchedule) }),
      { hook: 'security_task_setscheduler', args: [], when: scheduled },
    ],
  },
  {
    calls: { sched_setaffinity: 'pid len mask' },
    evidence: 'rlimits',
    sites: [
      capable(23, {
        when: all(
          asked,
          any(failed('EPERM'), all(not(ofOwnTask), unmeasured('whose task it is is not in the trace'))),
        ),
      }),
      {
        hook: 'security_task_setscheduler',
        args: [],
        // A mask without any processor is found out behind it.
        when: any(
          scheduled,
          all(failed('EINVAL'), unmeasured('what of the mask is invalid is not in the trace')),
        ),
      },
    ],
  },
  {
    calls: {
      sched_getscheduler: 'pid',
      sched_getparam: 'pid param>',
      sched_getaffinity: 'pid len mask>',
    },
    evidence: 'rlimits',
    sites: [{ hook: 'security_task_getscheduler', args: [], when: asked }],
  },
];
