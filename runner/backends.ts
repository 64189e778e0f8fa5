/** Chooses and makes the backends of a run. Each one's code is loaded only when it is asked for. */
import type { Backend } from '../core/backend/backend.ts';
import { backendText } from '../core/backend/id.ts';
import { kernelOf, kernelOfVm, runningKernel } from './kernel-data.ts';
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

/** How the machines are to be. */
export interface MachineOptions extends HostOptions {
  /** Of a VM. Default: `TRACERIG_VM_CPUS`, else one. */
  readonly processors?: number;
}

/** What may be asked of backends beside their names. */
export interface BackendOptions extends MachineOptions {
  /**
   * Kernels as users name them, e.g. `6.12`: each makes a simulator and a VM of its own. `all`: each that a backend knows,
   * and none of those is an error where it cannot run. Default: see each backend.
   */
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
  machine?: MachineOptions,
) => Promise<Backend>;

export const makeBackend: MakeBackend = async (name, kernel, machine = {}) => {
  switch (name) {
    case 'sim':
      return (await import('../sim-backend/public-api.ts')).createSimBackend({
        ...(kernel === undefined ? {} : { kernel }),
        kernelOf,
      });
    case 'kernel':
      return kernelBackend(machine);
    case 'vm':
      return (await import('../vm/index.ts')).createVmBackend({
        ...(kernel === undefined ? {} : { kernel }),
        ...(machine.processors === undefined ? {} : { processors: machine.processors }),
        target: kernelOfVm,
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
  for (const { name, kernel, unknown } of await wanted(choice, options)) {
    if (unknown !== undefined) {
      skipped.push({
        backend: backendText({ kind: name, ...(kernel !== undefined && { kernel }) }),
        why: unknown,
      });
      continue;
    }
    const backend = await make(name, kernel, options);
    const lacking = await backend.available();
    if (lacking === undefined) backends.push(backend);
    else skipped.push({ backend: backendText(backend.id), ...lacking });
  }
  const needed = choice === 'all' ? backends.filter(({ takes }) => takes === 'command') : backends;
  const anyWillDo = choice === 'all' || options.kernels?.includes(allKernels) === true;
  const unmet = anyWillDo ? needed.length === 0 : skipped.length > 0;
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

/** Instead of kernels: every one. */
export const allKernels = 'all';

interface Wanted {
  readonly name: BackendName;
  readonly kernel?: string;
  /** Why this backend cannot be for this kernel. */
  readonly unknown?: string;
}

/** Simulators first: parity holds the others against them. The host has the one kernel that runs. */
async function wanted(choice: BackendChoice, { kernels }: BackendOptions): Promise<Wanted[]> {
  const names: readonly BackendName[] = choice === 'all' ? ['sim', 'kernel', 'vm'] : [choice];
  if (kernels === undefined) return names.map((name) => ({ name }));
  const known = await knownKernels(kernels);
  const every = choice === 'sim' ? known.shipped : known.everyOfVm;
  const lines = [...new Set(kernels.flatMap((kernel) => (kernel === allKernels ? every : [kernel])))];
  return names.flatMap((name): Wanted[] => {
    if (name === 'kernel') return [];
    return lines.map((kernel) => {
      const lacks = name === 'sim' && !known.bySim(kernel);
      return { name, kernel, ...(lacks && { unknown: unknownText(kernel, known.shipped) }) };
    });
  });
}

/** By what kernels are known. */
interface KnownKernels {
  /** Those whose data are shipped. */
  readonly shipped: readonly string[];
  /** Those that Debian offers, and whatever is set up here. */
  readonly everyOfVm: readonly string[];
  readonly bySim: (kernel: string) => boolean;
  readonly byVm: (kernel: string) => boolean;
}

/** Images of VMs are looked for only where shipped data do not tell enough. */
async function knownKernels(kernels: readonly string[]): Promise<KnownKernels> {
  const { shippedKernels, shippedLine } = await import('../core/kernels/shipped.ts');
  const isShipped = (kernel: string): boolean => shippedLine(kernel) !== undefined;
  if (kernels.every(isShipped))
    return { shipped: shippedKernels, everyOfVm: [], bySim: isShipped, byVm: isShipped };
  const { cacheDir, kernelLines, listedKernels, readVmImages } = await import('../vm/index.ts');
  const images = await readVmImages(cacheDir());
  const listed = listedKernels().map(({ line }) => line);
  return {
    shipped: shippedKernels,
    everyOfVm: [...new Set([...kernelLines(), ...images])],
    bySim: (kernel) => isShipped(kernel) || images.includes(kernel),
    byVm: (kernel) => isShipped(kernel) || images.includes(kernel) || listed.includes(kernel),
  };
}

const unknownText = (kernel: string, known: readonly string[]): string =>
  `nothing is known of a kernel ${kernel}: known are ${known.join(', ')}`;

async function usageErrors(choice: BackendChoice, { kernels }: BackendOptions): Promise<RunError[]> {
  if (kernels === undefined) return [];
  if (choice === 'kernel') {
    const message = 'the backend kernel runs on the kernel of this host: --kernel is for sim and vm';
    return [{ code: 'TR-usage', message, kind: 'usage' }];
  }
  const known = await knownKernels(kernels);
  const isKnown = choice === 'sim' ? known.bySim : known.byVm;
  return kernels
    .filter((kernel) => kernel !== allKernels && !isKnown(kernel))
    .map((kernel) => ({
      code: 'TR-kernel-unknown',
      message: unknownText(kernel, choice === 'sim' ? known.shipped : known.everyOfVm),
      kind: 'usage',
    }));
}
