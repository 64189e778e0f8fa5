/** Recordings of Tetragon, replayed and graded: by the tests, and for the page on fidelity. */
import { compareEvents } from '../../core/events/compare.ts';
import type { TetragonEvent } from '../../core/events/event.ts';
import { normalise } from '../../core/events/normalise.ts';
import type { KernelFacts } from '../../core/kernels/kernel-facts.ts';
import { loadPolicies } from '../../core/plan/load.ts';
import type { ObservedOutcome } from '../../core/backend/observer.ts';
import { readStartSnapshot } from '../../core/trace/start-snapshot.ts';
import type { StartSnapshot } from '../../core/trace/start-snapshot.ts';
import { straceSource } from '../../core/trace/trace-source.ts';
import { replayed as replay } from './replayed.ts';
import { chunksOf } from './sample.ts';
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

export type Grade = 'exact' | 'limit named' | 'diverged' | 'wrong';

export interface Result {
  readonly outcome: ObservedOutcome;
  readonly grade: Grade;
  readonly differences: ReturnType<typeof compareEvents>;
}

/** Cases whose recording cannot be foretold, and why. */
export const knownWrong: Readonly<Record<string, string>> = {
  '104-kill-signals': 'the signal raced with the execve of the child; the two runs differ',
  '133-wake-up-new-task': 'an argument is the id of a thread, which differs between the two runs',
  '190-kill-in-pipeline': 'whether head writes before or after its reader dies is a matter of scheduling',
  '211-tp-sched-exit-typed': 'an argument is the id of a thread, which differs between the two runs',
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
  const outcome = await replay({
    trace: straceSource(file, () => chunksOf(read('trace.strace'), 1 << 20), start.start),
    start: { facts: { files: machineFiles }, ...start.start },
    plans,
    // The recordings begin with the exec event of the root.
    launcher: 'passed-over',
  });
  const expected = text('events.jsonl')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as TetragonEvent);
  const got = outcome.events.map(({ event }) => event);
  const found = differences(expected, got);
  return { outcome, grade: grade(outcome, got, found), differences: found };
}

/** In the order of times, or, where the clocks of a recording jumped, in the order of export. */
function differences(expected: TetragonEvent[], got: TetragonEvent[]): ReturnType<typeof compareEvents> {
  const timed = compareEvents(expected, got);
  if (timed.length === 0) return timed;
  const bare = (events: TetragonEvent[]): TetragonEvent[] =>
    events.map((event) => ({ ...event, time: undefined }) as unknown as TetragonEvent);
  const exported = compareEvents(bare(expected), bare(got));
  return exported.length < timed.length ? exported : timed;
}

function grade(outcome: ObservedOutcome, got: TetragonEvent[], found: Result['differences']): Grade {
  if (found.length === 0) return 'exact';
  if (outcome.problems.some(({ kind }) => kind === 'not-modelled' || kind === 'not-known'))
    return 'limit named';
  const numbers = normalise(got).map(({ process }) => process);
  const diverged = new Set(numbers.filter((_number, index) => outcome.events[index]?.diverged));
  return found.every(({ process }) => diverged.has(process)) ? 'diverged' : 'wrong';
}
