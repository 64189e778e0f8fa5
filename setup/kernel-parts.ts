/** What is kept of a kernel in the cache, wherever it comes from. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { kernelPayload } from './kernel-image.ts';
import { loadOrder, wantedModules } from './kernel-modules.ts';
import { runToolForBytes } from './run-tool.ts';

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

export interface KernelParts {
  /** A bzImage, or an ELF file. */
  readonly image: Uint8Array;
  readonly config: string;
  /** Files of modules by `moduleKey`. */
  readonly modules: ReadonlyMap<string, string>;
}

/** Writes the parts that a guest boots from, and the modules of these names where there are any. @throws Error for an image that is none */
export async function keepKernel(
  dir: string,
  { image, config, modules }: KernelParts,
  wanted: readonly string[] = wantedModules,
): Promise<void> {
  await writeFile(join(dir, 'vmlinux'), await unpackKernel(image));
  await writeFile(join(dir, 'config'), config);
  const order = await loadOrder(wanted, async (key) => {
    const path = modules.get(key);
    if (path === undefined) return undefined;
    const tool = packedBy[extname(path)];
    return tool === undefined ? readFile(path) : runToolForBytes(tool, ['-dc', path]);
  });
  await mkdir(join(dir, 'modules'));
  for (const { key, content } of order) await writeFile(join(dir, 'modules', `${key}.ko`), content);
  await writeFile(join(dir, 'modules', 'order'), order.map(({ key }) => `${key}.ko\n`).join(''));
}

/** What packs a module, by the end of its name. */
const packedBy: Readonly<Record<string, string>> = { '.xz': 'xz', '.zst': 'zstd', '.gz': 'gzip' };

const isElf = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.subarray(0, 4)).toString('latin1') === '\x7fELF';

/** The ELF file inside a bzImage; or the image, if it is one itself. @throws Error for an image that is neither */
export async function unpackKernel(image: Uint8Array): Promise<Uint8Array> {
  if (isElf(image)) return image;
  const { tool, data, size } = kernelPayload(image);
  const elf = await runToolForBytes(tool, ['-dc'], { input: data });
  if (elf.length === size && isElf(elf)) return elf;
  throw new Error(`the kernel image does not unpack to an ELF file of ${size} bytes`);
}
