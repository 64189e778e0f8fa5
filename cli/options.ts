/** Option values that commander does not check. */

/** A mistake in the command line: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly kind = 'usage';
}

/** Milliseconds of an option in seconds. */
export function parseSeconds(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (!Number.isFinite(seconds) || seconds <= 0) {
    throw new UsageError(`${option} takes a number of seconds above 0, not "${text}"`);
  }
  return seconds * 1000;
}

/** Kernels of a comma-separated option, each once. */
export function kernelList(text: string): string[] {
  const kernels = [...new Set(text.split(',').map((one) => one.trim()))].filter((one) => one !== '');
  if (kernels.length === 0) throw new UsageError(`--kernel takes kernel lines such as 6.12, not "${text}"`);
  return kernels;
}
