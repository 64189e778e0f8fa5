/** The part of a guest's console that tells what went wrong. */

/** How the kernel begins to say that something is broken. */
const trouble =
  /BUG:|Oops:|Kernel panic|general protection fault|invalid opcode|unable to handle|soft lockup|NMI:|tracerig-init:/;

const linesBefore = 2;
const linesAfter = 22;

/** From the first line of trouble on; the last lines where there is none. */
export function consoleExcerpt(console: string): string {
  const lines = console.replaceAll('\r', '').trimEnd().split('\n');
  const first = lines.findIndex((line) => trouble.test(line));
  if (first < 0) return lines.slice(-(linesBefore + linesAfter)).join('\n');
  const excerpt = lines.slice(Math.max(0, first - linesBefore), first + linesAfter);
  // The panic itself may stand far below what led to it.
  const last = lines.findLast((line) => /Kernel panic/.test(line));
  if (last !== undefined && !excerpt.includes(last)) excerpt.push('…', last);
  return excerpt.join('\n');
}
