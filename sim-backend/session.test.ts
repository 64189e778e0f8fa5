import { describe, expect, it } from 'vitest';
import type { ObservedOutcome } from '../core/backend/observer.ts';
import type { OutcomeEvent } from '../core/backend/outcome.ts';
import { kernelFacts } from '../core/kernels/kernel-facts.ts';
import type { CourseEffect, StartSnapshot } from '../core/trace/start-snapshot.ts';
import { straceSource, type TraceSource } from '../core/trace/trace-source.ts';
import { policyOf } from './proofs/hooks.ts';
import { SimSession } from './session.ts';
import { chunksOf, plansOf } from './testing/sample.ts';

const guard = 'fd_install(0:int, 1:file) [1 Equal /tmp/w/guarded] Sigkill';
const release = '6.12.118+deb13-cloud-amd64';

type Course = NonNullable<StartSnapshot['course']>;

/** A recording of these lines; times are added. */
function recording(lines: string, course?: Course, kernel = release): TraceSource {
  const text = lines
    .trim()
    .split('\n')
    .map((line, at) => line.trim().replace(/^(\d+) /, `$1 1700000000.${String(at).padStart(6, '0')} `))
    .join('\n');
  return straceSource('step.strace', () => chunksOf(new TextEncoder().encode(`${text}\n`), 1 << 20), {
    schema: 1,
    cwd: '/tmp/w',
    kernel,
    ...(course && { course }),
  });
}

const head = `
  100 execve("/usr/bin/sh", ["sh", "-c", "cat guarded || cp plain rescue"], 0x7ffd0 /* 3 vars */) = 0
  100 clone(child_stack=NULL, flags=SIGCHLD) = 101
  101 execve("/usr/bin/cat", ["cat", "guarded"], 0x7ffd0 /* 3 vars */) = 0
  101 openat(AT_FDCWD</tmp/w>, "/etc/ld.so.cache", O_RDONLY) = 3</etc/ld.so.cache>
  101 close(3</etc/ld.so.cache>) = 0`;
const plain = recording(`${head}
  101 openat(AT_FDCWD</tmp/w>, "guarded", O_RDONLY) = 3</tmp/w/guarded>
  101 read(3</tmp/w/guarded>, "secret", 100) = 6
  101 exit_group(0) = ?
  101 +++ exited with 0 +++
  100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 101
  100 exit_group(0) = ?
  100 +++ exited with 0 +++`);
const rescued = (end: string, rest = ''): string => `${head}
  101 openat(AT_FDCWD</tmp/w>, "guarded", O_RDONLY) = ${end}
  100 wait4(-1, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGKILL}], 0, NULL) = 101
  100 clone(child_stack=NULL, flags=SIGCHLD) = 102
  102 execve("/usr/bin/cp", ["cp", "plain", "rescue"], 0x7ffd0 /* 3 vars */) = 0
  102 openat(AT_FDCWD</tmp/w>, "rescue", O_WRONLY|O_CREAT|O_EXCL, 0644) = 3</tmp/w/rescue>
  102 write(3</tmp/w/rescue>, "plain", 5) = 5
  ${rest}
  102 exit_group(0) = ?
  102 +++ exited with 0 +++
  100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 102
  100 exit_group(0) = ?
  100 +++ exited with 0 +++`;
const killed = `?
  101 +++ killed by SIGKILL +++`;
const effect: CourseEffect = {
  process: '0.1',
  call: 'openat',
  nth: 2,
  effect: 'SIGKILL',
  args: 'AT_FDCWD</tmp/w>, "guarded", O_RDONLY',
  result: '3</tmp/w/guarded>',
};
const course: Course = { means: 'kernel', digest: 'one', effects: [effect] };

/** Steps on one session: each its recording and other courses. */
async function run(
  hooks: string,
  ...steps: readonly { readonly trace: TraceSource; readonly courses?: readonly TraceSource[] }[]
): Promise<ObservedOutcome[]> {
  const kernel = kernelFacts({ id: release, version: '6.12', release });
  const session = new SimSession({
    scenario: 'test',
    policies: plansOf(policyOf(hooks)).map((plan) => ({ text: '', plan })),
    kernel,
    given: { files: [], env: {}, run: [] },
  });
  const outcomes: ObservedOutcome[] = [];
  for (const [index, step] of steps.entries()) {
    const events: OutcomeEvent[] = [];
    const outcome = await session.runStep(
      {
        name: String(index + 1),
        timeoutMs: 1000,
        daemons: 'fail',
        watchFiles: ['/tmp/w/rescue'],
        watchCalls: [],
        ...step,
      },
      { event: (event) => void events.push(event) },
    );
    outcomes.push({ ...outcome, events });
  }
  return outcomes;
}

const fits = ({ notes }: ObservedOutcome): string =>
  notes.find((note) => /course|recorded/.test(note)) ?? 'no note';

describe('a step whose course an action changes', () => {
  it('is known to its end where the policies’ own course is recorded', async () => {
    const [outcome] = await run(guard, { trace: plain, courses: [recording(rescued(killed), course)] });
    expect(outcome?.files['/tmp/w/rescue']).toMatchObject({ known: true, value: { content: 'plain' } });
    expect(outcome?.processes.map(({ fate, diverged }) => [fate, diverged])).toEqual([
      [{ kind: 'exited', code: 0 }, false],
      [{ kind: 'killed', signal: 'SIGKILL' }, false],
      [{ kind: 'exited', code: 0 }, false],
    ]);
    const kinds = outcome?.events.map(({ event }) => Object.keys(event)[0]);
    expect(kinds?.filter((kind) => kind === 'process_kprobe')).toHaveLength(1);
    expect(outcome && fits(outcome)).toMatch(/^the policies’ own course is replayed: step.strace/);
  });

  it('reads a course once to see that it fits and to replay it', async () => {
    const fitting = recording(rescued(killed), course);
    let opened = 0;
    const open: TraceSource['open'] = (signal) => {
      opened += 1;
      return fitting.open(signal);
    };
    await run(guard, { trace: plain, courses: [{ ...fitting, open }] });
    expect(opened).toBe(1);
  });

  it('takes the recording that was made without them where they change nothing', async () => {
    const [outcome] = await run('fd_install(0:int, 1:file) [1 Equal /tmp/w/other] Sigkill', {
      trace: plain,
      courses: [recording(rescued(killed), course)],
    });
    expect(outcome?.processes).toHaveLength(2);
    expect(outcome?.processes.some(({ diverged }) => diverged)).toBe(false);
    expect(outcome && fits(outcome)).toBe('no note');
  });

  it.each([
    [
      'an effect more',
      'security_file_permission(0:file) [0 Equal /tmp/w/rescue] Sigkill',
      recording(rescued(killed), course),
      'write of process 0.2 gets SIGKILL now',
    ],
    [
      'an effect elsewhere',
      '',
      recording(rescued(killed), { ...course, effects: [{ ...effect, nth: 3 }] }),
      'openat of process 0.1 does not get SIGKILL any more',
    ],
    ['none recorded', '', undefined, 'what comes after the action is not recorded'],
    [
      'another kernel',
      '',
      recording(rescued(killed), course, '6.1.0-1-amd64'),
      'it is recorded on kernel 6.1.0-1-amd64',
    ],
    [
      'earlier steps',
      '',
      recording(rescued(killed), { ...course, after: 'other' }),
      'it is recorded after another course of the steps before',
    ],
    [
      'a death that no policy makes',
      '',
      recording(
        `${rescued(killed)}
        103 +++ exited with 0 +++`.replace(
          '102 exit_group(0) = ?\n  102 +++ exited with 0 +++',
          '102 +++ killed by SIGKILL +++',
        ),
        course,
      ),
      'process 0.2 was killed, and no policy does that',
    ],
    [
      'a process that goes on',
      '',
      recording(rescued('3</tmp/w/guarded>\n 101 exit_group(0) = ?\n 101 +++ exited with 0 +++'), course),
      'process 0.1 goes on after SIGKILL in openat',
    ],
  ])('is diverged where no course fits: %s', async (_, hooks, recorded, why) => {
    const [outcome] = await run(`${guard}\n${hooks}`, {
      trace: plain,
      ...(recorded && { courses: [recorded] }),
    });
    expect(outcome?.processes.map(({ diverged }) => diverged)).toEqual([true, false]);
    expect(outcome?.files['/tmp/w/rescue']?.known).toBe(false);
    expect(outcome && fits(outcome)).toContain(why);
  });

  it('leads later steps along the course that goes on with it', async () => {
    const read = (content: string): string => `
      100 execve("/usr/bin/cat", ["cat", "rescue"], 0x7ffd0 /* 3 vars */) = 0
      ${content}
      100 exit_group(0) = ?
      100 +++ exited with 0 +++`;
    const missing = recording(
      read('100 openat(AT_FDCWD</tmp/w>, "rescue", O_RDONLY) = -1 ENOENT (No such file or directory)'),
    );
    const found = recording(
      read(`100 openat(AT_FDCWD</tmp/w>, "rescue", O_RDONLY) = 3</tmp/w/rescue>
        100 read(3</tmp/w/rescue>, "plain", 100) = 5`),
      { means: 'kernel', digest: 'two', after: 'one', effects: [] },
    );
    const first = { trace: plain, courses: [recording(rescued(killed), course)] };
    const [, known] = await run(guard, first, { trace: missing, courses: [found] });
    expect(known?.processes.map(({ diverged }) => diverged)).toEqual([false]);
    expect(known?.files['/tmp/w/rescue']).toMatchObject({ known: true, value: { content: 'plain' } });
    const [, lost] = await run(guard, first, { trace: missing });
    expect(lost?.processes.map(({ diverged }) => diverged)).toEqual([true]);
    const [, , later] = await run(guard, first, { trace: missing }, { trace: missing, courses: [found] });
    expect(later?.processes.map(({ diverged }) => diverged)).toEqual([true]);
  });

  it('is known after an error that the course shows', async () => {
    const denied = recording(
      `
      100 execve("/usr/bin/rm", ["rm", "a"], 0x7ffd0 /* 3 vars */) = 0
      100 unlink("/tmp/w/a") = -1 EPERM (Operation not permitted)
      100 rename("/tmp/w/a", "/tmp/w/rescue") = 0
      100 exit_group(1) = ?
      100 +++ exited with 1 +++`,
      {
        means: 'kernel',
        digest: 'denied',
        effects: [{ process: '0', call: 'unlink', nth: 1, effect: 'EPERM', args: '"/tmp/w/a"', result: '0' }],
      },
    );
    const removed = recording(`
      100 execve("/usr/bin/rm", ["rm", "a"], 0x7ffd0 /* 3 vars */) = 0
      100 unlink("/tmp/w/a") = 0
      100 exit_group(0) = ?
      100 +++ exited with 0 +++`);
    const step = { trace: removed, courses: [denied] };
    const [outcome] = await run('security_path_unlink(1:dentry) Override -1', step);
    expect(outcome?.root).toEqual({ kind: 'exited', code: 1 });
    expect(outcome?.processes.map(({ diverged }) => diverged)).toEqual([false]);
    expect(outcome?.files['/tmp/w/rescue']).toMatchObject({ known: true, value: { exists: true } });
    const [other] = await run('security_path_unlink(1:dentry) Override -13', step);
    expect(other?.processes.map(({ diverged }) => diverged)).toEqual([true]);
  });
});
