/** Puts kernel, guest programs and root file system together as the VM image of a kernel line. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDirectory } from '../cache/atomic.ts';
import { fileDigest, keyOf } from '../cache/digest.ts';
import { writeVmImage } from '../vm/image.ts';
import type { VmImage } from '../vm/image.ts';
import { buildInit, packInitramfs } from './guest.ts';
import type { CachedKernel } from './kernel-parts.ts';
import { runTool } from './run-tool.ts';

/** Makes the image known to the VM backend. Programs are taken from their sources below `root`. */
export async function makeVmImage(
  cache: string,
  root: string,
  parts: {
    readonly kernel: CachedKernel;
    readonly agent: string;
    readonly disk: string;
    /** Folder of the BPF objects. */
    readonly bpf: string;
  },
): Promise<VmImage> {
  const init = await buildInit(cache, join(root, 'vm', 'guest', 'init.c'));
  const initramfs = await packInitramfs(cache, parts.kernel, init, parts.agent);
  const config = await readFile(join(parts.kernel.dir, 'config'), 'utf8');
  const object = join(parts.bpf, 'tracerig.bpf.o');
  const types = await ownTypes(cache, join(parts.kernel.dir, 'vmlinux'), object);
  return writeVmImage(cache, parts.kernel.line, {
    release: parts.kernel.release,
    kernel: join(parts.kernel.dir, 'vmlinux'),
    initramfs,
    disk: parts.disk,
    object,
    types,
    parameters: lsmParameters(config),
  });
}

/** What the programs use of this kernel's types, cut out of all of them: a guest reads it in a fraction of the time. */
async function ownTypes(cache: string, vmlinux: string, object: string): Promise<string> {
  const key = keyOf([
    await fileDigest(vmlinux),
    await fileDigest(object),
    await runTool('bpftool', ['version']),
  ]);
  const dir = await makeDirectory(join(cache, 'guest', `types-${key}`), async (scratch) => {
    await runTool('bpftool', ['gen', 'min_core_btf', vmlinux, join(scratch, 'core.btf'), object]);
  });
  return join(dir, 'core.btf');
}

/** BPF programs on LSM hooks run only if `bpf` is in the list of modules; some of Debian's kernels leave it out. */
function lsmParameters(config: string): string[] {
  const list = /^CONFIG_LSM="([^"]*)"$/m.exec(config)?.[1]?.split(',').filter(Boolean) ?? [];
  return list.includes('bpf') ? [] : [`lsm=${[...list, 'bpf'].join(',')}`];
}
