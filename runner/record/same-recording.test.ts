import { describe, expect, it } from 'vitest';
import { sameRecording } from './same-recording.ts';
import type { Recording } from './same-recording.ts';

const start = {
  schema: 1,
  pid: 100,
  ppid: 99,
  cwd: '/tmp/w',
  fds: { '1': '/dev/shm/tracerig-record-AAAAAA/1.out' },
  ancestry: [{ pid: 100, ppid: 99, comm: 'launch', exe: '/tracerig/launch', start_ticks: 1 }],
  realtime: '1.0',
  boottime: '1.0',
  btime: 0,
} as unknown as Recording['start'];

const recording = (lines: string, more: object = {}): Recording => ({
  trace: new TextEncoder().encode(lines),
  start: { ...start, ...more },
});
const first = `100 1.0 execve("/bin/sh", ["sh"], 0x7ffd0000a000 /* 3 vars */) = 0
100 1.1 pipe2([3<pipe:[71]>, 4<pipe:[71]>], 0) = 0
100 1.2 vfork( <unfinished ...>
101 1.3 write(1<pipe:[71]>, "101\\n", 4) = 4
100 1.4 <... vfork resumed>) = 101
101 1.5 +++ exited with 0 +++
100 1.6 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 101
`;
/** Another run of the same: other ids, times, addresses, and another order among processes. */
const again = `200 9.0 execve("/bin/sh", ["sh"], 0x7ffc1111b000 /* 3 vars */) = 0
200 9.1 pipe2([3<pipe:[88]>, 4<pipe:[88]>], 0) = 0
200 9.2 vfork() = 203
203 9.3 write(1<pipe:[88]>, "203\\n", 4) = 4
200 9.4 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 203
203 9.5 +++ exited with 0 +++
`;
const other = { pid: 200, ppid: 199, realtime: '9.0', digest: 'sha256:1' };

it('tells the same if only ids, times, addresses and the order among processes differ', () => {
  expect(sameRecording(recording(first), recording(again, other))).toBe(true);
});

it('tells the same if a child took more of the processor, and a call came in two halves', () => {
  const chld = (times: string): string =>
    `100 1.7 --- SIGCHLD {si_signo=SIGCHLD, si_pid=101, ${times}} ---\n`;
  const whole = `${first}${chld('si_utime=0, si_stime=0')}100 1.8 close(3)                = 0\n`;
  const halves = `${first}${chld('si_utime=12 /* 0.12 s */, si_stime=1 /* 0.01 s */')}100 1.8 close(3 <unfinished ...>\n100 1.9 <... close resumed>)      = 0\n`;
  expect(sameRecording(recording(whole), recording(halves))).toBe(true);
  expect(sameRecording(recording(whole), recording(halves.replace(/= 0\n$/, '= -1\n')))).toBe(false);
});

describe('tells something else', () => {
  it.each([
    [
      'another result',
      'wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 203',
      'wait4(-1, NULL, 0, NULL) = 203',
    ],
    ['another number that is no id', '203\\n", 4) = 4', '203\\n", 4) = 3'],
    ['another argument', '["sh"]', '["sh", "-x"]'],
    ['an id of somebody else', 'NULL) = 203', 'NULL) = 200'],
    ['another pipe', '4<pipe:[88]>', '4<pipe:[89]>'],
    ['a call less', '200 9.1 pipe2([3<pipe:[88]>, 4<pipe:[88]>], 0) = 0\n', ''],
    ['a process more', '203 9.5', '204 9.4 +++ exited with 0 +++\n203 9.5'],
  ])('if there is %s', (_what, from, to) => {
    expect(again).toContain(from);
    expect(sameRecording(recording(first), recording(again.replace(from, to), other))).toBe(false);
  });

  it.each([
    ['directory', { cwd: '/tmp' }],
    ['descriptor', { fds: { '1': '/dev/null' } }],
    ['set of facts', { facts: { files: { '/f': { mode: 0o644 } } } }],
    ['program before', { ancestry: [{ pid: 100, comm: 'x', exe: '/x' }] }],
  ])('if it begins with another %s', (_what, more) => {
    expect(sameRecording(recording(first), recording(first, more))).toBe(false);
    expect(sameRecording(recording(first), recording(first))).toBe(true);
  });
});
