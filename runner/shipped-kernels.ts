/** Reads the kernel data that come with the package. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadKernelFacts } from '../core/kernels/kernel.ts';
import type { ShippedKernel } from '../core/kernels/kernel.ts';
import { kernelFile, shippedLine } from '../core/kernels/shipped.ts';

const loaded = new Map<string, Promise<ShippedKernel>>();

/**
 * @param version such as `6.12`, `newest`, or a whole release of a shipped line
 * @returns undefined for a kernel that is not shipped
 */
export function loadShippedKernel(version: string): Promise<ShippedKernel | undefined> {
  const line = shippedLine(version);
  if (line === undefined) return Promise.resolve(undefined);
  let kernel = loaded.get(line);
  if (!kernel) {
    kernel = readFile(join(dataFolder(), kernelFile(line))).then((bytes) =>
      loadKernelFacts(line, Uint8Array.from(bytes)),
    );
    loaded.set(line, kernel);
  }
  return kernel;
}

/** The data lie in the sources, which the package holds beside its bundle. */
function dataFolder(): string {
  let dir = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(dir, 'package.json')) && dirname(dir) !== dir) dir = dirname(dir);
  return join(dir, 'core/kernels/data');
}
