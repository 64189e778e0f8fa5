/** The summary of a job on GitHub: a table of what is not green, in Markdown. */
import { appendFileSync } from 'node:fs';
import type { Reporter } from '../../runner/reporter.ts';
import { placeText } from '../../core/source/spans.ts';
import type { RunResult } from '../../runner/result.ts';
import { shownLine } from '../shown.ts';
import { matrixTable } from './matrix-text.ts';

/** Rows beyond that are counted: GitHub takes at most 1 MiB. */
const mostRows = 200;

/** @param file where GitHub reads it: `GITHUB_STEP_SUMMARY` */
export function stepSummary(file: string): Reporter {
  const rows: string[][] = [];
  return (event) => {
    if (event.type === 'step-end' && event.result.status === 'failed') {
      const { scenario, step, backend, failures, errors, file: place } = event.result;
      const [first] = failures;
      const what =
        first === undefined
          ? (errors[0]?.message ?? 'see the log')
          : `${first.path}: expected ${first.expected}, seen ${first.seen}`;
      rows.push([`${scenario}: ${step}`, backend, first === undefined ? place : placeText(first.span), what]);
    } else if (event.type === 'parity-end' && event.result.status === 'disagree') {
      const { scenario, step, between, file: place } = event.result;
      rows.push([`${scenario}: ${step}`, between.join(' = '), place, 'the backends disagree']);
    } else if (event.type === 'error') {
      rows.push(['', '', '', event.error.message]);
    } else if (event.type === 'run-end') {
      const { passed, failed, skipped } = event.result.counts;
      const table = rows.slice(0, mostRows).map((cells) => `| ${cells.map(cell).join(' | ')} |\n`);
      const head = '\n| step | backend | place | what |\n| --- | --- | --- | --- |\n';
      const more = rows.length > mostRows ? `\n${rows.length - mostRows} more in the log.\n` : '';
      const text = `### tracerig: ${passed} passed, ${failed} failed, ${skipped} skipped\n`;
      appendFileSync(
        file,
        `${text}${rows.length > 0 ? head : ''}${table.join('')}${more}${matrix(event.result)}\n`,
      );
    }
  };
}

/** The table scenario × kernel, and why what is no pass is none. */
function matrix(result: RunResult): string {
  const table = matrixTable(result);
  if (table === undefined) return '';
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |\n`;
  const rows = table.rows.slice(0, mostRows).map(line).join('');
  const reasons = table.reasons.slice(0, mostRows).map((reason) => `- ${cell(reason)}\n`);
  return `\n${line(table.head)}|${' --- |'.repeat(table.head.length)}\n${rows}\n${reasons.join('')}`;
}

/** A text that is no markup in a table. */
const cell = (text: string): string =>
  shownLine(text).replace(/[\\`*_{}[\]<>()#+!|~&@-]/g, (sign) => `&#${sign.charCodeAt(0)};`);
