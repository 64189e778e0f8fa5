/**
 * Builds a kernel from a source package of Debian's: the smallest that there is (tinyconfig) with the options of a file. It is
 * cached by content: another source, file of options or compiler is another kernel.
 */
import { readFile, statfs, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { isWhole, makeDirectory, readTexts, writeFileAtomic } from '../cache/atomic.ts';
import { keyOf } from '../cache/digest.ts';
import { removeTree } from '../cache/remove-tree.ts';
import { openDebianArchive } from './debian-archive.ts';
import { lostOptions } from './kernel-config.ts';
import { listFolder } from '../vm/kernel-list.ts';
import type { SourceKernel } from '../vm/kernel-list.ts';
import { keepKernel } from './kernel-parts.ts';
import type { CachedKernel, KernelOptions } from './kernel-parts.ts';
import { runTool } from './run-tool.ts';
import type { ToolOptions } from './run-tool.ts';

/** Bumped when the way it is built changes, or what is kept of it. */
const recipe = 1;

/** Source and objects, measured: 3.1. They are removed when the kernel is built. */
const neededGigabytes = 4;

/** So that the same source gives the same kernel. */
const builder = {
  KBUILD_BUILD_USER: 'tracerig',
  KBUILD_BUILD_HOST: 'tracerig',
  KBUILD_BUILD_TIMESTAMP: '2000-01-01',
};

/** The kernel from the cache, or else built. @throws Error with the cause; nothing is left then */
export async function builtKernel(
  cache: string,
  kernel: SourceKernel,
  options: KernelOptions = {},
): Promise<CachedKernel> {
  const { line } = kernel;
  const fragment = await readFile(join(listFolder(), kernel.config), 'utf8');
  const wanted = keyOf([recipe, kernel.source, fragment]);
  const pointer = join(cache, 'kernels', `${line}.json`);
  if (options.refresh !== true) {
    const known = await readTexts(pointer, ['release', 'name', 'wanted']);
    const dir = join(cache, 'kernels', known?.name ?? '');
    if (known?.wanted === wanted && (await isWhole(dir))) return { line, release: known.release, dir };
  }
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  options.onProgress?.('reading the archive’s lists');
  const archive = await openDebianArchive(cache, { suites: [kernel.suite], ...signal });
  const source = await archive.newestPackage(kernel.source);
  const compiler = await runTool('gcc', ['--version']);
  const name = `${line}_${source.version}_${keyOf([wanted, compiler])}`;
  const dir = await makeDirectory(join(cache, 'kernels', name), async (scratch) => {
    await checkPlace(scratch);
    options.onProgress?.(`downloading ${source.name}`);
    const deb = await archive.download(source);
    options.onProgress?.('unpacking the source');
    const tree = join(scratch, 'source');
    await unpackSource(deb, kernel.source, tree, signal);
    const objects = join(scratch, 'objects');
    const built = await build(tree, objects, fragment, { ...signal, onLine: options.onProgress });
    await keepKernel(scratch, { image: built.image, config: built.config, modules: new Map() });
    await writeFile(join(scratch, 'release'), `${built.release}\n`);
    removeTree(objects);
    removeTree(tree);
  });
  const release = (await readFile(join(dir, 'release'), 'utf8')).trim();
  await writeFileAtomic(pointer, JSON.stringify({ release, name, wanted }));
  return { line, release, dir };
}

/** @throws Error where nothing could be built, before much is done for it */
async function checkPlace(scratch: string): Promise<void> {
  if (/[\s:]/.test(scratch))
    throw new Error(`a kernel cannot be built in ${scratch}: its makefiles take no space and no colon`);
  const { bavail, bsize } = await statfs(scratch);
  if (bavail * bsize < neededGigabytes * 1e9)
    throw new Error(`building a kernel takes ${neededGigabytes} GB in ${scratch} for a while`);
}

async function unpackSource(
  deb: string,
  name: string,
  into: string,
  signal: Pick<ToolOptions, 'signal'>,
): Promise<void> {
  const script = [
    'set -o pipefail',
    'mkdir "$3"',
    'dpkg-deb --fsys-tarfile "$1" | tar -xO "./usr/src/$2.tar.xz" | tar -xJ -C "$3" --strip-components=1',
  ].join('\n');
  await runTool('bash', ['-ec', script, 'unpack', deb, name, into], signal);
}

interface BuiltKernel {
  /** A bzImage. */
  readonly image: Uint8Array;
  readonly config: string;
  /** `uname -r`. */
  readonly release: string;
}

async function build(
  source: string,
  objects: string,
  fragment: string,
  options: { readonly signal?: AbortSignal; readonly onLine?: ((line: string) => void) | undefined },
): Promise<BuiltKernel> {
  const { signal, onLine } = options;
  const make = (...targets: string[]): Promise<string> =>
    runTool('make', [`O=${objects}`, `-j${availableParallelism()}`, ...targets], {
      cwd: source,
      env: builder,
      ...(signal === undefined ? {} : { signal }),
      ...(onLine === undefined ? {} : { onLine: (line: string) => onLine(line.slice(0, 100)) }),
    });
  await make('tinyconfig');
  const configFile = join(objects, '.config');
  // Of an option that is there twice the last counts.
  await writeFile(configFile, `${await readFile(configFile, 'utf8')}\n${fragment}`);
  await make('olddefconfig');
  const config = await readFile(configFile, 'utf8');
  const lost = lostOptions(fragment, config);
  if (lost.length > 0)
    throw new Error(
      `this source does not take ${lost.join(', ')}: it has no such option, or another one rules it out`,
    );
  await make('bzImage');
  const release = (await make('-s', 'kernelrelease')).trim();
  return { image: await readFile(join(objects, 'arch/x86/boot/bzImage')), config, release };
}
