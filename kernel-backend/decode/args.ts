/** Arguments as the programs read them, as values of the plan's types. */
import type { ArgPlan } from '../../core/plan/plan.ts';
import type { ArgValue } from '../../core/values/value.ts';
import { moduleTaints } from '../../core/names/module-taints.ts';
import { bpfMapTypes, bpfProgramTypes, perfTypes } from '../../core/names/bpf.ts';
import {
  trArgStatus,
  trArgType,
  trCreds,
  trModuleBytes,
  trNamedBytes,
  trSockBytes,
  trUserNamespaceBytes,
} from '../layout/generated.ts';
import { textOf } from '../encode/bytes.ts';
import { credentialsOf } from './credentials.ts';
import type { ArgRead } from './records.ts';

const familyInet = 2;
const familyInet6 = 10;
const addressLength = (family: number): number =>
  family === familyInet ? 4 : family === familyInet6 ? 16 : 0;

/** @param hostUserNs inode number of the host's user namespace */
export function decodeArg(read: ArgRead, plan: ArgPlan, hostUserNs: number): ArgValue {
  if (read.status === trArgStatus.READ_BAD_FD)
    return { kind: 'bad-fd', fd: Number(BigInt.asIntN(32, read.value)) };
  const type = typeOf(read);
  if (read.status === trArgStatus.READ_FAULT && plan.resolve !== undefined && read.mode > 0)
    return {
      kind: 'unreadable',
      message: `Bad address encountered during resolve dereference at depth ${read.mode - 1}`,
    };
  switch (type) {
    case trArgType.ARG_NOP:
      return { kind: 'nop' };
    case trArgType.ARG_STRING:
    case trArgType.ARG_FILENAME:
    case trArgType.ARG_NET_DEVICE:
      return read.status === trArgStatus.READ_FAULT
        ? { kind: 'unreadable', message: 'Bad address for basic type' }
        : { kind: 'string', value: textOf(read.bytes) };
    case trArgType.ARG_CHAR_BUF:
    case trArgType.ARG_CONST_BUF:
    case trArgType.ARG_IOV_ITER:
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
    case trArgType.ARG_SOCKADDR_UN:
      return {
        kind: 'sockaddr_un',
        family: Number(read.value),
        path: textOf(read.bytes),
        abstract: read.mode !== 0,
      };
    case trArgType.ARG_MODULE:
    case trArgType.ARG_LOAD_INFO:
      return decodeModule(type, read.bytes);
    case trArgType.ARG_CAPABILITIES:
      return read.status === trArgStatus.READ_FAULT ? unreadable : { kind: 'caps', value: read.value };
    case trArgType.ARG_CRED:
      return credentialsOf(trCreds.decode(read.bytes), hostUserNs);
    case trArgType.ARG_USER_NAMESPACE: {
      const { level, uid, gid, inum } = trUserNamespaceBytes.decode(read.bytes);
      return { kind: 'user_namespace', level, uid, gid, inum, isHost: inum === hostUserNs };
    }
    case trArgType.ARG_BPF_ATTR:
    case trArgType.ARG_BPF_PROG:
    case trArgType.ARG_BPF_MAP:
    case trArgType.ARG_PERF_EVENT:
      return decodeNamed(type, read.bytes);
    case trArgType.ARG_S8:
    case trArgType.ARG_U8:
    case trArgType.ARG_S16:
    case trArgType.ARG_U16:
    case trArgType.ARG_S32:
    case trArgType.ARG_U32:
    case trArgType.ARG_64:
    case trArgType.ARG_SYSCALL64:
      return { kind: 'int', value: integer(type, read.value, plan) };
  }
}

const unreadable: ArgValue = { kind: 'unreadable', message: 'Bad address for basic type' };

type NamedType = `ARG_${'BPF_ATTR' | 'BPF_PROG' | 'BPF_MAP' | 'PERF_EVENT'}`;

function decodeNamed(type: (typeof trArgType)[NamedType], bytes: Uint8Array): ArgValue {
  const named = trNamedBytes.decode(bytes);
  const [name = ''] = textOf(named.name).split('\0');
  const [first = 0n, second = 0n, third = 0n, fourth = 0n] = named.numbers;
  switch (type) {
    case trArgType.ARG_BPF_ATTR:
    case trArgType.ARG_BPF_PROG:
      return {
        kind: type === trArgType.ARG_BPF_ATTR ? 'bpf_attr' : 'bpf_prog',
        ...{ progType: bpfProgramTypes.nameOf(Number(first)), insnCnt: Number(second), name },
      };
    case trArgType.ARG_BPF_MAP:
      return {
        kind: 'bpf_map',
        mapType: bpfMapTypes.nameOf(Number(first)),
        ...{ keySize: Number(second), valueSize: Number(third), maxEntries: Number(fourth), name },
      };
    case trArgType.ARG_PERF_EVENT:
      return {
        kind: 'perf_event',
        type: perfTypes.nameOf(Number(first)),
        ...{ config: second, probeOffset: third, kprobeFunc: name },
      };
  }
}

/** Only of a module that is being loaded it is known whether its signature is good. */
function decodeModule(type: (typeof trArgType)['ARG_MODULE' | 'ARG_LOAD_INFO'], bytes: Uint8Array): ArgValue {
  const { name, taints, signed_well } = trModuleBytes.decode(bytes);
  const [text = ''] = textOf(name).split('\0');
  return {
    ...{ kind: 'module', name: text, taints: moduleTaints(taints) },
    ...(type === trArgType.ARG_LOAD_INFO && { signatureOk: signed_well !== 0 }),
  };
}

type WireType = (typeof trArgType)[keyof typeof trArgType];

/** The programs write no others; a new one that is not decoded here does not pass the lint. */
function typeOf({ type }: ArgRead): WireType {
  const known = Object.values(trArgType).find((one) => one === type);
  if (known === undefined) throw new RangeError(`an argument of unknown type ${type}`);
  return known;
}

type IntegerName = `ARG_${'S8' | 'U8' | 'S16' | 'U16' | 'S32' | 'U32' | '64' | 'SYSCALL64'}`;

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
    case trArgType.ARG_SYSCALL64:
      return value;
    case trArgType.ARG_64:
      return plan.type === 'int64' ? BigInt.asIntN(64, value) : value;
  }
}

function decodeSocket(read: ArgRead): ArgValue {
  if (read.status === trArgStatus.READ_FAULT || read.bytes.length < trSockBytes.size) return unreadable;
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
