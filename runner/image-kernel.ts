/** Kernels of VM images: what they are made of tells more of them than their release. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheDir } from '../cache/cache-dir.ts';
import { factsFromBtf } from '../core/kernels/btf-facts.ts';
import { kernelFacts } from '../core/kernels/kernel-facts.ts';
import type { KernelFacts } from '../core/kernels/kernel-facts.ts';
import { isKernelName, readVmImage } from '../vm/index.ts';
import { mostKernelBytes, readBytes } from './read-file.ts';

const read = new Map<string, KernelFacts>();

/**
 * The kernel of the image that a VM of this name has, by its own types and configuration, and else as `byRelease` knows it.
 * Undefined if there is no image.
 */
export async function imageKernel(
  name: string,
  byRelease: (release: string) => Promise<KernelFacts>,
): Promise<KernelFacts | undefined> {
  // The name may come from a recording of a stranger's.
  const image = isKernelName(name) ? await readVmImage(cacheDir(), name) : undefined;
  if (image === undefined) return undefined;
  const { kernel, release } = image;
  const known = read.get(kernel.sha256);
  if (known !== undefined) return known;
  const line = await byRelease(release);
  const identity = { ...line, id: `image ${kernel.sha256}` };
  const config = readFileSync(join(dirname(kernel.path), 'config'), 'utf8');
  const facts = kernelFacts(
    identity,
    factsFromBtf(new Uint8Array(readBytes(kernel.path, mostKernelBytes)), identity, config),
    line,
  );
  read.set(kernel.sha256, facts);
  return facts;
}
