/** Bundles the command and the library into dist/, so that the installed bin loads a handful of files. */
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleCommand, bundleLibrary, moduleSettings } from './bundle.mjs';
import { noticesOf } from './notices.mjs';

const tools = join('build', 'tools');

await mkdir('dist', { recursive: true });
// Not the declarations: npm builds once more between making them (prepack) and packing.
for (const name of await readdir('dist')) {
  if (name !== 'types') await rm(join('dist', name), { recursive: true });
}
const metafiles = [...(await bundleCommand('dist')), ...(await bundleLibrary('dist/lib'))];
await writeFile('dist/THIRD-PARTY-NOTICES.txt', noticesOf(metafiles, '.'));
// Of this repository alone: no part of the package.
await rm(tools, { recursive: true, force: true });
await build({
  ...moduleSettings,
  entryPoints: { 'test-all': 'scripts/test-all.ts', 'code-cache': 'scripts/code-cache.ts' },
  outdir: tools,
});
const { status } = spawnSync(process.execPath, [join(tools, 'code-cache.js')], {
  stdio: ['ignore', 'inherit', 'inherit'],
});
if (status !== 0) console.error('the command will start slower: its compiled code could not be kept');
