/** What sockets run when data goes to them or comes from them, whichever call moves it. */
import { unknown, number } from '../kernel-model/kernel-value.ts';
import { all } from './conditions.ts';
import type { Condition, Derivation, HookSite } from './row.ts';
import { inet4, inet6, tcp, udp, unixStream } from './socket-conditions.ts';
import { socketAt } from './values.ts';

type More = Pick<HookSite, 'each' | 'kernels'>;

const MSG_DONTWAIT = 0x40;

/** Sending, if this is so; `size`: the bytes that are offered. */
export function sendSites(when: Condition, size: Derivation, more: More = {}): readonly HookSite[] {
  const args = [socketAt(), undefined, size];
  const site = (hook: string, ...kind: readonly Condition[]): HookSite => ({
    hook,
    args,
    when: all(when, ...kind),
    ...more,
  });
  return [
    site('security_socket_sendmsg'),
    site('tcp_sendmsg', tcp),
    site('udp_sendmsg', udp, inet4),
    site('udpv6_sendmsg', udp, inet6),
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
