/** `tracerig snapshot`: what a strace log does not tell, taken on the machine where the log is made. */
import { writeFileSync } from 'node:fs';
import { BackendError } from '../../core/backend/error.ts';
import type { StartSnapshot } from '../../core/trace/start-snapshot.ts';
import { exitCodeOfFailure, exitCodes } from '../../runner/exit-code.ts';
import { readProblem } from '../../runner/policies.ts';
import { snapshotBefore, snapshotOf, withFacts } from '../../runner/record/snapshot.ts';
import { asRunError } from '../../runner/run-error.ts';
import { UsageError } from '../options.ts';
import { standardOutput } from '../output.ts';
import { errorText } from '../reporters/failure-text.ts';

export interface SnapshotOptions {
  readonly pid?: string;
  readonly output?: string;
  /** Log of strace, or the files of `strace -ff`: the files that it names are looked at. */
  readonly trace?: readonly string[];
}

/** Returns the exit code; that of the command, if there is one. */
export async function snapshot(
  command: readonly string[],
  { pid, output, trace }: SnapshotOptions,
): Promise<number> {
  if (pid !== undefined && command.length > 0) {
    throw new UsageError('snapshot takes either --pid or a command after --');
  }
  if (pid !== undefined && !/^[1-9]\d{0,6}$/.test(pid)) throw new UsageError(`--pid ${pid}: this is no pid`);
  const write = (start: StartSnapshot): void => {
    writeSnapshot(`${JSON.stringify(start, null, 1)}\n`, output);
  };
  try {
    if (command.length > 0) {
      let taken: StartSnapshot = {};
      const code = await snapshotBefore(command, (start) => {
        taken = start;
        if (trace === undefined || output !== undefined) write(start);
      });
      // The log is there when the command has ended.
      if (trace !== undefined) write(await withFacts(taken, trace));
      return code;
    }
    const start = await snapshotOf(pid === undefined ? process.ppid : Number(pid));
    write(trace === undefined ? start : await withFacts(start, trace));
    return exitCodes.ok;
  } catch (error) {
    const failure = asRunError(error);
    standardOutput.err(`${errorText(failure)}\n`);
    return exitCodeOfFailure(failure.kind);
  }
}

function writeSnapshot(text: string, file: string | undefined): void {
  if (file === undefined) {
    standardOutput.out(text);
    return;
  }
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new BackendError('TR-record-write', `${file} cannot be written: ${readProblem(error)}`, 'usage');
  }
}
