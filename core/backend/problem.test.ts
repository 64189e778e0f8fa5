import { describe, expect, it } from 'vitest';
import { mergeProblems, ProblemList } from './problem.ts';
import type { Problem, ProblemCause } from './problem.ts';
import { problemText } from './problem-words.ts';

const unknown = (why: string): ProblemCause => ({ kind: 'not-known', policy: 'p', hook: 'fd_install', why });

describe('problems', () => {
  it('are all kept, equal ones counted at their first place', () => {
    const first: Problem[] = [];
    const list = new ProblemList((problem) => void first.push(problem));
    for (let line = 1; line <= 200; line++) list.add(unknown(`value ${line % 100}`), { file: 't', line });
    expect(list.all()).toHaveLength(100);
    expect(list.all()[0]).toEqual({ ...unknown('value 1'), count: 2, place: { file: 't', line: 1 } });
    expect(first).toHaveLength(100);
    expect(first[0]?.count).toBe(1);
  });

  it('of lines that are not understood are one, shown by the first', () => {
    const list = new ProblemList();
    list.add({ kind: 'trace', fault: 'not-understood', text: 'Dear reader' }, { file: 't', line: 1 });
    list.add({ kind: 'trace', fault: 'not-understood', text: 'this is' }, { file: 't', line: 2 });
    list.add({ kind: 'trace', fault: 'cut' }, { file: 't', line: 3 });
    expect(list.all().map(problemText)).toEqual([
      'trace: a line is not understood: "Dear reader" (t:1), 2 times',
      'trace: the trace ends in the middle of a line (t:3)',
    ]);
  });

  it('of several steps add up', () => {
    const lost: Problem = { kind: 'lost-events', why: 'skipped', count: 3 };
    expect(
      mergeProblems(
        [lost],
        [
          { ...lost, count: 4 },
          { ...unknown('x'), count: 1 },
        ],
      ),
    ).toEqual([
      { kind: 'lost-events', why: 'skipped', count: 7 },
      { ...unknown('x'), count: 1 },
    ]);
  });

  it.each<[Problem, string]>([
    [
      { kind: 'not-modelled', feature: 'tcp_v4_rcv', why: 'it runs for packets', count: 1 },
      'not modelled: tcp_v4_rcv (it runs for packets)',
    ],
    [
      { kind: 'not-modelled', call: 'io_uring_enter', feature: 'its operations', count: 1 },
      'not modelled: io_uring_enter: its operations',
    ],
    [{ ...unknown('the port'), count: 1 }, 'not known: p: fd_install: the port'],
    [
      { kind: 'not-known', call: 'read', why: 'whether it waits', count: 1 },
      'not known: read: whether it waits',
    ],
    [
      { kind: 'unread-lines', why: 'unborn', processes: 2, count: 31, place: { file: 't', line: 4 } },
      'unread lines: 31 lines of 2 processes left out: the trace does not show who made them (record with strace -f, and with no -e that leaves out clone, clone3, fork and vfork; in a pid namespace with --decode-pids=pidns) (t:4)',
    ],
    [
      { kind: 'unread-lines', why: 'attached', processes: 1, count: 1 },
      'unread lines: 1 line of 1 process left out: strace was attached to a program that is not known (give its file with --exe, or a snapshot of it with --start)',
    ],
    [
      { kind: 'missing-lines', pids: [7, 8], count: 2 },
      'missing lines: the trace shows how 2 processes (pids 7, 8) came to be, and nothing of what they did; of their ends it has no more than wait4 and SIGCHLD tell (record with strace -f into one file, or give all files of -ff)',
    ],
    [
      { kind: 'timeout', afterMs: 500, count: 1 },
      'timeout: still running after 500 ms: everything was killed',
    ],
    [
      { kind: 'lost-events', why: 'no-room', count: 12, hook: 'p: fd_install' },
      'lost events: 12 records found no room in the buffer (p: fd_install)',
    ],
    [
      { kind: 'failed-signals', count: 1, hook: 'p: filp_close' },
      'failed signals: the kernel did not send 1 signal of p: filp_close, though the events name them: the task was ending already',
    ],
    [
      {
        kind: 'left-processes',
        processes: [
          { pid: 7, binary: '/bin/sleep' },
          { pid: 8, binary: '' },
        ],
        graceMs: 1000,
        count: 1,
      },
      "left processes: /bin/sleep (pid 7), pid 8 still ran 1 s after the root's end; `daemons: kill` allows it",
    ],
    [
      { kind: 'load', policy: 'p', kernel: '6.12', why: 'no helper', count: 1 },
      'load: policy p does not load on the kernel 6.12: no helper',
    ],
    [{ kind: 'crash', why: 'panic', count: 1 }, 'crash: panic'],
    [
      { kind: 'trace', fault: 'ends-early', line: 40, processes: [{ pid: 7, binary: '/bin/sh' }], count: 1 },
      'trace: the log ends early at line 40: /bin/sh (pid 7) had not ended (record until the end, and copy the whole log)',
    ],
    [
      { kind: 'trace', fault: 'no-program', count: 1 },
      'trace: no program is started in the trace: it must begin with an execve that succeeds, or --exe or --start must tell which program strace was attached to',
    ],
    [
      { kind: 'trace', fault: 'out-of-order', count: 1 },
      'trace: a line is older than the one above it, or the same once more: lines are out of order or doubled, or the clock was set meanwhile (record anew)',
    ],
    [
      { kind: 'trace', fault: 'other-code', code: 3, asked: 0, count: 1 },
      'trace: a process exits with 3 that asked for 0: the log is damaged, or lines are missing',
    ],
    [
      { kind: 'trace', fault: 'program-path', count: 1 },
      'trace: the path of an executed program is not readable in the trace',
    ],
  ])('%j in words', (problem, words) => {
    expect(problemText(problem)).toBe(words);
  });
});
