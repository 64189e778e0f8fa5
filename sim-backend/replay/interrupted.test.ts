import { describe, expect, it } from 'vitest';
import { plansOf, policy, traceOf } from '../testing/sample.ts';
import { replayed as replay } from '../testing/replayed.ts';

const signal = (call: string): ReturnType<typeof plansOf> =>
  plansOf(
    policy(`  - call: sys_${call}
    selectors:
    - matchActions:
      - {action: Signal, argSig: 10}
`),
  );
const run = (line: string, call: string, flags: string): ReturnType<typeof replay> =>
  replay({
    trace: traceOf(`100 1700000000.000001 execve("/usr/bin/t", ["t"], 0x7ffd0 /* 3 vars */) = 0
100 1700000000.000002 rt_sigaction(SIGUSR1, {sa_handler=0x401136, sa_mask=[], sa_flags=${flags}, sa_restorer=0x7f}, NULL, 8) = 0
100 1700000000.000003 ${line}
100 1700000000.000004 exit_group(0) = ?
100 1700000000.000005 +++ exited with 0 +++
`),
    plans: signal(call),
    watchCalls: [call],
  });
const copy = 'copy_file_range(3</tmp/w/a>, NULL, 4</tmp/w/b>, NULL, 9, 0) = 9';
const loops = { kind: 'not-known', why: expect.stringContaining('an endless loop') };

describe('a signal with a handler', () => {
  it('lets most calls complete', async () => {
    const { calls, problems } = await run('mkdir("/tmp/w/d", 0755) = 0', 'mkdir', 'SA_RESTORER|SA_RESTART');
    expect(problems).toEqual([]);
    expect(calls).toMatchObject([{ errno: 0 }]);
  });
  it('ends a copy with EINTR', async () => {
    expect(await run(copy, 'copy_file_range', 'SA_RESTORER')).toMatchObject({
      calls: [{ errno: 'EINTR' }],
      problems: [],
    });
  });
  it('makes a copy loop when calls are to start again', async () => {
    expect((await run(copy, 'copy_file_range', 'SA_RESTORER|SA_RESTART')).problems).toMatchObject([loops]);
  });
  it('keeps a fork from ever happening', async () => {
    const fork = 'clone(child_stack=NULL, flags=SIGCHLD) = 101';
    // Of the child that the recording made there is no line.
    expect((await run(fork, 'clone', 'SA_RESTORER')).problems).toMatchObject([
      loops,
      { kind: 'missing-lines', count: 1 },
    ]);
  });
  it('may meet a read that waits', async () => {
    const read = 'read(0<pipe:[77]>, "a", 1) = 1';
    expect((await run(read, 'read', 'SA_RESTORER')).problems).toMatchObject([
      { kind: 'not-known', why: expect.stringContaining('whether it waits') },
    ]);
  });
});
