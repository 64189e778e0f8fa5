/** What the table of codes says of each code. */

/** How a command ends of which this is the gravest finding; exit numbers are in `runner/exit-code.ts`. */
export type ExitKind =
  /** A warning: the command ends well, but for `check --strict`, which fails. */
  | 'ok'
  /** Something did not come out as it was expected to, or a machine broke down. */
  | 'failed'
  /** What the command was given cannot be used. */
  | 'usage'
  /** This machine cannot do it. */
  | 'unavailable';

export interface CodeEntry {
  /** In one line. */
  readonly meaning: string;
  /** As an error, for those that are errors in one place and warnings in another. */
  readonly exit: ExitKind;
  /** How it comes about, in one or two sentences. */
  readonly cause: string;
  /** What to do, in one or two sentences. */
  readonly cure: string;
}

/** The codes of one stage. */
export type CodeStage = Readonly<Record<`TR-${string}`, CodeEntry>>;
