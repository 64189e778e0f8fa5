/** An outcome: what a backend saw of one step, summed up. Plain data; two of them can be compared (parity.ts) and reported. */
import type { TetragonEvent } from '../events/event.ts';
import type { ByteString } from '../values/value.ts';
import type { Problem } from './problem.ts';
import type { Achievement, ActionCount, CoverageMark } from './sums.ts';

/** How a process ended: `signal` is a name such as `SIGKILL`. `running`: left behind, then cut. */
export type Fate =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'killed'; readonly signal: string }
  | { readonly kind: 'running' }
  | { readonly kind: 'unknown'; readonly why: string };

/**
 * A value that a backend may be unable to tell; an expectation on an unknown one fails as "not known". `assumed` is what
 * it is if the recorded course holds after an action changed it: used where a step says `assume: recorded-course`.
 */
export type Known<T> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly why: string; readonly assumed?: T };
export const known = <T>(value: T): Known<T> => ({ known: true, value });
export const assumed = <T>(value: T, why: string): Known<T> => ({ known: false, why, assumed: value });
/** Nobody asked for it, and nothing was kept. */
export const notAsked: Known<never> = { known: false, why: 'it was not asked for' };
export const notKnown = (why: string): Known<never> => ({ known: false, why });

/** One process of the step's tree. */
export interface ProcessOutcome {
  /** Number by order of creation within the step; the root is 0. */
  readonly number: number;
  readonly parent?: number;
  readonly pid: number;
  /** Last executed binary and its arguments, as in the events. */
  readonly binary: string;
  readonly arguments: string;
  /** Why one of these is not known, whatever stands there. */
  readonly unknown?: { readonly binary?: string; readonly arguments?: string };
  readonly fate: Fate;
  /** The fate rests on the recorded course after an action changed it. */
  readonly diverged: boolean;
  /** The chain from the action to what is diverged, in one line. */
  readonly restsOn?: string;
}

/** A Tetragon event, and what of ours stands beside it. */
export interface OutcomeEvent {
  readonly event: TetragonEvent;
  /** Number of the process (see ProcessOutcome) that it belongs to. */
  readonly process: number;
  /** It rests on the recorded course of a task whose course an action changed. */
  readonly diverged: boolean;
  /** The chain from the action to it, in one line. */
  readonly restsOn?: string;
}

/** Result of a system call, for `expect.errno`: 0 or the errno's name. */
export interface CallOutcome {
  readonly process: number;
  readonly name: string;
  readonly errno: string | 0;
  /** What the call was made with, as strace writes it; and its line in the trace. Of a replay only. */
  readonly made?: { readonly arguments: string; readonly line: number };
  readonly diverged: boolean;
  readonly restsOn?: string;
}

export interface FileOutcome {
  readonly exists: boolean;
  readonly content?: ByteString;
  readonly mode?: number;
}

/** What a step came to, when all of it has flowed to the observer. Its counted parts merge (sums.ts, problem.ts). */
export interface Outcome {
  readonly root: Fate;
  readonly processes: readonly ProcessOutcome[];
  /** How many events flowed to the observer. */
  readonly eventCount: number;
  readonly stdout: Known<ByteString>;
  readonly stderr: Known<ByteString>;
  readonly calls: readonly CallOutcome[];
  /** State of the files that the step's expectations name. */
  readonly files: Readonly<Record<string, Known<FileOutcome>>>;
  /** Actions by hook and selector. */
  readonly counters: Known<readonly ActionCount[]>;
  /** If `watchCoverage` asked for them. */
  readonly coverage: Known<readonly CoverageMark[]>;
  /** What was read, written, executed and reached, if `watchAchieved` asked for it. */
  readonly achieved: Known<readonly Achievement[]>;
  readonly problems: readonly Problem[];
  /** Things a reader should know that are no failure (assumed start, chosen accelerator). */
  readonly notes: readonly string[];
  /** CPU and wall milliseconds spent by the backend on this step. */
  readonly elapsedMs: number;
}
