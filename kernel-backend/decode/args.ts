/** Arguments as the programs read them, as values of the plan's types. */
import type { ArgPlan } from '../../core/plan/plan.ts';
import type { ArgValue } from '../../core/values/value.ts';
import { argTypes, readStatus, sockBytes } from '../layout.ts';
import { textOf } from '../encode/bytes.ts';
import type { ArgRead } from './records.ts';

const familyInet = 2;
const familyInet6 = 10;
const addressLength = (family: number): number =>
  family === familyInet ? 4 : family === familyInet6 ? 16 : 0;

export function decodeArg(read: ArgRead, plan: ArgPlan): ArgValue {
  if (read.status === readStatus.badFd) return { kind: 'bad-fd', fd: Number(BigInt.asIntN(32, read.value)) };
  const type = typeOf(read);
  switch (type) {
    case argTypes.nop:
      return { kind: 'nop' };
    case argTypes.string:
      return read.status === readStatus.fault
        ? { kind: 'unreadable', message: 'Bad address for basic type' }
        : { kind: 'string', value: textOf(read.bytes) };
    case argTypes.buffer:
      return read.status === readStatus.fault
        ? { kind: 'unreadable', message: 'CharBufErrorPageFault' }
        : { kind: 'buffer', value: textOf(read.bytes), size: Number(read.value) };
    case argTypes.file:
    case argTypes.path:
    case argTypes.dentry:
    case argTypes.fd:
    case argTypes.kiocb:
    case argTypes.binprm: {
      const unresolved = read.status === readStatus.unresolved ? { unresolved: true } : {};
      return { kind: 'file', path: textOf(read.bytes), mode: read.mode, ...unresolved };
    }
    case argTypes.sock:
    case argTypes.socket:
    case argTypes.sockaddr:
      return decodeSocket(read);
    case argTypes.s8:
    case argTypes.u8:
    case argTypes.s16:
    case argTypes.u16:
    case argTypes.s32:
    case argTypes.u32:
    case argTypes.u64:
      return { kind: 'int', value: integer(type, read.value, plan) };
  }
}

type WireType = (typeof argTypes)[keyof typeof argTypes];

/** The programs write no others; a new one that is not decoded here does not pass the lint. */
function typeOf({ type }: ArgRead): WireType {
  const known = Object.values(argTypes).find((one) => one === type);
  if (known === undefined) throw new RangeError(`an argument of unknown type ${type}`);
  return known;
}

type IntegerName = 's8' | 'u8' | 's16' | 'u16' | 's32' | 'u32' | 'u64';

function integer(type: (typeof argTypes)[IntegerName], value: bigint, plan: ArgPlan): number | bigint {
  switch (type) {
    case argTypes.s8:
      return Number(BigInt.asIntN(8, value));
    case argTypes.u8:
      return Number(BigInt.asUintN(8, value));
    case argTypes.s16:
      return Number(BigInt.asIntN(16, value));
    case argTypes.u16:
      return Number(BigInt.asUintN(16, value));
    case argTypes.s32:
      return Number(BigInt.asIntN(32, value));
    case argTypes.u32:
      return Number(BigInt.asUintN(32, value));
    case argTypes.u64:
      return plan.type === 'int64' ? BigInt.asIntN(64, value) : value;
  }
}

function decodeSocket(read: ArgRead): ArgValue {
  if (read.status === readStatus.fault || read.bytes.length < sockBytes.size)
    return { kind: 'unreadable', message: 'Bad address for basic type' };
  const { bytes } = read;
  const sock = sockBytes.read(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0);
  const { family, type, protocol, state, sport, dport, mark, priority, cookie } = sock;
  const length = addressLength(family);
  if (read.type === argTypes.sockaddr)
    return {
      kind: 'sockaddr',
      family,
      port: sport,
      ...(length > 0 ? { addr: [...sock.saddr.subarray(0, length)] } : {}),
    };
  return {
    kind: 'sock',
    ...{ family, type, protocol, state, sport, dport, mark, priority, cookie },
    ...(length > 0
      ? { saddr: [...sock.saddr.subarray(0, length)], daddr: [...sock.daddr.subarray(0, length)] }
      : {}),
  };
}
