/** Addresses of sockets as strace prints them. */
import type { ByteString } from '../../core/values/value.ts';
import { readInt } from './number.ts';
import { readQuoted, readStruct } from './text.ts';

export const AF = { unix: 1, inet: 2, inet6: 10, netlink: 16, packet: 17 } as const;

export const zeros = (family: number): number[] => new Array<number>(family === AF.inet6 ? 16 : 4).fill(0);

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

/** Bytes of an IPv4 or IPv6 address text; undefined if it is none. */
export function readAddress(text: string): number[] | undefined {
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
