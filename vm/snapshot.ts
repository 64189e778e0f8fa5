/** Saves a prepared machine once, and restores any number of copies of it. */
import { existsSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { chmod, readFile, readdir, rename, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { removeTree } from '../cache/remove-tree.ts';
import { makeDirectory } from '../cache/atomic.ts';
import type { Accelerator } from './qemu-arguments.ts';
import { beforeDeadline, machineError } from './deadline.ts';
import type { Limit } from './deadline.ts';
import { fileDigest } from '../cache/digest.ts';
import { checkVmImage } from './image.ts';
import type { ImageFile, VmImage } from './image.ts';
import { within } from '../cache/within.ts';
import { withLock } from '../cache/lock.ts';
import { qemuIdentity } from './qemu-identity.ts';
import { startQemu } from './qemu.ts';
import type { Qemu } from './qemu.ts';
import { snapshotHardware, snapshotKey } from './snapshot-key.ts';

/** Brings a freshly booted machine into the state that is saved; it has answered when this returns. */
export type Prepare = (qemu: Qemu) => Promise<void>;

export interface SnapshotOptions {
  readonly cache: string;
  readonly image: VmImage;
  readonly accelerator: Accelerator;
  readonly prepare: Prepare;
  readonly signal?: AbortSignal;
}

const bootLimit: Limit = { cpuSeconds: 90, wallSeconds: 300 };
const saveLimit: Limit = { cpuSeconds: 60, wallSeconds: 120 };
const restoreLimit: Limit = { cpuSeconds: 15, wallSeconds: 60 };
const quitMs = 60_000;
const pollMs = 10;
/** Another checkout may still work with an older one. */
const unusedMs = 10 * 60 * 1000;

const files = { ram: 'ram', state: 'state', disk: 'disk.ext4' } as const;
type Contents = Record<keyof typeof files, ImageFile>;

/** Directory of the snapshot for this image, whether or not it is there. */
export async function snapshotDir(cache: string, image: VmImage, accelerator: Accelerator): Promise<string> {
  return join(cache, 'snapshots', `${image.line}-${snapshotKey(image, accelerator, await qemuIdentity())}`);
}

/** The snapshot's directory, made by booting the image if it is not there. Two at once: the second waits. */
export async function ensureSnapshot(options: SnapshotOptions): Promise<string> {
  const dir = await snapshotDir(options.cache, options.image, options.accelerator);
  if (existsSync(dir)) return dir;
  return withLock(
    snapshotLock(options.cache),
    async () => {
      if (existsSync(dir)) return dir;
      await checkVmImage(options.image);
      await makeDirectory(dir, (scratch) => save(options, scratch));
      await removeUnused(options.cache, options.image.line, dir);
      return dir;
    },
    options,
  );
}

/** Snapshots are large, and each new agent or kernel makes a new one; those of the line that nobody uses any more go. */
async function removeUnused(cache: string, line: string, current: string): Promise<void> {
  const parent = join(cache, 'snapshots');
  for (const name of await readdir(parent)) {
    const dir = join(parent, name);
    if (!name.startsWith(`${line}-`) || dir === current) continue;
    const info = await stat(dir).catch(() => undefined);
    if (info !== undefined && Date.now() - info.mtimeMs > unusedMs) await removeSnapshot(dir);
  }
}

/** Boots on a private copy of the disk, so that what is written until the save is in it and nobody else's. */
async function save({ image, accelerator, prepare, signal }: SnapshotOptions, dir: string): Promise<void> {
  const disk = join(dir, files.disk);
  await copySparse(image.disk.path, disk);
  const qemu = await startQemu(
    {
      ...snapshotHardware(image, accelerator),
      disk,
      diskWrites: 'kept',
      memoryFile: { path: files.ram, shared: true },
      incoming: false,
    },
    dir,
  );
  try {
    await beforeDeadline(qemu, 'the first boot', bootLimit, prepare(qemu), signal);
    await beforeDeadline(qemu, 'saving the snapshot', saveLimit, migrateOut(qemu), signal);
    // An orderly end, so that the disk's last writes are in its file.
    const quit = qemu.qmp.execute('quit').then(() => qemu.ended);
    await within(quit, quitMs, () =>
      machineError(qemu, `QEMU did not end within ${quitMs / 1000} s of being told to`),
    );
  } finally {
    await qemu.kill();
  }
  const contents = {} as Contents;
  for (const [key, name] of Object.entries(files) as [keyof Contents, string][]) {
    const path = join(dir, name);
    await chmod(path, 0o444);
    const { size, mtimeMs } = await stat(path);
    contents[key] = { path: name, sha256: await fileDigest(path), size, mtimeMs };
  }
  await writeFile(join(dir, 'contents.json'), JSON.stringify(contents));
}

/** RAM stays in its file, shared; only the devices' state is written. */
async function migrateOut(qemu: Qemu): Promise<void> {
  await qemu.qmp.execute('stop');
  await ignoreSharedRam(qemu);
  await qemu.qmp.execute('migrate', { uri: `exec:cat > ${files.state}` });
  await migrated(qemu);
}

/**
 * A running copy of the saved machine, its memory and disk private to it.
 * @throws BackendError; `damaged` of the snapshot is found by `checkSnapshot`
 */
export async function restoreSnapshot(
  dir: string,
  { image, accelerator, signal }: Pick<SnapshotOptions, 'image' | 'accelerator' | 'signal'>,
): Promise<Qemu> {
  const qemu = await startQemu(
    {
      ...snapshotHardware(image, accelerator),
      disk: join(dir, files.disk),
      diskWrites: 'dropped',
      memoryFile: { path: files.ram, shared: false },
      incoming: true,
    },
    dir,
  );
  // The directory's time is that of its last use.
  await utimes(dir, new Date(), new Date()).catch(() => undefined);
  const load = async (): Promise<void> => {
    await ignoreSharedRam(qemu);
    await qemu.qmp.execute('migrate-incoming', { uri: `exec:cat ${files.state}` });
    await migrated(qemu);
    await qemu.qmp.execute('cont');
  };
  try {
    await beforeDeadline(qemu, 'restoring the snapshot', restoreLimit, load(), signal);
    return qemu;
  } catch (error) {
    await qemu.kill();
    throw error;
  }
}

async function ignoreSharedRam(qemu: Qemu): Promise<void> {
  const capabilities = [{ capability: 'x-ignore-shared', state: true }];
  await qemu.qmp.execute('migrate-set-capabilities', { capabilities });
}

async function migrated(qemu: Qemu): Promise<void> {
  for (;;) {
    const info = (await qemu.qmp.execute('query-migrate')) as { status?: string; 'error-desc'?: string };
    if (info.status === 'completed') return;
    if (info.status === 'failed' || info.status === 'cancelled') {
      throw machineError(qemu, `moving the machine's state failed: ${info['error-desc'] ?? info.status}`);
    }
    await sleep(pollMs);
  }
}

/**
 * What is wrong with the files of a snapshot; undefined if nothing is. `quick` digests the device state only (a bit flipped
 * there goes unnoticed by QEMU and panics later) and trusts size and time of the large files.
 */
export async function snapshotDamage(dir: string, quick: boolean): Promise<string | undefined> {
  let contents: Contents;
  try {
    contents = JSON.parse(await readFile(join(dir, 'contents.json'), 'utf8')) as Contents;
  } catch (error) {
    return `its list of contents cannot be read (${error instanceof Error ? error.message : String(error)})`;
  }
  for (const key of Object.keys(files) as (keyof Contents)[]) {
    const path = join(dir, files[key]);
    const expected = contents[key];
    const info = await stat(path).catch(() => undefined);
    if (info === undefined) return `${path} is gone`;
    if (info.size !== expected.size) return `${path} has ${info.size} bytes instead of ${expected.size}`;
    const changed = key === 'state' || !quick || info.mtimeMs !== expected.mtimeMs;
    if (changed && (await fileDigest(path)) !== expected.sha256) return `${path} has changed`;
  }
  return undefined;
}

/** Removes the snapshot if it is damaged, so that the next use makes it anew; true if it did. */
export async function discardDamaged(cache: string, dir: string): Promise<boolean> {
  // Looked at again under the lock: another process may have found the damage, too, and repaired it.
  return withLock(snapshotLock(cache), async () => {
    if (!existsSync(dir) || (await snapshotDamage(dir, false)) === undefined) return false;
    await removeSnapshot(dir);
    return true;
  });
}

async function removeSnapshot(dir: string): Promise<void> {
  // Renamed first, so that nobody finds a part of it.
  const gone = join(dirname(dir), `.making-${basename(dir)}-gone-${process.pid}`);
  await rename(dir, gone).catch(() => undefined);
  removeTree(gone);
}

function snapshotLock(cache: string): string {
  return join(cache, 'locks', 'snapshot');
}

/** Copies with holes, by reflink where the file system has it. */
async function copySparse(from: string, to: string): Promise<void> {
  const args = ['--sparse=always', '--reflink=auto', '--no-preserve=mode', from, to];
  await promisify(execFile)('cp', args, { env: { ...process.env, LC_ALL: 'C' } });
}
