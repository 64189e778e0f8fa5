/** Records one command as the caller would have run it: own directory, environment, ids and descriptors. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '../../cache/remove-tree.ts';
import { BackendError } from '../../core/backend/error.ts';
import { fileFacts } from './file-facts.ts';
import { hostFiles } from './host-files.ts';
import { recordOnHost } from './host-process.ts';
import { writeRecording } from './record.ts';

export interface CommandToRecord {
  readonly argv: readonly string[];
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const graceMs = 1000;

/** Hands the recording's path to `use`, and removes it afterwards. The command's output goes to standard error. */
export async function withRecordedCommand<T>(
  { argv, timeoutMs, signal }: CommandToRecord,
  use: (trace: string) => Promise<T>,
): Promise<T> {
  const [program = ''] = argv;
  const look = spawnSync('/bin/sh', ['-c', 'command -v -- "$1"', 'sh', program]);
  if (look.status !== 0) {
    throw new BackendError('TR-no-command', `no such command: ${program}`, 'usage');
  }
  const folder = mkdtempSync(join(tmpdir(), 'tracerig-run-'));
  try {
    const output = join(folder, 'raw');
    const { start, left, timedOut } = await recordOnHost(
      {
        argv,
        env: process.env,
        stdio: ['inherit', 2, 2],
        asStep: false,
        timeoutMs,
        graceMs,
        signal,
      },
      output,
    );
    if (timedOut) {
      throw new BackendError('TR-timeout', `still running after ${timeoutMs / 1000} s: killed`, 'failed');
    }
    const trace = join(folder, 'command.strace');
    const recorded = readFileSync(output);
    const facts = await fileFacts(hostFiles, recorded, start);
    writeRecording(trace, recorded, { ...start, facts, ...(left.length > 0 && { left }) });
    return await use(trace);
  } finally {
    removeTree(folder);
  }
}
