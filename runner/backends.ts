/** Chooses and makes the backends of a run. Each one's code is loaded only when it is asked for. */
import type { Backend } from '../core/backend/backend.ts';
import { backendText } from '../core/backend/id.ts';
import { kernelOf, runningKernel } from './kernel-data.ts';
import type { RunError, SkippedBackend } from './result.ts';

/** The backends that tracerig brings. */
export type BackendName = 'sim' | 'kernel' | 'vm';
/** A backend, or all that can run here. */
export type BackendChoice = BackendName | 'all';

/** How this very machine may be used. */
export interface HostOptions {
  /** Commands may act on this very machine: without it the backend `kernel` does not run. */
  readonly here?: boolean;
  /** Command line of what cleans up if this process is killed; without one the next run does. */
  readonly guard?: readonly string[];
}

/** What may be asked of backends beside their names. */
export interface BackendOptions extends HostOptions {
  /** Kernels as users name them, e.g. `6.12`: each makes a simulator and a VM of its own. Default: see each backend. */
  readonly kernels?: readonly string[];
}

/** Backends that can run, the others with the reason, and errors if too few of what was asked for can. */
export interface ChosenBackends {
  readonly backends: readonly Backend[];
  readonly skipped: readonly SkippedBackend[];
  readonly errors: readonly RunError[];
}

export type MakeBackend = (
  name: BackendName,
  kernel: string | undefined,
  host?: HostOptions,
) => Promise<Backend>;

export const makeBackend: MakeBackend = async (name, kernel, host = {}) => {
  switch (name) {
    case 'sim':
      return (await import('../sim-backend/public-api.ts')).createSimBackend({
        ...(kernel === undefined ? {} : { kernel }),
        kernelOf,
      });
    case 'kernel':
      return kernelBackend(host);
    case 'vm':
      return (await import('../vm/index.ts')).createVmBackend({
        ...(kernel === undefined ? {} : { kernel }),
        target: kernelOf,
      });
  }
};

async function kernelBackend({ here = false, guard }: HostOptions): Promise<Backend> {
  const { createHostBackend } = await import('../kernel-backend/host.ts');
  const { cacheDir } = await import('../cache/cache-dir.ts');
  return createHostBackend({
    cache: cacheDir(),
    known: runningKernel,
    here,
    ...(guard && { guard }),
  });
}

/**
 * A backend named on its own that cannot run is an error. `all` is the simulator and every real backend that can run here,
 * at least one of them; the others are skips with their reason. With kernels asked for there is one simulator and one VM
 * for each; a kernel of which nothing is known is an error before anything runs.
 *
 * @example
 * ```ts
 * import { chooseBackends } from 'tracerig';
 *
 * const { backends, skipped } = await chooseBackends('all', { kernels: ['6.12'] });
 * for (const { backend, why } of skipped) console.log(`no ${backend}: ${why}`);
 * await Promise.all(backends.map((backend) => backend.close()));
 * ```
 */
export async function chooseBackends(
  choice: BackendChoice,
  options: BackendOptions,
  make: MakeBackend = makeBackend,
): Promise<ChosenBackends> {
  const wrong = await usageErrors(choice, options);
  if (wrong.length > 0) return { backends: [], skipped: [], errors: wrong };
  const backends: Backend[] = [];
  const skipped: SkippedBackend[] = [];
  for (const [name, kernel] of wanted(choice, options)) {
    const backend = await make(name, kernel, options);
    const lacking = await backend.available();
    if (lacking === undefined) backends.push(backend);
    else skipped.push({ backend: backendText(backend.id), ...lacking });
  }
  const real = backends.filter((backend) => backend.takes === 'command');
  const unmet = choice === 'all' ? real.length === 0 : skipped.length > 0;
  if (!unmet) return { backends, skipped, errors: [] };
  await Promise.allSettled(backends.map((backend) => backend.close()));
  return {
    backends: [],
    skipped,
    errors: skipped.map(({ backend, why, enable }) => ({
      code: 'TR-backend-unavailable',
      message: `backend ${backend} cannot run here: ${why}`,
      kind: 'unavailable',
      ...(enable === undefined ? {} : { enable }),
    })),
  };
}

/** Simulators first: parity holds the others against them. The host has the one kernel that runs. */
function wanted(choice: BackendChoice, { kernels }: BackendOptions): [BackendName, string | undefined][] {
  const names: readonly BackendName[] = choice === 'all' ? ['sim', 'kernel', 'vm'] : [choice];
  return names.flatMap((name): [BackendName, string | undefined][] => {
    if (kernels === undefined) return [[name, undefined]];
    return name === 'kernel' ? [] : kernels.map((kernel) => [name, kernel]);
  });
}

async function usageErrors(choice: BackendChoice, { kernels }: BackendOptions): Promise<RunError[]> {
  if (kernels === undefined) return [];
  if (choice === 'kernel') {
    const message = 'the backend kernel runs on the kernel of this host: --kernel is for sim and vm';
    return [{ code: 'TR-usage', message, kind: 'usage' }];
  }
  const { shippedLine, shippedKernels } = await import('../core/kernels/shipped.ts');
  return kernels
    .filter((kernel) => shippedLine(kernel) === undefined)
    .map((kernel) => ({
      code: 'TR-kernel-unknown',
      message: `nothing is known of a kernel ${kernel}: known are ${shippedKernels.join(', ')}`,
      kind: 'usage',
    }));
}
