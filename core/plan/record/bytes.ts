/** Arguments as bytes of Tetragon's record. */
import type { ArgTypeName } from '../../values/arg-type-name.ts';
import type { ArgValue, ByteString } from '../../values/value.ts';
import { countBytes, recordParts, recordSize, unresolvedPath } from './layout.ts';
import type { RecordPart } from './layout.ts';

/** The low bytes of an integer, lowest first. */
export function littleEndian(value: number | bigint, size: number): ByteString {
  let bytes = '';
  let rest = BigInt.asUintN(8 * size, BigInt(value));
  for (let index = 0; index < size; index++, rest >>= 8n) bytes += String.fromCharCode(Number(rest & 0xffn));
  return bytes;
}

/** The unsigned integer that bytes hold, lowest first. */
export function integerIn(bytes: ByteString): bigint {
  let value = 0n;
  for (let index = bytes.length - 1; index >= 0; index--)
    value = (value << 8n) | BigInt(bytes.charCodeAt(index));
  return value;
}

/** The status word: 0, or why the argument could not be read. */
export function statusOf(value: ArgValue): number {
  if (value.kind !== 'unreadable') return 0;
  const depth = /at depth (\d+)$/.exec(value.message)?.[1];
  return depth === undefined ? -1 : Number(depth) + 1;
}

/** Of these the record holds the status alone. */
function hasNoData(value: ArgValue): boolean {
  return value.kind === 'bad-fd' || value.kind === 'nop' || value.kind === 'unreadable';
}

/** Bytes of an argument's data, the status word not included; of an unknown value those that it has at least. */
export function dataSize(value: ArgValue, type: ArgTypeName): number {
  if (hasNoData(value)) return 0;
  const { fixed, counted } = recordSize(type);
  const known = value.kind === 'unknown' && value.part?.kind === 'bytes' ? value.part.least : 0;
  return fixed + (counted ? Math.max(variableBytes(value).length, known) : variableBytes(value).length);
}

function variableBytes(value: ArgValue): ByteString {
  if (value.kind === 'string' || value.kind === 'buffer') return value.value;
  return value.kind === 'file' && value.unresolved !== true ? value.path : '';
}

/** An argument's data, without the status word; undefined where its bytes are not known (structures, unknown values). */
export function dataBytes(value: ArgValue, type: ArgTypeName): ByteString | undefined {
  if (hasNoData(value)) return '';
  let bytes = '';
  for (const part of recordParts(type)) {
    const more = partBytes(value, part);
    if (more === undefined) return undefined;
    bytes += more;
  }
  return bytes;
}

function partBytes(value: ArgValue, part: RecordPart): ByteString | undefined {
  switch (part.part) {
    case 'integer': {
      const integer = integerOf(value, part.of);
      return integer === undefined ? undefined : littleEndian(integer, part.bytes);
    }
    case 'counted':
    case 'uncounted': {
      if (value.kind !== 'string' && value.kind !== 'buffer' && value.kind !== 'file') return undefined;
      const bytes = variableBytes(value);
      return part.part === 'counted' ? littleEndian(bytes.length, countBytes) + bytes : bytes;
    }
    case 'structure':
      return undefined;
  }
}

function integerOf(
  value: ArgValue,
  of: Extract<RecordPart, { part: 'integer' }>['of'],
): number | bigint | undefined {
  switch (of) {
    case 'value':
      return value.kind === 'int' || value.kind === 'caps' ? value.value : undefined;
    case 'size':
      return value.kind === 'buffer' ? value.size : undefined;
    case 'flags':
      return value.kind !== 'file' ? undefined : value.unresolved === true ? unresolvedPath : 0;
    case 'mode':
      return value.kind === 'file' ? value.mode : undefined;
  }
}
