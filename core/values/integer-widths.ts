/** How integers are shown. */
import type { ArgTypeName } from './arg-type-name.ts';

/** Bits of an integer type as its value is shown, and whether it has a sign. */
export const integerWidths = {
  int: [32, true],
  int8: [8, true],
  int16: [16, true],
  int32: [32, true],
  int64: [64, true],
  uint8: [8, false],
  uint16: [16, false],
  uint32: [32, false],
  uint64: [64, false],
  size_t: [64, false],
  syscall64: [64, false],
  capability: [32, true],
  bpf_cmd: [32, true],
} as const satisfies Partial<Record<ArgTypeName, readonly [bits: number, signed: boolean]>>;
