/** The table scenario × kernel of a run on several kernels, for people and for Markdown. */
import { kernelMatrix } from '../../runner/matrix.ts';
import type { MatrixCell, MatrixRow } from '../../runner/matrix.ts';
import type { NamedBackend, RunResult } from '../../runner/result.ts';
import { columns } from '../columns.ts';
import { shownLine } from '../shown.ts';

/** A table, and below it why each cell is no pass. */
export interface MatrixTable {
  readonly head: readonly string[];
  /** The scenario's name, then a word for each backend; empty where it did not come to run. */
  readonly rows: readonly (readonly string[])[];
  /** One a line: `name [vm@5.10, vm@6.1] skip: why`. */
  readonly reasons: readonly string[];
}

/** Undefined of a run on fewer than two kernels. */
export function matrixTable(result: RunResult): MatrixTable | undefined {
  const matrix = kernelMatrix(result);
  if (matrix === undefined || matrix.length === 0) return undefined;
  return {
    head: ['scenario', ...columnNames(result.backends)],
    rows: matrix.map(({ scenario, cells }) => [
      shownLine(scenario),
      ...result.backends.map(({ id }) => cells.find(({ backend }) => backend === id)?.verdict ?? ''),
    ]),
    reasons: matrix.flatMap(reasonsOf),
  };
}

/** The kernel alone where all backends are of one kind. */
function columnNames(backends: readonly NamedBackend[]): string[] {
  const alike = new Set(backends.map(({ kind, provider }) => `${kind} ${provider ?? ''}`)).size === 1;
  return backends.map(({ id, kernel }) => (alike ? (kernel ?? id) : id));
}

/** What is the same on several backends is said once. */
function reasonsOf({ scenario, cells }: MatrixRow): string[] {
  const byWords = new Map<string, string[]>();
  for (const cell of cells) {
    const words = wordsOf(cell);
    if (words !== undefined) byWords.set(words, [...(byWords.get(words) ?? []), cell.backend]);
  }
  return [...byWords].map(([words, backends]) => shownLine(`${scenario} [${backends.join(', ')}] ${words}`));
}

const wordsOf = ({ verdict, why }: MatrixCell): string | undefined =>
  verdict === 'pass' ? undefined : `${verdict}${why === undefined ? '' : `: ${why.split('\n', 1)[0] ?? ''}`}`;

/** Lines for people. */
export function matrixLines({ head, rows, reasons }: MatrixTable): string[] {
  return [...columns([head, ...rows]), ...(reasons.length > 0 ? ['', ...reasons] : [])];
}
