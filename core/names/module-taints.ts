/** What taints a kernel module, by the kernel's bits, with Tetragon's names. Others it does not show. */
const taints = [
  ['TAINT_PROPRIETARY_MODULE', 1n << 0n],
  ['TAINT_FORCED_MODULE', 1n << 1n],
  ['TAINT_FORCED_UNLOAD_MODULE', 1n << 2n],
  ['TAINT_STAGED_MODULE', 1n << 10n],
  ['TAINT_OUT_OF_TREE_MODULE', 1n << 12n],
  ['TAINT_UNSIGNED_MODULE', 1n << 13n],
  ['TAINT_KERNEL_LIVE_PATCH_MODULE', 1n << 15n],
  ['TAINT_TEST_MODULE', 1n << 18n],
] as const;

/** Names of the flags, in the order of events. */
export function moduleTaints(flags: bigint): string[] {
  return taints.filter(([, bit]) => (flags & bit) !== 0n).map(([name]) => name);
}
