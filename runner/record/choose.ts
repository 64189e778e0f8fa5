/** Chooses where recordings are made: the VM if it is set up, else this host. */
import type { restoreRig as RestoreRig } from '../../vm/index.ts';
import type { Recorder } from './recorder.ts';

export interface HostChoice {
  /** On this machine itself, not in a view that is thrown away. */
  readonly here: boolean;
  /** Command line of the recorder inside a view. */
  readonly program: readonly string[];
  /** Command line of what cleans up when tracerig is killed, up to the ledger's file. */
  readonly guard: readonly string[];
}

/** `backend` undefined: the VM if its image is there. Throws BackendError if what was asked for cannot run. */
export async function chooseRecorder(
  backend: 'kernel' | 'vm' | undefined,
  kernel: string | undefined,
  host: HostChoice,
): Promise<Recorder> {
  if (backend === 'kernel') return hostRecorder(host);
  const vm = await import('../../vm/index.ts');
  const line = kernel ?? vm.defaultKernelLine;
  const image = await vm.readVmImage(vm.cacheDir(), line);
  if (backend === undefined && kernel === undefined && image === undefined) return hostRecorder(host);
  return vmRecorder(line, vm.restoreRig);
}

async function hostRecorder({ here, program, guard }: HostChoice): Promise<Recorder> {
  const { createHostRecorder, createViewRecorder } = await import('./host.ts');
  return here ? createHostRecorder(guard) : createViewRecorder(program);
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
