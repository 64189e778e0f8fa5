/** Sockets as annotations and address arguments show them. */
import type { Target } from '../trace/annotation.ts';
import { AF, readAddress, zeros } from '../trace/address.ts';
import { unescape } from '../trace/text.ts';
import type { SocketState } from './file.ts';

/** States of TCP that are told apart. */
export const tcpState = {
  established: 1,
  synSent: 2,
  finWait1: 4,
  close: 7,
  closeWait: 8,
  listen: 10,
} as const;

const protocols: Readonly<Record<string, readonly [family: number, type: number, protocol: number]>> = {
  TCP: [AF.inet, 1, 6],
  TCPv6: [AF.inet6, 1, 6],
  UDP: [AF.inet, 2, 17],
  UDPv6: [AF.inet6, 2, 17],
  UDPLITE: [AF.inet, 2, 136],
  UDPLITEv6: [AF.inet6, 2, 136],
  RAW: [AF.inet, 3, 255],
  RAWv6: [AF.inet6, 3, 255],
  PING: [AF.inet, 2, 1],
  UNIX: [AF.unix, 1, 0],
  'UNIX-STREAM': [AF.unix, 1, 0],
  'UNIX-DGRAM': [AF.unix, 2, 0],
  'UNIX-SEQPACKET': [AF.unix, 5, 0],
  NETLINK: [AF.netlink, 3, 0],
};

export function newSocket(family: number, type: number, protocol: number): SocketState {
  const inet = family === AF.inet || family === AF.inet6;
  const effective = protocol !== 0 || !inet ? protocol : type === 1 ? 6 : type === 2 ? 17 : 0;
  const socket: SocketState = {
    family,
    type,
    protocol: effective,
    state: tcpState.close,
    sport: 0,
    dport: 0,
    listening: false,
    unread: 0,
  };
  if (inet) {
    socket.saddr = zeros(family);
    socket.daddr = zeros(family);
  }
  return socket;
}

/** A socket known from its annotation only. */
export function openSocket(target: Target): SocketState {
  const [family, type, protocol] = protocols[target.protocol ?? ''] ?? [0, 0, 0];
  const socket = newSocket(family, type, protocol);
  updateSocket(socket, target);
  return socket;
}

/** Takes over addresses that the annotation shows. */
export function updateSocket(socket: SocketState, target: Target): void {
  socket.shown = target.text;
  if (socket.family === AF.unix) {
    const quote = target.text.indexOf('"');
    if (quote >= 0) {
      const end = target.text.lastIndexOf('"');
      socket.path = unescape(target.text.slice(quote + 1, end));
    }
    return;
  }
  if (socket.family !== AF.inet && socket.family !== AF.inet6) return;
  const arrow = target.text.indexOf('->');
  const local = endpoint(arrow < 0 ? target.text : target.text.slice(0, arrow));
  if (local) {
    socket.saddr = local.addr;
    socket.sport = local.port;
    if (local.addr.some((byte) => byte !== 0)) delete socket.sourceAssumed;
    if (local.port !== 0) delete socket.portAssumed;
  }
  const remote = arrow < 0 ? undefined : endpoint(target.text.slice(arrow + 2));
  if (remote) {
    const isNew = socket.dport === 0;
    socket.daddr = remote.addr;
    socket.dport = remote.port;
    // Both addresses are shown while it connects, too, and while it ends.
    const connects = socket.type === 1 || socket.protocol === 17;
    if (connects && isNew && socket.state === tcpState.close) socket.state = tcpState.established;
  }
}

function endpoint(text: string): { addr: number[]; port: number } | undefined {
  const colon = text.lastIndexOf(':');
  if (colon < 0) return undefined;
  const host = text.slice(0, colon).replace(/^\[|\]$/g, '');
  const addr = readAddress(host);
  return addr ? { addr, port: Number(text.slice(colon + 1)) } : undefined;
}

/** Source address that the kernel chooses for a loopback destination; others depend on routes. */
export function sourceFor(destination: readonly number[]): number[] | undefined {
  if (destination.length === 4) return destination[0] === 127 ? [127, 0, 0, 1] : undefined;
  if (destination.length !== 16 || destination.slice(0, 10).some((byte) => byte !== 0)) return undefined;
  const [a, b, c] = destination.slice(10);
  if (a === 0xff && b === 0xff && c === 127) return [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1];
  const isOne = destination.slice(10, 15).every((byte) => byte === 0) && destination[15] === 1;
  return isOne ? [...destination] : undefined;
}

/** Ports that a kernel chooses from, unless it is told otherwise. */
const chosenPorts = { from: 32768, to: 60999 };

/** True where it depends on the very port that the kernel chose whether it is in the range. */
export const partsChosenPorts = ({ from, to }: { readonly from: number; readonly to: number }): boolean =>
  from <= chosenPorts.to && to >= chosenPorts.from && (from > chosenPorts.from || to < chosenPorts.to);

/** A socket whose source port the kernel chose and no line shows; 32768 stands for it. */
export function lacksPort({ family, sport, state, portAssumed }: SocketState): boolean {
  const connected = [2, 10].includes(family) && [1, 2, 8].includes(state);
  return portAssumed === true || (sport === 0 && connected);
}

/** The last reference goes: the peer sees the end, or a reset when data was left unread. */
export function closeSocket(socket: SocketState): void {
  const { peer } = socket;
  if (socket.protocol !== 6) return;
  socket.ended = true;
  if (!peer) return;
  if (socket.unread > 0) {
    closeStream(peer);
    delete peer.peer;
  } else endStream(socket, 'us');
  delete socket.peer;
}

/** The connection that was under way has come about, or the other end of one was seen to be there. */
export function establish(socket: SocketState): void {
  if (socket.state === tcpState.synSent) socket.state = tcpState.established;
}

/** There is no connection any more; a port that the kernel chose is free again. */
export function closeStream(socket: SocketState): void {
  socket.state = tcpState.close;
  if (socket.bound !== true) socket.sport = 0;
  delete socket.portAssumed;
}

/** The call waited for a connection that did not come about (tcp_disconnect): the address that it was given is gone, too. */
export function disconnect(socket: SocketState): void {
  closeStream(socket);
  socket.dport = 0;
  if (socket.addressBound === true) return;
  socket.saddr = zeros(socket.family);
  delete socket.sourceAssumed;
}

/** The kernel chooses a port, where the socket has none (`inet_autobind`): which, a later line may show. */
export function choosePort(socket: SocketState): void {
  const isInet = socket.family === AF.inet || socket.family === AF.inet6;
  if (isInet && [6, 17].includes(socket.protocol) && socket.sport === 0) socket.portAssumed = true;
}

/** The port that the kernel chose is shown. */
export function takePort(socket: SocketState, port: number): void {
  socket.sport = port;
  delete socket.portAssumed;
}

/**
 * One direction of a connection ends: by our end of it, or by the peer's; once both have, it is closed. On loopback the
 * other end learns of it at once.
 */
export function endStream(socket: SocketState, by: 'us' | 'peer'): void {
  const { peer } = socket;
  if (by === 'us') socket.ended = true;
  if (!ends(socket, by) || peer === undefined) return;
  ends(peer, by === 'us' ? 'peer' : 'us');
  if (peer.state === tcpState.close) closeStream(socket);
}

/** Does it change anything? */
function ends(socket: SocketState, by: 'us' | 'peer'): boolean {
  const first = by === 'us' ? tcpState.finWait1 : tcpState.closeWait;
  const other = by === 'us' ? tcpState.closeWait : tcpState.finWait1;
  if (socket.state === tcpState.established) socket.state = first;
  else if (socket.state === other) closeStream(socket);
  else return false;
  return true;
}
