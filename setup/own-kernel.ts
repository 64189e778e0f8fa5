/**
 * A kernel that the user has: a `vmlinuz` or `vmlinux`, perhaps with its folder of modules (`FILE:MODULES`), or a `.deb`. It goes by
 * its release. What it lacks for booting in the VM is said before it is booted.
 */
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { makeDirectory, removeDirectory, writeFileAtomic } from '../cache/atomic.ts';
import { fileDigest, keyOf } from '../cache/digest.ts';
import { removeTree } from '../cache/remove-tree.ts';
import { BackendError } from '../core/backend/error.ts';
import { bootLacks, diskModules } from './boot-needs.ts';
import { wantedModules } from './kernel-modules.ts';
import { modulesAmong, partsIn, unpackPackage } from './kernel-package.ts';
import { keepKernel, unpackKernel } from './kernel-parts.ts';
import type { CachedKernel, KernelOptions, KernelParts } from './kernel-parts.ts';

/** Bumped when what is kept of it changes. */
const layout = 1;

/** Whether a text names a file instead of a line. */
export const isKernelFile = (text: string): boolean => text.includes('/') || text.endsWith('.deb');

/**
 * The kernel of a file. A folder of modules that is not named is looked for where distributions have it.
 * @throws BackendError (`usage`) for a file that is no kernel, or is one that lacks what booting here takes
 */
export async function ownKernel(cache: string, spec: string, options: KernelOptions): Promise<CachedKernel> {
  const [file = '', modules] = /^([^:]+)(?::(.+))?$/.exec(spec)?.slice(1) ?? [];
  const digest = await fileDigest(file).catch((error: unknown) => refuse(file, error));
  const name = `own_${keyOf([layout, digest, modules === undefined ? '' : resolve(modules)])}`;
  const place = join(cache, 'kernels', name);
  if (options.refresh === true) await removeDirectory(place);
  const dir = await makeDirectory(place, async (scratch) => {
    options.onProgress?.(`reading ${file}`);
    const unpacked = join(scratch, 'unpacked');
    const parts = file.endsWith('.deb')
      ? await ofPackage(file, unpacked).catch((error: unknown) => refuse(file, error))
      : await ofImage(file, modules).catch((error: unknown) => refuse(file, error));
    const lacks = bootLacks(parts.config, parts.modules);
    if (lacks.length > 0) {
      const list = lacks.map((lack) => `\n  ${lack}`).join('');
      throw new BackendError('TR-usage', `${file} cannot boot in the VM:${list}`, 'usage');
    }
    await keepKernel(scratch, parts, [...wantedModules, ...diskModules]);
    await writeFileAtomic(join(scratch, 'release'), `${releaseOf(parts.image)}\n`);
    removeTree(unpacked);
  });
  const release = (await readFile(join(dir, 'release'), 'utf8')).trim();
  await writeFileAtomic(join(cache, 'kernels', `${release}.json`), JSON.stringify({ release, name }));
  return { line: release, release, dir };
}

function refuse(file: string, error: unknown): never {
  if (error instanceof BackendError) throw error;
  const why = error instanceof Error ? error.message : String(error);
  throw new BackendError('TR-usage', `${file} cannot be used as a kernel: ${why}`, 'usage');
}

async function ofPackage(deb: string, into: string): Promise<KernelParts> {
  await unpackPackage(deb, into);
  const { image, config, modules } = await partsIn(into, deb);
  return { image: await unpackKernel(image), config, modules };
}

async function ofImage(file: string, given: string | undefined): Promise<KernelParts> {
  const image = await unpackKernel(await readFile(file));
  const release = releaseOf(image);
  const root = dirname(dirname(resolve(file)));
  const folders =
    given === undefined ? [join(root, 'lib/modules', release), join('/lib/modules', release)] : [given];
  const configs = [join(dirname(file), `config-${release}`), join(dirname(file), 'config')].concat(
    ...folders.map((folder) => [join(folder, 'config'), join(folder, 'build/.config')]),
  );
  return { image, config: await firstText(configs), modules: modulesAmong(await filesBelow(folders)) };
}

/** @throws Error naming all of them if none is there */
async function firstText(paths: readonly string[]): Promise<string> {
  for (const path of paths) {
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text !== undefined) return text;
  }
  throw new Error(`its configuration is not beside it: none of ${paths.join(', ')} is there`);
}

/** Of the first folder that is there. */
async function filesBelow(folders: readonly string[]): Promise<string[]> {
  for (const folder of folders) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => undefined);
    if (entries !== undefined)
      return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  }
  return [];
}

/** What uname -r prints, from the kernel's own banner. @param image an ELF file */
function releaseOf(image: Uint8Array): string {
  const bytes = Buffer.from(image.buffer, image.byteOffset, image.byteLength);
  for (let at = 0; (at = bytes.indexOf('Linux version ', at)) !== -1; at++) {
    const release = /^Linux version (\d+\.\d[\w.+~-]*) /.exec(bytes.toString('latin1', at, at + 200))?.[1];
    if (release !== undefined) return release;
  }
  throw new Error('it has no banner that says its release');
}
