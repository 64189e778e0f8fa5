/** Taint bits of a kernel module that Tetragon names. */
const taints: readonly (readonly [bit: bigint, name: string])[] = [
  [1n << 0n, 'TAINT_PROPRIETARY_MODULE'],
  [1n << 1n, 'TAINT_FORCED_MODULE'],
  [1n << 2n, 'TAINT_FORCED_UNLOAD_MODULE'],
  [1n << 10n, 'TAINT_STAGED_MODULE'],
  [1n << 12n, 'TAINT_OUT_OF_TREE_MODULE'],
  [1n << 13n, 'TAINT_UNSIGNED_MODULE'],
  [1n << 15n, 'TAINT_KERNEL_LIVE_PATCH_MODULE'],
  [1n << 18n, 'TAINT_TEST_MODULE'],
];

/** Names of the bits that have one, lowest first. */
export function moduleTaintNames(bits: bigint): string[] {
  return taints.filter(([bit]) => (bits & bit) !== 0n).map(([, name]) => name);
}
