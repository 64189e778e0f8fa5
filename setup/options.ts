/** What `tracerig setup` is asked for. */
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

/** The comma-separated kernel lines behind those named before. @throws RangeError for what is no line */
export function addKernelLines(text: string, before: readonly string[] = []): string[] {
  const lines = text.split(',').map((line) => line.trim());
  for (const line of lines)
    if (!/^(\d+\.\d+|newest)$/.test(line))
      throw new RangeError('A kernel line looks like 6.12; "newest" is the archive’s newest.');
  return [...new Set([...before, ...lines])];
}
