/** Bundles the command-line entry points into dist/, so that the installed bin loads a handful of files. */
import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { build } from 'esbuild';
import { bundleCommand, moduleSettings } from './bundle.mjs';

await rm('dist', { recursive: true, force: true });
await bundleCommand('dist');
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
