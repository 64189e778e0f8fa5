/** Sockets. */
import { newSocket, readSocketAddress, sourceFor } from '../../machine/sockets.ts';
import { newFile } from '../../machine/file.ts';
import type { SocketState } from '../../machine/file.ts';
import type { Call } from '../../machine/call.ts';
import { takePeer } from '../../machine/effects/descriptors.ts';
import { readInt } from '../../trace/number.ts';
import { readList, readStruct } from '../../trace/text.ts';
import { updateSocket } from '../../machine/sockets.ts';
import { readTarget } from '../../trace/annotation.ts';
import { file, number, unknown, type KernelValue } from '../kernel-value.ts';
import type { Condition, Group, Derivation, HookSite } from '../row.ts';
import {
  addressAt,
  all,
  arg,
  capable,
  constant,
  isSocket,
  notFailed,
  openFile,
  returned,
  socketAt,
  succeeded,
} from '../derivations.ts';

const tcp: Condition = (call, machine) => openFile(call, machine)?.socket?.protocol === 6;
const udp: Condition = (call, machine) => openFile(call, machine)?.socket?.protocol === 17;
const unix: Condition = (call, machine) => openFile(call, machine)?.socket?.family === 1;
const inet: Condition = (call, machine) => [2, 10].includes(openFile(call, machine)?.socket?.family ?? 0);
const familyIs =
  (family: number): Condition =>
  (call, machine) =>
    openFile(call, machine)?.socket?.family === family;

const type: Derivation = (call) => {
  const value = call.int(1);
  return value === undefined ? unknown('the socket type is not known') : number(value & 0xf);
};

const addressFamily = (call: Call): number | undefined => readSocketAddress(call.arg(1))?.family;

/** The socket with the addresses that connect gave it. */
const connecting: Derivation = (call, machine): KernelValue => {
  const socket = openFile(call, machine)?.socket;
  const address = readSocketAddress(call.arg(1));
  if (!socket || !address || !('addr' in address)) return unknown('the socket is not known');
  const next: SocketState = { ...socket, daddr: address.addr, dport: address.port, state: 2 };
  const shown = machine.foresight.connection(call.line);
  if (shown !== undefined) {
    updateSocket(next, readTarget(`<${shown}>`));
    next.state = 2;
    next.daddr = address.addr;
    next.dport = address.port;
  }
  if (next.sport === 0) {
    next.sport = 32768;
    next.portAssumed = true;
    machine.notes.add('source port 32768 stands for those that no later line of the trace shows');
  }
  if ((next.saddr ?? []).every((byte) => byte === 0))
    next.saddr = sourceFor(address.addr) ?? next.saddr ?? [];
  return { kind: 'sock', socket: next, identity: socket };
};

/** Socket of a sending call, with the destination of an unconnected one left out as the kernel leaves it. */
const sock = socketAt(0);

const messageSize: Derivation = (call) => {
  if (call.name === 'sendto' || call.name === 'recvfrom') {
    const size = call.number(2);
    return size === undefined ? unknown('the size is not known') : number(size);
  }
  const vector = readStruct(call.arg(1))?.get('msg_iov');
  if (vector === undefined) return unknown('the message is not known');
  let size = 0;
  for (const item of readList(vector) ?? []) size += readInt(readStruct(item)?.get('iov_len')) ?? 0;
  return number(size);
};

const sends = all(isSocket(0), notFailed('EBADF', 'ENOTSOCK', 'EFAULT'));
const flagsOf =
  (index: number): Derivation =>
  (call) =>
    number(call.flags(index));

const plain = (name: string, args: readonly (Derivation | undefined)[]): HookSite => ({
  hook: `security_socket_${name}`,
  args,
  when: all(isSocket(0), notFailed('EBADF', 'ENOTSOCK')),
});

const unixPath = (call: Call): string | undefined => {
  const address = readSocketAddress(call.arg(1));
  return address && 'path' in address && !address.abstract ? address.path : undefined;
};

const accepted: Derivation = (call, machine) => {
  const listener = openFile(call, machine)?.socket;
  const child = newSocket(listener?.family ?? 0, listener?.type ?? 1, listener?.protocol ?? 0);
  Object.assign(child, { saddr: listener?.saddr ?? child.saddr, sport: listener?.sport ?? 0 });
  takePeer(child, call, machine);
  if (call.result.target) updateSocket(child, call.result.target);
  return { kind: 'sock', socket: child };
};

export const socketTables: readonly Group[] = [
  {
    syscalls: 'socket',
    evidence: 'socket',
    sites: [
      { hook: '__sys_socket', args: [arg(0), arg(1), arg(2)] },
      {
        hook: 'security_socket_create',
        args: [arg(0), type, arg(2), constant(0)],
        when: notFailed('EINVAL'),
      },
      {
        hook: 'cap_capable',
        args: capable(() => 13),
        when: (call) => ((call.int(1) ?? 0) & 0xf) === 3 && [2, 10, 17].includes(call.int(0) ?? 0),
      },
      {
        hook: 'sk_alloc',
        args: [undefined, arg(0), undefined, undefined],
        when: succeeded,
        returns: () => undefined,
      },
      {
        hook: 'security_socket_post_create',
        args: [undefined, arg(0), type, arg(2), constant(0)],
        when: succeeded,
      },
      { hook: 'fd_install', args: [returned, () => file(newFile('socket', '', 0))], when: succeeded },
    ],
  },
  {
    syscalls: 'bind',
    evidence: 'bind',
    sites: [
      { hook: '__sys_bind', args: [arg(0), arg(1), arg(2)] },
      { hook: 'security_socket_bind', args: [sock, addressAt(1), arg(2)], when: isSocket(0) },
      { hook: 'inet_bind', args: [sock, addressAt(1)], when: all(isSocket(0), familyIs(2)) },
      {
        hook: 'security_path_mknod',
        args: [
          undefined,
          (call, machine) => ({
            kind: 'path',
            path: machine.resolve(call.task, undefined, unixPath(call) ?? ''),
            mode: 0,
          }),
          undefined,
          undefined,
        ],
        when: (call) => unixPath(call) !== undefined && !call.failed('EADDRINUSE', 'ENOENT', 'EINVAL'),
      },
      { hook: 'cap_capable', args: capable(() => 10), when: all(inet, (call) => lowPort(call)) },
    ],
  },
  {
    syscalls: 'listen',
    evidence: 'listen',
    sites: [
      { hook: '__sys_listen', args: [arg(0), arg(1)] },
      { hook: 'security_socket_listen', args: [sock, arg(1)], when: isSocket(0) },
      {
        hook: 'inet_csk_listen_start',
        args: [sock],
        when: all(tcp, succeeded, (call, machine) => openFile(call, machine)?.socket?.listening !== true),
      },
    ],
  },
  {
    syscalls: 'connect',
    evidence: 'connect',
    sites: [
      { hook: '__sys_connect', args: [arg(0), arg(1), arg(2)] },
      { hook: 'security_socket_connect', args: [sock, addressAt(1), arg(2)], when: isSocket(0) },
      { hook: 'inet_stream_connect', args: [sock, addressAt(1)], when: tcp },
      {
        hook: 'tcp_v4_connect',
        args: [sock, addressAt(1)],
        when: all(tcp, familyIs(2), notFailed('EISCONN', 'EALREADY', 'EAFNOSUPPORT'), notUnspecified),
      },
      {
        hook: 'tcp_v6_connect',
        args: [sock, addressAt(1)],
        when: all(tcp, familyIs(10), notFailed('EISCONN', 'EALREADY', 'EAFNOSUPPORT'), notUnspecified),
      },
      {
        hook: 'tcp_connect',
        args: [connecting],
        when: all(
          tcp,
          notUnspecified,
          (call) => call.ok || call.failed('ECONNREFUSED', 'ETIMEDOUT', 'EINPROGRESS', 'EHOSTUNREACH'),
        ),
      },
      { hook: 'inet_dgram_connect', args: [sock, addressAt(1)], when: udp },
      {
        hook: 'unix_stream_connect',
        args: [sock, addressAt(1)],
        when: all(unix, (call, machine) => openFile(call, machine)?.socket?.type === 1),
      },
      {
        hook: 'sk_alloc',
        args: [undefined, constant(1), undefined, undefined],
        when: all(unix, (call, machine) => openFile(call, machine)?.socket?.type === 1),
        returns: () => undefined,
      },
      {
        hook: 'security_unix_stream_connect',
        args: [sock],
        when: all(unix, notFailed('ENOENT', 'ECONNREFUSED')),
      },
    ],
  },
  {
    syscalls: 'accept accept4',
    evidence: 'accept',
    sites: [
      { hook: '__sys_accept4', args: [arg(0)] },
      { hook: 'security_socket_accept', args: [sock, undefined], when: isSocket(0) },
      { hook: 'inet_csk_accept', args: [sock], when: tcp },
      { hook: 'security_sock_graft', args: [accepted], when: succeeded },
      { hook: 'fd_install', args: [returned, () => file(newFile('socket', '', 0))], when: succeeded },
    ],
  },
  {
    syscalls: 'sendto sendmsg',
    evidence: 'send',
    sites: [
      { hook: '__sys_sendto', args: [arg(0)], when: (call) => call.name === 'sendto' },
      { hook: '__sys_sendmsg', args: [arg(0)], when: (call) => call.name === 'sendmsg' },
      { hook: 'security_socket_sendmsg', args: [sock, undefined, messageSize], when: sends },
      { hook: 'tcp_sendmsg', args: [sock, undefined, messageSize], when: all(sends, tcp) },
      { hook: 'udp_sendmsg', args: [sock, undefined, messageSize], when: all(sends, udp, familyIs(2)) },
      { hook: 'udpv6_sendmsg', args: [sock, undefined, messageSize], when: all(sends, udp, familyIs(10)) },
      { hook: 'unix_stream_sendmsg', args: [sock, undefined, messageSize], when: all(sends, unix) },
    ],
  },
  {
    syscalls: 'recvfrom recvmsg',
    evidence: 'recv',
    sites: [
      { hook: 'security_socket_recvmsg', args: [sock, undefined, messageSize, flagsOf(3)], when: sends },
      { hook: 'tcp_recvmsg', args: [sock, undefined, messageSize], when: all(sends, tcp) },
      { hook: 'udp_recvmsg', args: [sock, undefined, messageSize], when: all(sends, udp) },
    ],
  },
  {
    syscalls: 'shutdown',
    evidence: 'sockopts',
    sites: [
      plain('shutdown', [sock, arg(1)]),
      { hook: 'tcp_shutdown', args: [sock, arg(1)], when: all(tcp, succeeded) },
    ],
  },
  { syscalls: 'getsockopt', evidence: 'sockopts', sites: [plain('getsockopt', [sock, arg(1), arg(2)])] },
  { syscalls: 'setsockopt', evidence: 'sockopts', sites: [plain('setsockopt', [sock, arg(1), arg(2)])] },
  { syscalls: 'getsockname', evidence: 'sockopts', sites: [plain('getsockname', [sock])] },
  { syscalls: 'getpeername', evidence: 'sockopts', sites: [plain('getpeername', [sock])] },
];

function notUnspecified(call: Call): boolean {
  return addressFamily(call) !== 0;
}

function lowPort(call: Call): boolean {
  const address = readSocketAddress(call.arg(1));
  return address !== undefined && 'port' in address && address.port > 0 && address.port < 1024;
}
