/** What sockets run when data goes to them or comes from them, whichever call moves it. */
import type { SocketState } from '../machine/file.ts';
import { choosePort } from '../machine/sockets.ts';
import { unknown, number } from '../kernel-model/kernel-value.ts';
import { all } from './conditions.ts';
import type { Condition, Derivation, HookSite } from './row.ts';
import { inet4, inet6, tcp, udp, unixStream } from './socket-conditions.ts';
import { socketAt } from './values.ts';

type More = Pick<HookSite, 'each' | 'kernels'>;

const MSG_DONTWAIT = 0x40;

/** The socket as the protocol gets it: with a port, which the kernel has chosen if it had none. */
const withPort: Derivation = (call, machine) => {
  const socket = machine.fileAt(call, 'fd')?.socket;
  if (!socket) return unknown('the socket is not known');
  const next: SocketState = { ...socket };
  choosePort(next);
  return { kind: 'sock', socket: next, identity: socket };
};

/** Sending, if this is so; `size`: the bytes that are offered. */
export function sendSites(when: Condition, size: Derivation, more: More = {}): readonly HookSite[] {
  const args = [socketAt(), undefined, size];
  const site = (hook: string, ...kind: readonly Condition[]): HookSite => ({
    hook,
    args,
    when: all(when, ...kind),
    ...more,
  });
  const ofUdp = (hook: string, kind: Condition): HookSite => ({
    ...site(hook, udp, kind),
    args: [withPort, undefined, size],
  });
  return [
    site('security_socket_sendmsg'),
    site('tcp_sendmsg', tcp),
    ofUdp('udp_sendmsg', inet4),
    ofUdp('udpv6_sendmsg', inet6),
    site('unix_stream_sendmsg', unixStream),
  ];
}

/** The call's own flags; a descriptor that does not block adds MSG_DONTWAIT. */
export const receiveFlags: Derivation = (call, machine) => {
  const flags = call.has('flags') ? call.int('flags') : 0;
  if (flags === undefined) return unknown('a flag is not in the trace');
  const waits = machine.fileAt(call, 'fd')?.nonBlocking;
  if (waits === undefined && (flags & MSG_DONTWAIT) === 0)
    return unknown('whether the descriptor is non-blocking is not in the trace');
  return number(waits === true ? flags | MSG_DONTWAIT : flags);
};

/** Receiving, if this is so; `size`: the bytes that there is room for. */
export function receiveSites(when: Condition, size: Derivation, flags = receiveFlags): readonly HookSite[] {
  const args = [socketAt(), undefined, size];
  return [
    { hook: 'security_socket_recvmsg', args: [...args, flags], when },
    { hook: 'tcp_recvmsg', args, when: all(when, tcp) },
    { hook: 'udp_recvmsg', args, when: all(when, udp, inet4) },
  ];
}
