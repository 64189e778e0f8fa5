/** Start snapshots of processes of this host, for logs that were made without the recorder. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { BackendError } from '../../core/backend/error.ts';
import type { StartSnapshot } from '../../core/trace/start-snapshot.ts';
import { readProblem } from '../policies.ts';
import { openTraces } from '../traces.ts';
import { factsOfTrace } from './file-facts.ts';
import { hostFiles } from './host-files.ts';
import { untilStopped } from './host-process.ts';
import { hostProcReader } from './proc-reader.ts';
import { takeStartSnapshot } from './start-snapshot.ts';

/** Of a process that runs. Its environment is left out: logs are passed on. Throws BackendError. */
export async function snapshotOf(pid: number): Promise<StartSnapshot> {
  try {
    const { environ: _, ...start } = await takeStartSnapshot(hostProcReader, pid);
    return start;
  } catch (error) {
    const message = `the process ${pid} cannot be read: ${readProblem(error)}`;
    throw new BackendError('TR-snapshot', message, 'usage', {}, { cause: error });
  }
}

/**
 * The same with what this host's files are, of those that the log of a step names (its files, or what they begin with):
 * to be asked where the step ran, soon after it. Throws BackendError, and TraceError
 * for bytes that cannot be read.
 */
export async function withFacts(start: StartSnapshot, files: readonly string[]): Promise<StartSnapshot> {
  const opened = openTraces(files);
  if ('error' in opened) throw new BackendError('TR-snapshot', opened.error.message, 'usage');
  return { ...start, facts: await factsOfTrace(hostFiles, opened.trace, start) };
}

/**
 * Of a command that is about to start: `take` gets the snapshot, then the command runs with the caller's own streams.
 * Returns its exit code, 128 and the signal's number if it was killed.
 */
export async function snapshotBefore(
  argv: readonly string[],
  take: (start: StartSnapshot) => void,
): Promise<number> {
  const child = spawn('/bin/sh', ['-c', 'kill -STOP $$; exec "$@"', 'sh', ...argv], { stdio: 'inherit' });
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const { pid } = child;
  if (pid === undefined) throw new BackendError('TR-snapshot', '/bin/sh cannot be started', 'usage');
  try {
    await untilStopped(pid, child);
    take(await snapshotOf(pid));
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  child.kill('SIGCONT');
  const [code, signal] = await ended;
  return signal === null ? (code ?? 0) : 128 + constants.signals[signal];
}
