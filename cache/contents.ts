/** What a folder of the cache held when it was made: what is damaged since, by whatever, is told from it. */
import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileDigest } from './digest.ts';

/** A file as it was made. Size and time tell cheaply whether it is still what was digested. */
export interface FileFacts {
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  readonly mtimeMs: number;
}

/** How closely is looked: at `content`, every file is digested; by `time`, only small ones and those with another time. */
export type Scrutiny = 'content' | 'time';

const listName = 'contents.json';

/** Bytes. A file up to this size is digested in a few milliseconds, so each time that it is looked at. */
const smallFile = 4 * 1024 * 1024;

export async function fileFacts(path: string): Promise<FileFacts> {
  const { size, mtimeMs } = await stat(path);
  return { sha256: await fileDigest(path), size, mtimeMs };
}

/** What is wrong with a file; undefined if it is as it was made. */
export async function fileDamage(
  path: string,
  made: FileFacts,
  scrutiny: Scrutiny,
): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return `${path} is gone`;
  if (found.size !== made.size) return `${path} has ${found.size} bytes instead of ${made.size}`;
  const looked = scrutiny === 'content' || found.size <= smallFile || found.mtimeMs !== made.mtimeMs;
  return looked && (await fileDigest(path)) !== made.sha256 ? `${path} has changed` : undefined;
}

/** Writes down, in the folder itself, what it holds. */
export async function listContents(dir: string): Promise<void> {
  const contents: Record<string, FileFacts> = {};
  for (const name of await filesIn(dir)) contents[name] = await fileFacts(join(dir, name));
  await writeFile(join(dir, listName), JSON.stringify(contents));
}

/** What is wrong with a folder whose contents were written down; undefined if nothing is. */
export async function folderDamage(dir: string, scrutiny: Scrutiny): Promise<string | undefined> {
  let contents: Record<string, FileFacts>;
  try {
    contents = JSON.parse(await readFile(join(dir, listName), 'utf8')) as Record<string, FileFacts>;
    if (!Object.values(contents).every(areFacts)) throw new Error('it is not as it was written');
  } catch (error) {
    return `the list of what ${dir} holds cannot be read (${error instanceof Error ? error.message : String(error)})`;
  }
  for (const [name, made] of Object.entries(contents)) {
    const damage = await fileDamage(join(dir, name), made, scrutiny);
    if (damage !== undefined) return damage;
  }
  return undefined;
}

function areFacts(value: unknown): boolean {
  const { sha256, size, mtimeMs } = (value ?? {}) as Partial<FileFacts>;
  return typeof sha256 === 'string' && typeof size === 'number' && typeof mtimeMs === 'number';
}

async function filesIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
    .filter((name) => name !== listName)
    .sort();
}
