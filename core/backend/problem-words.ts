/** Problems in words. */
import type { LeftProcess, Problem, ProblemCause, ProblemKind, TraceFault } from './problem.ts';

/** Kinds whose words say the count. */
const counted: ReadonlySet<ProblemKind> = new Set(['lost-events', 'unread-lines', 'missing-lines']);

/**
 * One line: what, where first, and how often.
 *
 * @example
 * ```ts
 * import { problemText } from 'tracerig/core';
 * import type { Outcome } from 'tracerig/core';
 *
 * export const problemsOf = (outcome: Outcome) => outcome.problems.map(problemText);
 * ```
 */
export function problemText(problem: Problem): string {
  const { place, count } = problem;
  const at = place === undefined ? '' : ` (${place.file}${place.line === undefined ? '' : `:${place.line}`})`;
  const times = count > 1 && !counted.has(problem.kind) ? `, ${count} times` : '';
  return `${causeWords(problem, count)}${at}${times}`;
}

function causeWords(cause: ProblemCause, count: number): string {
  switch (cause.kind) {
    case 'not-modelled': {
      const call = cause.call === undefined ? '' : `${cause.call}: `;
      return `not modelled: ${call}${cause.feature}${cause.why === undefined ? '' : ` (${cause.why})`}`;
    }
    case 'not-known': {
      const about = [cause.policy, cause.hook, cause.call].filter((part) => part !== undefined);
      return `not known: ${about.map((part) => `${part}: `).join('')}${cause.why}`;
    }
    case 'unread-lines':
      return `unread lines: ${count} lines of ${cause.processes} processes are left out: the trace does not show, or only much later, who made them (it takes strace -f, and no -e that leaves out clone, clone3, fork and vfork)`;
    case 'missing-lines':
      return `missing lines: the trace shows how ${count} processes or threads were made, and nothing of what they did (it takes strace -f with one output file, or all files of -ff merged)`;
    case 'timeout':
      return `timeout: still running after ${cause.afterMs} ms: everything was killed`;
    case 'lost-events':
      return `lost events: ${count} events were lost`;
    case 'left-processes':
      return `left processes: ${cause.processes.map(processWords).join(', ')} still ran ${cause.graceMs / 1000} s after the root's end; \`daemons: kill\` allows it`;
    case 'trace':
      return `trace: ${faultWords(cause)}`;
    case 'load':
      return `load: policy ${cause.policy} does not load on the kernel ${cause.kernel}: ${cause.why}`;
    case 'crash':
      return `crash: ${cause.why}`;
  }
}

const processWords = ({ pid, binary }: LeftProcess): string =>
  binary === '' ? `pid ${pid}` : `${binary} (pid ${pid})`;

function faultWords(trace: TraceFault): string {
  switch (trace.fault) {
    case 'not-understood':
      return `a line is not understood: ${JSON.stringify(trace.text)}`;
    case 'cut':
      return 'the trace ends in the middle of a line';
    case 'ends-early':
      return 'the trace ends before its first process does';
    case 'no-program':
      return 'no program is started in the trace: it must begin with the execve of the step’s command';
    case 'program-path':
      return 'the path of an executed program is not readable in the trace';
  }
}
