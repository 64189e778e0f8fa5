/** Diagnostics: what is wrong with a text somebody wrote, and where. Collected, never thrown one by one. */
import type { DiagnosticCode } from './codes.ts';

/** A place in a source text. Lines and columns count from 1; `offset` counts UTF-16 units from 0. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** A stretch of a named source text; `end` is exclusive. */
export interface Span {
  /** File name as the user gave it, or a label such as `<inline policy 1>`. */
  readonly file: string;
  readonly start: Position;
  readonly end: Position;
}

export type Severity = 'error' | 'warning';

/** One finding. `code` is stable and documented; `message` names the thing, `help` says what to do. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  readonly message: string;
  readonly span: Span;
  /** Dotted path of the node, e.g. `spec.kprobes[0].selectors[1].matchArgs[0].operator`. */
  readonly path?: string;
  /** The release of Tetragon that was the first to refuse it, such as `1.7`, if others did not. */
  readonly refusedSince?: string;
  /** In a file of several documents: the kind and name of the one that this is about. */
  readonly document?: string;
  readonly help?: string;
  /** Closest known spelling, when the finding is an unknown key or enum value. */
  readonly didYouMean?: string;
  /** A mechanical repair: replace the span's text by this. */
  readonly fix?: string;
  /** What is replaced, if it is not the span: a key with its value, which goes away whole where `fix` is empty. */
  readonly fixSpan?: Span;
}

/**
 * True if any of the diagnostics is an error.
 *
 * @example
 * ```ts
 * import { anyKernel, hasErrors, loadPolicies } from 'tracerig/core';
 *
 * const { diagnostics } = loadPolicies('kind: TracingPolicy', 'policy.yaml', anyKernel);
 * console.log(hasErrors(diagnostics)); // true
 * ```
 */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}
