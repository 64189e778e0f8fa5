/** Sockets as annotations and address arguments show them. */
import type { ByteString } from '../../core/values/value.ts';
import type { Target } from '../trace/annotation.ts';
import { readInt } from '../trace/number.ts';
import { readQuoted, readStruct, unescape } from '../trace/text.ts';
import type { SocketState } from './file.ts';

const AF = { unix: 1, inet: 2, inet6: 10, netlink: 16, packet: 17 } as const;
const TCP_CLOSE = 7;
const TCP_ESTABLISHED = 1;
const TCP_CLOSE_WAIT = 8;

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
    state: TCP_CLOSE,
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

const zeros = (family: number): number[] => new Array<number>(family === AF.inet6 ? 16 : 4).fill(0);

/** A socket known from its annotation only. */
export function openSocket(target: Target): SocketState {
  const [family, type, protocol] = protocols[target.protocol ?? ''] ?? [0, 0, 0];
  const socket = newSocket(family, type, protocol);
  updateSocket(socket, target);
  return socket;
}

/** Takes over addresses that the annotation shows. */
export function updateSocket(socket: SocketState, target: Target): void {
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
  }
  const remote = arrow < 0 ? undefined : endpoint(target.text.slice(arrow + 2));
  if (remote) {
    socket.daddr = remote.addr;
    socket.dport = remote.port;
    if (socket.type === 1 || socket.protocol === 17) socket.state = TCP_ESTABLISHED;
  }
}

function endpoint(text: string): { addr: number[]; port: number } | undefined {
  const colon = text.lastIndexOf(':');
  if (colon < 0) return undefined;
  const host = text.slice(0, colon).replace(/^\[|\]$/g, '');
  const addr = readAddress(host);
  return addr ? { addr, port: Number(text.slice(colon + 1)) } : undefined;
}

/** Bytes of an IPv4 or IPv6 address text; undefined if it is none. */
function readAddress(text: string): number[] | undefined {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(text)) {
    const bytes = text.split('.').map(Number);
    return bytes.every((byte) => byte <= 255) ? bytes : undefined;
  }
  if (!text.includes(':')) return undefined;
  let source = text;
  const mapped = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (mapped) {
    const [a = 0, b = 0, c = 0, d = 0] = (mapped[2] ?? '').split('.').map(Number);
    source = `${mapped[1] ?? ''}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  }
  const halves = source.split('::');
  if (halves.length > 2) return undefined;
  const groups = (half: string): number[] =>
    half === '' ? [] : half.split(':').map((group) => parseInt(group, 16));
  const head = groups(halves[0] ?? '');
  const tail = halves.length === 2 ? groups(halves[1] ?? '') : [];
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 0 : missing !== 0) return undefined;
  const all = [...head, ...new Array<number>(missing).fill(0), ...tail];
  if (all.some((group) => Number.isNaN(group) || group > 0xffff)) return undefined;
  return all.flatMap((group) => [group >> 8, group & 0xff]);
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

/** A connection whose source port no line shows; 32768 stands for it. */
export function lacksPort({ family, sport, state, portAssumed }: SocketState): boolean {
  const connected = [2, 10].includes(family) && [1, 2, 8].includes(state);
  return portAssumed === true || (sport === 0 && connected);
}

/** The last reference goes: the peer sees the end, or a reset when data was left unread. */
export function closeSocket(socket: SocketState): void {
  const { peer } = socket;
  if (!peer) return;
  delete peer.peer;
  if (socket.unread > 0) {
    peer.state = TCP_CLOSE;
    peer.sport = 0;
  } else if (peer.state === TCP_ESTABLISHED) peer.state = TCP_CLOSE_WAIT;
}

/** Bytes that a successful call moved over a connection. */
export function moveBytes(socket: SocketState, name: string, count: number): void {
  if (/^(write|writev|sendto|sendmsg)$/.test(name)) {
    if (socket.peer) socket.peer.unread += count;
  } else if (/^(read|readv|recvfrom|recvmsg)$/.test(name)) socket.unread = Math.max(0, socket.unread - count);
}

export type SocketAddress =
  | { readonly family: number; readonly addr: readonly number[]; readonly port: number }
  | { readonly family: 1; readonly path: ByteString; readonly abstract: boolean };

/** Reads `{sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}` and its kin. */
export function readSocketAddress(argument: string): SocketAddress | undefined {
  const fields = readStruct(argument);
  const family = readInt(fields?.get('sa_family'));
  if (!fields || family === undefined) return undefined;
  if (family === AF.unix) {
    const quoted = readQuoted(fields.get('sun_path') ?? '');
    return { family: 1, path: quoted?.bytes ?? '', abstract: quoted?.abstract ?? false };
  }
  if (family === AF.inet) {
    const text = /inet_addr\("([^"]*)"\)/.exec(fields.get('sin_addr') ?? '')?.[1];
    return {
      family,
      addr: readAddress(text ?? '') ?? zeros(family),
      port: readInt(fields.get('sin_port')) ?? 0,
    };
  }
  if (family === AF.inet6) {
    const text = /inet_pton\(AF_INET6, "([^"]*)"/.exec(argument)?.[1];
    return {
      family,
      addr: readAddress(text ?? '') ?? zeros(family),
      port: readInt(fields.get('sin6_port')) ?? 0,
    };
  }
  return { family, addr: [], port: 0 };
}
