/** Ctrl-C: the first one ends the work and cleans up, the second one ends the process at once. */
import { readFileSync } from 'node:fs';
import { exitCodes } from '../runner/exit-code.ts';
import { standardOutput } from './output.ts';

/** What was interrupted has this long to clean up; what it cannot end then is left to the guard, or to the next run. */
const cleanUpMs = 20_000;

/**
 * Runs `work`, which gives an exit code, with a signal that SIGINT, SIGTERM and SIGHUP abort, and the end of `totalMs`
 * milliseconds, too: that is a failure of its own.
 */
export async function interruptible(
  work: (signal: AbortSignal) => Promise<number>,
  totalMs?: number,
): Promise<number> {
  const controller = new AbortController();
  let code: number = exitCodes.interrupted;
  let last: NodeJS.Timeout | undefined;
  const abort = (): void => {
    controller.abort(new Error('interrupted'));
    last = setTimeout(() => process.exit(code), cleanUpMs);
  };
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(code);
    abort();
  };
  const total =
    totalMs === undefined
      ? undefined
      : setTimeout(() => {
          standardOutput.err(`tracerig: still running after ${totalMs / 1000} s (--total-timeout): ended\n`);
          code = exitCodes.failed;
          abort();
        }, totalMs);
  const signals = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).filter(
    (name) => name !== 'SIGHUP' || !underNohup(),
  );
  for (const name of signals) process.on(name, stop);
  try {
    const own = await work(controller.signal);
    return controller.signal.aborted ? code : own;
  } finally {
    clearTimeout(total);
    clearTimeout(last);
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
