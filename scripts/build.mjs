/** Bundles the command and the library into dist/, so that the installed bin loads a handful of files. */
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleCommand, bundleLibrary, moduleSettings } from './bundle.mjs';

await mkdir('dist', { recursive: true });
// Not the declarations: npm builds once more between making them (prepack) and packing.
for (const name of await readdir('dist')) {
  if (name !== 'types') await rm(join('dist', name), { recursive: true });
}
await bundleCommand('dist');
await bundleLibrary('dist/lib');
await build({
  ...moduleSettings,
  entryPoints: {
    setup: 'setup/main.ts',
    'test-all': 'scripts/test-all.ts',
    'code-cache': 'scripts/code-cache.ts',
  },
  outdir: 'dist',
});
const { status } = spawnSync(process.execPath, ['dist/code-cache.js'], {
  stdio: ['ignore', 'inherit', 'inherit'],
});
if (status !== 0) console.error('the command will start slower: its compiled code could not be kept');
