/** Chooses where recordings are made: the VM if it is set up, else this host. */
import type { restoreRig as RestoreRig } from '../../vm/index.ts';
import type { Recorder } from './recorder.ts';

/** `backend` undefined: the VM if its image is there. Throws BackendError if what was asked for cannot run. */
export async function chooseRecorder(
  backend: 'kernel' | 'vm' | undefined,
  kernel: string | undefined,
): Promise<Recorder> {
  if (backend === 'kernel') return hostRecorder();
  const vm = await import('../../vm/index.ts');
  const line = kernel ?? vm.defaultKernelLine;
  const image = await vm.readVmImage(vm.cacheDir(), line);
  if (backend === undefined && kernel === undefined && image === undefined) return hostRecorder();
  return vmRecorder(line, vm.restoreRig);
}

async function hostRecorder(): Promise<Recorder> {
  return (await import('./host.ts')).createHostRecorder();
}

/** Each scenario gets a machine of its own, as it does when it runs. */
function vmRecorder(kernel: string, restore: typeof RestoreRig): Recorder {
  const running = new Set<{ close(): Promise<void> }>();
  const closeAll = async (): Promise<void> => {
    await Promise.all([...running].map((machine) => machine.close()));
    running.clear();
  };
  return {
    enforces: true,
    describe: () => `the VM (kernel ${kernel})`,
    async open(scenario, signal) {
      const machine = await restore({ kernel, signal });
      running.add(machine);
      const release = async (): Promise<void> => {
        running.delete(machine);
        await machine.close();
      };
      try {
        const { openOnRig } = await import('./rig.ts');
        return await openOnRig(machine.rig, scenario, release);
      } catch (error) {
        await release();
        throw error;
      }
    },
    close: closeAll,
  };
}
