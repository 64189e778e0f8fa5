/** The reports of one run: which reporters, and where each writes. */
import type { Reporter } from '../runner/reporter.ts';
import { UsageError } from './options.ts';
import type { Output } from './output.ts';
import { openReportSink } from './report-sink.ts';
import type { ReportSink } from './report-sink.ts';
import { makeReporter, reporterNames } from './reporters/reporter.ts';
import type { ReporterName } from './reporters/reporter.ts';
import { stepSummary } from './reporters/step-summary.ts';

/** A reporter, and the file that it writes to; standard output without one. */
export interface ReportSpec {
  readonly name: ReporterName;
  readonly file?: string;
}

export interface Reports extends Pick<Output, 'drained'> {
  readonly reporter: Reporter;
  /** Puts all files in place. */
  readonly end: () => void;
  readonly close: () => void;
}

/** `json`, `junit=out.xml`. */
export function reportSpec(text: string): ReportSpec {
  const [name = '', ...rest] = text.split('=');
  const known = reporterNames.find((one) => one === name);
  if (known === undefined)
    throw new UsageError(`no reporter is named "${name}": there are ${reporterNames.join(', ')}`);
  const file = rest.join('=');
  if (rest.length > 0 && file === '') throw new UsageError(`--reporter ${text} names no file`);
  return { name: known, ...(file !== '' && { file }) };
}

/** Both write lines for people. */
const mayShare = new Set<ReporterName>(['pretty', 'github']);

/**
 * What was asked for, completed: without any, the report for people, and on GitHub its annotations. `outputFile` is that of the
 * one reporter that has none of its own. What is failed is always told on standard output, too.
 */
export function reportSpecs(
  asked: readonly ReportSpec[],
  outputFile: string | undefined,
  env: NodeJS.ProcessEnv,
): ReportSpec[] {
  const specs: ReportSpec[] = [...asked];
  if (specs.length === 0) specs.push({ name: 'pretty' });
  if (outputFile !== undefined) {
    const homeless = specs.filter(({ file }) => file === undefined);
    const [only, ...others] =
      homeless.length > 1 ? homeless.filter(({ name }) => !mayShare.has(name)) : homeless;
    if (only === undefined || others.length > 0)
      throw new UsageError(
        '--output-file belongs to one reporter; give each its own: --reporter junit=out.xml',
      );
    specs[specs.indexOf(only)] = { ...only, file: outputFile };
  }
  if (asked.length === 0 && env['GITHUB_ACTIONS'] === 'true') specs.push({ name: 'github' });
  const loud = specs.filter(({ file }) => file === undefined);
  const [first, second] = [loud.find(({ name }) => !mayShare.has(name)), loud.length > 1];
  if (first !== undefined && second)
    throw new UsageError(
      `${loud.map(({ name }) => name).join(' and ')} would both write to standard output: give one a file, such as --reporter ${first.name}=report.${first.name}`,
    );
  const clash = specs.find(
    ({ file }, index) => file !== undefined && specs.findIndex((one) => one.file === file) < index,
  );
  if (clash !== undefined) throw new UsageError(`two reporters would write to ${clash.file ?? ''}`);
  return specs;
}

/** Throws UsageError before any work is done if a file cannot be written. */
export async function openReports(
  specs: readonly ReportSpec[],
  output: Output,
  env: NodeJS.ProcessEnv,
): Promise<Reports> {
  const sinks: ReportSink[] = [];
  const reporters: Reporter[] = [];
  const close = (): void => {
    for (const sink of sinks) sink.close();
  };
  try {
    for (const { name, file } of specs) {
      const sink = openReportSink(file, output);
      sinks.push(sink);
      reporters.push(await makeReporter(name, sink));
    }
  } catch (error) {
    close();
    throw error;
  }
  const files = specs.flatMap(({ file }) => file ?? []);
  if (files.length === specs.length) {
    const { prettyReporter } = await import('./reporters/pretty.ts');
    reporters.push(prettyReporter({ write: output.out, color: output.color }, { failuresOnly: true }));
  }
  const summary = env['GITHUB_STEP_SUMMARY'];
  if (specs.some(({ name }) => name === 'github') && summary !== undefined && summary !== '')
    reporters.push(stepSummary(summary));
  return {
    reporter: (event) => {
      for (const report of reporters) report(event);
    },
    drained: output.drained,
    end() {
      for (const sink of sinks) sink.end();
      if (files.length > 0) output.out(`${files.length === 1 ? 'report' : 'reports'}: ${files.join(', ')}\n`);
    },
    close,
  };
}
