/** The report for people, written as the run goes. */
import { frame } from '../code-frame.ts';
import type { Span } from '../../core/source/diagnostic.ts';
import type { Reporter } from '../../runner/reporter.ts';
import type { ParityResult, RunResult, ScenarioSkip, StepResult } from '../../runner/result.ts';
import { indent, printDiagnostics } from '../print-diagnostics.ts';
import { shownLine } from '../shown.ts';
import { makeStyle } from '../style.ts';
import type { Style } from '../style.ts';
import { errorText, failureText, parityTexts, problemLine, skipTexts } from './failure-text.ts';
import type { ReportTarget } from './report-target.ts';
import { matrixLines, matrixTable } from './matrix-text.ts';
import { witnessTexts } from './witness-text.ts';
import { placeText } from '../../core/source/spans.ts';

export interface PrettyOptions {
  /** Nothing of what is green: beside a report that goes to a file. */
  readonly failuresOnly?: boolean;
}

export function prettyReporter(
  { write: writeAll, color }: ReportTarget,
  { failuresOnly = false }: PrettyOptions = {},
): Reporter {
  let heading = '';
  const write = (text: string): void => {
    writeAll(`${heading}${text}`);
    heading = '';
  };
  const style = makeStyle(color);
  let several = false;
  return (event) => {
    switch (event.type) {
      case 'run-start':
        several = event.backends.length > 1;
        for (const { id, description } of event.backends) {
          if (several || id !== 'sim') write(`${style.dim('backend')} ${shownLine(description)}\n`);
        }
        break;
      case 'backend-skipped':
        write(
          `${style.yellow('skipped')} backend ${event.skip.backend}: ${shownLine(event.skip.why)}${enabling(event.skip.enable)}\n`,
        );
        break;
      case 'scenario-start':
        heading = `${style.bold(shownLine(event.name))} ${style.dim(shownLine(event.file))}${turnText(event.turn)}\n`;
        if (!failuresOnly) write('');
        break;
      case 'diagnostics':
        write(indent(printDiagnostics(event.diagnostics, event.texts, color), '  '));
        break;
      case 'scenario-skipped':
        write(skipLines(event.skip, style));
        break;
      case 'step-start':
      case 'event':
        break;
      case 'step-end':
        if (!failuresOnly || event.result.status === 'failed')
          write(stepLines(event.result, event.text, several, style));
        break;
      case 'parity-end':
        if (!failuresOnly || event.result.status === 'disagree') write(parityLines(event.result, style));
        break;
      case 'scenario-end':
        heading = '';
        break;
      case 'error':
        write(`${style.red('error')} ${errorText(event.error)}\n`);
        break;
      case 'run-end':
        write(`${matrixText(event.result, style)}${lastLines(event.result, style)}`);
        break;
    }
  };
}

const turnText = (turn: { readonly number: number; readonly of: number } | undefined): string =>
  turn === undefined ? '' : ` (run ${turn.number} of ${turn.of})`;

const enabling = (command: string | undefined): string =>
  command === undefined ? '' : ` (to enable it: ${shownLine(command)})`;

function skipLines(skip: ScenarioSkip, style: Style): string {
  const [first = '', ...more] = skipTexts(skip);
  const rest = more.map((text) => `      ${text}\n`).join('');
  return `  ${style.yellow('-')} all steps ${style.dim(`[${skip.backend}]`)} skipped: it cannot do ${first}\n${rest}`;
}

function stepLines(result: StepResult, text: string, several: boolean, style: Style): string {
  const step = shownLine(result.step);
  const name = several || result.backend !== 'sim' ? `${step} ${style.dim(`[${result.backend}]`)}` : step;
  const notes = (result.outcome?.notes ?? [])
    .map((note) => `      ${style.dim(`note: ${shownLine(note)}`)}\n`)
    .join('');
  switch (result.status) {
    case 'passed':
      return `  ${style.green('✓')} ${name}\n${notes}`;
    case 'skipped':
      return `  ${style.yellow('-')} ${name} skipped: ${shownLine(result.skip?.why ?? '')}${enabling(result.skip?.enable)}\n`;
    case 'failed': {
      const parts = [
        ...result.errors.map(errorText),
        ...(result.outcome?.problems ?? []).map(problemLine),
        ...result.failures.map((failure) => `${failureText(failure)}\n${frameAt(failure.span, text, style)}`),
        ...witnessTexts(result),
      ];
      return `  ${style.red('✗')} ${name}\n${parts.map((part) => `${indent(part, '      ')}\n`).join('')}${notes}`;
    }
  }
}

function frameAt(span: Span, text: string, style: Style): string {
  return `  ${style.dim(shownLine(placeText(span)))}\n${indent(frame(text, span), '  ')}`;
}

function parityLines(parity: ParityResult, style: Style): string {
  const name = `${shownLine(parity.step)} ${style.dim(`[parity ${parity.between.join(' = ')}]`)}`;
  const assumed = parity.assumption === undefined ? '' : ` assumption ${parity.assumption}`;
  switch (parity.status) {
    case 'agree':
      return `  ${style.green('=')} ${name}${assumed}\n${texts(parity)}`;
    case 'skipped':
      return `  ${style.yellow('-')} ${name} skipped: ${shownLine(parity.why ?? '')}\n`;
    case 'disagree':
      return `  ${style.red('≠')} ${name} the backends disagree${assumed}\n${texts(parity)}`;
  }
}

const texts = (parity: ParityResult): string =>
  parityTexts(parity)
    .map((line) => `      ${line}\n`)
    .join('');

function matrixText(result: RunResult, style: Style): string {
  const table = matrixTable(result);
  if (table === undefined) return '';
  const [head = '', ...rows] = matrixLines(table);
  return `\n${[style.bold(head), ...rows].join('\n')}\n\n`;
}

function lastLines(result: RunResult, style: Style): string {
  const { passed, failed, skipped } = result.counts;
  const more = [
    ...(result.notSelected > 0 ? [`${result.notSelected} scenarios not selected`] : []),
    ...(result.bailed ? ['stopped by --bail'] : []),
  ];
  const tally = [`${passed} passed, ${failed} failed, ${skipped} skipped`, ...more].join('; ');
  const flaky = result.flaky.map(
    ({ scenario, step, backend, ...times }) =>
      `${style.yellow('flaky')} ${shownLine(`${scenario}: ${step}`)} [${backend}]: passed ${times.passed}, failed ${times.failed}\n`,
  );
  const interrupted = result.interrupted ? `${style.yellow('interrupted')}\n` : '';
  return `${flaky.join('')}${interrupted}${result.exitCode === 0 ? style.green(tally) : style.red(tally)}\n`;
}
