/** A scenario, read: what `parse.ts` makes of a file and the runner works with. Plain data, positions kept. */
import type { Span } from '../source/diagnostic.ts';
import type { Command, Given } from '../backend/request.ts';
import type { LoadMode } from '../plan/mode.ts';

/** A scenario file, read. */
export interface Scenario {
  readonly name: string;
  /** File name as given. */
  readonly file: string;
  readonly policies: readonly PolicySource[];
  readonly given: Given;
  /** Files whose contents are those of files of the project: `given` has no content of them until they are read. */
  readonly sources: readonly GivenSource[];
  readonly requires: Requirements;
  readonly steps: readonly Step[];
}

/** Of a given file: where its bytes are. */
export interface GivenSource {
  /** Of the given file. */
  readonly path: string;
  /** As written, relative to the scenario file. */
  readonly source: string;
  /** Its mode is said, and not that of the source. */
  readonly hasMode: boolean;
  readonly span: Span;
}

/** Either a path relative to the scenario file, or a document in it (padded: its positions are the file's). */
export type PolicySource = {
  readonly span: Span;
  /** That it is loaded in; undefined: as its options say. */
  readonly mode?: LoadMode;
} & ({ readonly path: string } | { readonly text: string; readonly label: string });

/** Kinds of backends that a scenario may name. */
export type BackendKind = 'sim' | 'kernel' | 'vm';

/** What a scenario is meant for; elsewhere it is skipped. */
export interface Requirements {
  readonly span: Span;
  /** As written: `>=6.1 <6.12`. */
  readonly kernel?: string;
  readonly backend?: readonly BackendKind[];
}

/** What a step says of being judged: `skip` and `todo` with the reason, if one is given. */
export type StepMark = { readonly kind: 'skip' | 'todo'; readonly why?: string } | { readonly kind: 'only' };

/** One command of a scenario, with what is expected of it. */
export interface Step {
  /** From 1. */
  readonly number: number;
  readonly name: string;
  readonly run?: Command;
  /** Path of the trace as written, relative to the scenario file. */
  readonly trace?: string;
  readonly timeoutMs?: number;
  readonly daemons: 'fail' | 'kill';
  /** Take what rests on the recorded course after an action changed it for true. */
  readonly assumeRecordedCourse: boolean;
  readonly expectations: readonly Expectation[];
  /** All that is expected where it is said for one kind of backend: see `stepOn`. */
  readonly on?: Readonly<Partial<Record<BackendKind, readonly Expectation[]>>>;
  readonly mark?: StepMark;
  /** Its own, and those of the scenario. */
  readonly tags: readonly string[];
  /** Names of files that are others in each run, with one `*` for what differs: of the scenario. */
  readonly unstable: readonly string[];
  readonly span: Span;
}

/** Keys of an event and their values, matched in part. */
export interface EventPattern {
  readonly pattern: Readonly<Record<string, unknown>>;
  readonly span: Span;
}

/** One thing that is expected of an outcome. `path` is where it stands in the step, e.g. `expect.killed`. */
export type Expectation = { readonly span: Span; readonly path: string } & (
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'killed'; readonly signal: string }
  | { readonly kind: 'errno'; readonly call: string; readonly errno: string | 0 }
  | { readonly kind: 'output'; readonly stream: 'stdout' | 'stderr'; readonly text: string }
  | {
      readonly kind: 'events';
      readonly mode: 'present' | 'absent' | 'exactly';
      readonly items: readonly EventPattern[];
    }
  | { readonly kind: 'count'; readonly item: EventPattern; readonly min: number; readonly max: number }
  | {
      readonly kind: 'process';
      readonly binary: string;
      readonly arguments?: string;
      readonly exit?: number;
      readonly killed?: string;
    }
  | {
      readonly kind: 'file';
      readonly file: string;
      readonly absent: boolean;
      readonly content?: string;
      readonly mode?: number;
    }
);
