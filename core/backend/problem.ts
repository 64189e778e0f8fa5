/** What kept a backend from telling everything. All of them make the step fail. */

/** Place in a trace or a policy. */
export interface ProblemPlace {
  readonly file: string;
  /** From 1. */
  readonly line?: number;
}

/** How often a problem occurred, and where first. */
interface Occurrences {
  readonly count: number;
  readonly place?: ProblemPlace;
}

export interface LeftProcess {
  readonly pid: number;
  /** Empty where it is not known. */
  readonly binary: string;
}

export type LossReason =
  /** Records found the buffer full. */
  | 'no-room'
  /** The kernel passed over calls, since a probe was busy. */
  | 'skipped'
  /** Nothing told of returns. */
  | 'no-return'
  /** Processes found no room in the table of processes. */
  | 'processes'
  /** Nothing told that processes had ended, though they have. */
  | 'no-end';

/** Why lines of a trace that are understood could not be used. */
export type UnreadReason =
  /** Nothing shows who made their process. */
  | 'unborn'
  /** Their process had ended, and nothing shows that its pid was given again. */
  | 'ended'
  /** strace was attached to their process, and the program that ran then is not known. */
  | 'attached'
  /** The end of a call without its beginning. */
  | 'no-first-half'
  /** The beginning of a call without its end, though its process went on. */
  | 'no-second-half';

export type TraceFault =
  /** A line is no strace output. */
  | { readonly fault: 'not-understood'; readonly text: string }
  /** The trace ends in the middle of a line. */
  | { readonly fault: 'cut' }
  /** It ends at this line, before these of its processes do. */
  | { readonly fault: 'ends-early'; readonly line: number; readonly processes: readonly LeftProcess[] }
  /** This line is older than the one above it, or the same once more: strace writes no such lines. */
  | { readonly fault: 'out-of-order' }
  /** The code of an end is none that its process asked for. */
  | { readonly fault: 'other-code'; readonly code: number; readonly asked: number }
  /** No program is started. */
  | { readonly fault: 'no-program' }
  /** The path of an executed program cannot be read. */
  | { readonly fault: 'program-path' };

export type ProblemCause =
  /** The simulator has no model of what is hooked, or of what a call did (`feature`), since `why`. */
  | {
      readonly kind: 'not-modelled';
      readonly feature: string;
      readonly why?: string;
      readonly call?: string;
    }
  /** A value that decides, or is shown, is nowhere to be found. */
  | {
      readonly kind: 'not-known';
      readonly policy?: string;
      readonly hook?: string;
      readonly call?: string;
      readonly why: string;
      /** Events show it so, and no verdict hangs on it. */
      readonly shown?: true;
    }
  /** Lines that could not be used: `count` of them, of so many processes. */
  | { readonly kind: 'unread-lines'; readonly why: UnreadReason; readonly processes: number }
  /** Processes that the trace shows being made, `count` of them, and of which it has no line: their actions are missing. */
  | { readonly kind: 'missing-lines'; readonly pids: readonly number[] }
  | { readonly kind: 'timeout'; readonly afterMs: number }
  /** `count` of what policies should have judged, or of what they said, nobody knows. `hook`: of this one, or these. */
  | { readonly kind: 'lost-events'; readonly why: LossReason; readonly hook?: string }
  /** The kernel did not send `count` signals of this hook's actions, though events name them. */
  | { readonly kind: 'failed-signals'; readonly hook: string }
  /** `count` calls of this hook's function went on, though events name an Override. */
  | { readonly kind: 'failed-overrides'; readonly hook: string }
  /** Still running so long after the root's end. */
  | { readonly kind: 'left-processes'; readonly processes: readonly LeftProcess[]; readonly graceMs: number }
  /** The machine had no memory left, and its kernel killed some process: of `killed`, nobody knows who else would have been. */
  | { readonly kind: 'out-of-memory'; readonly killed: number }
  /** The recording could not be read in full. */
  | ({ readonly kind: 'trace' } & TraceFault)
  /** The kernel refuses a policy. */
  | { readonly kind: 'load'; readonly policy: string; readonly kernel: string; readonly why: string }
  | { readonly kind: 'crash'; readonly why: string };

/** Something that kept a backend from telling everything: it makes the step fail. */
export type Problem = Occurrences & ProblemCause;
export type ProblemKind = Problem['kind'];

/** Equal for two occurrences of one problem. */
function keyOf(cause: ProblemCause): string {
  return JSON.stringify(cause, (key, value: unknown) =>
    // Of lines that are not understood there may be millions: one problem, shown by the first.
    (key === 'text' && cause.kind === 'trace') || key === 'count' || key === 'place' ? undefined : value,
  );
}

/** Gathers problems: equal ones are counted, none is dropped. */
export class ProblemList {
  readonly #found = new Map<
    string,
    { cause: ProblemCause; place: ProblemPlace | undefined; count: number }
  >();

  constructor(private readonly onFirst: (problem: Problem) => void = () => undefined) {}

  add(cause: ProblemCause, place?: ProblemPlace, count = 1): void {
    const key = keyOf(cause);
    const known = this.#found.get(key);
    if (known !== undefined) {
      known.count += count;
      return;
    }
    this.#found.set(key, { cause, place, count });
    this.onFirst({ ...cause, count, ...(place === undefined ? {} : { place }) });
  }

  /** In the order of their first occurrence. */
  all(): Problem[] {
    return [...this.#found.values()].map(({ cause, place, count }) => ({
      ...cause,
      count,
      ...(place === undefined ? {} : { place }),
    }));
  }
}

/** The problems of several steps as one list, equal ones added up. */
export function mergeProblems(...lists: readonly (readonly Problem[])[]): Problem[] {
  const merged = new ProblemList();
  for (const { count, place, ...cause } of lists.flat()) merged.add(cause, place, count);
  return merged.all();
}
