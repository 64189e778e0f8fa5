/** Calls by which one process looks into another: whether it may is asked as for ptrace (ptrace_may_access). */
import type { Call } from '../machine/call.ts';
import type { Machine } from '../machine/machine.ts';
import type { Task } from '../machine/task.ts';
import { capable, checkOptions, mayAsk } from './capability.ts';
import { all, condition, is, notFailed } from './conditions.ts';
import { askedFor, lookChecks } from './other-process.ts';
import { pidBehind } from './processes.ts';
import type { Condition, HookSite, SyscallRow } from './row.ts';
import { constant } from './values.ts';

/** PTRACE_MODE_READ or PTRACE_MODE_ATTACH, with PTRACE_MODE_REALCREDS. */
const modes = { read: 0x11, attach: 0x12 } as const;

/** Pid of the process that a call is about, by an argument: a number, or a descriptor. */
type Target = (call: Call) => number | undefined;
const pidIn =
  (argument: string): Target =>
  (call) =>
    call.int(argument);

const isOwn = (call: Call, machine: Machine, pid: number): boolean =>
  pid === 0 || taskOf(call, machine, pid)?.process === call.task.process;

/** Pids of another namespace than that of the first program are numbers of its own. */
function taskOf(call: Call, machine: Machine, pid: number): Task | undefined {
  const { namespaces, process } = call.task;
  if (namespaces.Pid === machine.start.namespaces.Pid) return machine.tasks.get(pid);
  return pid === process.nsPid ? call.task : undefined;
}

/** Nobody is kept from looking at himself, and nothing is asked then. */
const ofOther = (target: Target): Condition =>
  condition('it is another process', (call, machine) => {
    const pid = target(call);
    return pid === undefined || !isOwn(call, machine, pid);
  });

/** The modules are asked behind the checks of ids and of what the other process lets be seen of it. */
const accessCheck = (target: Target, mode: number, when: Condition): HookSite => ({
  hook: 'security_ptrace_access_check',
  args: [undefined, constant(mode)],
  when: all(
    when,
    ofOther(target),
    condition('its ids may', (call, machine) => {
      const pid = target(call);
      if (!call.failed('EPERM', 'EACCES')) return true;
      const found = pid === undefined ? undefined : askedFor(call, machine, { pid, mode });
      if (found === undefined) return 'whether the modules were asked is not in the trace';
      return typeof found === 'string' ? found : found.goesOn;
    }),
  ),
});

/** Yama's rule asks, too, if it is in force. */
const mayAskToTrace = (target: Target, when: Condition): HookSite =>
  mayAsk(
    [19],
    all(when, ofOther(target)),
    'whether the other process may be traced without CAP_SYS_PTRACE is not modelled',
  );

const traces = (target: Target, when: Condition): readonly HookSite[] => [
  mayAskToTrace(target, when),
  accessCheck(target, modes.attach, when),
];

/** Takes a descriptor of the process behind a descriptor. */
export const takesDescriptor = traces((call) => pidBehind(call, 'pidfd'), notFailed('EBADF', 'ESRCH'));

/** Looks that leave the other process as it is. */
const reads = (argument: string, when: Condition): readonly HookSite[] =>
  lookChecks(
    (call, machine) => {
      const pid = call.int(argument);
      return pid === undefined || isOwn(call, machine, pid) ? [] : [{ pid, mode: modes.read }];
    },
    all(when, ofOther(pidIn(argument))),
  );

/** Looks into memory that the program does not let everybody see, and changes of it (ptrace_access_vm). */
const asksForMemory: HookSite = capable(19, {
  of: 'object',
  options: checkOptions.noAudit,
  when: all(
    is('request', 'PTRACE_PEEKTEXT', 'PTRACE_PEEKDATA', 'PTRACE_POKETEXT', 'PTRACE_POKEDATA'),
    notFailed('ESRCH'),
    condition('the other process does not let its memory be seen', (call, machine) => {
      const pid = call.int('pid');
      const dumpable = pid === undefined ? undefined : taskOf(call, machine, pid)?.process.memory.dumpable;
      return dumpable === undefined ? memoryUnknown : !dumpable;
    }),
  ),
});
const memoryUnknown = 'whether the other process lets its memory be seen is not in the trace';

const found = notFailed('ESRCH', 'EINVAL', 'EFAULT', 'ENOMEM');

export const tracingRows: readonly SyscallRow[] = [
  {
    calls: { ptrace: 'request pid addr data' },
    evidence: 'ptrace',
    sites: [
      { hook: 'security_ptrace_traceme', args: [undefined], when: is('request', 'PTRACE_TRACEME') },
      ...traces(pidIn('pid'), all(is('request', 'PTRACE_ATTACH', 'PTRACE_SEIZE'), notFailed('ESRCH'))),
      asksForMemory,
    ],
  },
  {
    calls: {
      process_vm_readv: 'pid lvec liovcnt rvec riovcnt flags',
      process_vm_writev: 'pid lvec liovcnt rvec riovcnt flags',
    },
    evidence: 'ptrace',
    sites: traces(pidIn('pid'), notFailed('ESRCH')),
  },
  {
    calls: {
      get_robust_list: 'pid head_ptr len_ptr',
      move_pages: 'pid count pages nodes status flags',
      migrate_pages: 'pid maxnode old_nodes new_nodes',
    },
    evidence: 'ptrace',
    sites: reads('pid', found),
  },
  {
    calls: { kcmp: 'pid1 pid2 type idx1 idx2' },
    evidence: 'ptrace',
    sites: [...reads('pid1', notFailed('ESRCH')), ...reads('pid2', notFailed('ESRCH', 'EPERM'))],
  },
];
