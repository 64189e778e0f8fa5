/** What setup brought about, for those who must know whether a backend should work here. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../cache/atomic.ts';
import { cacheDir } from '../cache/cache-dir.ts';

export interface SetupStamp {
  /** Kernel lines whose VM image and snapshot were made; empty after `--host-only`. */
  readonly kernels: readonly string[];
}

function stampPath(cache: string): string {
  return join(cache, 'setup.json');
}

/** The stamp of the last setup that succeeded; undefined if there was none. */
export async function readSetupStamp(cache: string): Promise<SetupStamp | undefined> {
  try {
    const stamp = JSON.parse(await readFile(stampPath(cache), 'utf8')) as Partial<SetupStamp>;
    return Array.isArray(stamp.kernels) ? { kernels: stamp.kernels } : undefined;
  } catch {
    return undefined;
  }
}

/** Adds the lines to the stamp. */
export async function writeSetupStamp(cache: string, kernels: readonly string[]): Promise<void> {
  const before = (await readSetupStamp(cache))?.kernels ?? [];
  await writeFileAtomic(
    stampPath(cache),
    `${JSON.stringify({ kernels: [...new Set([...before, ...kernels])] })}\n`,
  );
}

/** What was removed is none of the machine's any more. */
export async function removeFromSetupStamp(cache: string, kernels: readonly string[]): Promise<void> {
  const before = await readSetupStamp(cache);
  if (before === undefined || kernels.length === 0) return;
  const left = before.kernels.filter((line) => !kernels.includes(line));
  await writeFileAtomic(stampPath(cache), `${JSON.stringify({ kernels: left })}\n`);
}

/** True once a setup brought a VM about: then the VM backend has to work. */
export async function setupHasRun(cache: string = cacheDir()): Promise<boolean> {
  return ((await readSetupStamp(cache))?.kernels.length ?? 0) > 0;
}
