/** Waiting with a limit: nothing outside of this process is waited for without one. */

/**
 * The promise's value, or what `late` makes (an error to throw) when it is not there after so many milliseconds of wall time.
 * A limit is generous: it is for what will never come, not for what comes late.
 */
export async function within<T>(promise: Promise<T>, ms: number, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  promise.catch(() => undefined);
  try {
    return await Promise.race([
      promise,
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(late()), ms);
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}
