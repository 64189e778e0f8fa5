/** `tracerig setup`: gets what the kernel backend and the VM need. */
import { setup as runSetup } from '../../setup/main.ts';
import { readKernelLines } from '../../setup/options.ts';
import { defaultKernelLine } from '../../vm/image.ts';

export interface SetupCommandOptions {
  /** Comma-separated lines. */
  readonly kernel?: readonly string[];
  readonly hostOnly?: boolean;
  readonly refresh?: boolean;
  readonly dryRun?: boolean;
}

/** Returns the exit code. @throws BackendError (`usage`) for what is no kernel line */
export async function setup({ kernel, hostOnly, refresh, dryRun }: SetupCommandOptions): Promise<number> {
  return runSetup({
    kernels: readKernelLines(kernel ?? [defaultKernelLine]),
    hostOnly: hostOnly === true,
    refresh: refresh === true,
    dryRun: dryRun === true,
  });
}
