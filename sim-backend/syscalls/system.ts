/** Modules, events of perf, clocks, and what only asks for a capability. */
import { unknown } from '../kernel-model/kernel-value.ts';
import { all, any, notFailed, succeeded, unmeasured } from './conditions.ts';
import { permission } from './data-flow.ts';
import { makesDescriptor } from './descriptor-effects.ts';
import type { Derivation, HookSite, SyscallRow } from './row.ts';
import { capable, mayAsk } from './capability.ts';
import { constant, fileAt, returned } from './values.ts';

const moduleName: Derivation = (call) => {
  const name = call.path('name');
  return name === undefined ? unknown('the name is not in the trace') : { kind: 'module', name };
};
const mayLoad = capable(16, { of: 'first' });
/** A module that was loaded is initialized under the name in its file; its own failure there fails the call, too. */
const initializes: HookSite = {
  hook: 'do_init_module',
  args: [() => unknown('the name of a module is inside its file, which is not in a trace')],
  when: any(
    succeeded,
    all(
      notFailed(
        'EPERM',
        'EBADF',
        'EINVAL',
        'EFAULT',
        'ENOEXEC',
        'EEXIST',
        'ENOENT',
        'ENOKEY',
        'EKEYREJECTED',
      ),
      unmeasured('whether the module itself failed is not in the trace'),
    ),
  ),
};
const reads = notFailed('EBADF', 'EPERM', 'EINVAL');

const valid = notFailed('EFAULT', 'E2BIG');
const validTime = notFailed('EINVAL', 'EFAULT');

/** Calls that the model holds nothing of but the capability that they ask for. */
const privileged: readonly (readonly [capability: number, calls: Readonly<Record<string, string>>])[] = [
  [34, { syslog: 'type buf len' }],
  [22, { reboot: 'magic1 magic2 cmd arg' }],
  [20, { acct: 'path' }],
  [21, { swapon: 'path swap_flags' }],
  [17, { iopl: 'level', ioperm: 'from num turn_on' }],
];
/** That of a pid namespace's owner: all others are of the whole machine. */
const ofNamespace = 22;

export const systemRows: readonly SyscallRow[] = [
  {
    calls: { finit_module: 'fd uargs flags' },
    evidence: 'finit_module',
    sites: [
      mayLoad,
      { hook: 'security_kernel_read_file', args: [fileAt(), constant(2), constant(1)], when: reads },
      permission('fd', 4, reads),
      permission('fd', 4, reads),
      {
        hook: 'security_kernel_post_read_file',
        args: [fileAt(), undefined, undefined, constant(2)],
        when: reads,
      },
      initializes,
    ],
  },
  {
    calls: { init_module: 'umod len uargs' },
    evidence: 'init_module',
    sites: [
      mayLoad,
      {
        hook: 'security_kernel_load_data',
        args: [constant(2), constant(1)],
        when: notFailed('EPERM', 'ENOEXEC'),
      },
      initializes,
    ],
  },
  {
    calls: { delete_module: 'name flags' },
    evidence: 'delete_module',
    sites: [mayLoad, { hook: 'free_module', args: [moduleName], when: succeeded }],
  },
  {
    calls: { perf_event_open: 'attr pid cpu group_fd flags' },
    evidence: 'perf_event_open',
    sites: [
      mayAsk([21, 38], valid, 'how often it asks hangs on the event and on what is open to all'),
      {
        hook: 'security_perf_event_open',
        args: [],
        when: all(valid, unmeasured('how often it is asked hangs on the event')),
      },
      {
        hook: 'security_perf_event_alloc',
        args: [() => unknown('what a perf event is of is not read of the trace')],
        when: any(succeeded, all(valid, notFailed('EACCES', 'EPERM'), unmeasured('how far the call came'))),
      },
      { hook: 'fd_install', args: [returned, () => unknown('a perf event')], when: succeeded },
    ],
    effects: [makesDescriptor({ flag: 'PERF_FLAG_FD_CLOEXEC', argument: 'flags' })],
  },
  {
    calls: { clock_settime: 'which_clock tp', settimeofday: 'tv tz', adjtimex: 'txc_p' },
    evidence: 'time',
    sites: [
      { hook: 'security_settime64', args: [undefined], when: validTime },
      capable(25, { of: 'first', when: validTime }),
    ],
  },
  ...privileged.map(([capability, calls]): SyscallRow => ({
    calls,
    evidence: 'caps-misc',
    sites: [
      capable(capability, {
        of: capability === ofNamespace ? 'object' : 'first',
        when: notFailed('EFAULT'),
      }),
    ],
  })),
];
