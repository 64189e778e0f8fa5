/** The exam: real Tetragon's recordings, replayed. Reads them in place; without them it is skipped. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareEvents } from '../core/events/compare.ts';
import type { TetragonEvent } from '../core/events/event.ts';
import { normalise } from '../core/events/normalise.ts';
import { loadPolicies } from '../core/plan/load.ts';
import type { Outcome } from '../core/scenario/outcome.ts';
import { replay } from './index.ts';

const folder = join(import.meta.dirname, '..', '..', 'shared', 'oracle2');
const present = existsSync(folder);
const cases = present
  ? readdirSync(folder).filter((name) => existsSync(join(folder, name, 'trace.strace')))
  : [];

/** Cases whose recording cannot be foretold, and why. */
const knownWrong: Readonly<Record<string, string>> = {
  '104-kill-signals': 'the signal raced with the execve of the child; the two runs differ',
  '133-wake-up-new-task': 'an argument is the id of a thread, which differs between the two runs',
  '190-kill-in-pipeline': 'whether head writes before or after its reader dies is a matter of scheduling',
  '211-tp-sched-exit-typed': 'an argument is the id of a thread, which differs between the two runs',
  '218-doubt-postfix-empty': 'the policy crashed the recording agent: its events end there',
};

const read = (name: string, file: string): string => readFileSync(join(folder, name, file), 'utf8');

function policyFiles(name: string): string[] {
  return readdirSync(join(folder, name))
    .filter((file) => /^policy\d*\.yaml$/.test(file))
    .sort();
}

function run(name: string): { outcome: Outcome; expected: TetragonEvent[] } {
  // A policy that does not compile leaves the events of the bare workload.
  const plans = policyFiles(name).flatMap((file) => loadPolicies(read(name, file), file).plans);
  const outcome = replay({
    trace: {
      file: `${name}/trace.strace`,
      chunks: () => [readFileSync(join(folder, name, 'trace.strace'))],
      start: JSON.parse(read(name, 'start.json')),
    },
    plans,
  });
  const expected = read(name, 'events.jsonl')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as TetragonEvent);
  return { outcome, expected };
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

type Grade = 'exact' | 'limit named' | 'diverged' | 'wrong';

function grade(outcome: Outcome, expected: TetragonEvent[]): Grade {
  const got = outcome.events.map(({ event }) => event);
  const found = differences(expected, got);
  if (found.length === 0) return 'exact';
  if (outcome.problems.some(({ kind }) => kind === 'not-modelled' || kind === 'not-known'))
    return 'limit named';
  const numbers = normalise(got).map(({ process }) => process);
  const diverged = new Set(numbers.filter((_number, index) => outcome.events[index]?.diverged));
  return found.every(({ process }) => diverged.has(process)) ? 'diverged' : 'wrong';
}

const grades = new Map<string, Grade>();

describe.skipIf(!present)('recordings of real Tetragon', () => {
  it.each(cases)('%s', (name) => {
    const { outcome, expected } = run(name);
    const result = grade(outcome, expected);
    grades.set(name, result);
    if (knownWrong[name] !== undefined) return;
    const got = outcome.events.map(({ event }) => event);
    expect(result, JSON.stringify(differences(expected, got), null, 1).slice(0, 4000)).not.toBe('wrong');
  });

  it('are exact for the most part', () => {
    const tally: Record<Grade, number> = { exact: 0, 'limit named': 0, diverged: 0, wrong: 0 };
    for (const result of grades.values()) tally[result] += 1;
    console.log(`exam: ${JSON.stringify(tally)} of ${cases.length}`);
    expect(tally.exact).toBeGreaterThanOrEqual(Math.floor(cases.length * 0.75));
  });
});
