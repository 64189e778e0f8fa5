/** The kernels whose data are shipped, in `core/kernels/data`. */

/** Lines of kernel versions, oldest first. */
export const shippedKernels = ['5.10', '6.1', '6.12', '6.18', '7.3'] as const;

/** The shipped line that a user's version means: a line, `newest`, or a whole version or release of the line. */
export function shippedLine(version: string): string | undefined {
  if (version === 'newest') return shippedKernels.at(-1);
  const line = /^\d+\.\d+(?=$|[.\-+])/.exec(version)?.[0];
  return shippedKernels.find((known) => known === line);
}

/** Name of the file in `core/kernels/data` that holds a line's data. */
export const kernelFile = (line: string): string => `${line}.kernel`;
