/** The kernels whose data are shipped, in `core/kernels/data`. */
import { parseRelease } from './release.ts';

/** Lines of kernel versions, oldest first. */
export const shippedKernels = ['5.10', '6.1', '6.12', '6.18', '7.3'] as const;

/** The shipped line that a user's version means: a line, `newest`, or a whole version or release of the line. */
export function shippedLine(version: string): string | undefined {
  if (version === 'newest') return shippedKernels.at(-1);
  const line = parseRelease(version)?.line;
  return shippedKernels.find((known) => known === line);
}

/** Name of the file in `core/kernels/data` that holds the data of all lines. */
export const kernelsFile = 'debian.kernels';

/** Name of the file that holds the functions of all lines' modules. */
export const modulesFile = 'modules.kernels';
