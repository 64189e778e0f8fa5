/** Builds the guest's init and packs it with agent and modules into an initramfs. */
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDirectory } from '../cache/atomic.ts';
import { keyOf } from '../cache/digest.ts';
import { cpio } from './cpio.ts';
import type { CpioEntry } from './cpio.ts';
import type { CachedKernel } from './kernel-parts.ts';
import { runTool } from './run-tool.ts';

const compilerFlags = ['-static', '-Os', '-Wall', '-Wextra', '-Werror', '-s'];

/** Path of the static init program, built from `source` (the file `vm/guest/init.c`). @throws ToolError */
export async function buildInit(cache: string, source: string): Promise<string> {
  const compiler = await runTool('gcc', ['--version']);
  const key = keyOf([compiler, compilerFlags, await readFile(source, 'utf8')]);
  const dir = await makeDirectory(join(cache, 'guest', `init-${key}`), async (scratch) => {
    await runTool('gcc', [...compilerFlags, '-o', join(scratch, 'init'), source]);
  });
  return join(dir, 'init');
}

/** Path of the initramfs for a kernel; `agent` is the static guest agent. */
export async function packInitramfs(
  cache: string,
  kernel: CachedKernel,
  init: string,
  agent: string,
): Promise<string> {
  const modules = join(kernel.dir, 'modules');
  const entries: CpioEntry[] = [
    { path: 'dev', mode: 0o755 },
    { path: 'sbin', mode: 0o755 },
    { path: 'modules', mode: 0o755 },
    { path: 'init', mode: 0o755, content: await readFile(init) },
    { path: 'sbin/tracerig-agent', mode: 0o755, content: await readFile(agent) },
  ];
  for (const name of (await readdir(modules)).sort()) {
    entries.push({ path: `modules/${name}`, mode: 0o644, content: await readFile(join(modules, name)) });
  }
  const archive = cpio(entries);
  const key = keyOf(Buffer.from(archive).toString('base64'));
  const dir = await makeDirectory(join(cache, 'guest', `initramfs-${key}`), async (scratch) => {
    await writeFile(join(scratch, 'initramfs'), archive);
  });
  return join(dir, 'initramfs');
}
