/** What `tracerig setup` is asked for. */
import { BackendError } from '../core/backend/error.ts';
import { isKernelFile } from './own-kernel.ts';
import { isKernelLine, isKernelName, kernelLines } from '../vm/kernel-list.ts';

export interface SetupOptions {
  /** Kernel lines to get, at least one unless `hostOnly`. */
  readonly kernels: readonly string[];
  /** Only what the machine's own kernel needs: no QEMU, no images. */
  readonly hostOnly: boolean;
  /** Take today's packages from the archive even where older ones are in the cache. */
  readonly refresh: boolean;
  /** Only say what would be done. */
  readonly dryRun: boolean;
}

/** The kernel lines and files of comma-separated lists, each once. @throws BackendError (`usage`) for what is neither */
export function readKernelLines(texts: readonly string[]): string[] {
  const lines = texts.flatMap((text) => text.split(',').map((line) => line.trim()));
  const wrong = lines.find((line) => line !== 'all' && !isKernelLine(line) && !isKernelFile(line));
  if (wrong !== undefined)
    throw new BackendError(
      'TR-usage',
      `"${wrong}" is no kernel line, which looks like 6.12, and no path; newest is the archive’s newest, all are those of \`tracerig vm list\` but what is built`,
      'usage',
    );
  return [...new Set(lines.flatMap((line) => (line === 'all' ? kernelLines() : [line])))];
}

/** Names of kernels that are set up: lines, or releases. @throws BackendError (`usage`) for what is neither */
export function readKernelNames(names: readonly string[]): string[] {
  const wrong = names.find((name) => !isKernelName(name));
  if (wrong === undefined) return [...new Set(names)];
  throw new BackendError('TR-usage', `"${wrong}" is no kernel of \`tracerig vm list\``, 'usage');
}
