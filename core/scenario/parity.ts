/**
 * Parity: outcomes of one step on two backends, compared. What the first one (the simulator) marks diverged rests on the
 * recorded course after an action; it is compared last and reported apart, as an assumption confirmed or refuted.
 */
import { problemText } from '../backend/problem-words.ts';
import { canonical, commonPairs, firstDifference } from '../events/compare.ts';
import { constantsOf, normalise } from '../events/normalise.ts';
import { TemporaryNames } from '../events/normalise/temporary-names.ts';
import type { TetragonEvent } from '../events/event.ts';
import type { ObservedOutcome } from '../backend/observer.ts';
import type { Fate, FileOutcome, Known, OutcomeEvent, ProcessOutcome } from '../backend/outcome.ts';
import { expectedToDiffer, stepOn, subjectOf } from './for-backend.ts';
import type { Expectation, Step } from './scenario.ts';
import { renumbered } from './process-pairs.ts';
import { eventWords, fateWords, textWords } from './words.ts';

export interface ParityDifference {
  /** What is compared, e.g. `fate of process 1 (/usr/bin/cat)`. */
  readonly what: string;
  readonly left: string;
  readonly right: string;
}

/** Two outcomes, compared. */
export interface ParityFinding {
  readonly status: 'agree' | 'disagree' | 'skipped';
  readonly differences: readonly ParityDifference[];
  readonly assumption?: 'confirmed' | 'refuted';
  readonly assumptionDifferences: readonly ParityDifference[];
  /** The scenario itself expects one thing on one side and another on the other. */
  readonly expectedDifferences: readonly ParityDifference[];
  /** Of a skip: why there is nothing to compare. */
  readonly why?: string;
}

interface Compared {
  readonly certain: ParityDifference[];
  readonly assumed: ParityDifference[];
  readonly expected: ParityDifference[];
  /** What the scenario expects to differ, as `subjectOf` names it. */
  readonly differing: ReadonlySet<string>;
}

/** The finding on outcomes that cannot be compared. */
export const nothingCompared = (why: string): ParityFinding => ({
  ...{ status: 'skipped', differences: [], assumptionDifferences: [], expectedDifferences: [], why },
});

/**
 * Compares what two backends saw of a step. One that is incomplete is not compared.
 * @param kinds of the two backends, where the step may expect other things of them
 *
 * @example
 * ```ts
 * import { compareOutcomes } from 'tracerig/core';
 * import type { ObservedOutcome, Step } from 'tracerig/core';
 *
 * export const agree = (step: Step, simulated: ObservedOutcome, real: ObservedOutcome) =>
 *   compareOutcomes(step, simulated, real).status === 'agree';
 * ```
 */
export function compareOutcomes(
  step: Step,
  left: ObservedOutcome,
  other: ObservedOutcome,
  kinds: readonly [left: string, right: string] = ['', ''],
): ParityFinding {
  const problem = left.problems[0] ?? other.problems[0];
  if (problem !== undefined) {
    return nothingCompared(`an outcome is incomplete: ${problemText(problem)}`);
  }
  const right = renumbered(left, other);
  const diverged = hasDiverged(left);
  const sides = [stepOn(step, kinds[0]), stepOn(step, kinds[1])] as const;
  const found: Compared = { certain: [], assumed: [], expected: [], differing: expectedToDiffer(...sides) };
  compareProcesses(left, right, diverged, found);
  compareEvents(left, right, diverged, step.unstable, found);
  const stated = sides.flatMap(({ expectations }) => expectations);
  for (const expectation of new Map(stated.map((one) => [subjectOf(one), one])).values())
    compareStated(expectation, left, right, diverged, step.unstable, found);
  return {
    status: found.certain.length === 0 ? 'agree' : 'disagree',
    differences: found.certain,
    ...(diverged || found.assumed.length > 0
      ? { assumption: found.assumed.length === 0 ? ('confirmed' as const) : ('refuted' as const) }
      : {}),
    assumptionDifferences: found.assumed,
    expectedDifferences: found.expected,
  };
}

function hasDiverged(outcome: ObservedOutcome): boolean {
  return (
    outcome.processes.some((process) => process.diverged) || outcome.events.some((event) => event.diverged)
  );
}

const processName = (process: ProcessOutcome): string => `process ${process.number} (${process.binary})`;

function sameFate(a: Fate, b: Fate): boolean {
  return fateWords(a) === fateWords(b);
}

function compareProcesses(
  left: ObservedOutcome,
  right: ObservedOutcome,
  diverged: boolean,
  found: Compared,
): void {
  const numbers = new Set([...left.processes, ...right.processes].map(({ number }) => number));
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const [a, b] = [left, right].map((side) => side.processes.find((process) => process.number === number));
    const named = a ?? b;
    if (named === undefined) continue;
    const assumed = a === undefined ? diverged : a.diverged;
    const differs = found.differing.has(number === 0 ? 'fate' : 'processes');
    const target = differs ? found.expected : assumed ? found.assumed : found.certain;
    if (a === undefined || b === undefined) {
      target.push({ what: processName(named), left: presence(a), right: presence(b) });
    } else if (!sameFate(a.fate, b.fate)) {
      target.push({ what: `fate of ${processName(a)}`, left: fateWords(a.fate), right: fateWords(b.fate) });
    }
  }
}

const presence = (process: ProcessOutcome | undefined): string =>
  process === undefined ? 'no such process' : fateWords(process.fate);

/**
 * Events of each process in order. Equal ones are matched up along the longest common run, so that one that is missing
 * does not make all that follow differ; what is left over in between is paired. Every difference is told.
 */
function compareEvents(
  left: ObservedOutcome,
  right: ObservedOutcome,
  diverged: boolean,
  unstable: readonly string[],
  found: Compared,
): void {
  // A number that one side has where no process of it has that pid is a constant on the other side, too.
  const [ours, theirs] = [left, right].map((side) => constantsOf(eventsOf(side), numbersOf(side)));
  const sides = [comparable(left, theirs, unstable), comparable(right, ours, unstable)] as const;
  const numbers = new Set(sides.flatMap((side) => [...side.keys()]));
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const [a, b] = [sides[0].get(number) ?? [], sides[1].get(number) ?? []];
    const of = left.processes.find((process) => process.number === number);
    const where = of === undefined ? `process ${number}` : processName(of);
    const isNew = a.length === 0 && diverged;
    for (const { at, one, other } of unmatched(a, b)) {
      const before = a[at] ?? a.at(-1);
      const assumed = one === undefined ? isNew || (before?.event.diverged ?? false) : one.event.diverged;
      // How the root ended is told by its exit event, too.
      const isEnd = number === 0 && [one, other].every((side) => !side || 'process_exit' in side.event.event);
      const differs = found.differing.has('events') || (isEnd && found.differing.has('fate'));
      (differs ? found.expected : assumed ? found.assumed : found.certain).push({
        what: `event ${at + 1} of ${where}${placeOf(one, other)}`,
        left: one === undefined ? 'no event' : eventWords(one.event.event),
        right: other === undefined ? 'no event' : eventWords(other.event.event),
      });
    }
  }
}

interface Comparable {
  readonly event: OutcomeEvent;
  readonly normal: unknown;
}

const numbersOf = ({ processes }: ObservedOutcome): ReadonlyMap<number, number> =>
  new Map(processes.map(({ pid, number }) => [pid, number]));

const eventsOf = (outcome: ObservedOutcome): TetragonEvent[] => outcome.events.map(({ event }) => event);

function comparable(
  outcome: ObservedOutcome,
  constants: ReadonlySet<number> | undefined,
  unstable: readonly string[],
): Map<number, Comparable[]> {
  const names = new TemporaryNames(unstable);
  const normal = normalise(eventsOf(outcome), constants, numbersOf(outcome)).map((event) =>
    names.stable(event),
  );
  const byProcess = new Map<number, Comparable[]>();
  outcome.events.forEach((event, index) => {
    const list = byProcess.get(event.process) ?? [];
    list.push({ event, normal: normal[index] });
    byProcess.set(event.process, list);
  });
  return byProcess;
}

interface Unmatched {
  /** Where on the left it is, or would be. */
  readonly at: number;
  readonly one: Comparable | undefined;
  readonly other: Comparable | undefined;
}

function unmatched(left: readonly Comparable[], right: readonly Comparable[]): Unmatched[] {
  const text = ({ normal }: Comparable): string => canonical(normal);
  const found: Unmatched[] = [];
  let [i, j] = [0, 0];
  for (const [nextLeft, nextRight] of [
    ...commonPairs(left.map(text), right.map(text)),
    [left.length, right.length] as const,
  ]) {
    const [gapLeft, gapRight] = [left.slice(i, nextLeft), right.slice(j, nextRight)];
    for (let at = 0; at < Math.max(gapLeft.length, gapRight.length); at++)
      found.push({ at: i + at, one: gapLeft[at], other: gapRight[at] });
    // Matched up for all but permissions, which are compared where both sides know them.
    const [one, other] = [left[nextLeft], right[nextRight]];
    if (one && other && firstDifference(one.normal, other.normal, ''))
      found.push({ at: nextLeft, one, other });
    [i, j] = [nextLeft + 1, nextRight + 1];
  }
  return found;
}

/** The first place where two events differ, the left side's value first; nothing when one is missing. */
function placeOf(one: Comparable | undefined, other: Comparable | undefined): string {
  if (one === undefined || other === undefined) return '';
  const first = firstDifference(one.normal, other.normal, '');
  if (first === undefined) return '';
  const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));
  return `: ${first.path} ${shown(first.expected)} / ${shown(first.got)}`;
}

/** Output, files and call results are compared where the step states an expectation on them. */
function compareStated(
  at: Expectation,
  left: ObservedOutcome,
  right: ObservedOutcome,
  diverged: boolean,
  unstable: readonly string[],
  found: Compared,
): void {
  const onAssumption = diverged || isAssumed(statedValue(at, left));
  const differs = found.differing.has(subjectOf(at));
  const target = differs ? found.expected : onAssumption ? found.assumed : found.certain;
  const add = (what: string, a: string | undefined, b: string | undefined): void => {
    if (a !== undefined && b !== undefined && a !== b) target.push({ what, left: a, right: b });
  };
  switch (at.kind) {
    case 'output':
      add(at.stream, outputWords(left[at.stream], unstable), outputWords(right[at.stream], unstable));
      break;
    case 'file':
      compareFiles(at.file, left.files[at.file], right.files[at.file], add);
      break;
    case 'errno': {
      const results = (outcome: ObservedOutcome): string | undefined => {
        const calls = outcome.calls.filter((call) => call.name === at.call);
        // Where nothing is expected of the call, it was not watched.
        if (differs && calls.length === 0) return undefined;
        return calls.map((call) => `${call.process}: ${call.errno}`).join(', ');
      };
      add(`results of ${at.call}`, results(left), results(right));
      break;
    }
    case 'exit':
    case 'killed':
    case 'process':
    case 'events':
    case 'count':
      break;
  }
}

/** Output or file that an expectation is on. */
function statedValue(at: Expectation, outcome: ObservedOutcome): Known<unknown> | undefined {
  if (at.kind === 'output') return outcome[at.stream];
  return at.kind === 'file' ? outcome.files[at.file] : undefined;
}

const isAssumed = (value: Known<unknown> | undefined): boolean =>
  value?.known === false && value.assumed !== undefined;

/** What is known, or else assumed. undefined where a side knows nothing: there is nothing to compare then. */
const told = <T>(value: Known<T> | undefined): T | undefined => (value?.known ? value.value : value?.assumed);

function outputWords(output: Known<string>, unstable: readonly string[]): string | undefined {
  const text = told(output);
  return text === undefined ? undefined : textWords(new TemporaryNames(unstable).text(text));
}

/** Part by part: what one side does not know of a file says nothing about the other side. */
function compareFiles(
  name: string,
  left: Known<FileOutcome> | undefined,
  right: Known<FileOutcome> | undefined,
  add: (what: string, left: string | undefined, right: string | undefined) => void,
): void {
  const [a, b] = [told(left), told(right)];
  if (a === undefined || b === undefined) return;
  const existence = ({ exists }: FileOutcome): string => (exists ? 'exists' : 'does not exist');
  const mode = (file: FileOutcome): string | undefined =>
    file.mode === undefined ? undefined : (file.mode & 0o7777).toString(8).padStart(4, '0');
  const content = (file: FileOutcome): string | undefined =>
    file.content === undefined ? undefined : textWords(file.content);
  add(`file ${name}`, existence(a), existence(b));
  add(`mode of ${name}`, mode(a), mode(b));
  add(`content of ${name}`, content(a), content(b));
}
