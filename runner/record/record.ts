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
      const { trace, start, timedOut } = await session.recordStep(step, timeoutMs);
      if (signal.aborted) break;
      if (timedOut) {
        done({
          step,
          note: `still running after ${timeoutMs / 1000} s: killed, nothing written`,
          failed: true,
        });
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

/** Both files are there whole or not at all; the start snapshot comes last, so that a digest never vouches for half a trace. */
export function writeRecording(file: string, trace: Uint8Array, start: RecordedStart): void {
  const whole = (path: string, content: Uint8Array | string): void => {
    const partial = `${path}.${process.pid}.partial`;
    try {
      writeFileSync(partial, content);
      renameSync(partial, path);
    } catch (error) {
      rmSync(partial, { force: true });
      throw error;
    }
  };
  const startFile = startPathOf(file);
  try {
    mkdirSync(dirname(file), { recursive: true });
    rmSync(startFile, { force: true });
    // Its other courses are of what it was before.
    removeTree(coursesPathOf(file));
    whole(file, trace);
    whole(startFile, `${JSON.stringify(start, null, 1)}\n`);
  } catch (error) {
    const { message } = error as Error;
    throw new BackendError('TR-record-write', `the recording ${file} cannot be written: ${message}`, 'usage');
  }
}
