/** Chooses the report of `tracerig check`. */
import type { CheckReport } from './check-findings.ts';

export type CheckReporterName = 'pretty' | 'json' | 'github' | 'sarif';

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
