/** Gets a Debian cloud kernel into the cache: ELF image, configuration, and the modules that a guest loads. */
import { mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { removeTree } from '../cache/remove-tree.ts';
import { isWhole, makeDirectory, readTexts, writeFileAtomic } from '../cache/atomic.ts';
import type { DebianKernel } from './debian-archive.ts';
import { openDebianArchive } from './debian-archive.ts';
import { builtKernel } from './build-kernel.ts';
import { isBuilt, listedKernel } from '../vm/kernel-list.ts';
import { moduleKey } from './kernel-modules.ts';
import { keepKernel } from './kernel-parts.ts';
import type { CachedKernel, KernelOptions } from './kernel-parts.ts';
import { runTool } from './run-tool.ts';

/** Bumped when what is kept of a kernel changes. */
const layout = 3;

/** The line's kernel from the cache, or else the archive's newest, or built. @throws Error with the cause */
export async function ensureKernel(
  cache: string,
  line: string,
  options: KernelOptions = {},
): Promise<CachedKernel> {
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
      await unpack(deb, unpacked);
    }
    await keepParts(unpacked, kernel, scratch);
    removeTree(unpacked);
  });
  await writeFileAtomic(pointer, JSON.stringify({ release: kernel.release, name }));
  return { line, release: kernel.release, dir };
}

/** Unpacks only what is kept: the modules of other hardware are most of a package. */
async function unpack(deb: string, into: string): Promise<void> {
  await mkdir(into, { recursive: true });
  const patterns = [
    '*/vmlinuz*',
    '*/config*',
    '*/drivers/virtio/*',
    '*/drivers/char/*',
    '*/drivers/block/virtio_blk*',
  ]
    .concat(['*/drivers/misc/pvpanic/*', '*/drivers/char/hw_random/*'])
    .join(' ');
  // What tar says tells whether it failed: it ends with 2 where a pattern fits nothing, too.
  const script = `dpkg-deb --fsys-tarfile "$1" | tar -x -C "$2" --no-same-owner --wildcards ${patterns
    .split(' ')
    .map((pattern) => `'${pattern}'`)
    .join(
      ' ',
    )} 2>&1 | { grep -v -e 'Not found in archive' -e 'Exiting with failure status due to previous errors' || true; }`;
  const said = await runTool('bash', ['-c', script, 'unpack', deb, into], { env: { LC_ALL: 'C' } });
  if (said.trim() !== '') throw new Error(`unpacking ${deb} failed: ${said.trim().split('\n').at(-1) ?? ''}`);
}

async function keepParts(unpacked: string, kernel: DebianKernel, scratch: string): Promise<void> {
  const files = (await readdir(unpacked, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const find = (pattern: RegExp, what: string): string => {
    const path = files.find((file) => pattern.test(file));
    if (path === undefined) throw new Error(`the packages of ${kernel.release} hold no ${what}`);
    return path;
  };
  const modules = new Map<string, string>();
  for (const file of files) {
    const name = /\/([^/]+)\.ko(?:\.xz)?$/.exec(file)?.[1];
    if (name !== undefined) modules.set(moduleKey(name), file);
  }
  await keepKernel(scratch, {
    image: await readFile(find(/\/vmlinuz[^/]*$/, 'kernel image')),
    config: await readFile(find(/\/boot\/config-[^/]+$|\/modules\/[^/]+\/config$/, 'configuration'), 'utf8'),
    modules,
  });
}
