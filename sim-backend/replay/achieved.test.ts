import { describe, expect, it } from 'vitest';
import type { Plan } from '../../core/plan/plan.ts';
import { killOnOpen, plansOf, shellTrace, traceOf } from '../testing/sample.ts';
import { replayed } from '../testing/replayed.ts';

const achieved = async (trace: string, plans: readonly Plan[] = []) => {
  const outcome = await replayed({ trace: traceOf(trace), plans, watchAchieved: true });
  return outcome.achieved.known ? outcome.achieved.value : undefined;
};
const head = '100 1700000000.000001 execve("/bin/prog", ["prog"], 0x7ffd0 /* 3 vars */) = 0\n';
const lines = (...calls: string[]): string =>
  head +
  calls.map((call, at) => `100 1700000000.0001${at}0 ${call}\n`).join('') +
  '100 1700000000.000900 +++ exited with 0 +++\n';

describe('what a step achieved', () => {
  it('is told when it is asked for', async () => {
    expect((await replayed({ trace: traceOf(shellTrace), plans: [] })).achieved.known).toBe(false);
    expect(await achieved(shellTrace)).toEqual([
      { what: 'executed', target: '/usr/bin/sh', count: 1, diverged: false },
      { what: 'executed', target: '/usr/bin/cat', count: 1, diverged: false },
      { what: 'read', target: '/tmp/w/secret', bytes: 4, count: 1, diverged: false },
      { what: 'written', target: '/dev/null', bytes: 6, count: 2, diverged: false },
    ]);
  });

  it('leaves out what an action prevented, and marks what only the recorded course has', async () => {
    const rows = await achieved(shellTrace, plansOf(killOnOpen));
    expect(rows?.some(({ what }) => what === 'read')).toBe(false);
    expect(rows?.find(({ what }) => what === 'written')).toMatchObject({ bytes: 2, diverged: true });
  });

  it('counts data between files, and names peers by address', async () => {
    const rows = await achieved(
      lines(
        'openat(AT_FDCWD</tmp/w>, "a", O_RDONLY) = 3</tmp/w/a>',
        'openat(AT_FDCWD</tmp/w>, "b", O_WRONLY|O_CREAT, 0644) = 4</tmp/w/b>',
        'copy_file_range(3</tmp/w/a>, NULL, 4</tmp/w/b>, NULL, 4096, 0) = 70',
        'copy_file_range(3</tmp/w/a>, NULL, 4</tmp/w/b>, NULL, 4096, 0) = 5',
        'copy_file_range(3</tmp/w/a>, NULL, 4</tmp/w/b>, NULL, 4096, 0) = -1 ENOSPC (No space left on device)',
        'socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 5<TCP:[55]>',
        'connect(5<TCP:[55]>, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("10.1.2.3")}, 16) = 0',
      ),
    );
    expect(rows?.slice(1)).toEqual([
      { what: 'read', target: '/tmp/w/a', bytes: 75, count: 2, diverged: false },
      { what: 'written', target: '/tmp/w/b', bytes: 75, count: 2, diverged: false },
      { what: 'reached', target: '10.1.2.3:443', count: 1, diverged: false },
    ]);
  });
});
