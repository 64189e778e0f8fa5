/** Option values that commander does not check. */

/** A mistake in the command line: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly kind = 'usage';
}

/** The longest that timers take: 24 days. */
const mostMs = 2 ** 31 - 1;

/** Milliseconds of an option in seconds; more than timers take is as good as none. */
export function parseSeconds(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (!Number.isFinite(seconds) || seconds <= 0) {
    throw new UsageError(`${option} takes a number of seconds above 0, not "${text}"`);
  }
  return Math.min(seconds * 1000, mostMs);
}

/** Kernels of a comma-separated option, each once. */
export function kernelList(text: string): string[] {
  const kernels = [...new Set(text.split(',').map((one) => one.trim()))].filter((one) => one !== '');
  if (kernels.length === 0) throw new UsageError(`--kernel takes kernel lines such as 6.12, not "${text}"`);
  return kernels;
}

/** A whole number of an option, from 1. */
export function parseCount(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1)
    throw new UsageError(`${option} takes a whole number from 1 on, not "${text}"`);
  return count;
}

/** The machine that is asked for, as `chooseBackends` takes it. */
export function machineOf(cpus: string | undefined): { readonly processors?: number } {
  const processors = parseCount(cpus, '--cpus');
  return processors === undefined ? {} : { processors };
}

/** `2/3`: the second of three parts. */
export function parseShard(text: string | undefined): { index: number; count: number } | undefined {
  if (text === undefined) return undefined;
  const [index = 0, count = 0] = /^(\d{1,6})\/(\d{1,6})$/.exec(text)?.slice(1).map(Number) ?? [];
  if (index < 1 || index > count)
    throw new UsageError(`--shard takes a part and their number, such as 1/3, not "${text}"`);
  return { index, count };
}

/** A regular expression, as the user writes it in a shell. */
export function namePattern(text: string | undefined, option = '--test-name-pattern'): RegExp | undefined {
  if (text === undefined) return undefined;
  try {
    return new RegExp(text);
  } catch (error) {
    throw new UsageError(`${option}: ${(error as Error).message}`);
  }
}
