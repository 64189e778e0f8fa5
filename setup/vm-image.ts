/** Puts kernel, guest programs and root file system together as the VM image of a kernel line. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeVmImage } from '../vm/image.ts';
import type { VmImage } from '../vm/image.ts';
import { buildInit, packInitramfs } from './guest.ts';
import type { CachedKernel } from './kernel.ts';

/** Makes the image known to the VM backend. Programs are taken from their sources below `root`. */
export async function makeVmImage(
  cache: string,
  root: string,
  parts: { readonly kernel: CachedKernel; readonly agent: string; readonly disk: string },
): Promise<VmImage> {
  const init = await buildInit(cache, join(root, 'vm', 'guest', 'init.c'));
  const initramfs = await packInitramfs(cache, parts.kernel, init, parts.agent);
  const config = await readFile(join(parts.kernel.dir, 'config'), 'utf8');
  return writeVmImage(cache, parts.kernel.line, {
    release: parts.kernel.release,
    kernel: join(parts.kernel.dir, 'vmlinux'),
    initramfs,
    disk: parts.disk,
    parameters: lsmParameters(config),
  });
}

/** BPF programs on LSM hooks run only if `bpf` is in the list of modules; some of Debian's kernels leave it out. */
export function lsmParameters(config: string): string[] {
  const list = /^CONFIG_LSM="([^"]*)"$/m.exec(config)?.[1]?.split(',').filter(Boolean) ?? [];
  return list.includes('bpf') ? [] : [`lsm=${[...list, 'bpf'].join(',')}`];
}
