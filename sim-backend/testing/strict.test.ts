import { describe, expect, it } from 'vitest';
import type { ProblemCause } from '../../core/backend/problem.ts';
import type { TetragonEvent } from '../../core/events/event.ts';
import { makeEvent, makeOutcome, makeProcess } from '../../core/scenario/testing.ts';
import { gradeProcesses } from './strict.ts';

const process = (pid: number): { pid: number; binary: string; exec_id: string } => ({
  ...{ pid, binary: `/bin/p${pid}`, exec_id: `x${pid}` },
});
const exec = (pid: number): TetragonEvent => ({ process_exec: { process: process(pid) } });
const probe = (pid: number, name: string, value = 1): TetragonEvent => ({
  process_kprobe: { process: process(pid), function_name: name, args: [{ int_arg: value }] },
});
const exit = (pid: number, status = 0): TetragonEvent => ({
  process_exit: { process: process(pid), status },
});
const notKnown = (hook?: string): ProblemCause => ({ kind: 'not-known', why: 'cut', ...(hook && { hook }) });

interface Foretold {
  readonly events: readonly TetragonEvent[];
  /** From this event on all of its process are marked. */
  readonly divergedFrom?: number;
  readonly problems?: readonly { readonly cause: ProblemCause; readonly pid: number }[];
}

function grades(recorded: readonly TetragonEvent[], { events, divergedFrom, problems = [] }: Foretold) {
  const diverged = (index: number): boolean => divergedFrom !== undefined && index >= divergedFrom;
  const outcome = makeOutcome({
    events: events.map((event, index) => makeEvent(event, { diverged: diverged(index) })),
    processes: [
      makeProcess(0, '/bin/p10', { pid: 10 }),
      makeProcess(1, '/bin/p11', { pid: 11, parent: 0, diverged: divergedFrom !== undefined }),
    ],
    notes: ['permissions are assumed'],
  });
  return gradeProcesses(recorded, outcome, problems, new Set([10, 11, 12])).map(({ grade }) => grade);
}

describe('a process that differs', () => {
  const recorded = [exec(10), exec(11), probe(11, 'f'), exit(11), exit(10)];

  it('is exact where nothing differs but the ids of tasks', () => {
    expect(grades(recorded, { events: recorded })).toEqual(['exact', 'exact']);
    const ids = (id: number) => [exec(10), probe(10, 'wake_up_new_task', id)];
    expect(grades(ids(77), { events: ids(12) })).toEqual(['exact']);
    expect(grades(ids(77), { events: ids(13) })).toEqual(['silent']);
  });

  it('is silent where nothing names it, whatever is said of another', () => {
    const events = [exec(10), exec(11), exit(11), exit(10)];
    const of = (pid: number, hook?: string) =>
      grades(recorded, { events, problems: [{ cause: notKnown(hook), pid }] });
    expect(grades(recorded, { events })).toEqual(['exact', 'silent']);
    expect(of(10, 'f')).toEqual(['exact', 'silent']);
    expect(of(11, 'g')).toEqual(['exact', 'silent']);
    expect(of(11, 'f')).toEqual(['exact', 'named']);
  });

  it('is named by what is not known of the program that it came of', () => {
    const events = [exec(10), exec(11), probe(11, 'f'), exit(11, 3), exit(10)];
    expect(grades(recorded, { events, problems: [{ cause: notKnown(), pid: 10 }] })).toEqual([
      'exact',
      'named',
    ]);
    const ofChild = [exec(10), exec(11), probe(11, 'f'), exit(11), exit(10, 3)];
    expect(grades(recorded, { events: ofChild, problems: [{ cause: notKnown(), pid: 11 }] })).toEqual([
      'silent',
      'exact',
    ]);
  });

  it('is diverged from where it is marked on, and not before', () => {
    const late = [exec(10), exec(11), probe(11, 'f'), exit(11, 3)];
    const short = recorded.slice(0, 4);
    expect(grades(short, { events: late, divergedFrom: 3 })).toEqual(['exact', 'diverged']);
    const early = [exec(10), exec(11), exit(11)];
    const before = [exec(10), exec(11), exit(11), probe(11, 'g')];
    expect(grades(short, { events: [...early, probe(11, 'g')], divergedFrom: 3 })).toEqual([
      'exact',
      'silent',
    ]);
    expect(grades(short, { events: before, divergedFrom: 1 })).toEqual(['exact', 'diverged']);
  });
});
