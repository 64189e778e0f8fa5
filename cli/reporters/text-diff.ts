/** Two texts of several lines, as what must go and what must come. */
import { diffLines } from 'diff';

/** Lines around a change that are shown, and lines that are shown in all. */
const around = 2;
const mostShown = 40;

/** `-` what was expected, `+` what was seen; long runs of equal lines are left out. */
export function textDiff(expected: string, seen: string): string[] {
  const lines = diffLines(expected, seen).flatMap(({ value, added, removed }) => {
    const own = value.replace(/\n$/, '').split('\n');
    if (added || removed) return own.map((line) => `${added ? '+' : '-'} ${line}`);
    if (own.length <= 2 * around + 1) return own.map((line) => `  ${line}`);
    return [
      ...own.slice(0, around).map((line) => `  ${line}`),
      `  … ${own.length - 2 * around} equal lines`,
      ...own.slice(-around).map((line) => `  ${line}`),
    ];
  });
  const more = lines.length - mostShown;
  return more > 0 ? [...lines.slice(0, mostShown), `… ${more} more lines`] : lines;
}
