/** One small policy for each thing that the policy language can say: what the page on backends asks them about. */
import { actionNames } from '../../core/names/actions.ts';
import { operatorFamilies, operatorSupport } from '../../core/plan/operators/index.ts';
import { argTypes } from '../../core/plan/types/index.ts';

export interface Feature {
  readonly area:
    'Hooks' | 'Arguments' | 'Argument types' | 'Operators' | 'Filters on the process' | 'Actions';
  readonly name: string;
  /** `spec` of the policy. */
  readonly spec: unknown;
}

const fdInstall = { call: 'fd_install', syscall: false };
const intArg = { index: 0, type: 'int' };

/** A hook on a plain function, with more. */
const kprobe = (more: object = {}): unknown => ({ kprobes: [{ ...fdInstall, args: [intArg], ...more }] });
const selecting = (selector: object): unknown => kprobe({ selectors: [selector] });
const acting = (action: object): unknown => selecting({ matchActions: [action] });

const hooks: readonly (readonly [string, unknown])[] = [
  ['kprobes', kprobe()],
  ['kprobes on system calls', { kprobes: [{ call: 'sys_openat', syscall: true }] }],
  ['fentries', { fentries: [fdInstall] }],
  ['tracepoints', { tracepoints: [{ subsystem: 'sched', event: 'sched_process_exec' }] }],
  ['raw tracepoints', { tracepoints: [{ subsystem: 'sched', event: 'sched_process_exec', raw: true }] }],
  ['lsmhooks', { lsmhooks: [{ hook: 'file_open', selectors: [{}] }] }],
  ['uprobes', { uprobes: [{ path: '/usr/bin/bash', symbols: ['main'] }] }],
  ['usdts', { usdts: [{ path: '/usr/bin/bash', provider: 'p', name: 'n' }] }],
  [
    'lists of functions',
    { lists: [{ name: 'l', values: ['fd_install'] }], kprobes: [{ call: 'list:l', syscall: false }] },
  ],
  [
    'lists of type generated_syscalls',
    { lists: [{ name: 'l', type: 'generated_syscalls' }], kprobes: [{ call: 'list:l', syscall: true }] },
  ],
  [
    'lists of type generated_ftrace',
    {
      lists: [{ name: 'l', type: 'generated_ftrace', pattern: '^fd_' }],
      kprobes: [{ call: 'list:l', syscall: false }],
    },
  ],
  ['return', kprobe({ return: true, returnArg: { index: 0, type: 'int' } })],
  ['enforcers', { ...(kprobe() as object), enforcers: [{ calls: ['security_file_open'] }] }],
  ['loader', { loader: true }],
];

const args: readonly (readonly [string, unknown])[] = [
  [
    'values of the current task (`data`)',
    kprobe({ data: [{ index: 0, type: 'int', source: 'current_task', resolve: 'pid' }] }),
  ],
  ['`resolve`', kprobe({ args: [{ index: 1, type: 'file', resolve: 'f_inode.i_mode' }] })],
  [
    '`returnCopy`',
    {
      kprobes: [
        {
          ...{ call: 'sys_read', syscall: true, return: true, returnArg: { index: 0, type: 'int' } },
          args: [{ index: 1, type: 'char_buf', returnCopy: true }],
        },
      ],
    },
  ],
];

const processFilters: readonly (readonly [string, object])[] = [
  ['matchBinaries', { matchBinaries: [{ operator: 'In', values: ['/usr/bin/cat'] }] }],
  ['matchBinaries, Prefix', { matchBinaries: [{ operator: 'Prefix', values: ['/usr'] }] }],
  [
    'matchBinaries, followChildren',
    { matchBinaries: [{ operator: 'In', values: ['/a'], followChildren: true }] },
  ],
  ['matchParentBinaries', { matchParentBinaries: [{ operator: 'In', values: ['/usr/bin/bash'] }] }],
  ['matchPIDs', { matchPIDs: [{ operator: 'In', values: [1], followForks: true }] }],
  ['matchNamespaces', { matchNamespaces: [{ namespace: 'Pid', operator: 'In', values: ['host_ns'] }] }],
  ['matchNamespaceChanges', { matchNamespaceChanges: [{ operator: 'In', values: ['Mnt'] }] }],
  [
    'matchCapabilities',
    { matchCapabilities: [{ type: 'Effective', operator: 'In', values: ['CAP_CHOWN'] }] },
  ],
  [
    'matchCapabilityChanges',
    { matchCapabilityChanges: [{ type: 'Effective', operator: 'In', values: ['CAP_CHOWN'] }] },
  ],
];

/** What an action needs beside its name. */
const actionArguments: Readonly<Partial<Record<(typeof actionNames)[number], object>>> = {
  Override: { argError: -1 },
  Signal: { argSig: 15 },
  GetUrl: { argUrl: 'http://127.0.0.1' },
  DnsLookup: { argFqdn: 'example.org' },
};

function actionSpec(action: (typeof actionNames)[number]): unknown {
  const one = { action, ...actionArguments[action] };
  switch (action) {
    case 'TrackSock':
    case 'UntrackSock':
      return {
        kprobes: [
          {
            ...{ call: 'tcp_connect', syscall: false, args: [{ index: 0, type: 'sock' }] },
            selectors: [{ matchActions: [{ ...one, argSock: 0 }] }],
          },
        ],
      };
    case 'Override':
      return { kprobes: [{ call: 'sys_mkdir', syscall: true, selectors: [{ matchActions: [one] }] }] };
    case 'NotifyEnforcer':
      return {
        ...(acting({ ...one, argError: -1 }) as object),
        enforcers: [{ calls: ['security_file_open'] }],
      };
    case 'Set':
      return {
        usdts: [
          {
            ...{ path: '/usr/bin/bash', provider: 'p', name: 'n', args: [{ index: 0, type: 'int32' }] },
            selectors: [{ matchActions: [{ ...one, argIndex: 0, argValue: 1 }] }],
          },
        ],
      };
    case 'Post':
    case 'NoPost':
    case 'Sigkill':
    case 'Signal':
    case 'GetUrl':
    case 'DnsLookup':
    case 'CleanupEnforcerNotification':
      return acting(one);
  }
}

const postOptions: readonly (readonly [string, object])[] = [
  ['Post, rateLimit', { action: 'Post', rateLimit: '1m' }],
  ['Post, kernelStackTrace', { action: 'Post', kernelStackTrace: true }],
  ['Post, userStackTrace', { action: 'Post', userStackTrace: true }],
];

/** Values that the operator takes. */
function valuesOf(operator: string, family: string): readonly string[] {
  if (operator.endsWith('Range')) return ['1:2'];
  if (operator.endsWith('Addr')) return ['127.0.0.1'];
  if (operator.endsWith('FileType')) return ['reg'];
  if (operator === 'CelExpr') return ['arg0 == int32(1)'];
  const numbers = /Port|Map|Mask|GT|LT|Than|Family|State|Protocol/.test(operator);
  return family === 'int' || family === 'caps' || family === 'syscall' || numbers ? ['1'] : ['x'];
}

/** A hook with an argument of the type; one type stands at raw system call tracepoints only. */
function typeSpec(type: string): unknown {
  if (type !== 'syscall64') return kprobe({ args: [{ index: 0, type }] });
  return { tracepoints: [{ subsystem: 'raw_syscalls', event: 'sys_enter', args: [{ index: 4, type }] }] };
}

/** An operator on the first type that it compares. */
function operatorSpec(operator: string): unknown {
  if (operator === 'CapabilitiesGained') {
    return {
      kprobes: [
        {
          ...{ call: 'security_capset', syscall: false },
          args: [1, 2].map((index) => ({ index, type: 'cap_effective' })),
          selectors: [{ matchArgs: [{ args: [0, 1], operator }] }],
        },
      ],
    };
  }
  const type = argTypes.find((one) => one.name !== 'auto' && operatorSupport(operator, one) === 'works');
  const [name, family] = [type?.name ?? 'int', type?.family ?? 'int'];
  const filter = { index: 0, operator, values: valuesOf(operator, family) };
  return kprobe({ args: [{ index: 0, type: name }], selectors: [{ matchArgs: [filter] }] });
}

export const features: readonly Feature[] = [
  ...hooks.map(([name, spec]) => ({ area: 'Hooks', name, spec }) as const),
  ...args.map(([name, spec]) => ({ area: 'Arguments', name, spec }) as const),
  ...argTypes
    .filter(({ name }) => name !== 'auto')
    .map(({ name }) => ({ area: 'Argument types', name, spec: typeSpec(name) }) as const),
  ...operatorFamilies
    .flatMap(({ operators }) => Object.keys(operators))
    .map((name) => ({ area: 'Operators', name, spec: operatorSpec(name) }) as const),
  ...processFilters.map(
    ([name, selector]) => ({ area: 'Filters on the process', name, spec: selecting(selector) }) as const,
  ),
  ...actionNames.map((name) => ({ area: 'Actions', name, spec: actionSpec(name) }) as const),
  ...postOptions.map(([name, action]) => ({ area: 'Actions', name, spec: acting(action) }) as const),
];
