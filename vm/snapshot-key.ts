/** What a snapshot depends on; another value of any of it needs another snapshot. */
import type { Accelerator } from './qemu-arguments.ts';
import { keyOf } from '../cache/digest.ts';
import type { VmImage } from './image.ts';
import { qemuArguments } from './qemu-arguments.ts';
import type { GuestHardware } from './qemu-arguments.ts';

/** Mebibytes of the guest. */
const guestMemory = 512;

/** Bumped when what the guest does before the save changes. */
const preparation = 1;

/** What stays the same between the machine that is saved and those that are restored. */
export function snapshotHardware(
  image: VmImage,
  accelerator: Accelerator,
): Omit<GuestHardware, 'memoryFile' | 'incoming' | 'diskWrites' | 'disk'> {
  return {
    accelerator,
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
