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
});
