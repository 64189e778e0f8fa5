/** A lock between processes that the kernel releases when its holder dies. */
import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Runs `work` while holding an exclusive lock on `path`; waits for another holder.
 * Node has no flock(2), so util-linux' `flock` holds it, for as long as our end of its pipe is open.
 */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const holder = spawn('flock', [path, 'sh', '-c', 'echo held; exec cat'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = new Promise<void>((resolve) => holder.once('close', () => resolve()));
  try {
    await new Promise<void>((resolve, reject) => {
      holder.once('error', (cause) => reject(new Error(`cannot lock ${path}: ${cause.message}`, { cause })));
      holder.stdout.once('data', () => resolve());
      holder.once('close', (code) => reject(new Error(`cannot lock ${path}: flock ended with ${code}`)));
    });
    return await work();
  } finally {
    holder.stdin.on('error', () => undefined);
    holder.stdin.end();
    if (holder.pid !== undefined) await ended;
  }
}
