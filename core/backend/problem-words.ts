/** Problems in words. */
import type {
  LeftProcess,
  LossReason,
  Problem,
  ProblemCause,
  ProblemKind,
  TraceFault,
  UnreadReason,
} from './problem.ts';

/** Kinds whose words say the count. */
const counted: ReadonlySet<ProblemKind> = new Set([
  'lost-events',
  'failed-signals',
  'failed-overrides',
  'unread-lines',
  'missing-lines',
]);

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
      return `unread lines: ${numbered(count, 'line')} of ${numbered(cause.processes, 'process')} ${unreadWords[cause.why]}`;
    case 'missing-lines':
      return `missing lines: the trace shows how ${numbered(count, 'process')} (${pidWords(cause.pids, count)}) came to be, and nothing of what they did; of their ends it has no more than wait4 and SIGCHLD tell (record with strace -f into one file, or give all files of -ff)`;
    case 'timeout':
      return `timeout: still running after ${cause.afterMs} ms: everything was killed`;
    case 'lost-events':
      return `lost events: ${lossWords(cause.why, count)}${cause.hook === undefined ? '' : ` (${cause.hook})`}`;
    case 'failed-signals':
      return `failed signals: the kernel did not send ${numbered(count, 'signal')} of ${cause.hook}, though the events name them: the task was ending already`;
    case 'failed-overrides':
      return `failed overrides: ${numbered(count, 'call')} of ${cause.hook} went on, though the events name an Override: the kernel had no room for it, or passed over the probe`;
    case 'left-processes':
      return `left processes: ${cause.processes.map(processWords).join(', ')} still ran ${cause.graceMs / 1000} s after the root's end; \`daemons: kill\` allows it`;
    case 'out-of-memory':
      return `out of memory: the kernel killed ${numbered(cause.killed, 'process')} to free some, which no policy did`;
    case 'trace':
      return `trace: ${faultWords(cause)}`;
    case 'load':
      return `load: policy ${cause.policy} does not load on the kernel ${cause.kernel}: ${cause.why}`;
    case 'crash':
      return `crash: ${cause.why}`;
  }
}

function lossWords(why: LossReason, count: number): string {
  switch (why) {
    case 'no-room':
      return `${numbered(count, 'record')} found no room in the buffer`;
    case 'skipped':
      return `the kernel passed over ${numbered(count, 'call')}, since a probe was busy`;
    case 'no-return':
      return `${numbered(count, 'call')} went on without its return being told`;
    case 'processes':
      return `${numbered(count, 'process')} found no room in the table of processes`;
    case 'no-end':
      return `${numbered(count, 'process')} ended and no probe told of it: the probes were off, at least in the end`;
  }
}

/** Why they are left out, and the cure. */
const unreadWords: Readonly<Record<UnreadReason, string>> = {
  unborn:
    'left out: the trace does not show who made them (record with strace -f, and with no -e that leaves out clone, clone3, fork and vfork; in a pid namespace with --decode-pids=pidns)',
  ended:
    'left out: they come after the end of their process, and nothing shows that its pid was given again (lines are missing or out of order)',
  attached:
    'left out: strace was attached to a program that is not known (give its file with --exe, or a snapshot of it with --start)',
  'no-first-half':
    'left out: they end calls whose beginnings are missing (lines are missing, or strace was attached during the call)',
  'no-second-half': 'left out: they begin calls whose ends are missing (lines are missing)',
};

const numbered = (count: number, word: string): string =>
  `${count} ${count === 1 ? word : word.endsWith('s') ? `${word}es` : `${word}s`}`;

const pidWords = (pids: readonly number[], count: number): string =>
  `${pids.length === 1 ? 'pid' : 'pids'} ${pids.join(', ')}${count > pids.length ? ', …' : ''}`;

const processWords = ({ pid, binary }: LeftProcess): string =>
  binary === '' ? `pid ${pid}` : `${binary} (pid ${pid})`;

function faultWords(trace: TraceFault): string {
  switch (trace.fault) {
    case 'not-understood':
      return `a line is not understood: ${JSON.stringify(trace.text)}`;
    case 'cut':
      return 'the trace ends in the middle of a line';
    case 'ends-early':
      return `the log ends early at line ${trace.line}: ${trace.processes.map(processWords).join(', ')} had not ended (record until the end, and copy the whole log)`;
    case 'out-of-order':
      return 'a line is older than the one above it, or the same once more: lines are out of order or doubled, or the clock was set meanwhile (record anew)';
    case 'other-code':
      return `a process exits with ${trace.code} that asked for ${trace.asked}: the log is damaged, or lines are missing`;
    case 'no-program':
      return 'no program is started in the trace: it must begin with an execve that succeeds, or --exe or --start must tell which program strace was attached to';
    case 'program-path':
      return 'the path of an executed program is not readable in the trace';
  }
}
