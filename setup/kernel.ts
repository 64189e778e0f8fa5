/** Gets a Debian cloud kernel into the cache: ELF image, configuration, and the modules that a guest loads. */
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { removeTree } from '../cache/remove-tree.ts';
import { isWhole, makeDirectory, readTexts, writeFileAtomic } from '../cache/atomic.ts';
import type { DebianKernel } from './debian-archive.ts';
import { openDebianArchive, suitesOfLine } from './debian-archive.ts';
import { kernelPayload } from './kernel-image.ts';
import { loadOrder, moduleKey, wantedModules } from './kernel-modules.ts';
import { runTool, runToolForBytes } from './run-tool.ts';

/** Bumped when what is kept of a kernel changes. */
const layout = 3;

/** A kernel in the cache. */
export interface CachedKernel {
  readonly line: string;
  /** `6.12.118+deb13-cloud-amd64`. */
  readonly release: string;
  /** Holds `vmlinux`, `config`, and `modules/` with `order` naming its files in load order. */
  readonly dir: string;
}

export interface KernelOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (what: string) => void;
  /** Look for a newer one even if the line is in the cache. */
  readonly refresh?: boolean;
}

/** The line's kernel from the cache, or else the archive's newest. @throws Error with the cause */
export async function ensureKernel(
  cache: string,
  line: string,
  options: KernelOptions = {},
): Promise<CachedKernel> {
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
    suites: suitesOfLine(line),
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
  const payload = kernelPayload(await readFile(find(/\/vmlinuz[^/]*$/, 'kernel image')));
  const stdout = await runToolForBytes(payload.tool, ['-dc'], { input: payload.data });
  if (stdout.length !== payload.size || Buffer.from(stdout.subarray(0, 4)).toString('latin1') !== '\x7fELF') {
    throw new Error(
      `the kernel image of ${kernel.release} does not unpack to an ELF file of ${payload.size} bytes`,
    );
  }
  await writeFile(join(scratch, 'vmlinux'), stdout);
  await writeFile(
    join(scratch, 'config'),
    await readFile(find(/\/boot\/config-[^/]+$|\/modules\/[^/]+\/config$/, 'configuration')),
  );

  const modules = new Map<string, string>();
  for (const file of files) {
    const name = /\/([^/]+)\.ko(?:\.xz)?$/.exec(file)?.[1];
    if (name !== undefined) modules.set(moduleKey(name), file);
  }
  const order = await loadOrder(wantedModules, async (key) => {
    const path = modules.get(key);
    if (path === undefined) return undefined;
    if (!path.endsWith('.xz')) return readFile(path);
    return runToolForBytes('xz', ['-dc', path]);
  });
  await mkdir(join(scratch, 'modules'));
  for (const { key, content } of order) await writeFile(join(scratch, 'modules', `${key}.ko`), content);
  await writeFile(join(scratch, 'modules', 'order'), order.map(({ key }) => `${key}.ko\n`).join(''));
}
