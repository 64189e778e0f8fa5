/** Modules, bpf and perf, clocks, and what only asks for a capability. */
import { unknown } from '../kernel-model/kernel-value.ts';
import { all, condition, notFailed, succeeded } from './conditions.ts';
import { permission } from './data-flow.ts';
import { makesDescriptor } from './descriptor-effects.ts';
import type { Derivation, SyscallRow } from './row.ts';
import { arg, capable, constant, fileAt, numberFrom, returned } from './values.ts';

const moduleName: Derivation = (call) => {
  const name = call.path('name');
  return name === undefined ? unknown('the name is not in the trace') : { kind: 'module', name };
};
const mayLoad = capable(16);
const reads = notFailed('EBADF', 'EPERM', 'EINVAL');

/** Only some commands of bpf return a descriptor. */
const returnsDescriptor = all(
  succeeded,
  condition('it returned a descriptor', (call) => call.result.target !== undefined),
);
const makesObject = makesDescriptor(true);

const validTime = notFailed('EINVAL', 'EFAULT');

/** Calls that the model holds nothing of but the capability that they ask for. */
const privileged: readonly (readonly [capability: number, calls: Readonly<Record<string, string>>])[] = [
  [34, { syslog: 'type buf len' }],
  [22, { reboot: 'magic1 magic2 cmd arg' }],
  [20, { acct: 'path' }],
  [21, { swapon: 'path swap_flags' }],
  [17, { iopl: 'level', ioperm: 'from num turn_on' }],
];

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
    ],
  },
  {
    calls: { delete_module: 'name flags' },
    evidence: 'delete_module',
    sites: [mayLoad, { hook: 'free_module', args: [moduleName], when: succeeded }],
  },
  {
    calls: { bpf: 'cmd attr size' },
    evidence: 'bpf',
    sites: [
      {
        hook: 'security_bpf',
        args: [numberFrom((call) => call.int('cmd'), 'the command'), undefined, arg('size')],
        when: notFailed('EFAULT', 'E2BIG'),
      },
      {
        hook: 'fd_install',
        args: [returned, () => unknown('a bpf object')],
        when: returnsDescriptor,
      },
    ],
    effects: [
      {
        ...makesObject,
        apply: (context) => {
          if (returnsDescriptor.test(context.call, context.machine) === true) makesObject.apply(context);
        },
      },
    ],
  },
  {
    calls: { perf_event_open: 'attr pid cpu group_fd flags' },
    evidence: 'perf_event_open',
    sites: [{ hook: 'fd_install', args: [returned, () => unknown('a perf event')], when: succeeded }],
    effects: [makesDescriptor({ flag: 'PERF_FLAG_FD_CLOEXEC', argument: 'flags' })],
  },
  {
    calls: { clock_settime: 'which_clock tp', settimeofday: 'tv tz', adjtimex: 'txc_p' },
    evidence: 'time',
    sites: [
      { hook: 'security_settime64', args: [undefined], when: validTime },
      capable(25, { when: validTime }),
    ],
  },
  ...privileged.map(([capability, calls]): SyscallRow => ({
    calls,
    evidence: 'caps-misc',
    sites: [capable(capability, { when: notFailed('EFAULT') })],
  })),
];
