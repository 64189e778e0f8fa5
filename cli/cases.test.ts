/**
 * Recordings and foreign logs on which the simulator was once silently wrong, or too careful. They are read in place;
 * without their folder this is skipped. In short they are among the proofs of the simulator (sim-backend/proofs) and the
 * foreign logs beside its replay.
 */
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltCli, buildCli } from './testing.ts';

const shared = join(import.meta.dirname, '..', '..', 'shared', 'cases', 'sim');

/** A command in the folder of the case. */
interface Case {
  readonly folder: string;
  readonly args: readonly string[];
  readonly status: number;
  /** All that must be said, and nothing of what must not. */
  readonly says?: readonly RegExp[];
  readonly never?: readonly RegExp[];
}

const run = (folder: string, trace: string, policy = 'policy.yaml'): Pick<Case, 'folder' | 'args'> => ({
  folder,
  args: ['run', '--policy', policy, '--trace', trace],
});
const test = (folder: string, scenario: string): Pick<Case, 'folder' | 'args'> => ({
  folder,
  args: ['test', scenario],
});
const killed = (program: string): RegExp =>
  new RegExp(`^fate: \\d+ (/\\S+/)?${program}\\b.* killed by SIGKILL`, 'm');
const cat = killed('cat');
const unknown = /^not known: /m;

const cases: readonly Case[] = [
  { ...run('cut-and-attached', 'cut.strace'), status: 1, says: [/the log ends early at line 40/] },
  {
    ...run('cut-and-attached', 'attached-then-exec.strace'),
    status: 1,
    says: [/unread lines: .* program that is not known \(give its file with --exe/],
  },
  {
    // What is shown of the buffer decides; the event says that the rest is not known.
    ...run('cut-buffer', 'trace.strace'),
    status: 0,
    says: [/process_kprobe|__x64_sys_write|❓|📝/, /note: not known: .*strace cut the buffer short/],
    never: [/starts with "PRETTY"/],
  },
  ...['single.strace', 'merged.strace'].map((trace) => ({
    ...run('merged-ff', trace),
    status: 0,
    says: [cat, /job4\.sh exited with 0 \(as recorded; an action changed the course before/],
  })),
  { ...run('strace-ff', 'without-f.strace'), status: 1, says: [/missing lines: .* 3 processes/] },
  { ...run('strace-ff', 'trace.16170'), status: 1, says: [/missing lines: .*16171, 16172, 16173/] },
  { ...run('strace-filtered', 'f-e-openat-execve.strace'), status: 1, says: [/unread lines: 104/] },
  { ...run('strace-filtered', 'f-e-file-stderr.strace'), status: 1, says: [/unread lines: 168/] },
  { ...run('strace-filtered', 'f-e-process.strace'), status: 1, says: [/the log is filtered/] },
  { ...run('strace-no-times', 'ttt.strace'), status: 0, never: [unknown] },
  { ...run('strace-no-times', 'r.strace'), status: 0, never: [unknown] },
  { ...run('strace-no-times', 'midnight.strace'), status: 0, never: [unknown] },
  { ...run('strace-no-times', 't.strace'), status: 1, says: [/whether its rate limit lets an event pass/] },
  { ...run('strace-no-times', 'no-times.strace'), status: 1, says: [/record with strace -ttt/] },
  { ...run('strace-script-no-y', 'f-y-o.strace'), status: 0, says: [killed('job2\\.sh')] },
  { ...run('strace-stderr-form', 'plain.strace'), status: 0, says: [cat] },
  { ...run('strace-stderr-form', 'with-output.strace'), status: 0, says: [cat] },
  { ...run('strace-stderr-form', 'glued-attached.strace'), status: 0, says: [cat] },
  { ...run('strace-stderr-form', 'real-vfork.strace'), status: 0, says: [cat] },
  { ...run('strace-stderr-form', 'root-has-pid-column.strace'), status: 0, says: [killed('mgr')] },
  { ...run('strace-pidns', 'by-tracerig.strace', 'kill.yaml'), status: 0, says: [cat] },
  ...['t.strace', 't2.strace'].map((trace) => ({
    ...run('tmpfile-link', trace, 'p.yaml'),
    status: 0,
    says: [killed('python3')],
    never: [/#6/],
  })),
  {
    ...test('splice-pwritev2-readv', 's.scenario.yaml'),
    status: 1,
    says: [/0 passed, 3 failed/, /content "new/, /content "(ol|ne)X/],
  },
  {
    ...test('later-step-diverged', 'cross.scenario.yaml'),
    status: 1,
    says: [/✓ writer/, /✗ reader/, /not known: .*in step "writer" dd was killed/],
  },
  { ...test('rate-per-thread', 'rate.scenario.yaml'), status: 0 },
  { ...test('strace-pidns', 'ns.scenario.yaml'), status: 0 },
  {
    ...{ folder: 'shared-value-maps', args: ['check', 'policy.yaml'], status: 0 },
    says: [/the values of `sys_dup2` \(line 13\) replace those of InMap in this selector of `sys_lseek`/],
  },
  ...['policy.yaml', 'nosyscall.yaml'].map((policy) => ({
    ...{ folder: 'arm64-prefix', status: 1, says: [/__arm64_sys_openat/] },
    args: ['run', '--policy', policy, '--trace', '../merged-ff/single.strace'],
  })),
  { ...test('binprm-symlink', 'sh.scenario.yaml'), status: 1, never: [/killed by SIGKILL/] },
];

describe.skipIf(!existsSync(shared))('a case that went wrong', () => {
  let cli: BuiltCli;
  let copy: string;
  beforeAll(async () => {
    cli = await buildCli();
    // The command may not write beside what is only read here.
    copy = mkdtempSync(join(tmpdir(), 'tracerig-cases-'));
    cpSync(shared, copy, { recursive: true });
  });
  afterAll(() => {
    cli.remove();
    rmSync(copy, { recursive: true, force: true });
  });

  it.each(cases.map((one) => [`${one.folder}: ${one.args.join(' ')}`, one] as const))('%s', (_title, one) => {
    const { status, out, err } = cli.run(one.args, { cwd: join(copy, one.folder) });
    const text = `${out}\n${err}`;
    expect(text, text).toSatisfy(
      (said: string) =>
        (one.says ?? []).every((what) => what.test(said)) &&
        !(one.never ?? []).some((what) => what.test(said)),
    );
    expect(status, text).toBe(one.status);
  });
});
