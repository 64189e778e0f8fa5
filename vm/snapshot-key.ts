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
 * Processors of the guest: `$TRACERIG_VM_CPUS`, else one, with which the order of events is the same each time.
 * @throws BackendError (`usage`) for what is no such number
 */
function guestProcessors(env: NodeJS.ProcessEnv = process.env): number {
  const asked = env['TRACERIG_VM_CPUS'] || '1';
  if (/^[1-9]$/.test(asked) && Number(asked) <= mostProcessors) return Number(asked);
  const message = `TRACERIG_VM_CPUS is ${JSON.stringify(asked)}: it takes a number from 1 to ${mostProcessors}`;
  throw new BackendError('TR-usage', message, 'usage');
}

/** Mebibytes of the guest. */
const guestMemory = 512;

/** Bumped when what the guest does before the save changes, or what is kept of it. */
const preparation = 2;

/** What stays the same between the machine that is saved and those that are restored. */
export function snapshotHardware(
  image: VmImage,
  accelerator: Accelerator,
): Omit<GuestHardware, 'memoryFile' | 'incoming' | 'diskWrites' | 'disk'> {
  return {
    accelerator,
    processors: guestProcessors(),
    memory: guestMemory,
    kernel: image.kernel.path,
    initramfs: image.initramfs.path,
    parameters: ['quiet', ...image.parameters],
  };
}

/** `qemu` is the binary's identity. Files count by content, not by name. */
export function snapshotKey(image: VmImage, accelerator: Accelerator, qemu: string): string {
  const args = qemuArguments({
    ...snapshotHardware(image, accelerator),
    kernel: image.kernel.sha256,
    initramfs: image.initramfs.sha256,
    disk: image.disk.sha256,
    memoryFile: { path: 'ram', shared: true },
    diskWrites: 'kept',
    incoming: false,
  });
  return keyOf([preparation, qemu, args, image.object.sha256, image.types?.sha256]);
}
