/** Gets a Debian cloud kernel into the cache: ELF image, configuration, and the modules that a guest loads. */
import { join } from 'node:path';
import { removeTree } from '../cache/remove-tree.ts';
import { isWhole, makeDirectory, readTexts, writeFileAtomic } from '../cache/atomic.ts';
import { openDebianArchive } from './debian-archive.ts';
import { builtKernel } from './build-kernel.ts';
import { isBuilt, listedKernel } from '../vm/kernel-list.ts';
import { partsIn, unpackPackage } from './kernel-package.ts';
import { keepKernel } from './kernel-parts.ts';
import type { CachedKernel, KernelOptions } from './kernel-parts.ts';
import { isKernelFile, ownKernel } from './own-kernel.ts';

/** Bumped when what is kept of a kernel changes. */
const layout = 3;

/** The line's kernel from the cache, or else the archive's newest, or built; or a kernel of the user's. @throws Error with the cause */
export async function ensureKernel(
  cache: string,
  line: string,
  options: KernelOptions = {},
): Promise<CachedKernel> {
  if (isKernelFile(line)) return ownKernel(cache, line, options);
  const listed = listedKernel(line);
  if (isBuilt(listed)) return builtKernel(cache, listed, options);
  const pointer = join(cache, 'kernels', `${line}.json`);
  if (options.refresh !== true) {
    const known = await readTexts(pointer, ['release', 'name']);
    const dir = join(cache, 'kernels', known?.name ?? '');
    if (known?.name.endsWith(`.${layout}`) && (await isWhole(dir))) {
      return { line, release: known.release, dir };
    }
  }
  options.onProgress?.('reading the archive’s lists');
  const archive = await openDebianArchive(cache, {
    suites: [listed.suite],
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  const kernel = await archive.newestKernel(line);
  const name = `${kernel.release}_${kernel.version}.${layout}`;
  const dir = await makeDirectory(join(cache, 'kernels', name), async (scratch) => {
    const unpacked = join(scratch, 'unpacked');
    for (const pkg of kernel.packages) {
      options.onProgress?.(`downloading ${pkg.name}`);
      const deb = await archive.download(pkg);
      options.onProgress?.(`unpacking ${pkg.name}`);
      await unpackPackage(deb, unpacked);
    }
    await keepKernel(scratch, await partsIn(unpacked, `the packages of ${kernel.release}`));
    removeTree(unpacked);
  });
  await writeFileAtomic(pointer, JSON.stringify({ release: kernel.release, name }));
  return { line, release: kernel.release, dir };
}
