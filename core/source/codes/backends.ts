/** Codes of backends: what a machine lacks, and what breaks down. */
import type { CodeStage } from './code.ts';

export const backends = {
  'TR-usage': {
    meaning: 'Options of the command do not fit each other.',
    exit: 'usage',
    cause:
      'An option was given that the chosen backend has no use for, such as --kernel for the kernel of this host.',
    cure: 'Leave the option out, or choose another backend.',
  },
  'TR-config': {
    meaning: 'The configuration file cannot be used.',
    exit: 'usage',
    cause:
      'A key is misspelled, a value is of another type, the text is malformed, or there are two such files.',
    cure: 'Correct it; schemas/config.schema.json has the keys.',
  },
  'TR-backend-unavailable': {
    meaning: 'The backend that was asked for cannot run here.',
    exit: 'unavailable',
    cause: 'Something that it needs is not installed, not built or not permitted; the message says what.',
    cure: 'Run the command that is shown, or ask `tracerig doctor`.',
  },
  'TR-not-set-up': {
    meaning: 'The addon and the BPF programs are not built.',
    exit: 'unavailable',
    cause: 'The kernel backend needs native parts that `npx tracerig setup` builds.',
    cure: 'Run `npx tracerig setup`.',
  },
  'TR-cache-foreign': {
    meaning: 'The native parts in the cache belong to somebody else, or may be changed by others.',
    exit: 'unavailable',
    cause: 'They would become code of tracerig and of the kernel, with the rights of whoever runs it.',
    cure: 'Set `TRACERIG_CACHE` to a folder of your own that nobody else may write to, and run `npx tracerig setup`.',
  },
  'TR-cache-unwritable': {
    meaning: 'The cache cannot be written.',
    exit: 'unavailable',
    cause: 'Its disk is full, its file system is read-only, or it belongs to another user.',
    cure: 'Make room, or set `TRACERIG_CACHE` to a folder that can be written, and run `npx tracerig setup`.',
  },
  'TR-kernel-lacks': {
    meaning: 'The running kernel lacks what the kernel backend needs.',
    exit: 'unavailable',
    cause: 'The backend’s own programs need functions and features that this kernel does not have.',
    cure: 'Use the VM (`--backend vm`) or the simulator.',
  },
  'TR-load': {
    meaning: 'The kernel does not load the policy.',
    exit: 'usage',
    cause: 'A hooked function is missing, or the kernel’s verifier refuses the programs.',
    cure: 'Check the policy against the kernel with `tracerig check --kernel`; the log shows what the kernel said.',
  },
  'TR-other-kernel': {
    meaning: 'The policies were compiled for another kernel than the one that runs.',
    exit: 'failed',
    cause:
      'The kernel was replaced between compiling and loading, or the VM’s image was built anew meanwhile.',
    cure: 'Run the command again.',
  },
  'TR-unsupported-on-kernel': {
    meaning: 'The kernel backend cannot run this part of the policy.',
    exit: 'usage',
    cause: 'Its BPF programs do not have this feature.',
    cure: 'Run the scenario on the simulator, or do without the feature.',
  },
  'TR-vm-no-qemu': {
    meaning: 'QEMU cannot be started.',
    exit: 'unavailable',
    cause: 'The VM backend runs qemu-system-x86_64, which is not installed or may not be run.',
    cure: 'Install the package qemu-system-x86, or run `npx tracerig setup`.',
  },
  'TR-vm-not-set-up': {
    meaning: 'There is no VM image of this kernel.',
    exit: 'unavailable',
    cause: 'Images are built for each kernel line by `npx tracerig setup`.',
    cure: 'Run the command that is shown.',
  },
  'TR-vm-not-up': {
    meaning: 'No VM of this kernel is up.',
    exit: 'unavailable',
    cause: '`tracerig vm exec`, `ssh` and `down` talk to a machine that `tracerig vm up` keeps.',
    cure: 'Run the command that is shown.',
  },
  'TR-vm-image-damaged': {
    meaning: 'The VM image is damaged.',
    exit: 'unavailable',
    cause: 'A file of it is gone or was changed since it was built.',
    cure: 'Build it anew with the command that is shown.',
  },
  'TR-vm-snapshot-damaged': {
    meaning: 'The snapshot that VMs start from is damaged.',
    exit: 'failed',
    cause:
      'A file of it is gone or cut short, and was so again after it had been made anew; the disk may be full.',
    cure: 'Free disk space, and run the command again.',
  },
  'TR-vm-machine': {
    meaning: 'The VM broke down or does not answer.',
    exit: 'failed',
    cause: 'The guest’s kernel panicked, hung, or did not answer in time; what its console said is shown.',
    cure: 'Run the command again. If it happens each time, the policy may be what breaks the kernel.',
  },
  'TR-vm-qemu': {
    meaning: 'QEMU ended before the VM was up.',
    exit: 'failed',
    cause: 'QEMU refused its arguments or was killed, such as for lack of memory; what it printed is shown.',
    cure: 'Free memory, and ask `tracerig doctor` what works here.',
  },
  'TR-internal': {
    meaning: 'An error in tracerig itself.',
    exit: 'failed',
    cause: 'Something happened that the program did not foresee.',
    cure: 'Report it, with the log that is shown.',
  },
} as const satisfies CodeStage;
