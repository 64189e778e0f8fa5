/** What `type: auto` stands for at a field of a tracepoint: Tetragon's reading of the field's declaration. */
import type { ArgTypeName } from '../values/arg-type-name.ts';
import type { TracepointField } from './kernel-facts.ts';

export type AutoType =
  | { readonly type: ArgTypeName }
  /** Tetragon has no type for it and refuses the policy. */
  | { readonly error: string };

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
