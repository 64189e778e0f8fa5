/** `tracerig record`: the steps of a scenario under strace, without any policy, kept beside the scenario's file. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { removeTree } from '../../cache/remove-tree.ts';
import { BackendError } from '../../core/backend/error.ts';
import type { Scenario, Step } from '../../core/scenario/scenario.ts';
import { defaultTracePath, startPathOf } from '../../core/scenario/trace-place.ts';
import { recordingDigest } from '../digest.ts';
import { mostSnapshotBytes, readText } from '../read-file.ts';
import { readStartSnapshot } from '../../core/trace/start-snapshot.ts';
import { sameRecording } from './same-recording.ts';
import type { Recording } from './same-recording.ts';
import type { Recorder } from './recorder.ts';
import { removeStaleCourses } from './stale-courses.ts';
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
  /** Numbers of the steps whose recordings are written; those before them only run. Default: all. */
  readonly steps?: ReadonlySet<number>;
}

/** Records steps that have a command. Throws BackendError when the machine or `given` fails. */
export async function recordScenario(options: RecordOptions): Promise<RecordedStep[]> {
  const { scenario, recorder, signal, steps } = options;
  const last = steps === undefined ? Infinity : Math.max(...steps);
  const recorded: RecordedStep[] = [];
  const done = (one: RecordedStep): void => {
    recorded.push(one);
    options.onStep(one);
  };
  const session = await recorder.open(scenario, signal);
  try {
    for (const step of scenario.steps) {
      if (signal.aborted || step.number > last) break;
      if (step.mark?.kind === 'todo') continue;
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
      if (steps?.has(step.number) === false) {
        const kept = keptRecording(file);
        if (kept !== undefined && !sameRecording(kept, { trace, start }))
          done({ step, note: otherwise, failed: false });
        continue;
      }
      checkTraceTarget(scenario.file, file);
      const digest = recordingDigest(scenario, step.number);
      const notes = [
        ...(writeRecording(file, trace, { ...start, digest }) ? ['as it was'] : []),
        ...(start.left === undefined ? [] : [`${start.left.length} processes left behind were killed`]),
      ];
      done({ step, file, failed: false, ...(notes.length > 0 && { note: notes.join('; ') }) });
    }
  } finally {
    await session.close();
  }
  return recorded;
}

/** What is recorded of the steps after it began with something else than what is replayed before them. */
const otherwise = 'went otherwise than its recording tells, which is left as it is: record it, too';

/**
 * A recording that tells the same as the one that is there leaves that as it is, but for the digest: then true.
 */
export function writeRecording(file: string, trace: Uint8Array, start: RecordedStart): boolean {
  const kept = keptRecording(file);
  if (kept !== undefined && sameRecording(kept, { trace, start })) {
    if (kept.start.digest === start.digest) return true;
    writeWhole(file, kept.trace, {
      ...kept.start,
      ...(start.digest !== undefined && { digest: start.digest }),
    });
    return true;
  }
  writeWhole(file, trace, start);
  return false;
}

/** What is there already; undefined if it is none, or none that can be read. */
function keptRecording(file: string): Recording | undefined {
  try {
    const start = JSON.parse(readText(startPathOf(file), mostSnapshotBytes)) as unknown;
    if ('faults' in readStartSnapshot(start)) return undefined;
    return { trace: readFileSync(file), start: start as RecordedStart };
  } catch {
    return undefined;
  }
}

/**
 * Both files are there whole or not at all, and what was there before stays until they are written. The start snapshot comes
 * last, so that a digest never vouches for half a trace.
 */
function writeWhole(file: string, trace: Uint8Array, start: RecordedStart): void {
  const startFile = startPathOf(file);
  const partial = (path: string): string => `${path}.${process.pid}.partial`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(partial(file), trace);
    writeFileSync(partial(startFile), `${JSON.stringify(start, null, 1)}\n`);
    rmSync(startFile, { force: true });
    // Its other courses are of what it was before.
    removeStaleCourses(file, []);
    renameSync(partial(file), file);
    renameSync(partial(startFile), startFile);
  } catch (error) {
    for (const path of [file, startFile]) removeTree(partial(path));
    const { message } = error as Error;
    throw new BackendError('TR-record-write', `the recording ${file} cannot be written: ${message}`, 'usage');
  }
}
