/** Argument values of a hit file: written plainly, or as an event carries them (`{"sock_arg": {…}}`). */
import { fromBase64 } from '../values/base64.ts';
import { parseAddress } from '../go/go-netip.ts';
import { capabilityBit, policyCapabilityBit } from '../names/capabilities.ts';
import { permissionMode } from '../names/file-mode.ts';
import {
  AF_INET,
  AF_INET6,
  AF_UNIX,
  socketFamilies,
  socketProtocols,
  socketTypes,
  tcpStates,
} from '../names/sockets.ts';
import type { NumberNames } from '../names/number-names.ts';
import type { ArgTypeName } from '../values/arg-type-name.ts';
import { argType } from '../plan/types/index.ts';
import { toBytes } from '../values/value.ts';
import type { ArgValue, SocketField } from '../values/value.ts';

export type Json = Record<string, unknown>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isText = (value: unknown): value is string => typeof value === 'string';

/** undefined if it is not there; throws where it is something else. */
export function demand<T>(
  value: unknown,
  place: string,
  takes: string,
  is: (value: unknown) => value is T,
): T | undefined {
  if (value === undefined || is(value)) return value;
  throw new Error(`${place} takes ${takes}`);
}

export const listOf = (value: unknown, place: string): readonly unknown[] =>
  demand<readonly unknown[]>(value, place, 'a list', Array.isArray) ?? [];

const unsaid: ArgValue = { kind: 'unknown', why: 'the hit does not say' };

/** The value of an argument of this type; `place` names it in errors. Throws with words for what does not fit. */
export function argValue(type: ArgTypeName, place: string, written: unknown): ArgValue {
  if (written === undefined) return unsaid;
  const entry = isObject(written)
    ? Object.entries(written).find(([key]) => key.endsWith('_arg') || key === 'syscall_id')
    : undefined;
  const value = entry === undefined ? written : entry[1];
  if (entry?.[0] === 'error_arg') {
    return { kind: 'unreadable', message: isObject(value) ? textOf(value['Message']) : '' };
  }
  const fail = (takes: string): never => {
    throw new Error(`${place} is of type ${type}: it takes ${takes}`);
  };
  const { family, integer } = argType(type);
  switch (family) {
    case 'path':
      return fileValue(value) ?? fail('a path');
    case 'sock':
    case 'skb':
      return (
        sockValue(family, value, entry !== undefined) ??
        fail('an object with family, protocol, saddr, daddr, sport, dport')
      );
    case 'sockaddr':
      return sockaddrValue(value, entry !== undefined) ?? fail('an object with family, addr and port');
    case 'unix': {
      const path = isObject(value) ? value['path'] : value;
      if (typeof path !== 'string') return fail('a path');
      const abstract = path.startsWith('@');
      return { kind: 'sockaddr_un', family: AF_UNIX, path: toBytes(path.replace(/^@/, '')), abstract };
    }
    case 'caps':
      return capsValue(value, place) ?? fail('a list of capabilities, or their mask in hexadecimal');
    case 'int':
    case 'syscall':
    case 'opaque':
      if (integer === undefined) break;
      return (
        integerValue(isObject(value) ? (value['id'] ?? value['value']) : value) ??
        fail('a whole number of at most 64 bits; beyond 2^53, as a text')
      );
    case 'string':
      return typeof value === 'string' ? { kind: 'string', value: toBytes(value) } : fail('a text');
    case 'buffer':
      return bufferValue(entry?.[0], value) ?? fail('a text');
  }
  if (type === 'char_iovec' || type === 'iov_iter' || type === 'const_buf') {
    return bufferValue(entry?.[0], value) ?? fail('a text');
  }
  if (type === 'filename' && typeof value === 'string') return { kind: 'string', value: toBytes(value) };
  if (type === 'kiocb') return fileValue(value) ?? fail('a path');
  // No filter looks into the others.
  return { kind: 'nop' };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function integerValue(value: unknown): ArgValue | undefined {
  // Beyond 2^53 JSON's numbers are not exact: those are written as texts.
  if (typeof value === 'number') return Number.isSafeInteger(value) ? { kind: 'int', value } : undefined;
  if (typeof value !== 'string' || !/^(-?\d{1,20}|0x[0-9a-fA-F]{1,16})$/.test(value)) return undefined;
  const exact = BigInt(value);
  return exact >= -(2n ** 63n) && exact < 2n ** 64n ? { kind: 'int', value: exact } : undefined;
}

function fileValue(value: unknown): ArgValue | undefined {
  const path = isObject(value) ? (value['path'] ?? '') : value;
  if (typeof path !== 'string') return undefined;
  const fields = isObject(value) ? value : {};
  const mode = typeof fields['mode'] === 'number' ? fields['mode'] : undefined;
  return {
    kind: 'file',
    path: toBytes(path),
    mode: mode ?? permissionMode(textOf(fields['permission'])),
    ...(fields['flags'] === 'unresolvedPathComponents' ? { unresolved: true } : {}),
  };
}

/** An event's buffers are base64, a hit's own are text. */
function bufferValue(key: string | undefined, value: unknown): ArgValue | undefined {
  if (key === 'truncated_bytes_arg' && isObject(value)) {
    const bytes = fromBase64(textOf(value['bytes_arg'])) ?? '';
    return { kind: 'buffer', value: bytes, size: Number(value['orig_size'] ?? bytes.length) };
  }
  if (typeof value !== 'string') return undefined;
  const bytes = (key === 'bytes_arg' ? fromBase64(value) : undefined) ?? toBytes(value);
  return { kind: 'buffer', value: bytes, size: bytes.length };
}

function numbered(names: NumberNames, value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  return names.numberOf(value) ?? (/^\d+$/.test(value) ? Number(value) : undefined);
}

const isPort = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 0xffff;

const portOf = (value: Json, field: string): number => demand(value[field], field, 'a port', isPort) ?? 0;

function nameOrNumber(names: NumberNames, value: Json, field: string): number | undefined {
  const written = value[field];
  if (written === undefined) return undefined;
  const number = numbered(names, written);
  if (number === undefined)
    throw new Error(
      `${field} takes a number or a name such as ${names.names()[1] ?? ''}, not ${JSON.stringify(written)}`,
    );
  return number;
}

function address(value: Json, field: string): number[] | undefined {
  const written = value[field];
  // Events have it empty where there is none.
  if (written === undefined || written === '') return undefined;
  const bytes = typeof written === 'string' ? parseAddress(written) : undefined;
  if (bytes === undefined) throw new Error(`${field} takes an address, not ${JSON.stringify(written)}`);
  return bytes;
}

const familyOf = (bytes: readonly number[] | undefined): number =>
  bytes === undefined ? 0 : bytes.length === 4 ? AF_INET : AF_INET6;

/** What is not said; events leave out what is zero. */
function unsaidFields(
  value: Json,
  fields: readonly SocketField[],
  isEvent: boolean,
): { readonly unknown?: readonly SocketField[] } {
  const unknown = isEvent ? [] : fields.filter((field) => value[field] === undefined);
  return unknown.length === 0 ? {} : { unknown };
}

/** Where an address is given, it tells the family; and of a family without IP that there is none. */
function familyAnd(
  value: Json,
  given: readonly number[] | undefined,
): { readonly family: number; readonly stated: Json } {
  const family = nameOrNumber(socketFamilies, value, 'family') ?? familyOf(given);
  const isInternet = family === AF_INET || family === AF_INET6;
  const none = value['family'] === undefined || isInternet ? {} : { saddr: null, daddr: null, addr: null };
  return { family, stated: { ...none, ...value, ...(given !== undefined && { family }) } };
}

function sockValue(kind: 'sock' | 'skb', value: unknown, isEvent: boolean): ArgValue | undefined {
  if (!isObject(value)) return undefined;
  const saddr = address(value, 'saddr');
  const daddr = address(value, 'daddr');
  const { family, stated } = familyAnd(value, daddr ?? saddr);
  return {
    kind,
    ...unsaidFields(stated, ['family', 'protocol', 'state', 'saddr', 'daddr', 'sport', 'dport'], isEvent),
    family,
    type: nameOrNumber(socketTypes, value, 'type') ?? 0,
    protocol: nameOrNumber(socketProtocols, value, 'protocol') ?? 0,
    state: nameOrNumber(tcpStates, value, 'state') ?? 0,
    ...(saddr === undefined ? {} : { saddr }),
    ...(daddr === undefined ? {} : { daddr }),
    sport: portOf(value, 'sport'),
    dport: portOf(value, 'dport'),
  };
}

function sockaddrValue(value: unknown, isEvent: boolean): ArgValue | undefined {
  if (!isObject(value)) return undefined;
  const addr = address(value, 'addr');
  const { family, stated } = familyAnd(value, addr);
  return {
    kind: 'sockaddr',
    ...unsaidFields(stated, ['family', 'addr', 'port'], isEvent),
    family,
    ...(addr === undefined ? {} : { addr }),
    port: portOf(value, 'port'),
  };
}

function capsValue(value: unknown, place: string): ArgValue | undefined {
  if (Array.isArray(value)) return { kind: 'caps', value: maskOf(value, place) };
  if (typeof value !== 'string' || !/^(0x)?[0-9a-fA-F]{1,16}$/.test(value)) return undefined;
  return { kind: 'caps', value: BigInt(value.startsWith('0x') ? value : `0x${value}`) };
}

/** The mask of capabilities named in a list. */
export function maskOf(names: readonly unknown[], place: string): bigint {
  return names.reduce((mask: bigint, name) => {
    const bit = typeof name === 'string' ? (capabilityBit(name) ?? policyCapabilityBit(name)) : undefined;
    if (bit === undefined)
      throw new Error(`${place} takes names of capabilities, not ${JSON.stringify(name)}`);
    return mask | bit;
  }, 0n);
}
