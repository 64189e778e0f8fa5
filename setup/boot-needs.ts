/** What a kernel has to have so that it boots in the VM, and what its lack means. */
import { parseConfig } from '../core/kernels/config.ts';
import { moduleKey } from './kernel-modules.ts';

interface BootNeed {
  /** Without `CONFIG_`. */
  readonly option: string;
  /** The module that does as well where the option is `m`. */
  readonly module?: string;
  readonly lack: string;
}

const needs: readonly BootNeed[] = [
  { option: 'PVH', lack: 'QEMU cannot start it' },
  { option: 'BLK_DEV_INITRD', lack: 'it has no first root file system' },
  { option: 'BINFMT_ELF', lack: 'it runs no programs' },
  { option: 'VIRTIO_PCI', module: 'virtio_pci', lack: 'it finds no device of the VM' },
  { option: 'VIRTIO_CONSOLE', module: 'virtio_console', lack: 'the agent in it cannot be talked to' },
  { option: 'VIRTIO_BLK', module: 'virtio_blk', lack: 'it has no disk' },
  { option: 'EXT4_FS', module: 'ext4', lack: 'it cannot mount its disk' },
  { option: 'SERIAL_8250_CONSOLE', lack: 'it has no console, so that a crash would have no words' },
  { option: 'PROC_FS', lack: 'it has no /proc' },
  { option: 'SYSFS', lack: 'it has no /sys' },
  { option: 'TMPFS', lack: 'it has no /tmp' },
  { option: 'DEVTMPFS', lack: 'it has no /dev' },
  { option: 'BPF_SYSCALL', lack: 'no policy loads' },
  { option: 'DEBUG_INFO_BTF', lack: 'no policy loads: the programs find no types' },
];

/** Modules that are loaded where they are not built in, beside those of every guest. */
export const diskModules = ['crc32c_generic', 'ext4'];

/** One sentence for each lack; none: it boots, as far as its configuration tells. */
export function bootLacks(config: string, modules: ReadonlyMap<string, string>): string[] {
  const options = parseConfig(config);
  return needs.flatMap(({ option, module, lack }) => {
    const name = `CONFIG_${option}`;
    const value = options.get(name);
    if (value === 'y') return [];
    if (value === 'm' && module !== undefined) {
      if (modules.has(moduleKey(module))) return [];
      return [`${name} is a module, and there is no ${module}.ko among its modules: ${lack}`];
    }
    return [`${name} is ${value === 'm' ? 'only a module' : 'not set'}: ${lack}`];
  });
}
