/** QEMU's command line. The snapshot's key is made of it, so it must be the same for the same machine. */

/** Name of the channel's port in the guest; `guest/init.c` looks for it. */
const portName = 'tracerig.0';

/** Descriptors of the child process: the channel to the agent, QMP, and the guest's serial console. */
const channelFd = 3;
const monitorFd = 4;
const consoleFd = 5;
/** The guest's memory, where it comes as an open file. */
export const memoryFd = 6;

/** What executes the guest's instructions: the processor, or QEMU's translator. */
export type Accelerator = 'kvm' | 'tcg';

export interface GuestHardware {
  readonly accelerator: Accelerator;
  readonly processors: number;
  /** Mebibytes. */
  readonly memory: number;
  readonly kernel: string;
  readonly initramfs: string;
  readonly parameters: readonly string[];
  /** Raw image; undefined for a guest that only has to show that its kernel starts. */
  readonly disk?: string;
  /** Writes reach the image (while a snapshot is made), or go to a file that vanishes with QEMU. */
  readonly diskWrites: 'kept' | 'dropped';
  readonly memoryFile?: { readonly path: string; readonly shared: boolean };
  readonly incoming: boolean;
}

/**
 * The translator pays for what newer processors have: `rep movsb` goes byte by byte, SMAP ends a block of code at each access
 * to user memory. Measured on one scenario: 1.05 CPU s with `max`, 0.80 with this one.
 */
const processors = { kvm: 'host', tcg: 'Nehalem' } as const;

/** Parameters that every guest's kernel gets. */
const commonParameters = [
  'console=ttyS0',
  'panic=-1',
  'oops=panic',
  // Lets the host ask a hanging guest for its stack (inject-nmi).
  'unknown_nmi_panic=1',
  'nokaslr',
  'mitigations=off',
];

export function qemuArguments(guest: GuestHardware): string[] {
  const memory = `${guest.memory}M`;
  const disk =
    guest.disk === undefined
      ? []
      : [
          '-drive',
          `if=none,id=d0,format=raw,file.locking=off,file.filename=${escaped(guest.disk)}${guest.diskWrites === 'dropped' ? ',snapshot=on' : ''}`,
          '-device',
          'virtio-blk-pci,drive=d0',
        ];
  const backend =
    guest.memoryFile === undefined
      ? `memory-backend-ram,id=m0,size=${memory}`
      : `memory-backend-file,id=m0,size=${memory},mem-path=${escaped(guest.memoryFile.path)},share=${guest.memoryFile.shared ? 'on' : 'off'}`;
  return [
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...['-machine', 'pc,memory-backend=m0', '-object', backend, '-m', memory],
    ...['-smp', String(guest.processors)],
    ...['-accel', guest.accelerator, '-cpu', processors[guest.accelerator]],
    ...['-kernel', guest.kernel, '-initrd', guest.initramfs],
    ...['-append', [...commonParameters, ...guest.parameters].join(' ')],
    ...['-chardev', `socket,id=ch0,fd=${channelFd}`, '-chardev', `socket,id=qmp,fd=${monitorFd}`],
    ...['-mon', 'chardev=qmp,mode=control'],
    ...['-device', 'virtio-serial-pci,id=vs0'],
    ...['-device', `virtserialport,bus=vs0.0,chardev=ch0,name=${portName}`],
    ...disk,
    ...['-device', 'pvpanic', '-device', 'vmgenid,guid=auto'],
    ...['-chardev', `socket,id=con,fd=${consoleFd}`, '-serial', 'chardev:con'],
    ...(guest.incoming ? ['-incoming', 'defer'] : []),
  ];
}

/** QEMU's option parser takes a comma for the next option unless it stands twice. */
function escaped(path: string): string {
  return path.replaceAll(',', ',,');
}
