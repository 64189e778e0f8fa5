/** An exam's verdicts as text and as JSON. */
import type { Difference } from '../../core/events/compare.ts';
import { verdicts, type Verdict } from './verdict.ts';

/** Most that is shown of one case, and characters of one side of a difference. */
const [mostLines, mostCharacters] = [3, 200];

/** A line for the case; below it what is refused, and the first differences of one that is different. */
export function verdictText({ name, verdict, kernel, why, differences }: Verdict): string {
  const said = why.map((line) => line.slice(0, 2 * mostCharacters));
  const differ = verdict === 'different' ? differences.slice(0, mostLines).map(differenceText) : [];
  const more = verdict === 'different' ? differences.length - differ.length : 0;
  return [
    `${verdict.padEnd(9)}  ${name}  (${kernel})`,
    ...[...said, ...differ, ...(more > 0 ? [`… ${more} more`] : [])].map((line) => `           ${line}`),
  ].join('\n');
}

function differenceText({ process, kind, path, expected, got }: Difference): string {
  const cut = (value: unknown): string => {
    const text = JSON.stringify(value) ?? 'nothing';
    return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text;
  };
  const who = `process ${process}`;
  switch (kind) {
    case 'missing':
      return `${who}: missing ${cut(expected)}`;
    case 'extra':
      return `${who}: extra ${cut(got)}`;
    case 'different':
      return `${who}: ${path ?? ''} expected ${cut(expected)}, got ${cut(got)}`;
  }
}

/** How many cases came to what. */
export function tally(all: readonly Verdict[]): Readonly<Record<Verdict['verdict'], number>> {
  const count = (of: Verdict['verdict']): number => all.filter(({ verdict }) => verdict === of).length;
  return {
    equal: count('equal'),
    refused: count('refused'),
    different: count('different'),
    failed: count('failed'),
  };
}

/** The table at the end; `others`: folders that are no cases. */
export function summaryText(all: readonly Verdict[], others: readonly string[]): string {
  const counts = tally(all);
  const rows = verdicts.map((verdict) => `${verdict.padEnd(9)}  ${String(counts[verdict]).padStart(4)}`);
  const passed =
    others.length === 0 ? [] : [`no case (without workload.sh and events.jsonl): ${others.join(', ')}`];
  return ['', ...rows, `${'in all'.padEnd(9)}  ${String(all.length).padStart(4)}`, ...passed].join('\n');
}
