/** Chooses the reporter of `tracerig test`. */
import type { Reporter } from '../../runner/reporter.ts';
import type { ReportTarget } from './report-target.ts';

export const reporterNames = ['pretty', 'json', 'junit', 'github', 'tap'] as const;
export type ReporterName = (typeof reporterNames)[number];

export async function makeReporter(name: ReporterName, target: ReportTarget): Promise<Reporter> {
  switch (name) {
    case 'pretty':
      return (await import('./pretty.ts')).prettyReporter(target);
    case 'json':
      return (await import('./json.ts')).jsonReporter(target);
    case 'junit':
      return (await import('./junit.ts')).junitReporter(target);
    case 'github':
      return (await import('./github.ts')).githubReporter(target);
    case 'tap':
      return (await import('./tap.ts')).tapReporter(target);
  }
}
