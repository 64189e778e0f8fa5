/** Chooses and makes the backends of a run. Each one's code is loaded only when it is asked for. */
import type { Backend, BackendName } from '../core/backend/backend.ts';
import type { RunError, SkippedBackend } from './result.ts';

export type BackendChoice = BackendName | 'all';
export const backendChoices: readonly BackendChoice[] = ['sim', 'kernel', 'vm', 'all'];

export interface BackendOptions {
  /** Kernel line of the VM, e.g. `6.12`. */
  readonly kernel?: string;
}

export interface ChosenBackends {
  readonly backends: readonly Backend[];
  readonly skipped: readonly SkippedBackend[];
  readonly errors: readonly RunError[];
}

export type MakeBackend = (name: BackendName, options: BackendOptions) => Promise<Backend>;

export const makeBackend: MakeBackend = async (name, options) => {
  switch (name) {
    case 'sim':
      return (await import('../sim-backend/index.ts')).createSimBackend();
    case 'kernel':
      return kernelBackend();
    case 'vm':
      return (await import('../vm/index.ts')).createVmBackend(options);
  }
};

async function kernelBackend(): Promise<Backend> {
  const { createHostBackend } = await import('../kernel-backend/host.ts');
  const { cacheDir } = await import('../cache/cache-dir.ts');
  return createHostBackend({ cache: cacheDir() });
}

/**
 * A backend named on its own that cannot run is an error (exit 3). `all` is the simulator and every real backend that
 * can run here, at least one of them; the others are skips with their reason.
 */
export async function chooseBackends(
  choice: BackendChoice,
  options: BackendOptions,
  make: MakeBackend = makeBackend,
): Promise<ChosenBackends> {
  const backends: Backend[] = [];
  const skipped: SkippedBackend[] = [];
  const names: readonly BackendName[] = choice === 'all' ? ['sim', 'kernel', 'vm'] : [choice];
  for (const name of names) {
    const backend = await make(name, options);
    const lacking = await backend.available();
    if (lacking === undefined) backends.push(backend);
    else skipped.push({ backend: name, ...lacking });
  }
  const real = backends.filter((backend) => backend.name !== 'sim');
  const unmet = choice === 'all' ? real.length === 0 : backends.length === 0;
  if (!unmet) return { backends, skipped, errors: [] };
  return {
    backends: [],
    skipped,
    errors: skipped.map(({ backend, why, enable }) => ({
      code: 'TR-backend-unavailable',
      message: `backend ${backend} cannot run here: ${why}`,
      exitCode: 3,
      ...(enable === undefined ? {} : { enable }),
    })),
  };
}
