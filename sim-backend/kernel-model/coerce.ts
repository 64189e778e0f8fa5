/** Reads the kernel's arguments as the types that a policy declares for them. */
import type { ArgPlan } from '../../core/plan/plan.ts';
import { integerWidths } from '../../core/values/integer-widths.ts';
import type { ArgValue, ByteString, FileValue, UnknownValue } from '../../core/values/value.ts';
import { isMemory, isUnknown, type OpenFile, type SocketState } from '../machine/file.ts';
import { fileType, type Mode } from '../machine/inodes.ts';
import { deletedMark, type Machine } from '../machine/machine.ts';
import type { Task } from '../machine/task.ts';
import { doubtOf } from '../machine/credential-doubts.ts';
import { credValue, type Credentials } from '../machine/credentials.ts';
import { lacksPort } from '../machine/sockets.ts';
import { type SocketAddress, readSocketAddress } from '../trace/address.ts';
import { readDescriptor } from '../trace/annotation.ts';
import { readInt, readNumber, readSetBits } from '../trace/number.ts';
import { readList, readQuoted, readStruct } from '../trace/text.ts';
import type { KernelValue } from './kernel-value.ts';
import { resolve } from './resolve.ts';
import { unlessLinked } from './unless-linked.ts';

function credentials(cred: Credentials, host: number): ArgValue {
  const why = doubtOf(cred, 'uid', 'gid', 'capabilities', 'userNs');
  return why === undefined ? credValue(cred, host) : { kind: 'unknown', why };
}

const longestString = 4096;
const longestBuffer = 4095;
const longestData = 327360;
/** Parts of a vector that are read; the sizes of all count. */
const longestVector = 7;
const badAddress: ArgValue = { kind: 'unreadable', message: 'Bad address for basic type' };
const pageFault: ArgValue = { kind: 'unreadable', message: 'CharBufErrorPageFault' };

export interface Reading {
  readonly machine: Machine;
  readonly task: Task;
  /** Bytes at the return of the function are wanted (returnCopy): its returned value. */
  readonly returned?: bigint;
}

/** Value of an argument as the plan reads it. */
export function coerce(raw: KernelValue, plan: ArgPlan, reading: Reading): ArgValue {
  if (plan.resolve !== undefined && plan.type !== 'nop') {
    const { resolve: path, ...direct } = plan;
    return coerce(resolve(raw, path, reading.machine), direct, reading);
  }
  if (raw.kind === 'fault') {
    return {
      kind: 'unreadable',
      message: `Bad address encountered during resolve dereference at depth ${raw.depth}`,
    };
  }
  switch (plan.type) {
    case 'nop':
      return { kind: 'nop' };
    case 'int':
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
    case 'uint8':
    case 'uint16':
    case 'uint32':
    case 'uint64':
    case 'size_t':
    case 'syscall64':
    case 'capability':
    case 'bpf_cmd':
    case 'auto':
      return integer(raw, plan.type);
    case 'string':
    case 'filename':
    case 'data_loc':
    case 'net_device':
      return string(raw);
    case 'char_buf':
      return buffer(raw, plan, reading);
    case 'char_iovec':
      return iovec(raw);
    case 'iov_iter':
      return raw.kind === 'buffer'
        ? { kind: 'buffer', value: raw.bytes.slice(0, longestBuffer), size: raw.size }
        : notKnown(raw, 'the iterator');
    case 'const_buf':
      return longs(raw);
    case 'fd':
      return descriptor(raw, reading);
    case 'file':
    case 'kiocb':
    case 'path':
    case 'dentry':
    case 'linux_binprm':
      return path(raw, plan, reading);
    case 'sock':
    case 'socket':
      return raw.kind === 'sock' ? sock(raw.socket) : notKnown(raw, 'the socket');
    case 'skb':
      return { kind: 'unknown', why: 'packets are not in a trace' };
    case 'sockaddr':
    case 'sockaddr_un':
      return address(raw, plan.type === 'sockaddr_un');
    case 'cred':
      return raw.kind === 'cred'
        ? credentials(raw.cred, reading.machine.start.hostNamespaces.User)
        : notKnown(raw, 'the credentials');
    case 'user_namespace':
      return raw.kind === 'userns'
        ? {
            kind: 'user_namespace',
            level: raw.level,
            uid: raw.uid,
            gid: raw.gid,
            inum: raw.inum,
            isHost: raw.inum === reading.machine.start.hostNamespaces.User,
          }
        : notKnown(raw, 'the user namespace');
    case 'kernel_cap_t':
    case 'cap_inheritable':
    case 'cap_permitted':
    case 'cap_effective':
      return raw.kind === 'caps' ? { kind: 'caps', value: raw.value } : notKnown(raw, 'the capability set');
    case 'module':
    case 'load_info':
      return raw.kind === 'module'
        ? { kind: 'module', name: raw.name, taints: [] }
        : notKnown(raw, 'the module');
    case 'bpf_attr':
    case 'bpf_prog':
      return raw.kind === 'bpf_attr' ? { ...raw, kind: plan.type } : notKnown(raw, 'the program');
    case 'bpf_map':
      return raw.kind === 'bpf_map' ? raw : notKnown(raw, 'the map');
    case 'perf_event':
      return notKnown(raw, 'the structure');
  }
}

function notKnown(raw: KernelValue, what: string): ArgValue {
  return { kind: 'unknown', why: raw.kind === 'unknown' ? raw.why : `${what} is not in the trace` };
}

const widths = { ...integerWidths, auto: [64, false] } as const;

/** Bytes that strace shows only the beginning of, and perhaps the end. */
function cutShort(
  why: string,
  start: ByteString,
  least: number,
  most: number,
  end: ByteString = '',
): UnknownValue {
  return { kind: 'unknown', why, part: { kind: 'bytes', start, end, least, most } };
}

function integer(raw: KernelValue, type: keyof typeof widths): ArgValue {
  const value =
    raw.kind === 'number' ? raw.value : raw.kind === 'printed' ? printedNumber(raw.text) : undefined;
  if (value === undefined) {
    if (raw.kind !== 'printed') return notKnown(raw, 'the number');
    if (raw.text === '')
      return {
        kind: 'unknown',
        why: `strace does not print argument ${raw.place} of this ${raw.call.name}`,
      };
    const set = readSetBits(raw.text);
    return {
      kind: 'unknown',
      why: `the number behind "${raw.text.slice(0, 40)}" is not known`,
      ...(set !== undefined && { part: { kind: 'bits', set, clear: 0n } }),
    };
  }
  const [bits, signed] = widths[type];
  const wrapped = signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
  return { kind: 'int', value: bits <= 32 ? Number(wrapped) : wrapped };
}

/** A printed number; a descriptor's is the number before its annotation. */
function printedNumber(text: string): bigint | undefined {
  const found = text.includes('<') || text === 'AT_FDCWD' ? readDescriptor(text) : undefined;
  return found ? BigInt(found.fd) : readNumber(text);
}

function string(raw: KernelValue): ArgValue {
  if (raw.kind === 'string') return { kind: 'string', value: cString(raw.bytes) };
  if (raw.kind !== 'printed') return notKnown(raw, 'the text');
  const { doubt, ...sure } = raw;
  if (doubt !== undefined) return { kind: 'unknown', why: doubt, ifRead: string(sure) };
  const quoted = readQuoted(raw.text);
  if (quoted) {
    const value = cString(quoted.bytes);
    if (quoted.cut && value.length === quoted.bytes.length && value.length < longestString - 1) {
      const why = 'strace cut the text short (record with -s 4096)';
      return cutShort(why, value, value.length + 1, longestString);
    }
    return { kind: 'string', value };
  }
  // strace prints a pointer that it could not read as a number.
  if (readNumber(raw.text) !== undefined) return badAddress;
  return { kind: 'unknown', why: `the text behind "${raw.text.slice(0, 40)}" is not in the trace` };
}

function cString(bytes: ByteString): ByteString {
  const nul = bytes.indexOf('\0');
  const text = nul < 0 ? bytes : bytes.slice(0, nul);
  return text.length > longestString ? text.slice(0, longestString) : text;
}

function buffer(raw: KernelValue, plan: ArgPlan, reading: Reading): ArgValue {
  if (raw.kind === 'buffer')
    return { kind: 'buffer', value: raw.bytes.slice(0, longestBuffer), size: raw.size };
  if (raw.kind !== 'printed') return notKnown(raw, 'the buffer');
  const { doubt, ...sure } = raw;
  if (doubt !== undefined && !plan.returnCopy)
    return { kind: 'unknown', why: doubt, ifRead: buffer(sure, plan, reading) };
  let size: bigint;
  if (plan.returnCopy) {
    if (reading.returned === undefined) return { kind: 'buffer', value: '', size: 0 };
    if (reading.returned < 0n) return pageFault;
    size = reading.returned;
  } else if (plan.sizeArg === undefined) size = 0n;
  else {
    // Fields of a tracepoint count from five.
    const given = readNumber(raw.call.at(plan.sizeArg - Math.max(0, plan.index - raw.place)).text);
    if (given === undefined) return { kind: 'unknown', why: 'the size of the buffer is not in the trace' };
    size = BigInt.asUintN(64, given);
  }
  if (size === 0n) return { kind: 'buffer', value: '', size: 0 };
  const quoted = readQuoted(raw.text);
  if (!quoted) {
    if (readNumber(raw.text) !== undefined && !raw.filled) return pageFault;
    return { kind: 'unknown', why: 'the content of the buffer is not in the trace' };
  }
  if (!plan.returnCopy && raw.filled) {
    return { kind: 'unknown', why: 'what the buffer held before the call is not in the trace' };
  }
  const most = plan.maxData ? longestData : longestBuffer;
  const wanted = Number(size < BigInt(most) ? size : BigInt(most));
  if (quoted.bytes.length < wanted && quoted.cut) {
    return cutShort('strace cut the buffer short (record with a larger -s)', quoted.bytes, wanted, wanted);
  }
  return { kind: 'buffer', value: quoted.bytes.slice(0, wanted), size: Number(size) };
}

function iovec(raw: KernelValue): ArgValue {
  if (raw.kind !== 'printed') return notKnown(raw, 'the vector');
  const items = readList(raw.text);
  if (!items) return pageFault;
  let bytes = '';
  let size = 0;
  let shown = 0;
  /** What is known before the first gap. */
  let start: ByteString | undefined;
  for (const [index, item] of items.entries()) {
    const fields = readStruct(item);
    const length = readInt(fields?.get('iov_len'));
    if (length === undefined) {
      // Behind the dots the address of a part that could not be read.
      if (item.includes('0x')) return pageFault;
      return { kind: 'unknown', why: 'strace does not show all parts of the vector' };
    }
    size += length;
    if (index >= longestVector) continue;
    if (length > 4094) return { kind: 'unreadable', message: 'CharBufErrorBufTooLarge' };
    const quoted = readQuoted(fields?.get('iov_base') ?? '');
    if (!quoted) return pageFault;
    bytes += quoted.bytes.slice(0, length);
    shown += length;
    if (quoted.cut && quoted.bytes.length < length) {
      start ??= bytes;
      bytes = '';
    }
  }
  if (start !== undefined) return cutShort('strace cut the buffer short', start, shown, shown, bytes);
  return { kind: 'buffer', value: bytes, size: Math.max(size, bytes.length) };
}

function longs(raw: KernelValue): ArgValue {
  if (raw.kind !== 'longs') return notKnown(raw, 'the array');
  let bytes = '';
  for (const value of raw.values) {
    if (value === undefined)
      return { kind: 'unknown', why: 'strace shows what a pointer leads to, not the pointer' };
    let rest = BigInt.asUintN(64, value);
    for (let at = 0; at < 8; at += 1) {
      bytes += String.fromCharCode(Number(rest & 0xffn));
      rest >>= 8n;
    }
  }
  return { kind: 'buffer', value: bytes, size: bytes.length };
}

function descriptor(raw: KernelValue, reading: Reading): ArgValue {
  if (raw.kind === 'file') return raw.file ? fileValue(raw.file, reading) : { kind: 'bad-fd', fd: -1 };
  const text = raw.kind === 'printed' ? raw.text : raw.kind === 'number' ? String(raw.value) : undefined;
  const found = text === undefined ? undefined : readDescriptor(text);
  if (!found) {
    const value = text === undefined ? undefined : readNumber(text);
    return value === undefined
      ? notKnown(raw, 'the descriptor')
      : { kind: 'bad-fd', fd: Number(BigInt.asIntN(32, value)) };
  }
  const open = reading.machine.fileOf(reading.task, found);
  return open ? fileValue(open, reading) : { kind: 'bad-fd', fd: found.fd };
}

const targetUnknown = 'the trace does not show which file is behind the descriptor (record with strace -y)';

/** A file as the calling task sees it. */
function fileValue(open: OpenFile, { machine, task }: Reading): FileValue | UnknownValue {
  if (isUnknown(open)) return { kind: 'unknown', why: targetUnknown };
  const mode = machine.modeOf(open);
  if (open.kind === 'memory') return fileWith('', mode);
  const tooLong = open.tooLong || open.path.length >= longestString;
  const shown = open.path === '' || tooLong ? '' : machine.shown(task, open.path, open.deleted);
  return unlessLinked(machine, open, { ...fileWith(shown, mode), ...(tooLong && { unresolved: true }) });
}

function fileWith(path: ByteString, { mode, type }: Mode): FileValue {
  return { kind: 'file', path, mode, ...(mode === undefined && type !== undefined && { type }) };
}

function path(raw: KernelValue, plan: ArgPlan, reading: Reading): ArgValue {
  const { machine, task } = reading;
  if (raw.kind === 'file') {
    if (!raw.file) return { kind: 'file', path: '', mode: 0 };
    const named = raw.file.kind === 'file' && raw.file.path.startsWith('/') && !raw.file.tooLong;
    return plan.type === 'dentry' && named
      ? unlessLinked(machine, raw.file, dentryValue(raw.file, machine.modeOf(raw.file), machine))
      : fileValue(raw.file, reading);
  }
  if (raw.kind === 'bprm') {
    const { mode } = machine.inodes.mode(raw.path);
    const memory = isMemory(raw.path, raw.deleted === true);
    return fileWith(memory ? '' : machine.shown(task, raw.path, raw.deleted), {
      mode,
      type: fileType.regular,
    });
  }
  if (raw.kind !== 'path') return notKnown(raw, 'the path');
  const mode =
    raw.mode === undefined
      ? machine.inodes.mode(raw.path)
      : { mode: raw.mode, type: raw.mode & fileType.mask };
  if (plan.type === 'dentry') return unlessLinked(machine, raw, dentryValue(raw, mode, machine));
  return unlessLinked(machine, raw, fileWith(machine.shown(task, raw.path, raw.deleted), mode));
}

/** A dentry knows its place in its own file system only, whichever way the call named it. */
function dentryValue(
  { path, deleted = false }: { readonly path: ByteString; readonly deleted?: boolean | undefined },
  mode: Mode,
  machine: Machine,
): FileValue | UnknownValue {
  const doubt = machine.mountDoubt(path);
  if (doubt !== undefined) return { kind: 'unknown', why: doubt };
  const inside = machine.dentryPath(path);
  return fileWith((inside === '/' ? '' : inside) + (deleted ? deletedMark : ''), mode);
}

function sock(socket: SocketState): ArgValue {
  const inet = socket.family === 2 || socket.family === 10;
  return {
    kind: 'sock',
    family: socket.family,
    type: socket.type,
    protocol: socket.protocol,
    state: socket.state,
    ...(socket.sourceAssumed === true
      ? { saddrUnknown: true }
      : inet && socket.saddr && { saddr: socket.saddr }),
    ...(inet && socket.daddr && { daddr: socket.daddr }),
    ...(lacksPort(socket) ? { sport: 32768, sportAssumed: true } : { sport: socket.sport }),
    dport: socket.dport,
  };
}

function address(raw: KernelValue, unix: boolean): ArgValue {
  const found: SocketAddress | undefined =
    raw.kind === 'address' ? raw.address : raw.kind === 'printed' ? readSocketAddress(raw.text) : undefined;
  if (!found) return notKnown(raw, 'the address');
  if (unix) {
    return 'path' in found
      ? { kind: 'sockaddr_un', family: 1, path: found.path, abstract: found.abstract }
      : { kind: 'sockaddr_un', family: found.family, path: '', abstract: false };
  }
  if ('path' in found) return { kind: 'sockaddr', family: 1, port: 0 };
  const inet = found.addr.length === 4 || found.addr.length === 16;
  return { kind: 'sockaddr', family: found.family, ...(inet && { addr: found.addr }), port: found.port };
}
