/** A proof of what the simulator holds of a system call: a few lines of trace, hooks, and the hits that must come of them. */
import { problemText } from '../../core/backend/problem-words.ts';
import type { Given } from '../../core/backend/request.ts';
import type { FileFacts } from '../../core/trace/start-facts.ts';
import type { StartSnapshot } from '../../core/trace/start-snapshot.ts';
import { replayed } from '../testing/replayed.ts';
import { plansOf, toldStart, traceOf } from '../testing/sample.ts';
import { files } from './files.ts';
import { policyOf } from './hooks.ts';
import { achievedText, eventText, fateText, fileText, isCourse, textText } from './words.ts';

export interface Proof {
  /** What it shows, to be read after "it". */
  readonly shows: string;
  /**
   * One hook a line: `security_file_open(0:file, 1:int)`, with what is done there behind it: `Sigkill`, `Signal 10`,
   * `Override -1`. A system call is written `sys_openat(...)`, a tracepoint `tp:sched/sched_process_exec(...)`, a raw
   * one `raw:…`. What an argument resolves to stands behind its type: `1:int:ia_mode`, other keys behind that:
   * `1:char_buf sizeArgIndex=3`. A returned value is asked for by its type: `sys_read(0:fd) = int`. A filter stands in
   * brackets: `[0 Equal /tmp/w/a]`. Or the YAML of a whole policy; empty: none.
   */
  readonly hooks: string;
  /** Lines of strace; without an execve on the first one, a program of pid 100 begins before them, and ends if they do not end it. */
  readonly trace: string;
  /** A line for each hit, problem and file that is asked for, as `proven` words them. */
  readonly hits: string;
  /** The log was filtered (strace -e): it has these lines only. */
  readonly filtered?: boolean;
  /** Release of the kernel; default `6.12.117+deb13-amd64`. */
  readonly kernel?: string;
  readonly start?: Partial<StartSnapshot>;
  /** What a recorder found out about files, beside those of the proofs' machine. */
  readonly facts?: Readonly<Record<string, FileFacts>>;
  /** Nothing tells of other names than these whether they are links. */
  readonly linksUntold?: true;
  readonly given?: Partial<Given>;
  /** Files whose state after the step is part of the hits. */
  readonly files?: readonly string[];
  /** System calls whose results are part of the hits. */
  readonly calls?: readonly string[];
  /** What went to standard output and error is part of the hits. */
  readonly output?: boolean;
  /** So are the notes. */
  readonly notes?: boolean;
  /** Executions and ends, what was achieved, and the processes' fates are part of the hits. */
  readonly course?: boolean;
  /** So are those that the launcher meets when it executes the first program. */
  readonly launcher?: boolean;
}

/** What comes of the trace under the hooks, worded: one line for each hit, then problems, then what else is asked for. */
export async function proven(proof: Proof): Promise<string[]> {
  const {
    trace,
    kernel,
    given,
    files: watched = [],
    calls = [],
    course = false,
    launcher = false,
    output = false,
    notes = false,
  } = proof;
  const outcome = await replayed({
    trace: traceOf(wholeTrace(trace, proof.filtered)),
    plans:
      proof.hooks === ''
        ? []
        : plansOf(proof.hooks.startsWith('apiVersion') ? proof.hooks : policyOf(proof.hooks)),
    start: toldStart({
      cwd: '/tmp/w',
      facts: {
        files: { ...files, ...proof.facts },
        ...(proof.linksUntold !== true && { all_links: true }),
      },
      ...(kernel !== undefined && { kernel }),
      ...proof.start,
    }),
    given: { files: [], env: {}, run: [], ...given },
    watchFiles: watched,
    watchCalls: calls,
    watchAchieved: course,
    launcher: launcher ? 'judged' : 'passed-over',
  });
  const { events, problems, processes, achieved } = outcome;
  const known = achieved.known ? achieved.value : [];
  return [
    ...events.filter(({ event }) => course || !isCourse(event)).map(eventText),
    ...problems.map(problemText),
    ...watched.map((path) => `file ${path}: ${fileText(outcome.files[path])}`),
    ...outcome.calls.map(
      ({ name, errno, diverged }) => `call ${name}: ${errno}${diverged ? ' (diverged)' : ''}`,
    ),
    ...(output ? [`stdout: ${textText(outcome.stdout)}`, `stderr: ${textText(outcome.stderr)}`] : []),
    ...(notes ? outcome.notes.map((note) => `note: ${note}`) : []),
    ...(course ? [...known.map(achievedText), ...processes.map(fateText)] : []),
  ];
}

const first = '100 1700000000.000000 execve("/usr/bin/prog", ["prog"], 0x7ffd0 /* 3 vars */) = 0';
const last = ['100 1700000009.000000 exit_group(0) = ?', '100 1700000009.000100 +++ exited with 0 +++'];

/** Times may be left out: lines then stand a millisecond apart. So may the program that the lines are of. */
function wholeTrace(text: string, filtered = false): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => (/^\d+ /.test(line) ? line : `100 ${line}`))
    .map((line, index) =>
      /^\d+ +\d+[.:]\d/.test(line)
        ? line
        : line.replace(/^(\d+) +/, `$1 ${(1700000000.001 + index / 1000).toFixed(6)} `),
    );
  const ended = lines.some((line) => /^100 .*\+\+\+ (exited|killed)/.test(line));
  const whole = /\bexecve(at)?\(/.test(lines[0] ?? '') ? lines : [first, ...lines, ...(ended ? [] : last)];
  // A program is loaded by calls that no log lacks, unless it was filtered.
  const lastLine = whole.at(-1) ?? '';
  const [, pid = '100', time = '1700000009.0'] = /^(\d+) +([\d.]+) /.exec(lastLine) ?? [];
  if (!filtered)
    whole.splice(lastLine.includes(' +++ ') ? -1 : whole.length, 0, `${pid} ${time} brk(NULL) = 0x5000`);
  return `${whole.join('\n')}\n`;
}
