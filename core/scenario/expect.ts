/** Holds an outcome against a step's expectations. */
import { watchEvents } from './expect-events.ts';
import type { ExpectationFailure } from './failure.ts';
import { assumeHelp, notKnown, restsOn, valueOf } from './judging.ts';
import type { EventWatch, Judging } from './judging.ts';
import type { ObservedOutcome } from '../backend/observer.ts';
import type { Fate, Known, Outcome, OutcomeEvent, ProcessOutcome } from '../backend/outcome.ts';
import { asRegex, matchesText } from './pattern.ts';
import type { Expectation, Step } from './scenario.ts';
import { callsHelp, fateWords, textWords } from './words.ts';

/**
 * Failures of the step's expectations, in the order they are written. Empty: all hold.
 *
 * @example
 * ```ts
 * import { checkExpectations } from 'tracerig/core';
 * import type { ObservedOutcome, Step } from 'tracerig/core';
 *
 * export const holds = (step: Step, outcome: ObservedOutcome) =>
 *   outcome.problems.length === 0 && checkExpectations(step, outcome).length === 0;
 * ```
 */
export function checkExpectations(step: Step, outcome: ObservedOutcome): ExpectationFailure[] {
  const watch = new StepWatch(step);
  for (const event of outcome.events) watch.event(event);
  return watch.failures(outcome);
}

/** A step's expectations, and what they need of the events that come. */
export class StepWatch {
  readonly #assume: boolean;
  readonly #expectations: readonly { readonly at: Expectation; readonly events: EventWatch | undefined }[];
  #divergedEvent: OutcomeEvent | undefined;

  constructor({ assumeRecordedCourse, expectations }: Step) {
    this.#assume = assumeRecordedCourse;
    this.#expectations = expectations.map((at) => ({ at, events: watchEvents(at, assumeRecordedCourse) }));
  }

  /** To be told of all events, in order. */
  event(event: OutcomeEvent): void {
    if (event.diverged) this.#divergedEvent ??= event;
    for (const { events } of this.#expectations) events?.event(event);
  }

  /** When all events have come: see `checkExpectations`. */
  failures(outcome: Outcome): ExpectationFailure[] {
    const judging: Judging = { outcome, divergedEvent: this.#divergedEvent, assume: this.#assume };
    return this.#expectations.flatMap(({ at, events }) => events?.failures(judging) ?? checkOne(at, judging));
  }
}

/** Paths whose state a backend has to look at for the step. */
export function watchedFiles(step: Step): string[] {
  return step.expectations.flatMap((expectation) => (expectation.kind === 'file' ? [expectation.file] : []));
}

/** System calls whose results a backend has to report for the step. */
export function watchedCalls(step: Step): string[] {
  return [
    ...new Set(
      step.expectations.flatMap((expectation) => (expectation.kind === 'errno' ? [expectation.call] : [])),
    ),
  ];
}

function checkOne(expectation: Expectation, judging: Judging): ExpectationFailure[] {
  switch (expectation.kind) {
    case 'exit':
      return checkRootFate(expectation, `exit ${expectation.code}`, { exit: expectation.code }, judging);
    case 'killed':
      return checkRootFate(
        expectation,
        `killed by ${expectation.signal}`,
        { killed: expectation.signal },
        judging,
      );
    case 'process':
      return checkProcess(expectation, judging);
    case 'errno':
      return checkErrno(expectation, judging);
    case 'output':
      return checkOutput(expectation, judging);
    case 'file':
      return checkFile(expectation, judging);
    case 'events':
    case 'count':
      // These are judged as the events come.
      return [];
  }
}

type Of<K extends Expectation['kind']> = Extract<Expectation, { kind: K }>;
interface Wanted {
  readonly exit?: number;
  readonly killed?: string;
}

function mismatch(at: Expectation, expected: string, seen: string): ExpectationFailure {
  return { kind: 'mismatch', path: at.path, span: at.span, expected, seen };
}

/** @param chain from the action to what was expected */
function diverged(
  at: Expectation,
  expected: string,
  seen: string,
  chain: string | undefined,
): ExpectationFailure {
  const why = `the recording says "${seen}", but was made without the action`;
  return notKnown(at, expected, restsOn(why, chain), assumeHelp);
}

/** A value that is not known; the help says when an assumption would lift that. */
function unknown<T>(at: Expectation, expected: string, seen: Known<T>): ExpectationFailure {
  if (seen.known) return notKnown(at, expected, 'it was not looked at');
  return notKnown(at, expected, seen.why, seen.assumed === undefined ? undefined : assumeHelp);
}

function fateFits(fate: Fate, wanted: Wanted): boolean {
  if (wanted.exit !== undefined) return fate.kind === 'exited' && fate.code === wanted.exit;
  if (wanted.killed !== undefined) return fate.kind === 'killed' && fate.signal === wanted.killed;
  return true;
}

function checkRootFate(
  at: Expectation,
  expected: string,
  wanted: Wanted,
  judging: Judging,
): ExpectationFailure[] {
  const { root, processes } = judging.outcome;
  if (root.kind === 'unknown') return [notKnown(at, expected, root.why)];
  const help = childHelp(wanted, judging);
  if (processes[0]?.diverged === true && !judging.assume)
    return [{ ...diverged(at, expected, fateWords(root), processes[0].restsOn), ...help }];
  return fateFits(root, wanted) ? [] : [{ ...mismatch(at, expected, fateWords(root)), ...help }];
}

/** Often a child was killed as wanted, and the root is the shell that a text is run by. */
function childHelp({ killed }: Wanted, { outcome }: Judging): { help?: string } {
  const [root, ...others] = outcome.processes;
  const child = others.find(({ fate }) => fate.kind === 'killed' && fate.signal === killed);
  if (root === undefined || child === undefined || killed === undefined) return {};
  return {
    help: `the root is ${root.binary}, and its child ${child.binary} was killed by ${killed}: write \`run\` as a list, so that no shell is in between, or expect \`processes: [{ binary: ${child.binary}, killed: ${killed} }]\``,
  };
}

function checkProcess(at: Of<'process'>, judging: Judging): ExpectationFailure[] {
  const expected = [
    `process ${at.binary}`,
    at.arguments,
    at.exit === undefined ? undefined : `exit ${at.exit}`,
    at.killed === undefined ? undefined : `killed by ${at.killed}`,
  ]
    .filter((part) => part !== undefined)
    .join(' ');
  const named = judging.outcome.processes.filter((process) => isNamed(at, process) === true);
  const fitting = named.filter((process) => fateFits(process.fate, at));
  if (fitting.some((process) => judging.assume || !process.diverged)) return [];
  const [first] = fitting;
  if (first !== undefined) return [diverged(at, expected, fateWords(first.fate), first.restsOn)];
  const unknown = named.find((process) => process.fate.kind === 'unknown');
  if (unknown?.fate.kind === 'unknown') return [notKnown(at, expected, unknown.fate.why)];
  for (const process of judging.outcome.processes) {
    const why = isNamed(at, process);
    if (typeof why === 'string' && (process.fate.kind === 'unknown' || fateFits(process.fate, at)))
      return [notKnown(at, expected, why)];
  }
  const other = named.find((process) => process.diverged);
  if (other !== undefined && !judging.assume) {
    const fates = named.map((process) => fateWords(process.fate)).join(', ');
    return [diverged(at, expected, fates, other.restsOn)];
  }
  const seen =
    named.length > 0
      ? named.map((process) => `${process.binary} ${fateWords(process.fate)}`).join(', ')
      : `no such process; seen: ${[...new Set(judging.outcome.processes.map((process) => process.binary))].join(', ') || 'none'}`;
  return [mismatch(at, expected, seen)];
}

/** The process is the one that is meant; a text: that is not known. */
function isNamed(at: Of<'process'>, process: ProcessOutcome): boolean | string {
  let why: string | undefined;
  for (const part of ['binary', 'arguments'] as const) {
    const pattern = at[part];
    if (pattern === undefined) continue;
    const unknownPart = process.unknown?.[part];
    if (unknownPart === undefined && !matchesText(pattern, process[part])) return false;
    why ??= unknownPart;
  }
  return why ?? true;
}

function checkErrno(at: Of<'errno'>, judging: Judging): ExpectationFailure[] {
  const expected = at.errno === 0 ? `${at.call} succeeds` : `${at.call} fails with ${at.errno}`;
  const calls = judging.outcome.calls.filter((call) => call.name === at.call);
  const fitting = calls.filter((call) => call.errno === at.errno);
  if (fitting.some((call) => judging.assume || !call.diverged)) return [];
  const results = countedResults(calls.map(({ errno }) => (errno === 0 ? 'success' : errno)));
  if (fitting.length > 0 || (calls.some((call) => call.diverged) && !judging.assume)) {
    return [diverged(at, expected, results, calls.find((call) => call.diverged)?.restsOn)];
  }
  if (calls.length === 0) return [mismatch(at, expected, `no call of ${at.call}`)];
  const help = callsHelp(calls);
  return [{ ...mismatch(at, expected, `${at.call}: ${results}`), ...(help !== undefined && { help }) }];
}

/** Each result once, and how often: `success, ENOENT (3 times)`. */
function countedResults(results: readonly string[]): string {
  return [...new Set(results)]
    .map((result) => {
      const times = results.filter((one) => one === result).length;
      return times === 1 ? result : `${result} (${times} times)`;
    })
    .join(', ');
}

function checkOutput(at: Of<'output'>, judging: Judging): ExpectationFailure[] {
  const seen: Known<string> = judging.outcome[at.stream];
  const expected = textWords(at.text);
  const value = valueOf(seen, judging);
  if (value === undefined) return [unknown(at, expected, seen)];
  const text = fromBytes(value);
  if (matchesText(at.text, text)) return [];
  return [{ ...mismatch(at, expected, textWords(text)), ...severalLines(at.text, text) }];
}

function checkFile(at: Of<'file'>, judging: Judging): ExpectationFailure[] {
  const expected = [
    `${at.file}${at.absent ? ' does not exist' : ' exists'}`,
    at.content === undefined ? undefined : `content ${textWords(at.content)}`,
    at.mode === undefined ? undefined : `mode ${octal(at.mode)}`,
  ]
    .filter((part) => part !== undefined)
    .join(', ');
  const seen = judging.outcome.files[at.file];
  if (seen === undefined) return [notKnown(at, expected, 'the backend did not look at this file')];
  const state = valueOf(seen, judging);
  if (state === undefined) return [unknown(at, expected, seen)];
  const { exists, content, mode } = state;
  const words = !exists
    ? `${at.file} does not exist`
    : [
        `${at.file} exists`,
        content === undefined || at.content === undefined
          ? undefined
          : `content ${textWords(fromBytes(content))}`,
        mode === undefined || at.mode === undefined ? undefined : `mode ${octal(mode)}`,
      ]
        .filter((part) => part !== undefined)
        .join(', ');
  if (exists === at.absent) return [mismatch(at, expected, words)];
  if (at.content !== undefined) {
    if (content === undefined) return [notKnown(at, expected, 'its content')];
    const text = fromBytes(content);
    if (!matchesText(at.content, text))
      return [{ ...mismatch(at, expected, words), ...severalLines(at.content, text) }];
  }
  if (at.mode !== undefined) {
    if (mode === undefined) return [notKnown(at, expected, 'its mode')];
    if ((mode & 0o7777) !== at.mode) return [mismatch(at, expected, words)];
  }
  return [];
}

/** Texts of one line are compared at a glance. */
function severalLines(expected: string, seen: string): Pick<ExpectationFailure, 'texts'> {
  const several = [expected, seen].some((text) => text.trimEnd().includes('\n'));
  return several && asRegex(expected) === undefined ? { texts: { expected, seen } } : {};
}

const octal = (mode: number): string => (mode & 0o7777).toString(8).padStart(4, '0');

/** Bytes as the text they are in UTF-8; bytes that are none become U+FFFD. */
function fromBytes(bytes: string): string {
  return new TextDecoder().decode(Uint8Array.from(bytes, (unit) => unit.charCodeAt(0)));
}
