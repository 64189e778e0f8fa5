/** Recordings of Tetragon, replayed and graded: by the tests, and for the page on fidelity. */
import { inBestOrder } from '../../core/events/best-order.ts';
import type { TetragonEvent } from '../../core/events/event.ts';
import type { KernelFacts } from '../../core/kernels/kernel-facts.ts';
import { loadPolicies } from '../../core/plan/load.ts';
import type { ObservedOutcome } from '../../core/backend/observer.ts';
import { readStartSnapshot } from '../../core/trace/start-snapshot.ts';
import type { StartSnapshot } from '../../core/trace/start-snapshot.ts';
import { straceSource } from '../../core/trace/trace-source.ts';
import { replayed as replay } from './replayed.ts';
import { chunksOf } from './sample.ts';
import { type GradedProcess, type Occurrence, type ProcessGrade, gradeProcesses, grades } from './strict.ts';
import debianFiles from './debian-13-files.json' with { type: 'json' };

/**
 * Programs and folders of the machine that the cases were recorded on: Debian 13's, as our recorder finds them there, and
 * the static test program. The recordings themselves tell nothing of their files.
 */
const machineFiles: NonNullable<NonNullable<StartSnapshot['facts']>['files']> = debianFiles;

/** A recorded case: its files, by name. */
export interface Recording {
  readonly name: string;
  readonly files: readonly string[];
  readonly read: (file: string) => Uint8Array;
}

export interface Result {
  readonly outcome: ObservedOutcome;
  /** The worst of its processes'. */
  readonly grade: ProcessGrade;
  /** Each process that an event is of. */
  readonly processes: readonly GradedProcess[];
}

/** Recordings with a process whose course cannot be foretold, and how that is known. */
export const unforetold: Readonly<Record<string, string>> = {
  '104-kill-signals': 'the signal raced with the execve of the child; the two runs differ',
  '218-doubt-postfix-empty': 'the policy crashed the recording agent: its events end there',
};

const textIn =
  ({ read }: Recording) =>
  (file: string): string =>
    new TextDecoder().decode(read(file));

/** Release of the kernel that a case was recorded on. */
export function recordedRelease(recording: Recording): string {
  return String((JSON.parse(textIn(recording)('start.json')) as { kernel?: unknown }).kernel);
}

/** Replays a case on its kernel. A policy that does not compile leaves the events of the bare workload. */
export async function sit(recording: Recording, kernel: KernelFacts): Promise<Result> {
  const { name, files, read } = recording;
  const text = textIn(recording);
  const plans = files
    .filter((file) => /^policy\d*\.yaml$/.test(file))
    .sort()
    .flatMap((file) => loadPolicies(text(file), file, kernel).plans);
  const start = readStartSnapshot(JSON.parse(text('start.json')));
  if ('faults' in start) throw new Error(`${name}: ${start.faults.join('; ')}`);
  const file = `${name}/trace.strace`;
  const pids = text('trace.strace')
    .split('\n')
    .map((line) => Number.parseInt(line, 10));
  const occurrences: Occurrence[] = [];
  const outcome = await replay(
    {
      trace: straceSource(file, () => chunksOf(read('trace.strace'), 1 << 20), start.start),
      start: { facts: { files: machineFiles }, ...start.start },
      plans,
      // The recordings begin with the exec event of the root.
      launcher: 'passed-over',
    },
    {
      occurrence: (cause, line) => void occurrences.push({ cause, pid: pids[line - 1] ?? 0 }),
    },
  );
  const expected = text('events.jsonl')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as TetragonEvent);
  const got = outcome.events.map(({ event }) => event);
  const { expected: one, got: other } = inBestOrder(expected, got);
  const events = outcome.events.map((event, index) => ({ ...event, event: other[index] ?? event.event }));
  const processes = gradeProcesses(one, { ...outcome, events }, occurrences, new Set(pids));
  const grade = grades.find((one) => processes.some((process) => process.grade === one)) ?? 'exact';
  return { outcome, grade, processes };
}
