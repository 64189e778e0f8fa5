import { describe, expect, it } from 'vitest';
import { replayed } from '../testing/replayed.ts';
import { plansOf, policy, traceOf } from '../testing/sample.ts';

/** What is said of a program that opens a file, under a policy of binaries. */
async function saidOf(program: string, binaries: readonly string[]): Promise<readonly string[]> {
  const trace = `7 execve("${program}", ["x"], 0x1 /* 1 var */) = 0
7 brk(NULL) = 0x5000
7 openat(AT_FDCWD</tmp/w>, "key", O_RDONLY) = 3</tmp/w/key>
7 exit_group(0) = ?
7 +++ exited with 0 +++
`;
  const selector = `  - call: fd_install
    syscall: false
    args: [{ index: 0, type: int }]
    selectors:
    - matchBinaries: [{ operator: In, values: ${JSON.stringify(binaries)} }]
`;
  const { problems, events } = await replayed({ trace: traceOf(trace), plans: plansOf(policy(selector)) });
  const hits = events.filter(({ event }) => 'process_kprobe' in event).map(() => 'hit');
  return [...hits, ...problems.map((problem) => (problem.kind === 'not-known' ? problem.why : problem.kind))];
}
const doubted = [expect.stringContaining('is a link, as it often is') as string];

describe('the binary of a program whose name is often a link', () => {
  it.each([
    ['/bin/sh', '/usr/bin/dash'],
    ['/usr/bin/sh', '/usr/bin/sh'],
    ['/usr/bin/python3', '/usr/bin/python3.13'],
    ['/usr/bin/awk', '/usr/bin/mawk'],
    ['/usr/bin/gcc', '/usr/bin/x86_64-linux-gnu-gcc-14'],
  ])('is not known where a policy may mean it: %s, %s', async (program, binary) => {
    expect(await saidOf(program, [binary])).toEqual(doubted);
  });

  it('does not matter where no policy can mean it', async () => {
    expect(await saidOf('/bin/sh', ['/usr/bin/cat'])).toEqual([]);
  });
});

it('the binary of other programs is what their path says', async () => {
  expect(await saidOf('/usr/bin/cat', ['/usr/bin/cat'])).toEqual(['hit']);
});

it('the binary of a script without a known #! line is not known', async () => {
  expect(await saidOf('/tmp/job.sh', ['/usr/bin/bash'])).toEqual([
    expect.stringContaining('looks like a script'),
  ]);
});
