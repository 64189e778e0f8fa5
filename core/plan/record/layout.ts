/**
 * Tetragon's record of a hook's arguments in the event's buffer: args, then data, one after another. Each is a status
 * word (0: read) and, if it was read, the parts of its type. Integers are little-endian. Filters read arguments at their
 * place in this record, and the reader in user space decodes it: what is odd about unresolvable descriptors and long
 * texts follows from it.
 */
import type { ArgTypeName } from '../../values/arg-type-name.ts';

export type RecordPart =
  | {
      readonly part: 'integer';
      /** `size`: what a buffer's call asked for. `flags`, `mode`: of a path. */
      readonly of: 'value' | 'size' | 'flags' | 'mode';
      readonly bytes: 2 | 4 | 8;
    }
  /** Four bytes that count, then as many bytes. */
  | { readonly part: 'counted'; readonly of: 'path' | 'text' | 'bytes' }
  /** As many bytes as the kernel's type has; nothing counts them. */
  | { readonly part: 'uncounted'; readonly of: 'bytes' }
  /** A structure (sizes: Tetragon's bpf/process/types and pkg/api/tracingapi). Its fields are not told apart. */
  | { readonly part: 'structure'; readonly bytes: number };

/** Bytes of the status word before each argument's data. */
export const statusBytes = 4;
/** Bytes of the count before counted bytes. */
export const countBytes = 4;
/** Filters mask the offset of an argument's data with 2047: from here on they read at the start again (recording 155). */
export const filterWindow = 2048;
/** Flag of a path of which components are missing: it is written without any (recording 196). */
export const unresolvedPath = 0x2;

type Parts = readonly RecordPart[];
const integer = (bytes: 4 | 8): Parts => [{ part: 'integer', of: 'value', bytes }];
const structure = (bytes: number): Parts => [{ part: 'structure', bytes }];
const text: Parts = [{ part: 'counted', of: 'text' }];
const path: Parts = [
  { part: 'counted', of: 'path' },
  { part: 'integer', of: 'flags', bytes: 4 },
  { part: 'integer', of: 'mode', bytes: 2 },
];
const buffer: Parts = [
  { part: 'integer', of: 'size', bytes: 4 },
  { part: 'counted', of: 'bytes' },
];

const layouts: Readonly<Record<ArgTypeName, Parts>> = {
  // Short integers take a whole word.
  ...{ int: integer(4), int8: integer(4), int16: integer(4), int32: integer(4), int64: integer(8) },
  ...{ uint8: integer(4), uint16: integer(4), uint32: integer(4), uint64: integer(8), size_t: integer(8) },
  ...{ syscall64: integer(8), bpf_cmd: integer(4), auto: integer(8) },
  ...{ kernel_cap_t: integer(8), cap_inheritable: integer(8) },
  ...{ cap_permitted: integer(8), cap_effective: integer(8) },
  ...{ string: text, filename: text, data_loc: text, net_device: text },
  ...{ char_buf: buffer, char_iovec: buffer, iov_iter: buffer },
  const_buf: [{ part: 'uncounted', of: 'bytes' }],
  // The number of a descriptor is not kept, only what it refers to.
  ...{ fd: path, file: path, kiocb: path, path, dentry: path, linux_binprm: path },
  ...{ sock: structure(64), socket: structure(64), skb: structure(64) },
  ...{ sockaddr: structure(24), sockaddr_un: structure(110) },
  ...{ cred: structure(80), user_namespace: structure(16) },
  // The number, and as many bytes that are not used.
  capability: structure(8),
  ...{ bpf_attr: structure(24), bpf_prog: structure(24), bpf_map: structure(32), perf_event: structure(152) },
  ...{ load_info: structure(80), module: structure(80) },
  nop: [],
};

export function recordParts(type: ArgTypeName): Parts {
  return layouts[type];
}

/** Bytes of the data that every argument of the type has, and whether there are more, of which it says how many. */
export function recordSize(type: ArgTypeName): { readonly fixed: number; readonly counted: boolean } {
  let fixed = 0;
  let counted = false;
  for (const part of layouts[type]) {
    if (part.part === 'integer' || part.part === 'structure') fixed += part.bytes;
    if (part.part === 'counted') {
      fixed += countBytes;
      counted = true;
    }
  }
  return { fixed, counted };
}
