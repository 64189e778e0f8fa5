/** Comparisons that need a function of newer kernels. Without it Tetragon loads the policy, and they never match. */
import type { ArgFilter } from '../plan/plan.ts';

/** Why the filter never matches on this kernel (`6.12.117`); undefined if it can, or if the kernel is not known. */
export function kernelLacks(
  { comparison, operator }: ArgFilter,
  kernel: string | undefined,
): string | undefined {
  if (kernel === undefined || comparison.kind !== 'bytes') return undefined;
  const needed =
    comparison.match === 'substring'
      ? '6.17'
      : comparison.match === 'substring-ignore-case'
        ? '6.19'
        : undefined;
  if (needed === undefined || !isOlder(kernel, needed)) return undefined;
  return `${operator} needs a kernel of ${needed} or later; on ${kernel} it never matches`;
}

function isOlder(kernel: string, than: string): boolean {
  const [major = 0, minor = 0] = kernel.split('.').map((part) => parseInt(part, 10));
  const [neededMajor = 0, neededMinor = 0] = than.split('.').map(Number);
  return major < neededMajor || (major === neededMajor && minor < neededMinor);
}
