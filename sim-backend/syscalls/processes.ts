/** Birth and death of tasks, and waiting for them. */
import { cloneFlag } from '../machine/lifecycle.ts';
import type { Call } from '../machine/call.ts';
import { mayAccount } from './accounting.ts';
import { file, number, unknown } from '../kernel-model/kernel-value.ts';
import { newFile } from '../machine/file.ts';
import { all, condition, flag, succeeded } from './conditions.ts';
import { type DescriptorText, readDescriptor } from '../trace/annotation.ts';
import { checksNamespaces, createsNetwork, createsUserNamespace, makesNamespaces } from './namespaces.ts';
import { wakesUp } from './sleeping.ts';
import type { Derivation, SyscallRow } from './row.ts';
import { constant, fields, numberFrom } from './values.ts';

/** Bits of clone's flags that are the signal of the child's end: clone3 has an argument for it. */
const exitSignal = 0xff;

/** CLONE_* flags of a call that makes a task. */
export function cloneFlags(call: Call): number {
  const flags = call.flags('flags');
  return call.has('exit_signal') ? flags : flags - (flags & exitSignal);
}

const flagsOf: Derivation = numberFrom(
  (call) => (call.number('flags') === undefined ? undefined : cloneFlags(call)),
  'a flag',
);

/** Pid of the child as the host has it. */
const childOf = (call: Call): number | undefined => call.result.hostPid ?? call.returned;

/** The child whose end a wait tells of; undefined if it tells of none. */
export function childWaitedFor(call: Call): number | undefined {
  if (call.name !== 'wait4' && call.name !== 'waitid') return undefined;
  const pid = call.name === 'wait4' ? childOf(call) : call.int('si_pid');
  const goesOn = /WIFSTOPPED|WIFCONTINUED|CLD_(STOPPED|CONTINUED|TRAPPED)/.test(call.text);
  return call.ok && pid !== undefined && pid > 0 && !goesOn ? pid : undefined;
}

const childPid: Derivation = (call) => {
  const pid = childOf(call);
  return pid === undefined ? unknown('no child was made') : number(pid);
};

/** The child, which has its parent's name. */
const newTask: Derivation = (call) => {
  const pid = childOf(call);
  if (pid === undefined) return unknown('no child was made');
  const thread = (cloneFlags(call) & cloneFlag.thread) !== 0;
  return { kind: 'task', pid, tgid: thread ? call.task.process.pid : pid, comm: call.task.comm };
};

/**
 * The tracepoint of a thread's end: since 6.16 before its process is accounted for, with its memory still there (VM: 6.12, 6.18).
 */
const processExit = (kernels: string): NonNullable<SyscallRow['sites']> => [
  { hook: 'tp:sched/sched_process_exit', args: fields({ 5: tid, 6: constant(120) }), kernels },
  { hook: 'raw:sched/sched_process_exit', args: [], kernels },
];

/** The file of a descriptor of a process. */
export const pidFile: Derivation = () => file(newFile('pid', '', 0));
/** Before it had a file system of its own. */
export const anonymousPidFile: Derivation = () => file(newFile('anon', '', 0));

const makesPidfd = flag('CLONE_PIDFD');

/** The descriptor of the child that the call makes in the parent, as strace shows it: `pidfd=[5<pid:102>]`. */
export const pidfdOf = (call: Call): DescriptorText | undefined => {
  const text = /=> \{[^}]*\bpidfd=\[([^\]]*(?:\[[^\]]*\])?[^\]]*)\]/.exec(call.text)?.[1];
  return readDescriptor(text ?? /^\[(.*)\]$/.exec(call.arg('parent_tid'))?.[1] ?? '');
};
const newPidfd: Derivation = numberFrom((call) => pidfdOf(call)?.fd, 'the descriptor of the child');

const tid: Derivation = (call) => number(call.task.tid);

const exitStatus: Derivation = numberFrom((call) => {
  const code = call.int('error_code');
  return code === undefined ? undefined : (code & 0xff) << 8;
}, 'the exit code');

/** The child that is asked for, or else whichever ends, and the one that was reported. */
const waitsFor = (asked: (call: Call) => number | undefined, reported: (call: Call) => number | undefined) =>
  ((call) => {
    const pid = asked(call);
    if (pid === undefined || pid <= 0) return 'any';
    const found = reported(call);
    return found === undefined ? [pid] : [pid, found];
  }) satisfies SyscallRow['waitsFor'];
/** A descriptor of a process shows its pid. */
export const pidBehind = (call: Call, argument: string): number | undefined => {
  const target = call.descriptor(argument)?.target;
  return target?.kind === 'pid' ? Number(target.text) : undefined;
};
const waits: Pick<SyscallRow, 'evidence' | 'killed' | 'interruption'> = {
  evidence: 'no-hook-wait',
  killed: wakesUp,
  interruption: () => 'waits',
};

/** A signal that is raised in this function comes when the child can no longer be taken back. */
export const childLivesAfter = (hook: string): boolean =>
  hook.startsWith('tp:') || hook === 'wake_up_new_task';

export const processRows: readonly SyscallRow[] = [
  {
    calls: {
      fork: 'flags=0',
      vfork: 'flags=CLONE_VFORK|CLONE_VM',
      clone: '=flags =child_stack =parent_tid =child_tidptr =tls',
      clone3:
        'cl_args{flags pidfd child_tid parent_tid exit_signal stack stack_size tls set_tid set_tid_size cgroup} size',
    },
    evidence: 'fork',
    life: 'fork',
    sites: [
      ...createsUserNamespace(succeeded),
      mayAccount(flag('CLONE_VM', false)),
      { hook: 'security_task_alloc', args: [newTask, flagsOf], when: succeeded },
      ...checksNamespaces(makesNamespaces),
      { hook: 'create_new_namespaces', args: [flagsOf], when: all(succeeded, makesNamespaces) },
      createsNetwork(succeeded),
      { hook: 'security_file_open', args: [pidFile], when: all(succeeded, makesPidfd), kernels: '>=6.9' },
      { hook: 'fd_install', args: [newPidfd, pidFile], when: all(succeeded, makesPidfd), kernels: '>=6.9' },
      {
        hook: 'fd_install',
        args: [newPidfd, anonymousPidFile],
        when: all(succeeded, makesPidfd),
        kernels: '<=6.8',
      },
      { hook: 'tp:task/task_newtask', args: fields({ 4: childPid, 6: flagsOf }), when: succeeded },
      { hook: 'tp:sched/sched_process_fork', args: fields({ 5: tid, 7: childPid }), when: succeeded },
      { hook: 'wake_up_new_task', args: [newTask], when: succeeded },
    ],
    shows: ['birth'],
    // No child is made while a signal is pending.
    interruption: (_call, _machine, raisedAt) => (childLivesAfter(raisedAt) ? undefined : 'always-restarted'),
  },
  {
    calls: { exit_group: 'error_code' },
    evidence: 'exit',
    life: 'exit',
    sites: [{ hook: 'do_group_exit', args: [exitStatus] }],
  },
  { calls: { exit: 'error_code' }, evidence: 'exit', life: 'exit' },
  {
    calls: { '@exit': '=code =group' },
    evidence: 'exit',
    sites: [
      {
        hook: 'do_group_exit',
        args: [numberFrom((call) => call.int('group'), 'which thread took the signal')],
        when: condition('the task is killed, or its group ends', (call) => call.arg('group') !== ''),
      },
      {
        hook: 'do_exit',
        args: [numberFrom((call) => call.int('code'), 'whether its memory was dumped')],
      },
      ...processExit('>=6.16'),
    ],
  },
  {
    calls: { '@last-exit': '' },
    evidence: 'exit',
    sites: [{ hook: 'acct_process', args: [] }],
  },
  {
    calls: { '@exited': '' },
    evidence: 'exit',
    sites: processExit('<=6.15'),
  },
  {
    calls: { wait4: 'upid stat_addr options ru' },
    ...waits,
    waitsFor: waitsFor((call) => call.int('upid'), childOf),
  },
  {
    calls: { waitid: 'which upid infop{si_pid} options ru' },
    ...waits,
    waitsFor: waitsFor(
      (call) => (call.arg('which') === 'P_PID' ? call.int('upid') : pidBehind(call, 'upid')),
      (call) => call.int('si_pid'),
    ),
  },
];
