/** `tracerig setup`: gets what the kernel backend and the VM need. */
import { setup as runSetup } from '../../setup/main.ts';
import { defaultKernelLine } from '../../vm/image.ts';

export interface SetupCommandOptions {
  readonly kernel?: readonly string[];
  readonly hostOnly?: boolean;
  readonly refresh?: boolean;
  readonly dryRun?: boolean;
}

/** Returns the exit code. */
export function setup({ kernel, hostOnly, refresh, dryRun }: SetupCommandOptions): Promise<number> {
  return runSetup({
    kernels: kernel ?? [defaultKernelLine],
    hostOnly: hostOnly === true,
    refresh: refresh === true,
    dryRun: dryRun === true,
  });
}
