/**
 * Makes the files of core/kernels/data from Debian's kernel packages: `node scripts/run-ts.mjs scripts/kernel-data.ts
 * LINE...`, where a line is such as `6.12`, or `newest`. What is in the cache is taken from there.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { constants, gzipSync } from 'node:zlib';
import { encodeKernelData } from '../core/kernels/format.ts';
import { ensureKernel } from '../setup/kernel.ts';
import { cacheDir } from '../cache/cache-dir.ts';
import { extractKernelData } from './kernel-data/extract.ts';

const lines = process.argv.slice(2);
if (lines.length === 0) {
  console.error('usage: kernel-data LINE...   (such as 5.10 6.1 6.12 6.18 newest)');
  process.exit(2);
}
const folder = join(process.cwd(), 'core/kernels/data');
await mkdir(folder, { recursive: true });
for (const line of lines) {
  const kernel = await ensureKernel(cacheDir(), line, {
    onProgress: (what) => {
      console.error(`${line}: ${what}`);
    },
  });
  const [vmlinux, config] = await Promise.all([
    readFile(join(kernel.dir, 'vmlinux')),
    readFile(join(kernel.dir, 'config'), 'utf8'),
  ]);
  const data = extractKernelData(vmlinux, config, kernel.release);
  const packed = gzipSync(encodeKernelData(data), { level: constants.Z_BEST_COMPRESSION, memLevel: 9 });
  const name = /^\d+\.\d+/.exec(kernel.release)?.[0] ?? line;
  await writeFile(join(folder, `${name}.kernel`), packed);
  const counts = `${data.functions.length} functions, ${data.tracepoints.length} tracepoints`;
  console.log(`${name}.kernel: ${kernel.release}, ${counts}, ${packed.length} bytes`);
}
