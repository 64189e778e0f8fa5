/** Sending to sockets and receiving from them. */
import { all, isSocket, notFailed } from './conditions.ts';
import { sendsBytes, takesBytes, takesData } from './data-flow.ts';
import { closesOnExec, install, receivedDescriptors } from './descriptor-effects.ts';
import { itemFile, itemNumber } from './descriptors.ts';
import type { Effect, HookSite, SyscallRow } from './row.ts';
import { inet4, inet6, tcp, udp, unix } from './socket-conditions.ts';
import { arg, dataSize, numberFrom, socketAt } from './values.ts';

const moves = all(isSocket(), notFailed('EBADF', 'ENOTSOCK', 'EFAULT'));
const message = [socketAt(), undefined, dataSize];

const sends = (entry: string): readonly HookSite[] => [
  { hook: entry, args: [arg('fd')] },
  { hook: 'security_socket_sendmsg', args: message, when: moves },
  { hook: 'tcp_sendmsg', args: message, when: all(moves, tcp) },
  { hook: 'udp_sendmsg', args: message, when: all(moves, udp, inet4) },
  { hook: 'udpv6_sendmsg', args: message, when: all(moves, udp, inet6) },
  { hook: 'unix_stream_sendmsg', args: message, when: all(moves, unix) },
];

const receives: readonly HookSite[] = [
  {
    hook: 'security_socket_recvmsg',
    args: [...message, numberFrom((call) => call.number('flags'), 'a flag')],
    when: moves,
  },
  { hook: 'tcp_recvmsg', args: message, when: all(moves, tcp) },
  { hook: 'udp_recvmsg', args: message, when: all(moves, udp) },
];

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
    sites: sends('__sys_sendto'),
    effects: [sendsBytes],
    data: { to: 'fd', buffer: 'buf' },
    shows: ['addresses'],
  },
  {
    calls: { sendmsg: 'fd msg{msg_iov:iov msg_name:addr msg_control:control} flags' },
    evidence: 'send',
    sites: sends('__sys_sendmsg'),
    effects: [sendsBytes],
    data: { to: 'fd', vector: 'iov' },
    shows: ['addresses'],
  },
  {
    calls: { recvfrom: 'fd buf> count flags addr addrlen' },
    evidence: 'recv',
    sites: receives,
    effects: [takesBytes],
    data: { from: 'fd', buffer: 'buf' },
    shows: ['addresses'],
    interruption: takesData,
  },
  {
    calls: { recvmsg: 'fd msg{msg_iov:iov msg_name:addr msg_control:control} flags' },
    evidence: 'recv, scm-rights',
    sites: [...receives, ...receivesDescriptors],
    effects: [takesDescriptors, takesBytes],
    data: { from: 'fd', vector: 'iov' },
    shows: ['addresses'],
    interruption: takesData,
  },
  {
    calls: { recvmmsg: 'fd mmsg vlen flags timeout' },
    evidence: 'scm-rights',
    looksAt: 'fd',
    sites: receivesDescriptors,
    effects: [takesDescriptors],
  },
];
