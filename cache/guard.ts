/** Guards: processes that outlive this one by what it takes to clean up after it. */
import { spawn } from 'node:child_process';
import { cleanUp, openLedger, type Ledger } from './ledger.ts';

/**
 * A ledger with a guard: `program` is the command line of what calls `guardLedger`, up to the file. Without one, the next run
 * cleans up; and where the cache cannot be written to, nothing is remembered (undefined).
 */
export function openGuardedLedger(cache: string, program: readonly string[] | undefined): Ledger | undefined {
  let ledger: Ledger;
  try {
    ledger = openLedger(cache);
  } catch {
    return undefined;
  }
  if (program !== undefined) startGuard(program, ledger.file);
  return ledger;
}

function startGuard(program: readonly string[], ledger: string): void {
  const [file = '', ...args] = program;
  // A session of its own: what ends ours, be it Ctrl-C or a terminal that is closed, is not for the guard.
  const guard = spawn(file, [...args, ledger], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  // The next run cleans up, then.
  guard.on('error', () => undefined);
  guard.stdin.on('error', () => undefined);
  guard.unref();
  (guard.stdin as unknown as { unref(): void }).unref();
}

/** Waits until whoever started this is gone, however; then cleans up, unless he has done so himself. */
export async function guardLedger(ledger: string): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  process.stdin.resume();
  await new Promise((resolve) => process.stdin.once('end', resolve).once('error', resolve));
  await cleanUp(ledger);
}
