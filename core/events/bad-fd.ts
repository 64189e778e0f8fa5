/**
 * The arguments of a hook as Tetragon decodes them, unresolvable descriptors included.
 *
 * The BPF side writes arguments one after another, each as a status word and its data; for a descriptor that does not
 * resolve it writes the status alone. The reader then takes what follows for the path, flags and mode, and every later
 * argument from where that ended. What comes out looks like junk but follows exactly from the bytes, so it is
 * reproduced here: such arguments are encoded and decoded again.
 */
import type { ArgValue, ByteString } from '../values/value.ts';
import type { ArgTypeName } from '../values/arg-type-name.ts';
import type { ArgPlan, HookKind } from '../plan/plan.ts';
import type { ArgJson } from './event.ts';
import { argJson } from './arg-json.ts';

const UNRESOLVED_PATH = 0x2;
const LONGEST_STRING = 4096;

/** Arguments at the positions of `plans`; `nop` and what Tetragon fails to decode are left out. */
export function argumentsJson(
  values: readonly ArgValue[],
  plans: readonly ArgPlan[],
  hook: HookKind,
): ArgJson[] {
  const shown: ArgJson[] = [];
  for (const [position, value] of values.entries()) {
    const plan = plans[position];
    if (!plan) continue;
    if (value.kind === 'bad-fd') {
      const bytes = encode(values.slice(position), plans.slice(position));
      return [...shown, ...decode(bytes, plans.slice(position), hook)];
    }
    const { type, label } = plan;
    shown.push(...argJson(value, { type, hook, ...(label === undefined ? {} : { label }) }));
  }
  return shown;
}

/** Little-endian bytes of an integer. */
function integer(value: number | bigint, size: number): ByteString {
  let bytes = '';
  let rest = BigInt.asUintN(8 * size, BigInt(value));
  for (let i = 0; i < size; i += 1, rest >>= 8n) bytes += String.fromCharCode(Number(rest & 0xffn));
  return bytes;
}

const wide: readonly ArgTypeName[] = ['int64', 'uint64', 'size_t', 'syscall64'];
const widthOf = (type: ArgTypeName): number => (wide.includes(type) ? 8 : 4);
const counted = (bytes: ByteString): ByteString => integer(bytes.length, 4) + bytes;

/** The record from the bad descriptor on. It ends early at an argument whose layout is not needed here (structures). */
function encode(values: readonly ArgValue[], plans: readonly ArgPlan[]): ByteString {
  let record = '';
  for (const [i, value] of values.entries()) {
    const type = plans[i]?.type;
    if (value.kind === 'unreadable') {
      const depth = /at depth (\d+)$/.exec(value.message)?.[1];
      record += integer(depth === undefined ? -1 : Number(depth) + 1, 4);
      continue;
    }
    const data = type ? encodeData(value, type) : undefined;
    if (data === undefined) break;
    record += integer(0, 4) + data;
  }
  return record;
}

function encodeData(value: ArgValue, type: ArgTypeName): ByteString | undefined {
  if (value.kind === 'bad-fd' || value.kind === 'nop') return '';
  if (value.kind === 'int') return integer(value.value, widthOf(type));
  if (value.kind === 'string') return counted(value.value);
  if (value.kind === 'buffer') return integer(value.size, 4) + counted(value.value);
  if (value.kind !== 'file') return undefined;
  return (
    counted(value.unresolved ? '' : value.path) +
    integer(value.unresolved ? UNRESOLVED_PATH : 0, 4) +
    integer(value.mode, 2)
  );
}

/** Reads a record as Go's `binary.Read` does: a read past the end gives zero and uses up what was left. */
class Reader {
  private at = 0;
  constructor(private readonly bytes: ByteString) {}

  /** undefined past the end. */
  integer(size: number): number | bigint | undefined {
    const part = this.take(size);
    if (part === undefined) return undefined;
    let value = 0n;
    for (let i = size - 1; i >= 0; i -= 1) value = (value << 8n) | BigInt(part.charCodeAt(i));
    return size <= 4 ? Number(value) : value;
  }

  take(size: number): ByteString | undefined {
    const part = this.bytes.slice(this.at, this.at + size);
    this.at += part.length;
    return part.length === size ? part : undefined;
  }

  /** A counted string; `missing` when not even the count is there, '' when it is out of bounds. */
  string(missing: ByteString): ByteString {
    const size = this.integer(4);
    if (size === undefined) return missing;
    if (Number(size) > LONGEST_STRING) return '';
    return (this.take(Number(size)) ?? '').replace(/\0$/, '');
  }
}

/** Layout of a type's data; structures, which are not listed, end the decoding. */
const layouts: Readonly<Partial<Record<ArgTypeName, 'path' | 'string' | 'buffer' | 'int'>>> = {
  ...{ fd: 'path', file: 'path', kiocb: 'path', path: 'path', dentry: 'path', linux_binprm: 'path' },
  ...{ string: 'string', filename: 'string', net_device: 'string', data_loc: 'string' },
  ...{ char_buf: 'buffer', char_iovec: 'buffer', iov_iter: 'buffer' },
  ...{ int: 'int', int8: 'int', int16: 'int', int32: 'int', int64: 'int', bpf_cmd: 'int' },
  ...{ uint8: 'int', uint16: 'int', uint32: 'int', uint64: 'int', size_t: 'int', syscall64: 'int' },
};

function decode(record: ByteString, plans: readonly ArgPlan[], hook: HookKind): ArgJson[] {
  const reader = new Reader(record);
  return plans.flatMap(({ type, label }) => {
    const value = readValue(reader, type);
    return value ? argJson(value, { type, hook, ...(label === undefined ? {} : { label }) }) : [];
  });
}

function readValue(reader: Reader, type: ArgTypeName): ArgValue | undefined {
  const status = reader.integer(4);
  if (status === undefined) return undefined;
  if (status === 0xffffffff) return { kind: 'unreadable', message: 'Bad address for basic type' };
  if (status !== 0)
    return {
      kind: 'unreadable',
      message: `Bad address encountered during resolve dereference at depth ${Number(status) - 1}`,
    };
  const layout = layouts[type];
  if (layout === 'path') {
    const path = reader.string('/');
    const flags = Number(reader.integer(4) ?? 0);
    const mode = Number(reader.integer(2) ?? 0);
    return { kind: 'file', path, mode, ...(flags & UNRESOLVED_PATH ? { unresolved: true } : {}) };
  }
  if (layout === 'string') return { kind: 'string', value: reader.string('') };
  if (layout === 'buffer') return readBuffer(reader);
  if (layout !== 'int') return undefined;
  return { kind: 'int', value: narrowed(BigInt(reader.integer(widthOf(type)) ?? 0), type) };
}

function readBuffer(reader: Reader): ArgValue | undefined {
  const size = reader.integer(4);
  const read = reader.integer(4);
  if (size === undefined || read === undefined) return undefined;
  const value = reader.take(Number(read));
  return value === undefined ? undefined : { kind: 'buffer', value, size: Number(size) };
}

/** The value that the low bits of a register have in an integer type. */
function narrowed(raw: bigint, type: ArgTypeName): bigint {
  const bits = Number(/\d+$/.exec(type)?.[0] ?? (type === 'size_t' ? 64 : 32));
  return type.startsWith('u') || type === 'size_t' || type === 'syscall64'
    ? BigInt.asUintN(bits, raw)
    : BigInt.asIntN(bits, raw);
}
