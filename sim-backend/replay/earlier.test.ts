import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../core/backend/outcome.ts';
import { policyOf } from '../proofs/hooks.ts';
import { plansOf, traceOf } from '../testing/sample.ts';
import { Earlier } from './earlier.ts';
import { replay } from './replay.ts';

const given = {
  files: ['a', 'b', 'c'].map((name) => ({
    path: `/tmp/w/${name}`,
    content: new TextEncoder().encode('old'),
    mode: 0o644,
  })),
  env: {},
  run: [],
};

/** The outcomes of steps one after the other on one machine. */
async function steps(hooks: string, ...traces: string[]): Promise<Outcome[]> {
  const earlier = new Earlier();
  const outcomes: Outcome[] = [];
  for (const [index, lines] of traces.entries()) {
    const trace = lines
      .trim()
      .split('\n')
      .map((line, at) => line.trim().replace(/^(\d+) /, `$1 1700000000.${String(at).padStart(6, '0')} `));
    outcomes.push(
      await replay({
        trace: traceOf(`${trace.join('\n')}\n`),
        start: { schema: 1, cwd: '/tmp/w', kernel: '6.12.117+deb13-amd64' },
        plans: hooks === '' ? [] : plansOf(policyOf(hooks)),
        given,
        earlier,
        step: String(index + 1),
        watchFiles: index === traces.length - 1 ? ['/tmp/w/a', '/tmp/w/b', '/tmp/w/c'] : [],
      }),
    );
  }
  return outcomes;
}

const step = (lines: string): string => `
  100 execve("/usr/bin/prog", ["prog"], 0x7ffd0 /* 3 vars */) = 0
  ${lines}
  100 exit_group(0) = ?
  100 +++ exited with 0 +++`;
const nothing = step('100 getpid() = 100');

describe('what earlier steps left', () => {
  it('is known of files as the last one wrote, linked and removed them', async () => {
    const [, last] = await steps(
      '',
      step(`100 openat(AT_FDCWD</tmp/w>, "a", O_WRONLY|O_TRUNC) = 3</tmp/w/a>
        100 write(3</tmp/w/a>, "new", 3) = 3
        100 unlink("/tmp/w/b") = 0
        100 link("/tmp/w/c", "/tmp/w/d") = 0`),
      nothing,
    );
    expect(last?.files['/tmp/w/a']).toMatchObject({ known: true, value: { content: 'new' } });
    expect(last?.files['/tmp/w/b']).toMatchObject({ known: false });
    // Its other name may be written to, and this trace would not tell that it is one.
    expect(last?.files['/tmp/w/c']).toEqual({ known: true, value: { exists: true, mode: 0o644 } });
  });

  it('is not known once a process may have done what no line shows', async () => {
    const [, last] = await steps(
      'security_path_unlink(1:dentry) Override -1',
      step('100 unlink("/tmp/w/a") = 0'),
      nothing,
    );
    expect(last?.processes.map(({ diverged }) => diverged)).toEqual([false]);
    expect(last?.files['/tmp/w/b']).toMatchObject({
      known: false,
      why: expect.stringContaining('in step "1" unlink of prog got another result') as string,
    });
  });
});
