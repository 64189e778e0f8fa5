/** Type information (BTF) of kernels that this machine has: of the one that runs, and of those that the VM boots. */
import { readFileSync, readdirSync } from 'node:fs';
import { release as runningRelease } from 'node:os';
import { join } from 'node:path';
import { cacheDir } from '../cache/cache-dir.ts';
import { typeLookup } from '../core/btf/resolve.ts';
import type { TypeLookup } from '../core/btf/resolve.ts';
import { readBtf } from '../core/kernels/btf-facts.ts';

const runningBtf = '/sys/kernel/btf/vmlinux';

const read = new Map<string, TypeLookup | undefined>();

/** Types of exactly this kernel; undefined if the machine has none. */
export function typesOfRelease(release: string): TypeLookup | undefined {
  if (!read.has(release)) read.set(release, readTypes(release));
  return read.get(release);
}

function readTypes(release: string): TypeLookup | undefined {
  const path = release === runningRelease() ? runningBtf : cachedImage(release);
  if (path === undefined) return undefined;
  try {
    return typeLookup(readBtf(new Uint8Array(readFileSync(path))));
  } catch {
    // A kernel without BTF, or a file that is none: nothing is known of its types.
    return undefined;
  }
}

/** The image that setup keeps of the kernel (see setup/kernel.ts). */
function cachedImage(release: string): string | undefined {
  const folder = join(cacheDir(), 'kernels');
  try {
    const name = readdirSync(folder).find((entry) => entry.startsWith(`${release}_`));
    return name === undefined ? undefined : join(folder, name, 'vmlinux');
  } catch {
    return undefined;
  }
}
