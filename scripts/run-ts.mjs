/** Runs a TypeScript file of this repository: `node scripts/run-ts.mjs FILE [ARG...]`. Bundled first, Node 20 reads no types. */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { build } from 'esbuild';

const [file, ...args] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: node scripts/run-ts.mjs FILE [ARG...]');
  process.exit(2);
}
// Beside node_modules, so that packages left out of the bundle are still found.
const folder = await mkdtemp(join(import.meta.dirname, '..', 'node_modules', '.run-ts-'));
try {
  const outfile = join(folder, 'script.mjs');
  await build({
    entryPoints: [file],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    packages: 'external',
    sourcemap: 'inline',
  });
  const { status } = spawnSync(process.execPath, ['--enable-source-maps', outfile, ...args], {
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
