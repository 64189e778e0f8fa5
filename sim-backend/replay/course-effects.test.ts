import { describe, expect, it } from 'vitest';
import { policyOf } from '../proofs/hooks.ts';
import { plansOf, traceOf } from '../testing/sample.ts';
import { CourseEffects } from './course-effects.ts';
import { replay } from './replay.ts';

const start = { schema: 1, cwd: '/tmp/w', kernel: '6.12.118+deb13-amd64' } as const;
const plans = plansOf(policyOf('fd_install(0:int, 1:file) [1 Equal /tmp/w/guarded] Sigkill'));

/** A course in which the second open is killed, as it was made under the policies. */
const course = `100 1700000000.000001 execve("/usr/bin/cp", ["cp", "guarded", "rescue"], 0x7ffd0 /* 3 vars */) = 0
100 1700000000.000002 openat(AT_FDCWD</tmp/w>, "plain", O_RDONLY) = 3</tmp/w/plain>
100 1700000000.000003 openat(AT_FDCWD</tmp/w>, "guarded", O_RDONLY) = ?
100 1700000000.000004 +++ killed by SIGKILL +++
`;

async function effectsOf(trace: string): Promise<CourseEffects> {
  const effects = new CourseEffects('sought');
  await replay({ trace: traceOf(trace), start, plans, effects });
  return effects;
}

describe('effects that are sought in a course', () => {
  it('are found at an open of which no other recording tells what it would have returned', async () => {
    const { found, fault } = await effectsOf(course);
    expect(fault).toBeUndefined();
    expect(found).toEqual([
      {
        process: '0',
        call: 'openat',
        nth: 2,
        effect: 'SIGKILL',
        args: 'AT_FDCWD</tmp/w>, "guarded", O_RDONLY',
        result: '4</tmp/w/guarded>',
      },
    ]);
    const told = new CourseEffects('told', found);
    await replay({ trace: traceOf(course), start, plans, effects: told });
    expect([told.fault, told.found]).toEqual([undefined, found]);
  });

  it('do not explain a death that no policy makes', async () => {
    const { found, fault } = await effectsOf(course.replace('"guarded", O', '"other", O'));
    expect(found).toEqual([]);
    expect(fault).toBe('process 0 was killed, and no policy does that');
  });

  it('are signals that ran a handler, where the trace shows that they came', async () => {
    const signalled = plansOf(policyOf('security_file_open(0:file) [0 Equal /tmp/w/bell] Signal 10'));
    const lines = (came: string): string =>
      [
        'execve("/usr/bin/sh", ["sh"], 0x7ffd0 /* 3 vars */) = 0',
        'rt_sigaction(SIGUSR1, {sa_handler=0x55d0, sa_mask=[], sa_flags=0}, NULL, 8) = 0',
        'openat(AT_FDCWD</tmp/w>, "bell", O_RDONLY) = 3</tmp/w/bell>',
        came,
        'write(1</dev/null<char 1:3>>, "caught\\n", 7) = 7',
        '+++ exited with 0 +++',
      ]
        .map((line, index) => `100 1700000000.00000${index} ${line}\n`)
        .join('');
    const came = '--- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_KERNEL} ---';
    const outcomeOf = async (trace: string, effects: CourseEffects) => {
      const { processes } = await replay({ trace: traceOf(trace), start, plans: signalled, effects });
      return [processes[0]?.diverged, effects.fault, effects.found.map(({ effect }) => effect)];
    };
    const sought = new CourseEffects('sought');
    expect(await outcomeOf(lines(came), sought)).toEqual([false, undefined, ['SIGUSR1 handled']]);
    const told = new CourseEffects('told', sought.found);
    expect(await outcomeOf(lines(came), told)).toEqual([false, undefined, ['SIGUSR1 handled']]);
    const other = new CourseEffects('told', sought.found);
    expect((await outcomeOf(lines(came.replaceAll('USR1', 'USR2')), other))[1]).toBe(
      'SIGUSR1 did not come in openat of process 0',
    );
    expect(await outcomeOf(lines(came), new CourseEffects('absent'))).toEqual([
      true,
      undefined,
      ['SIGUSR1 handled'],
    ]);
  });
});
