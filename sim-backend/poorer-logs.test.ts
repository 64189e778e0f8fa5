/** What a log with fewer flags is known to come to is what the whole one comes to; else something is said. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../core/plan/plan.ts';
import { readStartSnapshot, type StartSnapshot } from '../core/trace/start-snapshot.ts';
import { poorerLogs } from './testing/poorer.ts';
import { replayed } from './testing/replayed.ts';
import { logOf, plansOf, policy } from './testing/sample.ts';
import { gradeProcesses, type GradedProcess, type Occurrence } from './testing/strict.ts';

const folder = join(import.meta.dirname, '..', 'scenarios', 'child-of-a-shell.traces');
const lines = readFileSync(join(folder, 'shell.strace'), 'utf8').trimEnd().split('\n');
const read = readStartSnapshot(JSON.parse(readFileSync(join(folder, 'shell.start.json'), 'utf8')));
if ('faults' in read) throw new Error(read.faults.join());
const { start } = read;

const filters: Readonly<Record<string, string>> = {
  'files that are opened': `  - {call: fd_install, syscall: false, args: [{index: 1, type: file}], selectors: [{matchArgs: [{index: 1, operator: Postfix, values: [tetragon, passwd]}]}]}
`,
  'every file that is installed': `  - {call: fd_install, syscall: false, args: [{index: 0, type: int}, {index: 1, type: file}]}
`,
  'calls with capabilities': `  - {call: sys_openat, syscall: true, args: [{index: 1, type: string}], selectors: [{matchCapabilities: [{type: Effective, operator: In, values: [CAP_SYS_ADMIN]}]}]}
`,
  'calls that few filters show': `  - {call: sys_close, syscall: true}
  - {call: sys_brk, syscall: true}
`,
  'files that are looked at': `  - {call: security_inode_getattr, syscall: false, args: [{index: 0, type: path}]}
`,
};

async function run(text: readonly string[], plans: readonly Plan[], told: StartSnapshot | undefined) {
  const pids = text.map((line) => Number.parseInt(line, 10));
  const occurrences: Occurrence[] = [];
  const outcome = await replayed(
    { trace: logOf(`${text.join('\n')}\n`), plans, launcher: 'passed-over', ...(told && { start: told }) },
    { occurrence: (cause, line) => void occurrences.push({ cause, pid: pids[line - 1] ?? 0 }) },
  );
  return { outcome, occurrences };
}

describe.each(Object.entries(filters))('%s', (_, kprobes) => {
  const plans = plansOf(policy(kprobes));
  it.each(poorerLogs.map((log) => [log.words, log] as const))('strace %s', async (_words, log) => {
    const whole = await run(lines, plans, start);
    const { outcome, occurrences } = await run(log.make(lines), plans, log.withoutStart ? undefined : start);
    const events = whole.outcome.events.map(({ event }) => event);
    const pids = new Set(lines.map((line) => Number.parseInt(line, 10)));
    const silent = (graded: readonly GradedProcess[]): readonly GradedProcess[] =>
      outcome.problems.length > 0 ? [] : graded.filter(({ grade }) => grade === 'silent');
    expect(whole.outcome.problems).toEqual([]);
    expect(silent(gradeProcesses(events, outcome, occurrences, pids))).toEqual([]);
  });
});
