/** Ctrl-C: the first one ends the work and cleans up, the second one ends the process at once. */
import { readFileSync } from 'node:fs';
import { exitCodes } from '../runner/exit-code.ts';

/** Runs `work` with a signal that SIGINT, SIGTERM and SIGHUP abort. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort(new Error('interrupted'));
  };
  const signals = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).filter(
    (name) => name !== 'SIGHUP' || !underNohup(),
  );
  for (const name of signals) process.on(name, stop);
  try {
    return await work(controller.signal);
  } finally {
    for (const name of signals) process.off(name, stop);
  }
}

/** Whoever starts this with SIGHUP ignored wants it to outlive the terminal. */
function underNohup(): boolean {
  try {
    const ignored = /^SigIgn:\s*([\da-f]+)/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1] ?? '0';
    return (BigInt(`0x${ignored}`) & 1n) === 1n;
  } catch {
    return false;
  }
}
