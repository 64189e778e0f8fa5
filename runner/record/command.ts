/** Records one command as the caller would have run it: own directory, environment, ids and descriptors. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '../../cache/remove-tree.ts';
import { BackendError } from '../../core/backend/error.ts';
import type { Given } from '../../core/backend/request.ts';
import type { GivenPlace } from '../../kernel-backend/workload/given.ts';
import { fileFacts } from './file-facts.ts';
import { chooseRecorder, type HostChoice } from './choose.ts';
import { openHostKeep, type HostKeep } from './host-keep.ts';
import { hostFiles } from './host-files.ts';
import { findStrace, recordOnHost } from './host-process.ts';
import { hostProcReader } from './proc-reader.ts';
import type { StepRecording } from './recorder.ts';
import { roomOnHost, watchForFaults } from './recording-fault.ts';
import { scratchFolder } from './scratch-folder.ts';
import { ownNamespaces } from './start-snapshot.ts';
import { namingCommands, openView } from './view.ts';
import { writeRecording } from './record.ts';

/** A command, run as the caller would run it; or, with `given`, as a step is. */
export interface CommandToRecord {
  readonly argv: readonly string[];
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly given?: Given | undefined;
}

const graceMs = 1000;

/** Hands the recording's path to `use`, and removes it afterwards. The command's output goes to standard error. */
export async function withRecordedCommand<T>(
  command: CommandToRecord,
  host: HostChoice,
  use: (trace: string) => Promise<T>,
): Promise<T> {
  const { given } = command;
  const { trace, start, timedOut, fault } = await (given !== undefined
    ? recordAsStep(command, given, host)
    : host.here
      ? recordOnItself(command, host.guard)
      : recordInView(command, host.program));
  if (timedOut) {
    const message = `still running after ${command.timeoutMs / 1000} s: killed`;
    throw new BackendError('TR-timeout', message, 'failed');
  }
  if (fault !== undefined) throw new BackendError('TR-recording-lacks', fault, 'failed');
  const folder = mkdtempSync(join(tmpdir(), 'tracerig-run-'));
  try {
    const file = join(folder, 'command.strace');
    writeRecording(file, trace, start);
    return await use(file);
  } finally {
    removeTree(folder);
  }
}

/** Where `given` is in place, with the surroundings of a step. */
async function recordAsStep(
  { argv, timeoutMs, signal }: CommandToRecord,
  given: Given,
  host: HostChoice,
): Promise<StepRecording> {
  const step = { number: 1, run: argv };
  const recorder = await chooseRecorder('kernel', undefined, host);
  try {
    const session = await recorder.open({ given, steps: [step] }, signal);
    try {
      return await session.recordStep(step, timeoutMs);
    } finally {
      await session.close();
    }
  } finally {
    await recorder.close();
  }
}

async function recordOnItself(command: CommandToRecord, guard: readonly string[]): Promise<StepRecording> {
  findStrace();
  const keep = openHostKeep(guard);
  try {
    return await recordCommandHere({ ...command, cwd: process.cwd(), env: process.env }, 'lent', keep);
  } finally {
    await keep.close();
  }
}

async function recordInView(
  { argv, timeoutMs, signal }: CommandToRecord,
  program: readonly string[],
): Promise<StepRecording> {
  findStrace();
  const view = await openView({ program, stdio: ['inherit', 2, 2], signal }).catch((error: unknown) => {
    throw namingCommands(error, [argv]);
  });
  try {
    const asked = { call: 'command', argv, cwd: process.cwd(), env: process.env, timeoutMs } as const;
    const recording = (await view.ask(asked)) as StepRecording;
    return { ...recording, start: { ...recording.start, ns: ownNamespaces() } };
  } finally {
    await view.close();
  }
}

/** Records on the machine that this process sees. */
export async function recordCommandHere(
  command: CommandToRecord & { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
  machineIs: GivenPlace['machine'],
  keep?: HostKeep,
): Promise<StepRecording> {
  const { argv, timeoutMs, signal, cwd, env } = command;
  const [program = ''] = argv;
  const look = spawnSync('/bin/sh', ['-c', 'command -v -- "$1"', 'sh', program], { cwd, env });
  if (look.status !== 0) throw new BackendError('TR-no-command', `no such command: ${program}`, 'usage');
  const folder = scratchFolder(machineIs);
  keep?.notePaths([folder]);
  try {
    const output = join(folder, 'raw');
    const watch = await watchForFaults({ read: hostProcReader.read, room: roomOnHost }, folder);
    const { pid, start, left, timedOut } = await recordOnHost(
      { argv, cwd, env, pen: keep?.pen, stdio: ['inherit', 2, 2], asStep: false, timeoutMs, graceMs, signal },
      output,
    );
    const trace = readFileSync(output);
    const fault = await watch.faultOf(trace, pid);
    const facts = await fileFacts(hostFiles, trace, start);
    return {
      trace,
      start: { ...start, facts, ...(left.length > 0 && { left }) },
      timedOut,
      ...(fault !== undefined && { fault }),
    };
  } finally {
    removeTree(folder);
  }
}
