/** A lock between processes that the kernel releases when its holder dies. */
import { spawn } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { cacheError } from './cache-error.ts';

export interface LockOptions {
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
  /** Seconds after which whoever holds it is taken to be stuck. Default: far more than making anything takes. */
  readonly limitSeconds?: number;
}

const defaultLimitSeconds = 30 * 60;

/**
 * Runs `work` while holding an exclusive lock on `path`; waits for another holder.
 * Node has no flock(2), so util-linux' `flock` holds it, for as long as our end of its pipe is open.
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  { signal, limitSeconds = defaultLimitSeconds }: LockOptions = {},
): Promise<T> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await (await open(path, 'a')).close();
  } catch (error) {
    throw cacheError(error, dirname(path));
  }
  signal?.throwIfAborted();
  const holder = spawn(
    'flock',
    [
      '--timeout',
      String(limitSeconds),
      '--conflict-exit-code',
      '75',
      path,
      'sh',
      '-c',
      'echo held; exec cat',
    ],
    { stdio: ['pipe', 'pipe', 'ignore'] },
  );
  const ended = new Promise<void>((resolve) => holder.once('close', () => resolve()));
  const stop = (): void => void holder.kill('SIGKILL');
  signal?.addEventListener('abort', stop, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      holder.once('error', (cause) => reject(new Error(`cannot lock ${path}: ${cause.message}`, { cause })));
      holder.stdout.once('data', () => resolve());
      holder.once('close', (code) => {
        const why =
          code === 75
            ? `another process holds it for more than ${limitSeconds} s`
            : `flock ended with ${code}`;
        reject(
          signal?.aborted === true ? new Error('interrupted') : new Error(`cannot lock ${path}: ${why}`),
        );
      });
    });
    // From here on the work itself listens to the signal.
    signal?.removeEventListener('abort', stop);
    return await work();
  } finally {
    signal?.removeEventListener('abort', stop);
    holder.stdin.on('error', () => undefined);
    holder.stdin.end();
    if (holder.pid !== undefined) await ended;
  }
}
