/** Arguments as the programs read them, as values of the plan's types. */
import type { ArgPlan } from '../../core/plan/plan.ts';
import type { ArgValue } from '../../core/values/value.ts';
import { trArgStatus, trArgType, trSockBytes } from '../layout/generated.ts';
import { textOf } from '../encode/bytes.ts';
import type { ArgRead } from './records.ts';

const familyInet = 2;
const familyInet6 = 10;
const addressLength = (family: number): number =>
  family === familyInet ? 4 : family === familyInet6 ? 16 : 0;

export function decodeArg(read: ArgRead, plan: ArgPlan): ArgValue {
  if (read.status === trArgStatus.READ_BAD_FD)
    return { kind: 'bad-fd', fd: Number(BigInt.asIntN(32, read.value)) };
  const type = typeOf(read);
  switch (type) {
    case trArgType.ARG_NOP:
      return { kind: 'nop' };
    case trArgType.ARG_STRING:
      return read.status === trArgStatus.READ_FAULT
        ? { kind: 'unreadable', message: 'Bad address for basic type' }
        : { kind: 'string', value: textOf(read.bytes) };
    case trArgType.ARG_CHAR_BUF:
      return read.status === trArgStatus.READ_FAULT
        ? { kind: 'unreadable', message: 'CharBufErrorPageFault' }
        : { kind: 'buffer', value: textOf(read.bytes), size: Number(read.value) };
    case trArgType.ARG_FILE:
    case trArgType.ARG_PATH:
    case trArgType.ARG_DENTRY:
    case trArgType.ARG_FD:
    case trArgType.ARG_KIOCB:
    case trArgType.ARG_BINPRM: {
      const unresolved = read.status === trArgStatus.READ_UNRESOLVED ? { unresolved: true } : {};
      return { kind: 'file', path: textOf(read.bytes), mode: read.mode, ...unresolved };
    }
    case trArgType.ARG_SOCK:
    case trArgType.ARG_SOCKET:
    case trArgType.ARG_SOCKADDR:
    case trArgType.ARG_SKB:
      return decodeSocket(read);
    case trArgType.ARG_S8:
    case trArgType.ARG_U8:
    case trArgType.ARG_S16:
    case trArgType.ARG_U16:
    case trArgType.ARG_S32:
    case trArgType.ARG_U32:
    case trArgType.ARG_64:
      return { kind: 'int', value: integer(type, read.value, plan) };
  }
}

type WireType = (typeof trArgType)[keyof typeof trArgType];

/** The programs write no others; a new one that is not decoded here does not pass the lint. */
function typeOf({ type }: ArgRead): WireType {
  const known = Object.values(trArgType).find((one) => one === type);
  if (known === undefined) throw new RangeError(`an argument of unknown type ${type}`);
  return known;
}

type IntegerName = `ARG_${'S8' | 'U8' | 'S16' | 'U16' | 'S32' | 'U32' | '64'}`;

function integer(type: (typeof trArgType)[IntegerName], value: bigint, plan: ArgPlan): number | bigint {
  switch (type) {
    case trArgType.ARG_S8:
      return Number(BigInt.asIntN(8, value));
    case trArgType.ARG_U8:
      return Number(BigInt.asUintN(8, value));
    case trArgType.ARG_S16:
      return Number(BigInt.asIntN(16, value));
    case trArgType.ARG_U16:
      return Number(BigInt.asUintN(16, value));
    case trArgType.ARG_S32:
      return Number(BigInt.asIntN(32, value));
    case trArgType.ARG_U32:
      return Number(BigInt.asUintN(32, value));
    case trArgType.ARG_64:
      return plan.type === 'int64' ? BigInt.asIntN(64, value) : value;
  }
}

function decodeSocket(read: ArgRead): ArgValue {
  if (read.status === trArgStatus.READ_FAULT || read.bytes.length < trSockBytes.size)
    return { kind: 'unreadable', message: 'Bad address for basic type' };
  const { bytes } = read;
  const sock = trSockBytes.decode(bytes);
  const { family, type, protocol, state, sport, dport, mark, priority, cookie } = sock;
  const length = addressLength(family);
  if (read.type === trArgType.ARG_SOCKADDR)
    return {
      kind: 'sockaddr',
      family,
      port: sport,
      ...(length > 0 ? { addr: [...sock.saddr.subarray(0, length)] } : {}),
    };
  const packet = read.type === trArgType.ARG_SKB;
  return {
    ...(packet ? { kind: 'skb', hash: sock.hash, length: sock.size } : { kind: 'sock', cookie }),
    ...{ family, type, protocol, state, sport, dport, mark, priority },
    ...(length > 0
      ? { saddr: [...sock.saddr.subarray(0, length)], daddr: [...sock.daddr.subarray(0, length)] }
      : {}),
  };
}
