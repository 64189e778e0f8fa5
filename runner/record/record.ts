/** `tracerig record`: the steps of a scenario under strace, without any policy, kept beside the scenario's file. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { removeTree } from '../../cache/remove-tree.ts';
import { BackendError } from '../../core/backend/error.ts';
import type { Scenario, Step } from '../../core/scenario/scenario.ts';
import { coursesPathOf, defaultTracePath, startPathOf } from '../../core/scenario/trace-place.ts';
import { recordingDigest } from '../digest.ts';
import type { Recorder } from './recorder.ts';
import { checkTraceTarget } from './trace-target.ts';
import type { RecordedStart } from './start-snapshot.ts';

export interface RecordedStep {
  readonly step: Step;
  /** Where the trace was written; absent if it was not. */
  readonly file?: string;
  /** Why it was not written, or what a reader should know. */
  readonly note?: string;
  readonly failed: boolean;
}

export interface RecordOptions {
  readonly scenario: Scenario;
  readonly recorder: Recorder;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onStep: (recorded: RecordedStep) => void;
}

/** Records every step that has a command. Throws BackendError when the machine or `given` fails. */
export async function recordScenario(options: RecordOptions): Promise<RecordedStep[]> {
  const { scenario, recorder, signal } = options;
  const recorded: RecordedStep[] = [];
  const done = (one: RecordedStep): void => {
    recorded.push(one);
    options.onStep(one);
  };
  const session = await recorder.open(scenario, signal);
  try {
    for (const step of scenario.steps) {
      if (signal.aborted) break;
      if (step.run === undefined) {
        done({ step, note: 'no command to run: its trace is left as it is', failed: false });
        continue;
      }
      const timeoutMs = step.timeoutMs ?? options.timeoutMs;
      const { trace, start, timedOut, fault } = await session.recordStep(step, timeoutMs);
      if (signal.aborted) break;
      const refusal = timedOut ? `still running after ${timeoutMs / 1000} s: killed` : fault;
      if (refusal !== undefined) {
        done({ step, note: `${refusal}: nothing written`, failed: true });
        continue;
      }
      const file =
        step.trace === undefined
          ? defaultTracePath(scenario.file, step.name)
          : join(dirname(scenario.file), step.trace);
      checkTraceTarget(scenario.file, file);
      writeRecording(file, trace, { ...start, digest: recordingDigest(scenario, step.number) });
      done({
        step,
        file,
        failed: false,
        ...(start.left === undefined
          ? {}
          : { note: `${start.left.length} processes left behind were killed` }),
      });
    }
  } finally {
    await session.close();
  }
  return recorded;
}

/**
 * Both files are there whole or not at all, and what was there before stays until they are written. The start snapshot comes
 * last, so that a digest never vouches for half a trace.
 */
export function writeRecording(file: string, trace: Uint8Array, start: RecordedStart): void {
  const startFile = startPathOf(file);
  const partial = (path: string): string => `${path}.${process.pid}.partial`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(partial(file), trace);
    writeFileSync(partial(startFile), `${JSON.stringify(start, null, 1)}\n`);
    rmSync(startFile, { force: true });
    // Its other courses are of what it was before.
    removeTree(coursesPathOf(file));
    renameSync(partial(file), file);
    renameSync(partial(startFile), startFile);
  } catch (error) {
    for (const path of [file, startFile]) removeTree(partial(path));
    const { message } = error as Error;
    throw new BackendError('TR-record-write', `the recording ${file} cannot be written: ${message}`, 'usage');
  }
}
