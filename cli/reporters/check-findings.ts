/** What a report of `tracerig check` is made of. */
import type { Diagnostic } from '../../core/source/diagnostic.ts';

export interface CheckFindings {
  readonly files: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  /** Texts of the files, for code frames. */
  readonly texts: ReadonlyMap<string, string>;
  readonly color: boolean;
}
export type CheckReport = (findings: CheckFindings) => string;

export function countSeverities(diagnostics: readonly Diagnostic[]): { errors: number; warnings: number } {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
  return { errors, warnings: diagnostics.length - errors };
}

/** Message and help as one text, with the document named where a file has several. */
export function wholeMessage({ document, message, help }: Diagnostic): string {
  const said = document === undefined ? message : `${document}: ${message}`;
  return help === undefined ? said : `${said}\n${help}`;
}
