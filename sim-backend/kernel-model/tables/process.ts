/** Birth and death of tasks, signals, tracing. */
import { cloneFlag, forkFlags, namespaceFlags } from '../../machine/lifecycle.ts';
import type { Call } from '../../machine/call.ts';
import { constantValue } from '../../trace/constants.ts';
import { number, unknown } from '../kernel-value.ts';
import type { Condition, Group, Derivation } from '../row.ts';
import { all, arg, capable, constant, notFailed, succeeded } from '../derivations.ts';

const withFlag =
  (flags: number): Condition =>
  (call) =>
    (forkFlags(call) & flags) !== 0;

const childPid: Derivation = (call) => {
  const pid = call.result.hostPid ?? call.returned;
  return pid === undefined ? unknown('no child was made') : number(pid);
};

/** The child, which has its parent's name. */
const newTask: Derivation = (call) => {
  const pid = call.result.hostPid ?? call.returned;
  if (pid === undefined) return unknown('no child was made');
  const thread = (forkFlags(call) & cloneFlag.thread) !== 0;
  return { kind: 'task', pid, tgid: thread ? call.task.process.pid : pid, comm: call.task.comm };
};

const signalIndex = (call: Call): number => (/^(tgkill|rt_tgsigqueueinfo)$/.test(call.name) ? 2 : 1);
const signalNumber: Derivation = (call) => {
  const text = call.arg(signalIndex(call));
  const value = constantValue(text) ?? call.int(signalIndex(call));
  return value === undefined ? unknown(`the signal "${text}" is not known`) : number(value);
};

const exitCode: Derivation = (call) => number(((call.int(0) ?? 0) & 0xff) << 8);

const attaches = /^PTRACE_(ATTACH|SEIZE)$/;

export const processTables: readonly Group[] = [
  {
    syscalls: 'fork vfork clone clone3',
    evidence: 'fork',
    sites: [
      {
        hook: 'create_user_ns',
        args: [(call) => ({ kind: 'cred', cred: call.task.cred })],
        when: all(withFlag(cloneFlag.newUser), succeeded),
      },
      {
        hook: 'security_create_user_ns',
        args: [(call) => ({ kind: 'cred', cred: call.task.cred })],
        when: all(withFlag(cloneFlag.newUser), succeeded),
        kernels: '>=6.1',
      },
      { hook: 'security_task_alloc', args: [newTask, (call) => number(forkFlags(call))], when: succeeded },
      {
        hook: 'cap_capable',
        args: capable(() => 21),
        when: (call) => (forkFlags(call) & namespaceFlags) !== 0,
      },
      {
        hook: 'create_new_namespaces',
        args: [(call) => number(forkFlags(call))],
        when: (call) => call.ok && (forkFlags(call) & namespaceFlags) !== 0,
      },
      {
        hook: 'tp:task/task_newtask',
        args: [
          undefined,
          undefined,
          undefined,
          undefined,
          childPid,
          undefined,
          (call) => number(forkFlags(call)),
        ],
        when: succeeded,
      },
      {
        hook: 'tp:sched/sched_process_fork',
        args: [
          undefined,
          undefined,
          undefined,
          undefined,
          undefined,
          (call) => number(call.task.tid),
          undefined,
          childPid,
        ],
        when: succeeded,
      },
      { hook: 'wake_up_new_task', args: [newTask], when: succeeded },
    ],
  },
  {
    syscalls: 'exit_group',
    evidence: 'exit',
    sites: [{ hook: 'do_group_exit', args: [exitCode] }],
  },
  {
    syscalls: '@exit',
    evidence: 'exit',
    sites: [{ hook: 'do_exit', args: [undefined] }],
  },
  {
    syscalls: '@last-exit',
    evidence: 'exit',
    sites: [{ hook: 'acct_process', args: [] }],
  },
  {
    syscalls: '@exited',
    evidence: 'exit',
    sites: [
      {
        hook: 'tp:sched/sched_process_exit',
        args: [
          undefined,
          undefined,
          undefined,
          undefined,
          undefined,
          (call) => number(call.task.tid),
          constant(120),
        ],
      },
      { hook: 'raw:sched/sched_process_exit', args: [] },
    ],
  },
  {
    syscalls: '@exec',
    evidence: 'execve',
    sites: [
      {
        hook: 'tp:sched/sched_process_exec',
        args: [
          undefined,
          undefined,
          undefined,
          undefined,
          (_call, _machine, item) => ({ kind: 'string', bytes: item as string }),
          (call) => number(call.task.process.pid),
          (call) => number(call.task.tid),
        ],
      },
      {
        hook: 'raw:sched/sched_process_exec',
        args: [
          undefined,
          (call) => number(call.task.tid),
          (call, _machine, item) => {
            const { path, argc } = item as { path: string; argc: number };
            const filename = call.path(call.name === 'execveat' ? 1 : 0);
            return { kind: 'bprm', path, argc, ...(filename !== undefined && { filename }) };
          },
        ],
      },
    ],
  },
  {
    syscalls: 'kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_send_signal',
    evidence: 'kill',
    sites: [
      {
        hook: 'security_task_kill',
        args: [undefined, undefined, signalNumber, undefined],
        when: notFailed('ESRCH', 'EPERM', 'EINVAL'),
      },
    ],
  },
  {
    syscalls: 'ptrace',
    evidence: 'ptrace',
    sites: [
      {
        hook: 'security_ptrace_traceme',
        args: [undefined],
        when: (call) => call.arg(0) === 'PTRACE_TRACEME',
      },
      {
        hook: 'security_ptrace_access_check',
        args: [undefined, constant(0x12)],
        when: (call) => attaches.test(call.arg(0)) && !call.failed('ESRCH'),
      },
    ],
  },
  {
    syscalls: 'process_vm_readv process_vm_writev',
    evidence: 'ptrace',
    sites: [
      { hook: 'security_ptrace_access_check', args: [undefined, constant(0x12)], when: notFailed('ESRCH') },
    ],
  },
  {
    syscalls: 'setpriority',
    evidence: 'rlimits',
    sites: [{ hook: 'security_task_setnice', args: [undefined, arg(2)], when: notFailed('ESRCH', 'EINVAL') }],
  },
  {
    syscalls: 'setpgid',
    evidence: 'rlimits',
    sites: [{ hook: 'security_task_setpgid', args: [undefined, arg(1)], when: notFailed('ESRCH', 'EINVAL') }],
  },
  {
    syscalls: 'prlimit64 setrlimit',
    evidence: 'rlimits',
    sites: [
      {
        hook: 'security_task_setrlimit',
        args: [
          undefined,
          (call, machine) => arg(call.name === 'setrlimit' ? 0 : 1)(call, machine, undefined),
        ],
        when: (call) => call.name === 'setrlimit' || call.arg(2) !== 'NULL',
      },
    ],
  },
];
