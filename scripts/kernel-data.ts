/**
 * Makes the files of core/kernels/data from Debian's kernel packages: `node scripts/run-ts.mjs scripts/kernel-data.ts`.
 * All shipped lines at once, since they are in one file, and so are their modules. What is in the cache is taken from there.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { constants, gzipSync } from 'node:zlib';
import { cacheDir } from '../cache/cache-dir.ts';
import { encodeKernels } from '../core/kernels/format.ts';
import { encodeModules } from '../core/kernels/module-data.ts';
import type { KernelData } from '../core/kernels/kernel-data.ts';
import type { ModuleFunctions } from '../core/kernels/module-data.ts';
import { kernelsFile, modulesFile, shippedKernels } from '../core/kernels/shipped.ts';
import { openDebianArchive } from '../setup/debian-archive.ts';
import { listedKernel } from '../vm/kernel-list.ts';
import { ensureKernel } from '../setup/kernel.ts';
import { btfOf, extractKernelData } from './kernel-data/extract.ts';
import { moduleFunctions } from './kernel-data/modules.ts';

const folder = join(process.cwd(), 'core/kernels/data');
await mkdir(folder, { recursive: true });
const kernels: KernelData[] = [];
const modules = new Map<string, ModuleFunctions>();
for (const line of shippedKernels) {
  const tell = (what: string): void => {
    console.error(`${line}: ${what}`);
  };
  const kernel = await ensureKernel(cacheDir(), line, { onProgress: tell });
  const [vmlinux, config] = await Promise.all([
    readFile(join(kernel.dir, 'vmlinux')),
    readFile(join(kernel.dir, 'config'), 'utf8'),
  ]);
  const data = extractKernelData(vmlinux, config, kernel.release);
  kernels.push(data);
  tell('reading its modules');
  const ofModules = await moduleFunctions(await packagesOf(line, kernel.release), btfOf(vmlinux));
  modules.set(kernel.release, ofModules);
  const counts = `${data.functions.length} functions, ${data.tracepoints.length} tracepoints, ${ofModules.size} modules`;
  console.log(`${line}: ${kernel.release}, ${counts}`);
}
console.log(`${kernelsFile}: ${await writePacked(kernelsFile, encodeKernels(kernels))} bytes`);
console.log(`${modulesFile}: ${await writePacked(modulesFile, encodeModules(modules))} bytes`);

async function writePacked(name: string, text: string): Promise<number> {
  const packed = gzipSync(text, { level: constants.Z_BEST_COMPRESSION, memLevel: 9 });
  await writeFile(join(folder, name), packed);
  return packed.length;
}

/** The cache keeps few of the modules, so the packages are looked at again. */
async function packagesOf(line: string, release: string): Promise<string[]> {
  const archive = await openDebianArchive(cacheDir(), { suites: [listedKernel(line).suite] });
  const kernel = await archive.newestKernel(line);
  if (kernel.release !== release)
    throw new Error(
      `${line}: the cache has ${release}, the archive ${kernel.release}: remove it from the cache`,
    );
  return Promise.all(kernel.packages.map((pkg) => archive.download(pkg)));
}
