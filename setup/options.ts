/** The command line of `npm run setup`. */
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { defaultKernelLine } from '../vm/image.ts';

export interface SetupOptions {
  /** Kernel lines to get, at least one unless `hostOnly`. */
  readonly kernels: readonly string[];
  /** Only what the machine's own kernel needs: no QEMU, no images. */
  readonly hostOnly: boolean;
  /** Take today's packages from the archive even where older ones are in the cache. */
  readonly refresh: boolean;
}

function addLines(text: string, before: readonly string[] | undefined): string[] {
  const lines = text.split(',').map((line) => line.trim());
  for (const line of lines) {
    if (!/^(\d+\.\d+|newest)$/.test(line)) {
      throw new InvalidArgumentError('A kernel line looks like 6.12; "newest" is the archive’s newest.');
    }
  }
  return [...new Set([...(before ?? []), ...lines])];
}

/** The options, or the exit code when there is nothing to do (help, or a usage error that was printed). */
export function parseOptions(argv: readonly string[]): SetupOptions | number {
  const command = new Command('npm run setup --')
    .description('Installs and builds what the kernel backend and the VM need. Debian 12 or later, as root.')
    .option(
      '--kernel <lines>',
      `kernel lines for the VM, such as 6.1,6.12 (default: ${defaultKernelLine})`,
      addLines,
    )
    .option('--host-only', "only what the machine's own kernel needs: no VM")
    .option('--refresh', 'look for newer kernels and packages than the cached ones')
    .allowExcessArguments(false)
    .exitOverride();
  try {
    command.parse(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  const { kernel, hostOnly, refresh } = command.opts<{
    kernel?: string[];
    hostOnly?: boolean;
    refresh?: boolean;
  }>();
  return { kernels: kernel ?? [defaultKernelLine], hostOnly: hostOnly === true, refresh: refresh === true };
}
