/** Writes docs/fidelity.md: what the simulator models, and how recordings of Tetragon come out. `fidelity.ts [FOLDER]` */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { syscallRows } from '../sim-backend/syscalls/index.ts';
import type { KillRule } from '../sim-backend/syscalls/row.ts';
import { kernelOf } from '../runner/kernel-data.ts';
import { type Result, recordedRelease, sit, unforetold } from '../sim-backend/testing/exam.ts';
import { type ProcessGrade, grades } from '../sim-backend/testing/strict.ts';

const folder = process.argv[2] ?? join('..', 'shared', 'oracle2');
if (!existsSync(folder)) {
  console.error(`${folder}: no recordings of Tetragon there; name their folder`);
  process.exit(2);
}

const head = `# What the simulator knows

The \`sim\` backend replays the system calls that strace recorded of a workload through a model of the kernel: descriptors,
paths and links, mounts, working directories and roots, credentials and capabilities, namespaces, sockets, signals, pipes,
processes and threads. For every call it knows which kernel functions, LSM hooks and tracepoints run, in which order and
with which arguments; where a policy hooks one, the same engine as everywhere judges the hit, and what the actions do to the
call and the process is worked out: a call is stopped or not, a child lives or not, a pipe breaks. The release in the start
snapshot chooses among the functions of kernels 5.10 to 7.2.

The measure is Tetragon itself: its events for the same policy and workload, recorded on a machine, are at the end of this
page beside the events that the simulator foretells from a trace of the workload *without* the policy.

## How it says what it does not know

A step with one of these problems fails; nothing is guessed in silence.

| said | meaning |
|---|---|
| \`not-modelled\` | the policy hooks something that a trace of system calls cannot tell of: packets in softirqs, functions of programs (uprobes), io_uring operations, counts of permission checks, a second pass through an overlay file system, the chunks of a copy on kernels up to 6.7 |
| \`not-known\` | the function is modelled, but this trace does not show a value that the policy looks at (a string that strace cut, a source port that no later line shows), or a signal makes a call loop for ever |
| \`load\` | the recorded kernel refuses the policy: on the kernels that Debian builds, overriding a system call and enforcers of system calls lack \`bpf_override_return\`; or it has no such function. The workload is replayed without it |
| \`trace\` | lines that were not understood, a trace that ends early, or lines of a process whose maker is not within the look-ahead |
| *diverged* | an action changed the course of a process; what the trace shows of it from there on was recorded without the action. Fates, events, results and output that rest on it are marked, and an expectation on them fails as not known |
| *assumed* | \`assume: recorded-course\` in a step takes the recorded course for true after all: expectations are then held against it. A comparison with a real run reports it as an assumption that was confirmed or refuted |
| notes | what stands for something that the start snapshot or the trace does not show: the start itself, permissions of files, links of a merged \`/usr\`, ELF segments, source ports. No failure |

An expectation that needs an unknown value fails with the reason.

## A call that is killed inside

A fatal signal ends a process at its return to user space, or at the first check for signals before that. Whether the call
still takes effect was measured call by call; a call that is not listed (open with \`O_CREAT\` or \`O_TRUNC\`, unlink, rename,
mkdir, chmod, connect, kill, mount, …) takes effect.

| call | on | effect |
|---|---|---|
`;

const exec = `
execve: killed before the arguments were taken over (at the call's entry, \`security_file_open\`) it fails and the old image
ends. Killed later, up to \`security_bprm_check\`, a program with an ELF interpreter still fails; a static one is executed,
and so is any program killed after that. fork and clone: killed up to \`security_task_alloc\` there is no child; from
\`sched_process_fork\` and \`wake_up_new_task\` on the child lives.

`;

/** What names or makes the differences, or why a process that is wrong in silence could not be foretold. */
function cause({ grade, processes }: Result, name: string): string {
  if (grade === 'silent' && unforetold[name] !== undefined) return unforetold[name];
  const words = processes
    .filter((process) => process.grade !== 'exact')
    .map(({ binary, what }) => `${binary}: ${what.slice(0, 160)}`);
  const told = [...new Set(words)];
  const more = told.length > 2 ? `; ${told.length - 2} more` : '';
  return told.slice(0, 2).join('; ').replaceAll('|', '\\|') + more;
}

/** The best first, as a reader looks for it. */
const columns: readonly ProcessGrade[] = [...grades].reverse();
const rows: string[] = [];
const inAll: Record<ProcessGrade, number> = { exact: 0, diverged: 0, named: 0, silent: 0 };
const recordings: Record<ProcessGrade, number> = { exact: 0, diverged: 0, named: 0, silent: 0 };
for (const name of readdirSync(folder).sort()) {
  const at = join(folder, name);
  if (!existsSync(join(at, 'trace.strace'))) continue;
  const recording = { name, files: readdirSync(at), read: (file: string) => readFileSync(join(at, file)) };
  const result = await sit(recording, await kernelOf(recordedRelease(recording)));
  recordings[result.grade] += 1;
  const counts = columns.map((grade) => {
    const count = result.processes.filter((process) => process.grade === grade).length;
    inAll[grade] += count;
    return count === 0 ? '' : String(count);
  });
  rows.push(`| ${name} | ${counts.join(' | ')} | ${cause(result, name)} |`);
}

/** Calls by the rules that they share. */
const ruled = new Map<KillRule, string[]>();
for (const { calls, killed = [] } of syscallRows)
  for (const rule of killed) ruled.set(rule, [...(ruled.get(rule) ?? []), ...Object.keys(calls)]);
const kills = [...ruled].map(([{ where, effect }, calls]) => {
  const words = effect === 'done' ? 'takes effect' : 'none: it is stopped before';
  return `| ${calls.join(', ')} | ${where} | ${words} |`;
});

const total = columns.reduce((sum, grade) => sum + inAll[grade], 0);
const tally = (counts: Record<ProcessGrade, number>): string =>
  columns.map((grade) => `${counts[grade]} ${grade}`).join(', ');
const results = `## Recordings of Tetragon

Counted by process, since an event may be right in one and wrong in another: ${total} processes in ${rows.length} recordings, ${tally(inAll)}.
Recordings by their worst process: ${tally(recordings)}.

*exact*: every event is foretold with all its fields, but for ids, times and addresses. *diverged*: they differ only where the
process is marked as diverged, from there on. *named*: they differ in events that a problem named before, of this process and of
what is hooked there; what follows from them is counted so too. *silent*: they differ, and nothing said so of this process,
whatever is said of others; a note counts for nothing. The aim is none.

| recording | exact | diverged | named | silent | what differs, or what names it |
|---|---|---|---|---|---|
`;

writeFileSync(
  join('docs', 'fidelity.md'),
  `${head}${kills.join('\n')}\n${exec}${results}${rows.join('\n')}\n\nWritten by \`npm run docs:fidelity\`.\n`,
);
console.log(`docs/fidelity.md: ${tally(inAll)}`);
