/** What a report of `tracerig check` is made of. */
import type { Diagnostic } from '../../core/source/diagnostic.ts';
import { shownLine } from '../shown.ts';

export interface CheckFindings {
  readonly files: readonly string[];
  readonly policies: number;
  /** What the documents are that are no policies: `a ConfigMap`. */
  readonly passedOver: readonly string[];
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

/** `2 documents of other kinds (ConfigMap, Namespace)`: each kind once. */
export function countedKinds(passedOver: readonly string[]): string {
  const kinds = [...new Set(passedOver)].map((kind) => shownLine(kind.replace(/^an? (?=[A-Z])/, '')));
  const most = 5;
  const listed = kinds.length > most ? [...kinds.slice(0, most), '…'] : kinds;
  const count = `${passedOver.length} ${passedOver.length === 1 ? 'document' : 'documents'}`;
  return `${count} of other kinds (${listed.join(', ')})`;
}

/** Message and help as one text, with the document named where a file has several. */
export function wholeMessage({ document, message, help }: Diagnostic): string {
  const said = document === undefined ? message : `${document}: ${message}`;
  return help === undefined ? said : `${said}\n${help}`;
}
