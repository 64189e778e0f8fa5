/** Reads the counts of vitest's JSON report. */
import type { Counts } from '../runner/result.ts';

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numTotalTestSuites?: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** Skipped tests are named by their file and outermost block, once each. A file that does not load is a failure. */
export function readVitestReport(json: unknown): { counts: Counts; skippedNames: string[] } {
  const report = json as VitestReport;
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  const skippedNames = new Map<string, number>();
  for (const file of report.testResults) {
    for (const test of file.assertionResults) {
      if (test.status === 'passed' || test.status === 'failed') continue;
      const ancestors = (test as { ancestorTitles?: readonly string[] }).ancestorTitles ?? [];
      const name = `${file.name}: ${ancestors[0] ?? test.fullName}`;
      skippedNames.set(name, (skippedNames.get(name) ?? 0) + 1);
    }
  }
  return {
    counts: {
      passed: report.numPassedTests,
      failed: report.numFailedTests + broken.length,
      skipped: report.numPendingTests + report.numTodoTests,
    },
    skippedNames: [...skippedNames].map(([name, count]) => `${name} (${count})`),
  };
}
