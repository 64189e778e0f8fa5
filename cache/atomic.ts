/** Artefacts come into being whole or not at all: made in a directory of their own, then renamed. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { cacheError } from './cache-error.ts';
import { folderDamage, listContents } from './contents.ts';
import { removeTree } from './remove-tree.ts';

/** A half-made directory that nobody has touched for this long belongs to a process that is gone. */
const abandonedMs = 6 * 60 * 60 * 1000;

/**
 * Returns `dir`, made by `make` (which fills the directory it is given) unless it is there already, and all of its files are
 * what was made: a damaged one is made anew. When two processes make the same one, the first to finish wins and both get it.
 * @throws what `make` throws, or a CacheError where the cache cannot be written; nothing is left then.
 */
export async function makeDirectory(dir: string, make: (scratch: string) => Promise<void>): Promise<string> {
  if (await isWhole(dir)) return dir;
  const parent = dirname(dir);
  const scratch = scratchBeside(dir);
  try {
    await mkdir(parent, { recursive: true });
    await removeAbandoned(parent);
    await mkdir(scratch);
    await make(scratch);
    await listContents(scratch);
    // Nobody finds a part of it, and whoever has a file of it open keeps that.
    if (existsSync(dir) && !(await isWhole(dir))) await removeDirectory(dir);
    try {
      await rename(scratch, dir);
    } catch (error) {
      if (!existsSync(dir)) throw error;
    }
    return dir;
  } catch (error) {
    throw cacheError(error, parent);
  } finally {
    removeTree(scratch);
  }
}

/** Whether a directory is there as `makeDirectory` made it. */
export async function isWhole(dir: string): Promise<boolean> {
  return existsSync(dir) && (await folderDamage(dir, 'content')) === undefined;
}

/** Removes a directory of the cache so that nobody finds a part of it. */
export async function removeDirectory(dir: string): Promise<void> {
  const gone = scratchBeside(dir);
  await rename(dir, gone).catch(() => undefined);
  removeTree(gone);
}

/** A name that is cleared away once its process is gone. */
function scratchBeside(dir: string): string {
  const unique = `${process.pid}-${randomBytes(6).toString('hex')}`;
  return join(dirname(dir), `.making-${basename(dir)}-${unique}`);
}

/** Writes a file so that a reader sees the old content or the new, never a part. */
export async function writeFileAtomic(path: string, content: string | Uint8Array): Promise<void> {
  const scratch = `${path}.making-${randomBytes(6).toString('hex')}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(scratch, content);
    await rename(scratch, path);
  } catch (error) {
    throw cacheError(error, dirname(path));
  } finally {
    await rm(scratch, { force: true });
  }
}

/** The texts that a JSON file of the cache names; undefined where it is missing or damaged, so that it is made anew. */
export async function readTexts<Key extends string>(
  path: string,
  keys: readonly Key[],
): Promise<Readonly<Record<Key, string>> | undefined> {
  try {
    const found = JSON.parse(await readFile(path, 'utf8')) as Record<Key, unknown> | null;
    return keys.every((key) => typeof found?.[key] === 'string') ? (found as Record<Key, string>) : undefined;
  } catch {
    return undefined;
  }
}

async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith('.making-')) continue;
    const path = join(parent, name);
    const info = await stat(path).catch(() => undefined);
    const old = info !== undefined && Date.now() - info.mtimeMs > abandonedMs;
    if (old || hasEnded(/-(\d+)-[\da-f]{12}$/.exec(name)?.[1])) removeTree(path);
  }
}

/** Whether there is no process of the pid in its name; who has a pid again keeps its directory for a while. */
function hasEnded(pid: string | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
