/** A running VM, from a line's name to a rig that answers. */
import type { Duplex } from 'node:stream';
import { BackendError } from '../core/backend/error.ts';
import type { Rig } from '../kernel-backend/rig.ts';
import { chooseAccelerator } from './accelerator.ts';
import type { Accelerator } from './qemu-arguments.ts';
import { cacheDir } from '../cache/cache-dir.ts';
import { CacheError } from '../cache/cache-error.ts';
import { folderDamage } from '../cache/contents.ts';
import { beforeDeadline } from './deadline.ts';
import { checkVmImage, defaultKernelLine, readImagePrograms, readVmImage, setupCommand } from './image.ts';
import type { VmImage } from './image.ts';
import { individualise, vmRig } from './vm-rig.ts';
import { prepareGuest } from './prepare.ts';
import type { Qemu } from './qemu.ts';
import type { SnapshotOf } from './snapshot-key.ts';
import { ensureSnapshot, discardDamaged, restoreSnapshot } from './snapshot.ts';

export interface VmOptions {
  /** Kernel line; default 6.12. */
  readonly kernel?: string;
  /** Default: the cache directory of the environment. */
  readonly cache?: string;
  /** Default: KVM where a kernel starts under it. */
  readonly accelerator?: Accelerator;
  /** Default: those of the environment, else one. */
  readonly processors?: number;
  readonly signal?: AbortSignal;
  /** Told what is being done, for those who wait: `making the snapshot`, `restoring the snapshot`… */
  readonly onPhase?: (phase: VmPhase) => void;
}

export type VmPhase = 'choosing the accelerator' | 'making the snapshot' | 'restoring the snapshot' | 'ready';

export interface Vm {
  readonly image: VmImage;
  readonly accelerator: Accelerator;
  /** Byte stream to the guest's agent. */
  readonly channel: Duplex;
  /** The guest's serial console, a terminal. */
  readonly serial: Duplex;
  readonly pid: number;
  /** Resolves when QEMU has ended, for whatever reason. */
  readonly ended: Promise<unknown>;
  /** Ends the machine at once; idempotent. */
  close(): Promise<void>;
  /** Last lines of the guest's console. */
  consoleTail(lines?: number): string;
  /** CPU time of QEMU so far, in seconds. */
  cpuSeconds(): number;
}

/** A machine whose agent answered, reseeded and with today's clock. */
export interface RiggedVm extends Vm {
  readonly rig: Rig;
}

const helloLimit = { cpuSeconds: 15, wallSeconds: 60 };

/**
 * Restores a machine of its own from the line's snapshot, made first if it is missing. Nobody has talked to the agent yet.
 * @throws BackendError when the image is missing or damaged, QEMU is missing, or the machine does not come up
 */
export async function restoreVm(options: VmOptions = {}): Promise<Vm> {
  const restored = await restore(options);
  return publicVm(restored);
}

/** Like `restoreVm`, with a rig that answers. The rig's `close` ends the machine, too. */
export async function restoreRig(options: VmOptions = {}): Promise<RiggedVm> {
  const restored = await restore(options);
  const { qemu } = restored;
  const connect = async (): Promise<Rig> => {
    const rig = await vmRig(qemu);
    await individualise(rig);
    return rig;
  };
  try {
    const rig = await beforeDeadline(
      qemu,
      'the first answer of the agent',
      helloLimit,
      connect(),
      options.signal,
    );
    options.onPhase?.('ready');
    return { ...publicVm(restored), rig };
  } catch (error) {
    await qemu.kill();
    throw error;
  }
}

interface Restored {
  readonly qemu: Qemu;
  readonly image: VmImage;
  readonly accelerator: Accelerator;
}

function publicVm({ qemu, image, accelerator }: Restored): Vm {
  return {
    image,
    accelerator,
    channel: qemu.channel,
    serial: qemu.serial,
    pid: qemu.pid,
    ended: qemu.ended,
    close: () => qemu.kill(),
    consoleTail: (lines) => qemu.consoleTail(lines),
    cpuSeconds: () => qemu.cpuSeconds(),
  };
}

/** The line's image. @throws BackendError naming the command that makes it */
export async function requireImage(cache: string, line: string): Promise<VmImage> {
  const image = await readVmImage(cache, line);
  if (image !== undefined) return image;
  throw new BackendError('TR-vm-not-set-up', `there is no VM image of kernel ${line}`, 'unavailable', {
    enable: setupCommand(line),
  });
}

/** Makes the line's snapshot if it is missing; returns its directory. */
export async function prepareSnapshot(options: VmOptions = {}): Promise<string> {
  const cache = options.cache ?? cacheDir();
  const image = await requireImage(cache, options.kernel ?? defaultKernelLine);
  return snapshotOf(options, cache, await machineOf(options, cache, image));
}

async function machineOf(options: VmOptions, cache: string, image: VmImage): Promise<SnapshotOf> {
  const accelerator = await accelerate(options, cache, image);
  return { image, accelerator, ...(options.processors !== undefined && { processors: options.processors }) };
}

async function accelerate(options: VmOptions, cache: string, image: VmImage): Promise<Accelerator> {
  if (options.accelerator !== undefined) return options.accelerator;
  options.onPhase?.('choosing the accelerator');
  return (await chooseAccelerator(cache, image)).accelerator;
}

async function snapshotOf(options: VmOptions, cache: string, of: SnapshotOf): Promise<string> {
  const making = ensureSnapshot({
    cache,
    ...of,
    prepare: async (qemu) => {
      options.onPhase?.('making the snapshot');
      await prepareGuest(qemu, await readImagePrograms(of.image));
    },
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  return making.catch(nameCacheError);
}

function nameCacheError(error: unknown): never {
  if (!(error instanceof CacheError)) throw error;
  throw new BackendError('TR-cache-unwritable', error.message, 'unavailable');
}

async function restore(options: VmOptions): Promise<Restored> {
  const cache = options.cache ?? cacheDir();
  const image = await requireImage(cache, options.kernel ?? defaultKernelLine);
  const of = await machineOf(options, cache, image);
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  // A snapshot is made from what setup left, so a damaged one is thrown away and made again, once.
  for (let attempt = 1; ; attempt++) {
    const dir = await snapshotOf(options, cache, of);
    const damage = await folderDamage(dir, 'time');
    if (damage !== undefined && attempt > 1) throw damaged(damage);
    if (damage !== undefined) {
      await discardDamaged(cache, dir).catch(nameCacheError);
      continue;
    }
    options.onPhase?.('restoring the snapshot');
    try {
      return { ...of, qemu: await restoreSnapshot(dir, { ...of, ...signal }) };
    } catch (error) {
      if (options.signal?.aborted) throw error;
      if (error instanceof CacheError) nameCacheError(error);
      // QEMU reads them, too, before it takes up the saved state.
      await checkVmImage(image);
      if (attempt > 1 || !(await discardDamaged(cache, dir).catch(nameCacheError))) throw error;
    }
  }
}

function damaged(what: string): BackendError {
  return new BackendError('TR-vm-snapshot-damaged', `the VM's snapshot is damaged: ${what}`, 'failed');
}
