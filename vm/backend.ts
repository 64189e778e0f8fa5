/** The kernel backend in a VM: a machine of its own for each session, restored from the line's snapshot. */
import type { Backend, Unavailable } from '../core/backend/backend.ts';
import { createRigBackend } from '../kernel-backend/backend.ts';
import type { KernelFacts } from '../core/kernels/kernel-facts.ts';
import { chooseAccelerator } from './accelerator.ts';
import { cacheDir } from '../cache/cache-dir.ts';
import { defaultKernelLine, kernelWords, readImagePrograms, readVmImage, setupCommand } from './image.ts';
import { requireImage, restoreRig } from './vm.ts';
import type { RiggedVm } from './vm.ts';
import { guestProcessors } from './snapshot-key.ts';
import { findProgram, qemuBinary } from './qemu-identity.ts';

export interface VmBackendOptions {
  /** What is known of the kernel that goes by this name and has this release; without an image the name is all there is. */
  readonly target: (name: string, release: string) => Promise<KernelFacts>;
  /** Kernel line, `6.12`; the default one if unset. */
  readonly kernel?: string;
  /** Of the guest. Default: those of the environment, else one. */
  readonly processors?: number;
  /** Default: the cache directory of the environment. */
  readonly cache?: string;
}

export function createVmBackend(options: VmBackendOptions): Backend {
  const cache = options.cache ?? cacheDir();
  const line = options.kernel ?? defaultKernelLine;
  // What cannot be had is said before anything runs.
  const processors = guestProcessors(options.processors);
  const machines = new Set<RiggedVm>();
  let description = `vm (kernel ${line})`;

  return createRigBackend({
    id: { kind: 'vm', kernel: line },
    target: async () => options.target(line, (await readVmImage(cache, line))?.release ?? line),
    describe: () => description,
    async available() {
      const lacking = await whatLacks(cache, line);
      if (lacking !== undefined) return lacking;
      const image = await readVmImage(cache, line);
      if (image !== undefined) {
        const { accelerator } = await chooseAccelerator(cache, image);
        description = `vm (${kernelWords(image)}, ${accelerator.toUpperCase()})`;
      }
      return undefined;
    },
    programs: async () => readImagePrograms(await requireImage(cache, line)),
    async connect(signal) {
      const machine = await restoreRig({
        ...{ cache, kernel: line, processors },
        ...(signal !== undefined && { signal }),
      });
      machines.add(machine);
      void machine.ended.then(() => machines.delete(machine));
      return machine.rig;
    },
    close: async () => {
      await Promise.all([...machines].map((machine) => machine.close()));
    },
  });
}

/** What is missing for a VM of this line on this machine; undefined if nothing is. */
export async function whatLacks(cache: string, line: string): Promise<Unavailable | undefined> {
  const enable = setupCommand(line);
  if (process.platform !== 'linux') return { why: 'the VM backend runs on Linux only' };
  if ((await findProgram(qemuBinary)) === undefined)
    return { why: `QEMU (${qemuBinary}) is not installed`, enable };
  for (const program of ['setpriv', 'flock']) {
    if ((await findProgram(program)) === undefined)
      return { why: `${program} (of util-linux) is not installed` };
  }
  if ((await readVmImage(cache, line)) === undefined)
    return { why: `there is no VM image of kernel ${line}`, enable };
  return undefined;
}
