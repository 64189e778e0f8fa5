/** Addresses, ports and numbers of sockets. A socket address counts as a source. */
import { addressText } from '../../go/go-netip.ts';
import type { IpPrefix } from '../../go/go-netip.ts';
import { socketFamilies, socketProtocols, tcpStates } from '../../names/sockets.ts';
import type { Comparison } from '../../plan/plan.ts';
import type { ArgValue, SocketField } from '../../values/value.ts';
import { FOREIGN, HOLDS, LACKS, NO_ADDRESS } from '../tri.ts';
import { firstOf, listed } from './operator.ts';
import type { OperatorEngine } from './operator.ts';

type Address = Extract<Comparison, { kind: 'address' }>;
type Port = Extract<Comparison, { kind: 'port' }>;
type SocketNumber = Extract<Comparison, { kind: 'socket-number' }>;

export const address: OperatorEngine<Address> = {
  prepare({ side, prefixes }) {
    return (value) => {
      if (value.kind !== 'sock' && value.kind !== 'skb' && value.kind !== 'sockaddr') return FOREIGN;
      if (isUnknown(value, value.kind === 'sockaddr' ? 'addr' : side === 'source' ? 'saddr' : 'daddr'))
        return FOREIGN;
      const bytes = value.kind === 'sockaddr' ? value.addr : side === 'source' ? value.saddr : value.daddr;
      if (bytes === undefined || (bytes.length !== 4 && bytes.length !== 16)) return NO_ADDRESS;
      return prefixes.some((prefix) => within(bytes, prefix)) ? HOLDS : LACKS;
    };
  },

  which: (comparison) =>
    firstOf(comparison.prefixes, (prefix) => address.prepare({ ...comparison, prefixes: [prefix] })),

  words({ side, prefixes }, holds) {
    const blocks = prefixes.map(({ bytes, length }) => {
      const text = addressText(bytes);
      return length === bytes.length * 8 ? text : `${text}/${length}`;
    });
    return `has a ${side} address ${holds ? 'in' : 'outside'} ${listed(blocks)}`;
  },
};

function within(bytes: readonly number[], { bytes: block, length }: IpPrefix): boolean {
  if (bytes.length !== block.length) return false;
  for (let index = 0; index * 8 < length; index++) {
    const kept = Math.min(8, length - index * 8);
    const mask = (0xff << (8 - kept)) & 0xff;
    if (((bytes[index] ?? 0) & mask) !== block[index]) return false;
  }
  return true;
}

export const port: OperatorEngine<Port> = {
  prepare({ side, ranges }) {
    return (value) => {
      const number = portOf(value, side);
      if (number === undefined) return FOREIGN;
      return ranges.some(({ from, to }) => from <= number && number <= to) ? HOLDS : LACKS;
    };
  },

  which: (comparison) =>
    firstOf(comparison.ranges, (range) => port.prepare({ ...comparison, ranges: [range] })),

  words({ side, ranges }, holds) {
    return `has a ${side} port ${holds ? 'among' : 'other than'} ${listed(ranges.map(rangeWords))}`;
  },
};

const isUnknown = ({ unknown }: { readonly unknown?: readonly SocketField[] }, field: SocketField): boolean =>
  unknown?.includes(field) === true;

function portOf(value: ArgValue, side: Port['side']): number | undefined {
  if (value.kind === 'sock' || value.kind === 'skb') {
    if (isUnknown(value, side === 'source' ? 'sport' : 'dport')) return undefined;
    return side === 'source' ? value.sport : value.dport;
  }
  return value.kind === 'sockaddr' && side === 'source' && !isUnknown(value, 'port') ? value.port : undefined;
}

const fieldNames = { protocol: socketProtocols, family: socketFamilies, state: tcpStates } as const;

export const socketNumber: OperatorEngine<SocketNumber> = {
  prepare({ field, ranges }) {
    return (value) => {
      const number = numberOf(value, field);
      if (number === undefined) return FOREIGN;
      return ranges.some(({ from, to }) => from <= number && number <= to) ? HOLDS : LACKS;
    };
  },

  which: (comparison) =>
    firstOf(comparison.ranges, (range) => socketNumber.prepare({ ...comparison, ranges: [range] })),

  words({ field, ranges }, holds) {
    const values = ranges.map((range) =>
      range.from === range.to ? fieldNames[field].nameOf(range.from) : rangeWords(range),
    );
    return `has ${field} ${holds ? '' : 'other than '}${listed(values)}`;
  },
};

function numberOf(value: ArgValue, field: SocketNumber['field']): number | undefined {
  if (value.kind !== 'sockaddr_un' && 'unknown' in value && isUnknown(value, field)) return undefined;
  if (value.kind === 'sock' || value.kind === 'skb') return value[field];
  const isAddress = value.kind === 'sockaddr' || value.kind === 'sockaddr_un';
  return isAddress && field === 'family' ? value.family : undefined;
}

function rangeWords({ from, to }: { readonly from: number; readonly to: number }): string {
  return from === to ? String(from) : `${from} to ${to}`;
}
