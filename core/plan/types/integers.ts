/** Integer types. 8 and 16 bits are compared zero-extended, size_t by its low 32 bits: what Tetragon does. */
import type { ArgType, IntegerTraits } from './arg-type.ts';

const s32: IntegerTraits = { load: 's32', constants: 's32', mapLoad: 'u32', mapKeys: 's64' };
const u32: IntegerTraits = { load: 'u32', constants: 'u32', mapLoad: 'u32', mapKeys: 'u64' };
const s64: IntegerTraits = { load: 's64', constants: 's64', mapLoad: 'u64', mapKeys: 's64' };
const u64: IntegerTraits = { load: 'u64', constants: 'u64', mapLoad: 'u64', mapKeys: 'u64' };
const s16: IntegerTraits = { load: 'u16', constants: 's32', mapLoad: 'u16', mapKeys: 's64' };
const u16: IntegerTraits = { load: 'u16', constants: 'u32', mapLoad: 'u16', mapKeys: 'u64' };
const s8: IntegerTraits = { load: 'u8', constants: 's32', mapLoad: 'u8', mapKeys: 's64' };
const u8: IntegerTraits = { load: 'u8', constants: 'u32', mapLoad: 'u8', mapKeys: 'u64' };
const size: IntegerTraits = { load: 'u32', constants: 's32', mapLoad: 'u32', mapKeys: 's64' };
const syscall: IntegerTraits = { load: 'u64', constants: 's64', mapLoad: 'u64', mapKeys: 's64' };

function integer(
  name: ArgType['name'],
  aliases: readonly string[],
  reads: string,
  jsonKey: string,
  traits: IntegerTraits,
): ArgType {
  return { name, aliases, family: 'int', reads, jsonKey, integer: traits };
}

export const integerTypes: readonly ArgType[] = [
  integer('int', [], 'the low 32 bits, signed', 'int_arg', s32),
  integer('int32', ['sint32'], 'the low 32 bits, signed', 'int_arg', s32),
  integer('uint32', [], 'the low 32 bits, unsigned', 'uint_arg', u32),
  integer('int8', ['sint8'], 'the low 8 bits, shown signed, compared unsigned', 'int_arg', s8),
  integer('int16', ['sint16'], 'the low 16 bits, shown signed, compared unsigned', 'int_arg', s16),
  integer('uint8', [], 'the low 8 bits, unsigned', 'uint_arg', u8),
  integer('uint16', [], 'the low 16 bits, unsigned', 'uint_arg', u16),
  integer('int64', ['sint64', 'long'], '64 bits, signed', 'long_arg', s64),
  integer('uint64', ['ulong'], '64 bits, unsigned', 'size_arg', u64),
  integer('size_t', [], '64 bits, unsigned; only the low 32 bits are compared', 'size_arg', size),
  {
    name: 'syscall64',
    aliases: [],
    family: 'syscall',
    reads: 'a system call number; bit 31 marks a 32-bit call',
    jsonKey: 'syscall_id',
    integer: syscall,
  },
];
