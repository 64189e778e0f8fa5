/** Looks at another process through its folder in /proc: whether the caller may trace it is asked (ptrace_may_access). */
import type { Call } from '../machine/call.ts';
import type { Machine } from '../machine/machine.ts';
import { walkOf } from '../machine/walk.ts';
import { capable, checkOptions } from './capability.ts';
import { all, condition, unmeasured } from './conditions.ts';
import type { HookSite } from './row.ts';
import { number } from '../kernel-model/kernel-value.ts';

const CAP_SYS_PTRACE = 19;
/** PTRACE_MODE_READ, or PTRACE_MODE_ATTACH for its memory; with PTRACE_MODE_FSCREDS. */
const modes = { read: 9, attach: 10 } as const;

/** Links to what a process has open, is, or is in. */
const link = /^\/proc\/(\d+)\/(?:task\/\d+\/)?(?:fd\/\d+|exe|cwd|root|ns\/\w+)$/;
/** Files that ask when they are opened. */
const guarded =
  /^\/proc\/(\d+)\/(?:task\/\d+\/)?(?:mem|maps|smaps|smaps_rollup|numa_maps|environ|auxv|pagemap|fdinfo\/\d+|map_files\/\S+)$/;

/** What the call looks at of other processes: links on its way, and its end. */
function looks(call: Call, machine: Machine): readonly string[] {
  const path = machine.pathAt(call, 'path');
  const seen = [...walkOf(call, machine, 'path').jumps, ...(path === undefined ? [] : [path])];
  const own = `/proc/${call.task.process.pid}/`;
  return seen.filter((one) => !one.startsWith(own) && (link.test(one) || guarded.test(one)));
}

const looksAtOther = condition('it looks at another process in /proc', (call, machine) =>
  call.failed('EFAULT', 'EBADF') ? false : looks(call, machine).length > 0,
);

/** Whether it comes so far hangs on the ids, the memory and the namespaces of the other process. */
const when = all(
  looksAtOther,
  unmeasured('whether the other process may be looked at without a capability is not in the trace'),
);

export const accessChecks: readonly HookSite[] = [
  capable(CAP_SYS_PTRACE, { options: checkOptions.noAudit, when }),
  {
    hook: 'security_ptrace_access_check',
    args: [
      undefined,
      (_call, _machine, item) => number((item as string).endsWith('/mem') ? modes.attach : modes.read),
    ],
    when,
    each: looks,
  },
];
