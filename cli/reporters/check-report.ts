/** Chooses the report of `tracerig check`. */
import type { Diagnostic } from '../../core/source/diagnostic.ts';

export type CheckReporterName = 'pretty' | 'json' | 'github' | 'sarif';

export interface CheckFindings {
  readonly files: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  /** Texts of the files, for code frames. */
  readonly sources: ReadonlyMap<string, string>;
  readonly color: boolean;
}
export type CheckReport = (findings: CheckFindings) => string;

export async function makeCheckReport(name: CheckReporterName): Promise<CheckReport> {
  switch (name) {
    case 'pretty':
      return (await import('./check-pretty.ts')).checkPretty;
    case 'json':
      return (await import('./check-json.ts')).checkJson;
    case 'github':
      return (await import('./check-github.ts')).checkGithub;
    case 'sarif':
      return (await import('./check-sarif.ts')).checkSarif;
  }
}

export function countSeverities(diagnostics: readonly Diagnostic[]): { errors: number; warnings: number } {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
  return { errors, warnings: diagnostics.length - errors };
}

/** Message and help as one text, with the document named where a file has several. */
export function wholeMessage({ document, message, help }: Diagnostic): string {
  const said = document === undefined ? message : `${document}: ${message}`;
  return help === undefined ? said : `${said}\n${help}`;
}
