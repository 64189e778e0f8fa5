/** What `type: auto` stands for at a field of a tracepoint: Tetragon's reading of the field's declaration. */
import type { ArgTypeName } from '../values/arg-type-name.ts';
import type { TracepointField } from './kernel-facts.ts';

export type AutoType =
  | { readonly type: ArgTypeName }
  /** Tetragon has no type for it and refuses the policy. */
  | { readonly error: string };

/**
 * Bytes that Tetragon takes of a field whose type the policy declares (get_ctx_ul in its bpf_generic_tracepoint.c). A type
 * that is not named here it takes for 0, whatever the field holds; but for texts and arrays of the record itself.
 */
export const fieldBytes: Partial<Record<ArgTypeName, 1 | 2 | 4 | 8>> = {
  ...{ int: 4, int8: 1, int16: 2, int32: 4, int64: 8 },
  ...{ uint8: 1, uint16: 2, uint32: 4, uint64: 8, size_t: 8, syscall64: 8 },
  ...{ string: 8, char_buf: 8, skb: 8, sock: 8, socket: 8, sockaddr: 8 },
};

const inRecord: readonly ArgTypeName[] = ['data_loc', 'const_buf', 'nop'];

/** An argument of the type is 0 at any field of a tracepoint. */
export const isZeroAtField = (type: ArgTypeName): boolean =>
  fieldBytes[type] === undefined && !inRecord.includes(type);

const integers = /^(?:unsigned )?(?:char|short|int|long|long long)$|^unsigned$|^u(?:8|16|32|64)$/;
/** Names that it knows and can do nothing with. */
const named: Readonly<Record<string, string>> = {
  bool: 'tracepoint.BoolTy',
  pid_t: 'tracepoint.PidTy',
  void: 'tracepoint.VoidTy',
  dma_addr_t: 'tracepoint.DmaAddrTy',
};

/** @param sized the argument has a sizeArgIndex, which a buffer needs */
export function autoFieldType(field: TracepointField, sized: boolean): AutoType {
  // The name stands between the type and the brackets in the format file.
  const array = /^(.*?)\s*\[(\w*)\]$/.exec(field.type);
  const whole = (array?.[1] ?? field.type).replace(/ __attribute__.*$/, '').trim();
  const pointer = /^(.*?)\s*\*$/.exec(whole);
  const base = (pointer?.[1] ?? whole).replace(/^const /, '');
  if (base.includes('*')) return { error: 'did not process all fields' };
  if (!integers.test(base) && base !== 'size_t' && named[base] === undefined)
    return { error: `unknown type:${base.split(' ')[0] ?? ''}` };
  if (array) return arrayType(base, array[2] ?? '');
  if (pointer) {
    if (!integers.test(base)) return { error: 'cannot handle pointer type to tracepoint.PointerTy' };
    if (!/^(?:unsigned )?char$/.test(base)) return { error: 'unknown type: tracepoint.PointerTy' };
    return sized ? { type: 'char_buf' } : { error: 'no metadata field for buffer' };
  }
  if (base === 'size_t') return { type: 'size_t' };
  if (!integers.test(base)) return { error: `unknown type: ${named[base]}` };
  if (field.size === 4) return { type: field.signed ? 'int32' : 'uint32' };
  if (field.size === 8) return { type: field.signed ? 'int64' : 'uint64' };
  return { error: 'unknown type: tracepoint.IntTy' };
}

function arrayType(base: string, length: string): AutoType {
  if (length === '') return { error: 'failed to parse size' };
  if (!integers.test(base)) return { error: 'failed to get size of array type' };
  return { type: 'const_buf' };
}
