/** `tracerig vm prune`: removes from the cache what no kernel that is set up uses, and kernels that are not wanted any more. */
import { existsSync } from 'node:fs';
import { lstat, readFile, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { removeDirectory } from '../cache/atomic.ts';
import { withLock } from '../cache/lock.ts';
import { forgetVmImage, imageFiles, readVmImage, readVmImages } from '../vm/image.ts';
import { snapshotDir } from '../vm/snapshot.ts';
import { everyMachine } from '../vm/snapshot-key.ts';
import { removeFromSetupStamp } from '../vm/setup-stamp.ts';

export interface Pruned {
  /** Path below the cache. */
  readonly path: string;
  /** Of the disk. */
  readonly bytes: number;
}

export interface PruneOptions {
  /** Lines whose kernel goes, too. */
  readonly lines: readonly string[];
  /** Only say what would be removed. */
  readonly dryRun: boolean;
  readonly signal?: AbortSignal;
}

/** Another checkout may still work with what is not used by this one. */
const unusedMs = 10 * 60 * 1000;

/** @throws CacheError where the cache cannot be written */
export async function prune(cache: string, options: PruneOptions): Promise<Pruned[]> {
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  // Setup makes things before it says that they are used.
  return withLock(join(cache, 'locks', 'setup'), () => pruneAlone(cache, options), signal);
}

async function pruneAlone(cache: string, { lines, dryRun }: PruneOptions): Promise<Pruned[]> {
  const used = await usedPaths(cache, new Set(lines));
  const gone: Pruned[] = [];
  for (const folder of ['debs', 'guest', 'kernels', 'native', 'rootfs', 'snapshots']) {
    for (const name of (await readdir(join(cache, folder)).catch(() => [])).sort()) {
      // What is being made is cleared away by those who make.
      if (name.startsWith('.making-') || used.has(join(folder, name))) continue;
      const path = join(cache, folder, name);
      const info = await lstat(path).catch(() => undefined);
      if (info === undefined) continue;
      const wanted = lines.some((line) => belongsTo(line, folder, name));
      if (!wanted && Date.now() - info.mtimeMs < unusedMs) continue;
      gone.push({ path: join(folder, name), bytes: await bytesOf(path) });
      if (dryRun) continue;
      if (info.isDirectory()) await removeDirectory(path);
      else await rm(path, { force: true });
    }
  }
  if (!dryRun) {
    for (const line of lines) await forgetVmImage(cache, line);
    await removeFromSetupStamp(cache, lines);
  }
  return gone;
}

/** What is named after a line. */
const belongsTo = (line: string, folder: string, name: string): boolean =>
  (folder === 'snapshots' && name.startsWith(`${line}-`)) ||
  (folder === 'kernels' && name === `${line}.json`);

/** Paths below the cache that the kernels which stay are made of. */
async function usedPaths(cache: string, leaving: ReadonlySet<string>): Promise<Set<string>> {
  const used = new Set<string>();
  for (const name of await readdir(join(cache, 'kernels')).catch(() => [])) {
    const line = /^(.+)\.json$/.exec(name)?.[1];
    if (line === undefined || leaving.has(line)) continue;
    used.add(join('kernels', name));
    used.add(join('kernels', await namedIn(join(cache, 'kernels', name), 'name')));
  }
  for (const [folder, file, keys] of pointers) {
    if (!existsSync(join(cache, folder, file))) continue;
    used.add(join(folder, file));
    for (const key of keys) {
      const named = await namedIn(join(cache, folder, file), key);
      used.add(join(folder, named.split('/')[0] ?? ''));
    }
  }
  for (const line of await readVmImages(cache)) {
    const image = leaving.has(line) ? undefined : await readVmImage(cache, line);
    if (image === undefined) continue;
    for (const { path } of imageFiles(image)) used.add(withinCache(path));
    for (const machine of everyMachine(image))
      used.add(withinCache(join(await snapshotDir(cache, machine), 'ram')));
  }
  return used;
}

/** Files that say which of a folder is in use. */
const pointers = [
  ['rootfs', 'current.json', ['image']],
  ['native', 'current.json', ['bpf', 'addon', 'agent']],
] as const;

/** `kernels/NAME` of a file in it. */
const withinCache = (path: string): string => join(basename(dirname(dirname(path))), basename(dirname(path)));

async function namedIn(file: string, key: string): Promise<string> {
  try {
    const value = (JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>)[key];
    return typeof value === 'string' ? value : '';
  } catch {
    return '';
  }
}

/** What it takes on the disk: images have holes. */
async function bytesOf(path: string): Promise<number> {
  const info = await lstat(path).catch(() => undefined);
  if (info === undefined) return 0;
  if (!info.isDirectory()) return info.blocks * 512;
  let bytes = 0;
  for (const name of await readdir(path).catch(() => [])) bytes += await bytesOf(join(path, name));
  return bytes;
}
