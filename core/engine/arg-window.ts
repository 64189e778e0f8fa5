/**
 * Filters see argument data only below offset 2,048 of the event's buffer: the offset wraps there, so that behind a long
 * text a filter compares bytes of that text. Sizes and order are those of Tetragon's buffer.
 */
import type { ArgTypeName } from '../values/arg-type-name.ts';
import type { HookPlan } from '../plan/plan.ts';
import { argType } from '../plan/types/index.ts';
import type { ArgValue, ByteString } from '../values/value.ts';
import type { ProbeHit } from './hit.ts';

const window = 2048;
const statusSize = 4;
/** Stands for a byte that is not known; no byte has this value. */
const unknownByte = '\uffff';
/** Bytes of a structure, roughly: none is large enough to matter. */
const structureSize = 64;

/** Types whose data can be so long that what follows moves out of reach. */
const longTypes: ReadonlySet<ArgTypeName> = new Set(['filename', 'kiocb', 'char_iovec', 'iov_iter']);

function isLong(type: ArgTypeName): boolean {
  const { family } = argType(type);
  return family === 'path' || family === 'buffer' || family === 'string' || longTypes.has(type);
}

/** Whether an argument before this one is of a type that can push it out. */
export function canMoveBeyond(hook: HookPlan, on: 'args' | 'data', position: number): boolean {
  const before =
    on === 'args' ? hook.args.slice(0, position) : [...hook.args, ...hook.data.slice(0, position)];
  return before.some(({ type }) => isLong(type));
}

/** What a filter reads in place of the argument. */
export type Seen =
  | 'itself'
  /** It depends on a value that is not known. */
  | 'unknown'
  /** These eight bytes, which belong to an argument before it. */
  | { readonly bytes: ByteString };

export function seenAt(hook: HookPlan, hit: ProbeHit, on: 'args' | 'data', position: number): Seen {
  const before: (readonly [ArgValue | undefined, ArgTypeName])[] = (
    on === 'args' ? hook.args.slice(0, position) : hook.args
  ).map(({ type }, index) => [hit.args[index], type]);
  if (on === 'data') {
    hook.data.slice(0, position).forEach(({ type }, index) => before.push([hit.data[index], type]));
  }
  // Each argument's data follows a status word.
  let length = statusSize;
  for (const [value, type] of before) {
    // The length of a text that is not known decides; paths are hardly ever that long.
    if (value?.kind === 'unknown' && isLong(type) && argType(type).family !== 'path') return 'unknown';
    length += value === undefined ? 0 : statusSize + sizeOf(value, type);
  }
  if (length < window) return 'itself';
  const start = length % window;
  const bytes = before
    .map(([value, type]) => (value === undefined ? '' : littleEndian(0, statusSize) + layout(value, type)))
    .join('')
    .slice(start, start + 8);
  return bytes.includes(unknownByte) ? 'unknown' : { bytes };
}

function integerSize(type: ArgTypeName): number {
  return ['int64', 'uint64', 'size_t', 'syscall64'].includes(type) || argType(type).family === 'caps' ? 8 : 4;
}

function sizeOf(value: ArgValue, type: ArgTypeName): number {
  if (value.kind === 'string') return 4 + value.value.length;
  if (value.kind === 'buffer') return 8 + value.value.length;
  // Length, path, flags, mode.
  if (value.kind === 'file') return 10 + value.path.length;
  if (value.kind === 'int' || value.kind === 'caps') return integerSize(type);
  const empty = ['bad-fd', 'nop', 'unknown', 'unreadable'].includes(value.kind);
  return empty ? 0 : structureSize;
}

function layout(value: ArgValue, type: ArgTypeName): string {
  if (value.kind === 'string') return littleEndian(value.value.length, 4) + value.value;
  if (value.kind === 'buffer') {
    return littleEndian(value.size, 4) + littleEndian(value.value.length, 4) + value.value;
  }
  if (value.kind === 'file') {
    return littleEndian(value.path.length, 4) + value.path + littleEndian(0, 4) + littleEndian(value.mode, 2);
  }
  if (value.kind === 'int' || value.kind === 'caps') return littleEndian(value.value, integerSize(type));
  return unknownByte.repeat(sizeOf(value, type));
}

function littleEndian(value: number | bigint, size: number): ByteString {
  let rest = BigInt.asUintN(size * 8, BigInt(value));
  let bytes = '';
  for (let index = 0; index < size; index++) {
    bytes += String.fromCharCode(Number(rest & 0xffn));
    rest >>= 8n;
  }
  return bytes;
}

/** The integer that eight bytes hold, lowest first. */
export function integerIn(bytes: ByteString): bigint {
  let value = 0n;
  for (let index = bytes.length - 1; index >= 0; index--)
    value = (value << 8n) | BigInt(bytes.charCodeAt(index));
  return value;
}
