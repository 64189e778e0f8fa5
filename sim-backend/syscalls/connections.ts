/** Connections: making them, and accepting them. */
import { newFile, type SocketState } from '../machine/file.ts';
import type { Call } from '../machine/call.ts';
import type { Machine } from '../machine/machine.ts';
import {
  choosePort,
  closeStream,
  disconnect,
  establish,
  newSocket,
  openSocket,
  sourceFor,
  takePort,
  tcpState,
  updateSocket,
} from '../machine/sockets.ts';
import type { SocketAddress } from '../trace/address.ts';
import { readTarget } from '../trace/annotation.ts';
import { unknown } from '../kernel-model/kernel-value.ts';
import { all, any, condition, failed, isSocket, notFailed, succeeded } from './conditions.ts';
import { takesData } from './data-flow.ts';
import { closesOnExec, install } from './descriptor-effects.ts';
import type { Derivation, EffectContext, SyscallRow } from './row.ts';
import { wakesUp } from './sleeping.ts';
import { datagram, inet4, inet6, onSocket, socketFile, tcp } from './socket-conditions.ts';
import { reachesName } from './unix-names.ts';
import { addressAt, arg, constant, returned, socketAt } from './values.ts';

const isUnset = (address: readonly number[] | undefined): boolean =>
  (address ?? []).every((byte) => byte === 0);

/** A socket without an address of its own gets one that depends on the destination; only loopback's is known. */
function takeSource(socket: SocketState, destination: readonly number[]): void {
  if (!isUnset(socket.saddr)) return;
  const source = sourceFor(destination);
  if (source) socket.saddr = source;
  else socket.sourceAssumed = true;
}

/** The socket with the addresses that connect gave it. */
const connecting: Derivation = (call, machine) => {
  const socket = machine.fileAt(call, 'fd')?.socket;
  const address = call.address('addr');
  if (!socket || !address || !('addr' in address)) return unknown('the socket is not known');
  const next: SocketState = { ...socket };
  const shown = machine.foresight.connection(call.line);
  if (shown !== undefined) updateSocket(next, readTarget(`<${shown}>`));
  next.state = tcpState.synSent;
  next.daddr = address.addr;
  next.dport = address.port;
  choosePort(next);
  takeSource(next, address.addr);
  return { kind: 'sock', socket: next, identity: socket };
};

/** A signal ends the waiting only: the connection is under way all the same. */
const awaited = failed('EINTR', 'ERESTARTSYS');
const underWay = any(succeeded, failed('EINPROGRESS'), awaited);
const refused = failed('ECONNREFUSED', 'ETIMEDOUT', 'EHOSTUNREACH', 'ECONNRESET', 'ECONNABORTED');

/** connect changes the socket also when it is still under way or was refused. */
function connect({ machine, call }: EffectContext): void {
  const socket = machine.fileAt(call, 'fd')?.socket;
  const address = call.address('addr');
  if (!socket || !address) return;
  if ('path' in address) {
    if (!call.ok) return;
    socket.towards = address.path;
    socket.state = tcpState.established;
    if (socket.type === 1) machine.waiting.push(socket);
    return;
  }
  if (address.family === 0) {
    socket.state = tcpState.close;
    return;
  }
  if (socket.state === tcpState.synSent && (call.ok || call.failed('EISCONN'))) {
    establish(socket);
    return;
  }
  const goes = underWay.test(call, machine) === true;
  const ends = refused.test(call, machine) === true;
  if (goes || ends) {
    socket.daddr = address.addr;
    socket.dport = address.port;
    takeSource(socket, address.addr);
  }
  if (goes) {
    socket.state = call.ok ? tcpState.established : tcpState.synSent;
    if (socket.type === 1) machine.waiting.push(socket);
  } else if (ends && socket.protocol === 6) {
    disconnect(socket);
  } else if (call.errno !== undefined && !call.failed('EISCONN', 'EALREADY')) {
    closeStream(socket);
  }
}

/** The address as both families have it. */
const plain = (address: readonly number[]): string =>
  (isMapped(address) ? address.slice(12) : address).join('.');
const isMapped = (address: readonly number[]): boolean =>
  address.length === 16 && address.slice(0, 12).join('.') === '0.0.0.0.0.0.0.0.0.0.255.255';
/** One that is not set may be any. */
const sameHost = (one: readonly number[] | undefined, other: readonly number[] | undefined): boolean =>
  one === undefined || other === undefined || isUnset(one) || isUnset(other) || plain(one) === plain(other);

/** The port is known: neither open, nor the kernel's choice that no line shows. */
const portOf = ({ sport, portAssumed }: SocketState): number | undefined =>
  sport === 0 || portAssumed === true ? undefined : sport;

/** The first connection to this listener that one of the traced processes made, from the address that accept returned. */
function connectionTo(listener: SocketState, call: Call, machine: Machine): number {
  const from = call.address('addr');
  const peer = from && 'addr' in from && from.addr.length > 0 ? from : undefined;
  const port = portOf(listener);
  const mayBe = (one: SocketState): boolean => {
    if (listener.family === 1) return one.towards !== undefined && one.towards === listener.path;
    if (one.family === 1 || !sameHost(listener.saddr, one.daddr)) return false;
    if (port !== undefined && port !== one.dport) return false;
    return peer === undefined || (sameHost(one.saddr, peer.addr) && (portOf(one) ?? peer.port) === peer.port);
  };
  const { waiting } = machine;
  const shown = waiting.findIndex((one) => peer !== undefined && portOf(one) === peer.port && mayBe(one));
  return shown < 0 ? waiting.findIndex(mayBe) : shown;
}

/** The peer's address, as accept returns it or its connect told; towards loopback our own end is known too. */
function takePeer(socket: SocketState, call: Call, from: SocketState | undefined): void {
  const known = from?.saddr && { family: from.family, addr: from.saddr, port: from.sport };
  const peer: SocketAddress | undefined = call.address('addr') ?? known;
  if (!peer || !('addr' in peer) || peer.addr.length === 0) return;
  socket.daddr = peer.addr;
  socket.dport = peer.port;
  takeSource(socket, peer.addr);
}

/**
 * The socket of an accepted connection: it has the listener's address, and the connector's as its peer's. undefined: the
 * trace shows neither listener nor connection.
 */
function acceptedSocket(call: Call, machine: Machine): SocketState | undefined {
  const { target } = call.result;
  const listener = machine.fileAt(call, 'fd')?.socket;
  if (!listener)
    return target?.kind === 'socket' ? { ...openSocket(target), state: tcpState.established } : undefined;
  const socket = newSocket(listener.family, listener.type, listener.protocol);
  if (listener.saddr) socket.saddr = listener.saddr;
  const peer = machine.waiting[connectionTo(listener, call, machine)];
  socket.sport = portOf(listener) ?? peer?.dport ?? listener.sport;
  takePeer(socket, call, peer);
  // What waits to be accepted is connected, though its other end may have gone again.
  socket.state = peer?.ended === true && listener.protocol === 6 ? tcpState.closeWait : tcpState.established;
  if (target) updateSocket(socket, target);
  return socket;
}

const accepted: Derivation = (call, machine) => {
  const socket = acceptedSocket(call, machine);
  return socket ? { kind: 'sock', socket } : unknown('the socket is not known');
};

function accept(context: EffectContext): void {
  const { call, machine } = context;
  const file = newFile('socket', '', 2);
  const socket = acceptedSocket(call, machine);
  if (socket) {
    const listener = machine.fileAt(call, 'fd')?.socket;
    const index = connectionTo(listener ?? socket, call, machine);
    // What did not happen takes no connection from those that wait.
    const [peer] = index < 0 || !call.task.alive ? [] : machine.waiting.splice(index, 1);
    if (peer) {
      machine.connected(socket, peer);
      if (peer.family !== 1) {
        if (listener !== undefined) takePort(listener, socket.sport);
        if (portOf(peer) === undefined && socket.dport !== 0) takePort(peer, socket.dport);
        socket.peer = peer;
        peer.peer = socket;
        socket.unread += peer.early ?? 0;
      }
    }
    file.socket = socket;
  }
  file.nonBlocking = (call.flags('flags') & 0o4000) !== 0;
  install(context, call.returned, file, closesOnExec(call, { flag: 'SOCK_CLOEXEC', argument: 'flags' }));
}

const sock = socketAt();
const named = condition('the address is not of AF_UNSPEC', (call) => call.address('addr')?.family !== 0);
const fresh = onSocket('not connecting yet', ({ state }) => state === tcpState.close);
const starts = all(notFailed('EISCONN', 'EALREADY', 'EAFNOSUPPORT'), named, fresh);
/** A sequence of packets is connected as a stream is. */
const connectsUnix = onSocket(
  'of AF_UNIX, and no datagram one',
  ({ family, type }) => family === 1 && type !== 2,
);
/** Nobody was found who listens there, or the socket was not free. */
const listenerFound = notFailed(
  ...['ENOENT', 'ENOTDIR', 'ELOOP', 'ECONNREFUSED', 'EACCES', 'EPROTOTYPE', 'EINVAL', 'EISCONN', 'EAGAIN'],
);

export const connectionRows: readonly SyscallRow[] = [
  {
    calls: { connect: 'fd addr addrlen' },
    evidence: 'connect',
    sites: [
      { hook: '__sys_connect', args: [arg('fd'), arg('addr'), arg('addrlen')] },
      { hook: 'security_socket_connect', args: [sock, addressAt(), arg('addrlen')], when: isSocket() },
      { hook: 'inet_stream_connect', args: [sock, addressAt()], when: tcp },
      { hook: 'tcp_v4_connect', args: [sock, addressAt()], when: all(tcp, inet4, starts) },
      { hook: 'tcp_v6_connect', args: [sock, addressAt()], when: all(tcp, inet6, starts) },
      { hook: 'tcp_connect', args: [connecting], when: all(tcp, named, fresh, any(underWay, refused)) },
      { hook: 'inet_dgram_connect', args: [sock, addressAt()], when: datagram },
      { hook: 'unix_stream_connect', args: [sock, addressAt()], when: connectsUnix },
      {
        hook: 'sk_alloc',
        args: [undefined, constant(1), undefined, undefined],
        when: connectsUnix,
        returns: () => undefined,
      },
      ...reachesName,
      {
        hook: 'security_unix_stream_connect',
        args: [sock],
        when: all(connectsUnix, listenerFound),
      },
    ],
    effects: [{ on: 'sockets', evenFailed: true, apply: connect }],
    reaches: 'fd',
    shows: ['connection', 'addresses'],
  },
  {
    calls: { accept: 'fd addr addrlen', accept4: 'fd addr addrlen flags' },
    evidence: 'accept',
    sites: [
      { hook: '__sys_accept4', args: [arg('fd')] },
      { hook: 'security_socket_accept', args: [sock, undefined], when: isSocket() },
      { hook: 'inet_csk_accept', args: [sock], when: tcp },
      { hook: 'security_sock_graft', args: [accepted], when: succeeded },
      { hook: 'fd_install', args: [returned, socketFile], when: succeeded },
    ],
    effects: [{ on: 'descriptors', apply: accept }],
    looksAt: 'fd',
    killed: wakesUp,
    interruption: takesData,
  },
];
