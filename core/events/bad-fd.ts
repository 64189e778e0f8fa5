/**
 * The arguments of a hook as Tetragon decodes them, unresolvable descriptors included.
 *
 * The BPF side writes arguments one after another (core/plan/record); for a descriptor that does not resolve it writes
 * the status alone. The reader then takes what follows for the path, flags and mode, and every later
 * argument from where that ended. What comes out looks like junk but follows exactly from the bytes, so it is
 * reproduced here: such arguments are encoded and decoded again.
 */
import type { ArgValue, ByteString } from '../values/value.ts';
import type { ArgTypeName } from '../values/arg-type-name.ts';
import type { ArgPlan, HookKind } from '../plan/plan.ts';
import { dataBytes, integerIn, littleEndian, statusOf } from '../plan/record/bytes.ts';
import { countBytes, recordParts, statusBytes, unresolvedPath } from '../plan/record/layout.ts';
import { argType } from '../plan/types/index.ts';
import type { ArgJson } from './event.ts';
import { argJson } from './arg-json.ts';

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

/** The record from the bad descriptor on. It ends early at an argument whose bytes are not known (structures). */
function encode(values: readonly ArgValue[], plans: readonly ArgPlan[]): ByteString {
  let record = '';
  for (const [i, value] of values.entries()) {
    const type = plans[i]?.type;
    const data = type && dataBytes(value, type);
    if (data === undefined) break;
    record += littleEndian(statusOf(value), statusBytes) + data;
  }
  return record;
}

/** Reads a record as Go's `binary.Read` does: a read past the end gives zero and uses up what was left. */
class Reader {
  private at = 0;
  constructor(private readonly bytes: ByteString) {}

  /** undefined past the end. */
  integer(size: number): bigint | undefined {
    const part = this.take(size);
    return part === undefined ? undefined : integerIn(part);
  }

  take(size: number): ByteString | undefined {
    const part = this.bytes.slice(this.at, this.at + size);
    this.at += part.length;
    return part.length === size ? part : undefined;
  }

  /** A counted string; `missing` when not even the count is there, '' when it is out of bounds. */
  string(missing: ByteString): ByteString {
    const size = this.integer(countBytes);
    if (size === undefined) return missing;
    if (size > LONGEST_STRING) return '';
    return (this.take(Number(size)) ?? '').replace(/\0$/, '');
  }
}

function decode(record: ByteString, plans: readonly ArgPlan[], hook: HookKind): ArgJson[] {
  const reader = new Reader(record);
  const shown: ArgJson[] = [];
  for (const { type, label } of plans) {
    const value = readValue(reader, type);
    // What a structure holds is not known, nor what comes after it.
    if (value === 'structure') break;
    if (value) shown.push(...argJson(value, { type, hook, ...(label === undefined ? {} : { label }) }));
  }
  return shown;
}

/** undefined: Tetragon shows nothing. */
function readValue(reader: Reader, type: ArgTypeName): ArgValue | 'structure' | undefined {
  const status = reader.integer(statusBytes);
  if (status === undefined) return undefined;
  if (status === 0xffffffffn) return { kind: 'unreadable', message: 'Bad address for basic type' };
  if (status !== 0n)
    return {
      kind: 'unreadable',
      message: `Bad address encountered during resolve dereference at depth ${status - 1n}`,
    };
  let value: ArgValue | undefined;
  const integers: Partial<Record<'value' | 'size' | 'flags' | 'mode', bigint | undefined>> = {};
  for (const part of recordParts(type)) {
    if (part.part === 'structure' || part.part === 'uncounted') return 'structure';
    if (part.part === 'integer') integers[part.of] = reader.integer(part.bytes);
    else if (part.of === 'bytes') value = readBuffer(reader, integers.size);
    else if (part.of === 'text') value = { kind: 'string', value: reader.string('') };
    else value = { kind: 'file', path: reader.string('/'), mode: 0 };
  }
  if (value?.kind === 'file') {
    const unresolved = (Number(integers.flags ?? 0n) & unresolvedPath) !== 0;
    return { ...value, mode: Number(integers.mode ?? 0n), ...(unresolved ? { unresolved } : {}) };
  }
  if (!('value' in integers)) return value;
  const raw = integers.value ?? 0n;
  return argType(type).family === 'caps'
    ? { kind: 'caps', value: raw }
    : { kind: 'int', value: narrowed(raw, type) };
}

function readBuffer(reader: Reader, size: bigint | undefined): ArgValue | undefined {
  const read = reader.integer(countBytes);
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
