/** Option values that commander does not check. */

/** A mistake in the command line: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly detail = { exitCode: 2 } as const;
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
