/** Saves a prepared machine once, and restores any number of copies of it. */
import { existsSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { chmod, readdir, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { makeDirectory, removeDirectory } from '../cache/atomic.ts';
import { folderDamage } from '../cache/contents.ts';
import { beforeDeadline, machineError } from './deadline.ts';
import type { Limit } from './deadline.ts';
import { checkVmImage } from './image.ts';
import { within } from '../cache/within.ts';
import { withLock } from '../cache/lock.ts';
import { mayWrite, privateCopy } from './private-memory.ts';
import { memoryFd } from './qemu-arguments.ts';
import { qemuIdentity } from './qemu-identity.ts';
import { startQemu } from './qemu.ts';
import type { Qemu } from './qemu.ts';
import { snapshotHardware, snapshotKey } from './snapshot-key.ts';
import type { SnapshotOf } from './snapshot-key.ts';

/** Brings a freshly booted machine into the state that is saved; it has answered when this returns. */
export type Prepare = (qemu: Qemu) => Promise<void>;

export interface SnapshotOptions extends SnapshotOf {
  readonly cache: string;
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

/** Directory of the snapshot for this image, whether or not it is there. */
export async function snapshotDir(cache: string, of: SnapshotOf): Promise<string> {
  return join(cache, 'snapshots', `${of.image.line}-${snapshotKey(of, await qemuIdentity())}`);
}

/** The snapshot's directory, made by booting the image if it is not there. Two at once: the second waits. */
export async function ensureSnapshot(options: SnapshotOptions): Promise<string> {
  const dir = await snapshotDir(options.cache, options);
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
    if (info !== undefined && Date.now() - info.mtimeMs > unusedMs) await removeDirectory(dir);
  }
}

/** Boots on a private copy of the disk, so that what is written until the save is in it and nobody else's. */
async function save({ prepare, signal, ...of }: SnapshotOptions, dir: string): Promise<void> {
  const disk = join(dir, files.disk);
  await copySparse(of.image.disk.path, disk);
  const qemu = await startQemu(
    {
      ...snapshotHardware(of),
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
  for (const name of [files.state, files.disk]) await chmod(join(dir, name), 0o444);
  // QEMU opens it for writing whoever runs it, and never writes to what is not shared.
  await chmod(join(dir, files.ram), 0o644);
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
 * @throws BackendError. A snapshot that was changed may still start: whoever restores it looks for damage first
 */
export async function restoreSnapshot(
  dir: string,
  { signal, ...of }: SnapshotOf & Pick<SnapshotOptions, 'signal'>,
): Promise<Qemu> {
  const ram = join(dir, files.ram);
  const copy = (await mayWrite(ram)) ? undefined : await privateCopy(ram);
  const path = copy === undefined ? files.ram : `/proc/self/fd/${memoryFd}`;
  const hardware = {
    ...snapshotHardware(of),
    disk: join(dir, files.disk),
    diskWrites: 'dropped',
    memoryFile: { path, shared: false },
    incoming: true,
  } as const;
  const qemu = await startQemu(hardware, dir, copy?.fd).finally(() => copy?.close());
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

/** Removes the snapshot if it is damaged, so that the next use makes it anew; true if it did. */
export async function discardDamaged(cache: string, dir: string): Promise<boolean> {
  // Looked at again under the lock: another process may have found the damage, too, and repaired it.
  return withLock(snapshotLock(cache), async () => {
    if (!existsSync(dir) || (await folderDamage(dir, 'content')) === undefined) return false;
    await removeDirectory(dir);
    return true;
  });
}

function snapshotLock(cache: string): string {
  return join(cache, 'locks', 'snapshot');
}

/** Copies with holes, by reflink where the file system has it. */
async function copySparse(from: string, to: string): Promise<void> {
  const args = ['--sparse=always', '--reflink=auto', '--no-preserve=mode', from, to];
  await promisify(execFile)('cp', args, { env: { ...process.env, LC_ALL: 'C' } });
}
