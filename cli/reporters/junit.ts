/** JUnit XML: a suite for each scenario, a case for each step on each backend and for each parity check. */
import junitReportBuilder from 'junit-report-builder';
import type { Builder, TestCase, TestSuite } from 'junit-report-builder';
import type { Reporter } from '../../runner/reporter.ts';
import type { ScenarioResult } from '../../runner/result.ts';
import { shown, shownLine } from '../shown.ts';
import { errorText, parityTexts, skipTexts, stepFailureTexts } from './failure-text.ts';
import type { ReportTarget } from './report-target.ts';
import { placeText } from '../../core/source/spans.ts';

// Its types describe another way of exporting than the module's own.
const junit = junitReportBuilder as unknown as Builder;

export function junitReporter({ write }: ReportTarget): Reporter {
  const builder = junit.newBuilder();
  return (event) => {
    switch (event.type) {
      case 'scenario-end':
        addSuite(builder.testSuite(), event.result);
        break;
      case 'backend-skipped':
        builder
          .testCase()
          .name(`backend ${event.skip.backend}`)
          .skipped()
          .standardOutput(clean(event.skip.why));
        break;
      case 'error':
        builder
          .testCase()
          .name('tracerig test')
          .error(clean(errorText(event.error)));
        break;
      case 'run-end':
        write(`${builder.build()}\n`);
        break;
      case 'run-start':
      case 'scenario-start':
      case 'diagnostics':
      case 'scenario-skipped':
      case 'step-start':
      case 'event':
      case 'step-end':
      case 'parity-end':
        break;
    }
  };
}

function addSuite(suite: TestSuite, scenario: ScenarioResult): void {
  suite.name(line(scenario.name));
  const errors = scenario.diagnostics.filter((one) => one.severity === 'error');
  if (errors.length > 0) {
    const text = errors
      .map(({ span, message, code }) => `${placeText(span)} ${message} [${code}]`)
      .join('\n');
    suite.testCase().name('scenario').file(line(scenario.file)).error(clean(text));
  }
  for (const skip of scenario.skips) {
    suite
      .testCase()
      .className(line(scenario.file))
      .name(`scenario [${skip.backend}]`)
      .file(line(scenario.file))
      .skipped()
      .standardOutput(clean(skipTexts(skip).join('\n')));
  }
  for (const step of scenario.steps) {
    const one = suite
      .testCase()
      .className(line(scenario.file))
      .name(line(`${step.step} [${step.backend}]`))
      .file(line(scenario.file))
      .time(step.elapsedMs / 1000);
    if (step.status === 'skipped') one.skipped().standardOutput(clean(step.skip?.why ?? ''));
    if (step.status === 'failed') fail(one, stepFailureTexts(step));
  }
  for (const parity of scenario.parity) {
    const one = suite
      .testCase()
      .className(line(scenario.file))
      .name(line(`${parity.step} [parity ${parity.between.join(' = ')}]`))
      .file(line(scenario.file));
    if (parity.status === 'skipped') one.skipped().standardOutput(clean(parity.why ?? ''));
    if (parity.status === 'disagree') fail(one, parityTexts(parity));
  }
}

/** The first line as the message, all of it as the text. */
function fail(one: TestCase, texts: readonly string[]): void {
  const text = clean(texts.join('\n'));
  one.failure(text.split('\n', 1)[0]).stacktrace(text);
}

/** XML has no place for control characters and halves of surrogate pairs, and CDATA ends at its own end mark. */
function clean(text: string): string {
  return shown(text)
    .replace(/[\ufffe\uffff]|\p{Cs}/gu, '\ufffd')
    .replaceAll(']]>', ']] >');
}

const line = (text: string): string => clean(shownLine(text));
