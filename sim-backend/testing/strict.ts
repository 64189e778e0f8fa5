/**
 * Recordings of Tetragon held against what the simulator foretold, counted by process. A difference is *named* only by a
 * problem that is about that process and that event, *diverged* only where the process is marked so from there on. All
 * others are *silent*, whatever else is marked, and so is a difference that a note would explain.
 */
import type { ObservedOutcome } from '../../core/backend/observer.ts';
import type { ProblemCause } from '../../core/backend/problem.ts';
import { type PlacedEvent, canonical, commonPairs, placedByProcess } from '../../core/events/compare.ts';
import { firstDifference } from '../../core/events/compare.ts';
import type { ProcessJson, TetragonEvent } from '../../core/events/event.ts';
import { type NormalEvent, constantsOf } from '../../core/events/normalise.ts';
import { whyLeftOut } from '../../core/events/left-out.ts';
import { bodyOf } from '../../core/events/parse.ts';

/** From the worst to the best. */
export const grades = ['silent', 'named', 'diverged', 'exact'] as const;
export type ProcessGrade = (typeof grades)[number];

export interface GradedProcess {
  readonly binary: string;
  readonly grade: ProcessGrade;
  /** The first difference of this grade, or what names it. */
  readonly what: string;
}

/** A problem where it occurred, by the pid in the trace. */
export interface Occurrence {
  readonly cause: ProblemCause;
  readonly pid: number;
}

/** A difference, and what stands on either side. */
interface Gap {
  readonly missing: PlacedEvent | undefined;
  readonly extra: PlacedEvent | undefined;
}

/**
 * @param expected what Tetragon recorded
 * @param tids ids of all tasks of the trace: they differ from those of the recording
 */
export function gradeProcesses(
  expected: readonly TetragonEvent[],
  outcome: ObservedOutcome,
  occurrences: readonly Occurrence[],
  tids: ReadonlySet<number>,
): GradedProcess[] {
  const got = outcome.events.map(({ event }) => event);
  const left = placedByProcess(expected, constantsOf(got));
  const right = placedByProcess(got, constantsOf(expected));
  const grader = new Grader(expected, outcome, occurrences, tids);
  return [...new Set([...left.keys(), ...right.keys()])]
    .sort((a, b) => a - b)
    .map((number) => grader.grade(left.get(number) ?? [], right.get(number) ?? []));
}

class Grader {
  readonly #parents: ReadonlyMap<number, number | undefined>;
  readonly #divergedPids: ReadonlySet<number>;

  constructor(
    private readonly expected: readonly TetragonEvent[],
    private readonly outcome: ObservedOutcome,
    private readonly occurrences: readonly Occurrence[],
    private readonly tids: ReadonlySet<number>,
  ) {
    const { processes } = outcome;
    const pidOf = new Map(processes.map(({ number, pid }) => [number, pid]));
    this.#parents = new Map(
      processes.map(({ pid, parent }) => [pid, parent === undefined ? undefined : pidOf.get(parent)]),
    );
    this.#divergedPids = new Set(processes.filter(({ diverged }) => diverged).map(({ pid }) => pid));
  }

  grade(left: readonly PlacedEvent[], right: readonly PlacedEvent[]): GradedProcess {
    const process = this.#processOf(left, right);
    const binary = process?.binary ?? '';
    const gaps = gapsOf(left, right).filter((gap) => !isOtherId(gap, this.tids));
    const [first] = gaps;
    if (first === undefined) return { binary, grade: 'exact', what: '' };
    const pid = right.length === 0 ? undefined : process?.pid;
    let graded: { grade: ProcessGrade; what: string } | undefined;
    for (const gap of gaps) {
      if (this.#isDiverged(gap, right, pid)) graded ??= { grade: 'diverged', what: gapWords(gap) };
      else {
        const name = this.#nameOf(gap, pid);
        // What an action would have changed follows from the event that was named.
        if (name === undefined && graded?.grade === 'named') continue;
        if (name === undefined) return { binary, grade: 'silent', what: gapWords(gap) };
        graded = { grade: 'named', what: name };
      }
    }
    return { binary, ...(graded ?? { grade: 'silent', what: gapWords(first) }) };
  }

  #processOf(left: readonly PlacedEvent[], right: readonly PlacedEvent[]): ProcessJson | undefined {
    const { events } = this.outcome;
    const last = right.at(-1);
    const event = last ? events[last.index]?.event : this.expected[left.at(-1)?.index ?? -1];
    return event && (bodyOf(event)['process'] as ProcessJson | undefined);
  }

  /** An event is marked itself; one that is missing falls behind the last that is certain. */
  #isDiverged({ missing, extra }: Gap, right: readonly PlacedEvent[], pid: number | undefined): boolean {
    const marked = ({ index }: PlacedEvent): boolean => this.outcome.events[index]?.diverged === true;
    if (extra !== undefined) return marked(extra);
    if (pid === undefined) return this.#divergedPids.size > 0 && missing !== undefined;
    if (!right.some(marked) && !this.#divergedPids.has(pid)) return false;
    const certain = right.filter((event) => !marked(event)).at(-1);
    return missing !== undefined && (certain === undefined || !isBefore(missing, certain));
  }

  #nameOf({ missing, extra }: Gap, pid: number | undefined): string | undefined {
    const events = [missing, extra].filter((event) => event !== undefined).map(({ event }) => event);
    for (const problem of this.outcome.problems)
      if (problem.kind === 'not-modelled' && events.some((event) => isOf(event, problem.feature)))
        return problem.feature;
    const left = this.#leftOut({ missing, extra });
    if (left !== undefined) return left;
    const lineage = this.#lineage(pid);
    for (const { cause, pid: about } of this.occurrences) {
      if (!lineage.has(about) || (cause.kind !== 'not-known' && cause.kind !== 'not-modelled')) continue;
      const hook = cause.kind === 'not-known' ? cause.hook : undefined;
      // What is not known of a hook names its own process's events, what is not known of a program its descendants' too.
      if (hook === undefined || (about === pid && events.some((event) => isOf(event, hook))))
        return cause.kind === 'not-known' ? cause.why : cause.feature;
    }
    return undefined;
  }

  /** Why the foretold event lacks members, if that is all that it differs in. */
  #leftOut({ missing, extra }: Gap): string | undefined {
    const event = extra && this.outcome.events[extra.index]?.event;
    if (missing === undefined || extra === undefined || event === undefined) return undefined;
    const left: string[] = [];
    const body = Object.fromEntries(
      Object.entries(missing.event.body).map(([part, recorded]) => {
        const foretold = bodyOf(event)[part];
        if (!isObject(recorded) || !isObject(foretold)) return [part, recorded];
        return [
          part,
          Object.fromEntries(
            Object.entries(recorded).filter(([member]) => {
              const why = whyLeftOut(foretold, member);
              if (why !== undefined) left.push(why);
              return why === undefined;
            }),
          ),
        ];
      }),
    );
    return firstDifference({ ...missing.event, body }, extra.event, '') === undefined ? left[0] : undefined;
  }

  #lineage(pid: number | undefined): ReadonlySet<number> {
    const found = new Set<number>();
    for (let at = pid; at !== undefined && !found.has(at); at = this.#parents.get(at)) found.add(at);
    return found;
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Whether the event is of what is hooked there, as problems name it. */
function isOf({ kind, body }: NormalEvent, hooked: string): boolean {
  const text = (key: string): string => (typeof body[key] === 'string' ? body[key] : '');
  const names = [
    text('function_name'),
    `${text('subsys')}/${text('event')}`,
    `${text('path')} ${text('symbol')}`,
    ...(kind === 'process_loader' ? ['the loader'] : []),
  ];
  return names.some((name) => name !== '' && name === hooked);
}

function isBefore(missing: PlacedEvent, certain: PlacedEvent): boolean {
  return matchedAfter.get(missing)?.has(certain) === true;
}

/** For an event that is missing: the foretold ones that were matched up behind it. */
const matchedAfter = new WeakMap<PlacedEvent, Set<PlacedEvent>>();

function gapsOf(left: readonly PlacedEvent[], right: readonly PlacedEvent[]): Gap[] {
  const gaps: Gap[] = [];
  const texts = (events: readonly PlacedEvent[]): string[] => events.map(({ event }) => canonical(event));
  const pairs: readonly (readonly [number, number])[] = [
    ...commonPairs(texts(left), texts(right)),
    [left.length, right.length],
  ];
  let [i, j] = [0, 0];
  pairs.forEach(([nextLeft, nextRight], pair) => {
    const [missing, extra] = [left.slice(i, nextLeft), right.slice(j, nextRight)];
    const after = new Set(
      pairs.slice(pair).flatMap(([, at]) => {
        const event = right[at];
        return event === undefined ? [] : [event];
      }),
    );
    for (const event of missing) matchedAfter.set(event, after);
    for (let at = 0; at < Math.max(missing.length, extra.length); at++)
      gaps.push({ missing: missing[at], extra: extra[at] });
    const [one, other] = [left[nextLeft], right[nextRight]];
    // Permissions are compared where both know them.
    if (one && other && firstDifference(one.event, other.event, ''))
      gaps.push({ missing: one, extra: other });
    [i, j] = [nextLeft + 1, nextRight + 1];
  });
  return gaps;
}

/** Differs in nothing but the id of a task, as an argument: no event is about a thread that posts none. */
function isOtherId({ missing, extra }: Gap, tids: ReadonlySet<number>): boolean {
  if (missing === undefined || extra === undefined) return false;
  const [recorded, foretold] = [missing, extra].map(({ event }) => canonical(event));
  const ids = (text = ''): number[] => [...text.matchAll(integerArgument)].map(([, id]) => Number(id));
  const rest = (text = ''): string => text.replace(integerArgument, '');
  const recordedIds = ids(recorded);
  return (
    rest(recorded) === rest(foretold) &&
    ids(foretold).every((id, index) => id === recordedIds[index] || tids.has(id))
  );
}

const integerArgument = /"u?int_arg":(-?\d+)/g;

function gapWords({ missing, extra }: Gap): string {
  const name = ({ event: { kind, body } }: PlacedEvent): string => {
    const of = body['function_name'] ?? body['event'];
    return typeof of === 'string' ? `${kind} ${of}` : kind;
  };
  if (missing === undefined) return extra === undefined ? '' : `${name(extra)}: not recorded`;
  if (extra === undefined) return `${name(missing)}: not foretold`;
  const at = firstDifference(missing.event, extra.event, '');
  return at === undefined
    ? name(missing)
    : `${name(missing)}: ${at.path} ${JSON.stringify(at.expected)}, foretold ${JSON.stringify(at.got)}`;
}
