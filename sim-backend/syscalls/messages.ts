/** Sending to sockets and receiving from them. */
import type { Call } from '../machine/call.ts';
import { number, unknown } from '../kernel-model/kernel-value.ts';
import { readList, readStruct } from '../trace/text.ts';
import { readVector } from '../trace/vector.ts';
import { all, condition, isSocket, not, notFailed, unmeasured } from './conditions.ts';
import { choosesPort, sendsBytes, takesBytes, takesData } from './data-flow.ts';
import { closesOnExec, install, receivedDescriptors } from './descriptor-effects.ts';
import { itemFile, itemNumber } from './descriptors.ts';
import type { Derivation, Effect, HookSite, SyscallRow } from './row.ts';
import { receiveFlags, receiveSites, sendSites } from './socket-data.ts';
import { AF } from '../trace/address.ts';
import type { Machine } from '../machine/machine.ts';
import { hasCapability } from '../machine/credentials.ts';
import { capable } from './capability.ts';
import { reachesName } from './unix-names.ts';
import { arg, dataSize } from './values.ts';

const moves = all(isSocket(), notFailed('EBADF', 'ENOTSOCK', 'EFAULT'));

/** A message to the kernel that asks for a capability: of who opened the socket, and of who sends. */
interface Asked {
  readonly capability: number;
  readonly types: RegExp;
}
const auditWrite: Asked = { capability: 29, types: /^AUDIT_(USER|FIRST_USER_MSG|LAST_USER_MSG)/ };
const auditControl: Asked = {
  capability: 30,
  types: /^AUDIT_(GET|SET|LIST|ADD|DEL|SIGNAL_INFO|TRIM|MAKE_EQUIV|TTY_GET|TTY_SET)/,
};
const routeChange: Asked = { capability: 12, types: /^RTM_(NEW|DEL|SET)/ };
const asking = [auditWrite, auditControl, routeChange];
/** Messages of all families that anybody may send. */
const plainTypes = /^(RTM_GET|NLMSG_|SOCK_DIAG|nlctrl|GENL_|UNIX_DIAG|DCCPDIAG|TCPDIAG)/;

/** The capability that the message asks for; undefined: none; a text: that is not known. */
function askedBy(call: Call, machine: Machine): number | string | undefined {
  const target = call.descriptor('fd')?.target;
  if (target?.protocol !== 'NETLINK' && machine.fileAt(call, 'fd')?.socket?.family !== AF.netlink)
    return undefined;
  const types = Array.from(call.text.matchAll(/nlmsg_type=(\w+)/g), ([, type = '']) => type);
  if (types.length === 0) return otherMessage;
  const found = types.map(
    (type) =>
      asking.find((one) => one.types.test(type))?.capability ??
      (plainTypes.test(type) ? undefined : otherMessage),
  );
  const [first] = found;
  return found.length === 1 ? first : found.every((one) => one === undefined) ? undefined : otherMessage;
}
const otherMessage =
  'what the message asks for depends on its type, which is not modelled or not in the trace';

const asksKernel = condition('it is a message to the kernel that asks for a capability', (call, machine) => {
  const asked = askedBy(call, machine);
  return typeof asked === 'string' ? asked : asked !== undefined;
});
const capabilityOf = (call: Call, machine: Machine): number => {
  const asked = askedBy(call, machine);
  return typeof asked === 'number' ? asked : 12;
};
/** The second check is of who sends, if who opened the socket had it: usually both are one. */
const opened = condition('the socket’s maker had it', (call, machine) =>
  hasCapability(call.task.cred, capabilityOf(call, machine)),
);

const sends = (entry: string): readonly HookSite[] => [
  { hook: entry, args: [arg('fd')] },
  ...sendSites(moves, dataSize),
  capable(capabilityOf, { when: all(moves, asksKernel) }),
  capable(capabilityOf, { when: all(moves, asksKernel, opened) }),
  {
    hook: 'security_kernel_module_request',
    args: [() => unknown('the name of the module is not in the trace')],
    when: all(
      moves,
      condition('it makes an interface', (call) => /nlmsg_type=RTM_NEWLINK/.test(call.text)),
      unmeasured('whether the kind of the interface needs a module is not in the trace'),
    ),
  },
];

/** Messages of sendmmsg and recvmmsg; undefined: they are not in the trace. */
function messagesOf(call: Call): readonly ReadonlyMap<string, string>[] | undefined {
  return readList(call.arg('mmsg'))?.map((item) => {
    const header = readStruct(item)?.get('msg_hdr');
    return (header === undefined ? undefined : readStruct(header)) ?? new Map<string, string>();
  });
}

/** Those that were sent, and the one that failed behind them. */
const triedMessages = (call: Call): readonly unknown[] =>
  (messagesOf(call) ?? [undefined]).slice(0, Math.max(0, call.returned ?? 0) + 1);

const messageSize: Derivation = (_call, _machine, item) => {
  const header = item as ReadonlyMap<string, string> | undefined;
  const size = readVector(header?.get('msg_iov') ?? '')?.size;
  return size === undefined ? unknown('the size of the message is not in the trace') : number(size);
};

/** A second message to the same address is not asked about again. */
const addressesDiffer = condition('each message has an address of its own, or none', (call) => {
  const named = (messagesOf(call) ?? []).map((header) => header.get('msg_name') ?? 'NULL');
  const given = named.filter((name) => name !== 'NULL');
  return new Set(given).size === given.length || 'whether a message to the same address is asked about again';
});

const first = condition('one message at most came', (call) =>
  (call.returned ?? 0) <= 1 ? true : 'how often the messages behind the first are asked about',
);
const waitForOne = 0x10000;
const firstSize: Derivation = (call, machine) => messageSize(call, machine, messagesOf(call)?.[0]);
const severalFlags: Derivation = (call, machine, item) => {
  const flags = receiveFlags(call, machine, item);
  return flags.kind === 'number' ? number(Number(flags.value) & ~waitForOne) : flags;
};

/** Descriptors that come with a message (SCM_RIGHTS). */
const receivesDescriptors: readonly HookSite[] = [
  { hook: 'security_file_receive', args: [itemFile], each: receivedDescriptors },
  { hook: 'fd_install', args: [itemNumber, itemFile], each: receivedDescriptors },
];
const takesDescriptors: Effect = {
  on: 'descriptors',
  apply: (context) => {
    const { call, machine } = context;
    const cloexec = closesOnExec(call, { flag: 'MSG_CMSG_CLOEXEC', argument: 'flags' });
    for (const { fd, target } of receivedDescriptors(call))
      install(context, fd, machine.fileFrom(target, 0), cloexec);
  },
};

export const messageRows: readonly SyscallRow[] = [
  {
    calls: { sendto: 'fd buf count flags addr addrlen' },
    evidence: 'send',
    sites: [...sends('__sys_sendto'), ...reachesName],
    effects: [sendsBytes, choosesPort],
    data: { to: 'fd', buffer: 'buf' },
    shows: ['addresses'],
  },
  {
    calls: { sendmsg: 'fd msg{msg_iov:iov msg_name:addr msg_control:control} flags' },
    evidence: 'send',
    sites: [...sends('__sys_sendmsg'), ...reachesName],
    effects: [sendsBytes, choosesPort],
    data: { to: 'fd', vector: 'iov' },
    shows: ['addresses'],
  },
  {
    calls: { recvfrom: 'fd buf> count flags addr addrlen' },
    evidence: 'recv',
    sites: receiveSites(moves, dataSize),
    effects: [takesBytes],
    data: { from: 'fd', buffer: 'buf' },
    shows: ['addresses'],
    interruption: takesData,
  },
  {
    calls: { recvmsg: 'fd msg{msg_iov:iov msg_name:addr msg_control:control} flags' },
    evidence: 'recv, scm-rights',
    sites: [...receiveSites(moves, dataSize), ...receivesDescriptors],
    effects: [takesDescriptors, takesBytes],
    data: { from: 'fd', vector: 'iov' },
    shows: ['addresses'],
    interruption: takesData,
  },
  {
    calls: { recvmmsg: 'fd mmsg vlen flags timeout' },
    evidence: 'recv, scm-rights',
    looksAt: 'fd',
    sites: [
      ...receiveSites(moves, firstSize, severalFlags),
      {
        hook: 'security_socket_recvmsg',
        args: [],
        when: all(moves, not(first)),
      },
      ...receivesDescriptors,
    ],
    effects: [takesDescriptors],
    interruption: takesData,
  },
  {
    calls: { sendmmsg: 'fd mmsg vlen flags' },
    evidence: 'send',
    sites: sendSites(all(moves, addressesDiffer), messageSize, { each: triedMessages }),
    effects: [choosesPort],
  },
];
