/** What a snapshot depends on; another value of any of it needs another snapshot. */
import { BackendError } from '../core/backend/error.ts';
import type { Accelerator } from './qemu-arguments.ts';
import { keyOf } from '../cache/digest.ts';
import type { VmImage } from './image.ts';
import { qemuArguments } from './qemu-arguments.ts';
import type { GuestHardware } from './qemu-arguments.ts';

/** Most processors that QEMU gives such a machine. */
const mostProcessors = 8;

/**
 * Processors of the guest: as asked for, else `$TRACERIG_VM_CPUS`, else one, with which the order of events is the same each time.
 * @throws BackendError (`usage`) for what is no such number
 */
export function guestProcessors(asked: number | undefined, env: NodeJS.ProcessEnv = process.env): number {
  const text = asked === undefined ? env['TRACERIG_VM_CPUS'] || '1' : String(asked);
  if (/^[1-9]$/.test(text) && Number(text) <= mostProcessors) return Number(text);
  const from =
    asked === undefined ? `TRACERIG_VM_CPUS is ${JSON.stringify(text)}` : `${text} processors for the VM`;
  throw new BackendError('TR-usage', `${from}: it takes a number from 1 to ${mostProcessors}`, 'usage');
}

/** Mebibytes of the guest. */
export const guestMemory = 512;

/** Bumped when what the guest does before the save changes, or what is kept of it. */
const preparation = 2;

/** Which machine is saved. */
export interface SnapshotOf {
  readonly image: VmImage;
  readonly accelerator: Accelerator;
  /** Default: of the environment. */
  readonly processors?: number;
}

/** All machines that snapshots of the image may be of. */
export function everyMachine(image: VmImage): SnapshotOf[] {
  const counts = Array.from({ length: mostProcessors }, (_, index) => index + 1);
  return (['tcg', 'kvm'] as const).flatMap((accelerator) =>
    counts.map((processors) => ({ image, accelerator, processors })),
  );
}

/** What stays the same between the machine that is saved and those that are restored. */
export function snapshotHardware({
  image,
  accelerator,
  processors,
}: SnapshotOf): Omit<GuestHardware, 'memoryFile' | 'incoming' | 'diskWrites' | 'disk'> {
  return {
    accelerator,
    processors: guestProcessors(processors),
    memory: guestMemory,
    kernel: image.kernel.path,
    initramfs: image.initramfs.path,
    parameters: ['quiet', ...image.parameters],
  };
}

/** `qemu` is the binary's identity. Files count by content, not by name. */
export function snapshotKey(of: SnapshotOf, qemu: string): string {
  const { image } = of;
  const args = qemuArguments({
    ...snapshotHardware(of),
    kernel: image.kernel.sha256,
    initramfs: image.initramfs.sha256,
    disk: image.disk.sha256,
    memoryFile: { path: 'ram', shared: true },
    diskWrites: 'kept',
    incoming: false,
  });
  return keyOf([preparation, qemu, args, image.object.sha256, image.types?.sha256]);
}
