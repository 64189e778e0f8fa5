/** Removes files and whole folders, and never anything behind a mount: Node's own `rm` follows mounts. */
import {
  closeSync,
  constants,
  lstatSync,
  openSync,
  readFileSync,
  readdirSync,
  rmdirSync,
  unlinkSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';

/** What is left where something else is mounted: nothing in it was touched. */
export class MountLeftError extends Error {
  override readonly name = 'MountLeftError';
  constructor(readonly mounts: readonly string[]) {
    super(`mounted there and left as it is: ${mounts.join(', ')} (umount, then remove by hand)`);
  }
}

type Path = string | Buffer;

/** Linux' O_PATH, which Node does not name: to enter a folder one need not be allowed to read it. */
const pathOnly = 0o10000000;

/** On Linux names are looked up from opened folders: a link or a mount put in their place meanwhile leads nowhere else. */
const byDescriptor = process.platform === 'linux';

/**
 * Removes what `path` names, as `rm -rf --one-file-system` would, but also leaves bind mounts of the same device alone.
 * No link is followed below the folder that holds it, and on the way there only what root, or whoever we are, has put there:
 * those who own a folder on that way may exchange it at any moment. What is not there is no error.
 * @throws MountLeftError when all else is removed; what the file system says otherwise
 */
export function removeTree(path: Path): void {
  const left: string[] = [];
  const [folder, name] = partsOf(path);
  const parent = byDescriptor ? walkTo(folder) : openFolder(folder, true);
  if (parent === undefined) return;
  try {
    const shown = Buffer.isBuffer(path) ? path.toString() : path;
    removeEntry({ parent, name, shown, mount: undefined, left });
  } finally {
    parent.close();
  }
  if (left.length > 0) throw new MountLeftError(left);
}

function partsOf(path: Path): [Buffer, Buffer] {
  // One unit a byte: names need not be UTF-8.
  const text = Buffer.from(path as string).toString('latin1');
  const bytes = (part: string): Buffer => Buffer.from(part, 'latin1');
  return [bytes(dirname(text)), bytes(basename(text))];
}

interface Folder {
  /** A path to the opened folder itself. */
  readonly path: Buffer;
  /** What tells mounts apart. */
  readonly mount: string;
  close(): void;
}

/** The folder, entered part by part. undefined: it is not there, or no folder. */
function walkTo(path: Buffer): Folder | undefined {
  const parts = path.toString('latin1').split('/');
  let at = openFolder(Buffer.from(parts[0] === '' ? '/' : '.'), true);
  for (const part of parts) {
    if (part === '' || at === undefined) continue;
    const above: Folder = at;
    const name = Buffer.concat([above.path, Buffer.from(`/${part}`, 'latin1')]);
    try {
      const found = lstatSync(name, { throwIfNoEntry: false });
      const trusted = found?.isSymbolicLink() === true && [0, process.geteuid?.()].includes(found.uid);
      if (found?.isSymbolicLink() === true && !trusted)
        throw new Error(`not followed: ${path.toString()} leads over a link of the user ${found.uid}`);
      at = openFolder(name, trusted);
    } finally {
      above.close();
    }
  }
  return at;
}

/** `links`: a link to a folder is followed. undefined: it is not there, or no folder. */
function openFolder(path: Path, links: boolean): Folder | undefined {
  const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants;
  let descriptor: number;
  try {
    descriptor = openSync(
      path,
      O_DIRECTORY | (links ? 0 : O_NOFOLLOW) | (byDescriptor ? pathOnly : O_RDONLY),
    );
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
  const close = (): void => closeSync(descriptor);
  if (!byDescriptor) return { path: Buffer.from(path as string), mount: String(lstatSync(path).dev), close };
  try {
    const mount = /^mnt_id:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'latin1'))?.[1];
    if (mount === undefined) throw new Error('/proc/self/fdinfo names no mounts: nothing is removed');
    return { path: Buffer.from(`/proc/self/fd/${descriptor}`), mount, close };
  } catch (error) {
    close();
    throw error;
  }
}

interface Entry {
  readonly parent: Folder;
  readonly name: Buffer;
  readonly shown: string;
  /** Mount that everything must be on; undefined: the tree's root, which must be on its parent's. */
  readonly mount: string | undefined;
  readonly left: string[];
}

function removeEntry({ parent, name, shown, mount, left }: Entry): void {
  const path = Buffer.concat([parent.path, Buffer.from('/'), name]);
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (!stat.isDirectory()) return removeName(() => unlinkSync(path), shown, left);
  const folder = openFolder(path, false);
  if (folder === undefined) return;
  const before = left.length;
  try {
    if (folder.mount !== (mount ?? parent.mount)) {
      left.push(shown);
      return;
    }
    for (const entry of readdirSync(folder.path, { encoding: 'buffer' }))
      removeEntry({
        parent: folder,
        name: entry,
        shown: `${shown}/${entry.toString()}`,
        mount: folder.mount,
        left,
      });
  } finally {
    folder.close();
  }
  // What holds a mount cannot go.
  if (left.length === before) removeName(() => rmdirSync(path), shown, left);
}

/** A file that something is mounted on is busy. */
function removeName(remove: () => void, shown: string, left: string[]): void {
  try {
    remove();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EBUSY') left.push(shown);
    else if (!isGone(error)) throw error;
  }
}

const isGone = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
