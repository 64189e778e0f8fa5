import { describe, expect, it } from 'vitest';
import type { StartSnapshot } from '../../core/trace/start-snapshot.ts';
import type { FileOutcome, Known } from '../../core/backend/outcome.ts';
import { plansOf, policy, traceOf } from '../testing/sample.ts';
import { replayed as replay } from '../testing/replayed.ts';

const given = {
  files: [{ path: '/tmp/w/f', content: new TextEncoder().encode('old\n'), mode: 0o644 }],
  env: {},
  run: [],
};

const writer = (open: string): string => `9 1.0 execve("/usr/bin/w", ["w"], 0x1 /* 1 var */) = 0
9 1.1 ${open} = 3</tmp/w/f>
9 1.2 write(3</tmp/w/f>, "new\\n", 4) = 4
9 1.3 close(3</tmp/w/f>) = 0
9 1.4 exit_group(0) = ?
9 1.5 +++ exited with 0 +++
`;
const append = writer('openat(AT_FDCWD</tmp/w>, "f", O_WRONLY|O_APPEND)');
const truncate = writer('openat(AT_FDCWD</tmp/w>, "f", O_WRONLY|O_TRUNC)');

const killOn = (hook: string): ReturnType<typeof plansOf> =>
  plansOf(
    policy(`  - call: ${hook}
    syscall: false
    args:
    - {index: 0, type: file}
    selectors:
    - matchArgs:
      - {index: 0, operator: Equal, values: ["/tmp/w/f"]}
      matchActions:
      - action: Sigkill
`),
  );

async function after(
  trace: string,
  plans: ReturnType<typeof plansOf>,
  fstype = 'ext4',
): Promise<Known<FileOutcome> | undefined> {
  const start: StartSnapshot = {
    schema: 1,
    cwd: '/tmp/w',
    mounts: [{ mountpoint: '/', root: '/', fstype, options: 'rw' }],
  };
  const { files } = await replay({ trace: traceOf(trace), start, plans, given, watchFiles: ['/tmp/w/f'] });
  return files['/tmp/w/f'];
}
const holding = (content: string): unknown => ({
  known: true,
  value: { exists: true, content, mode: 0o644 },
});

describe('a file after the step', () => {
  it('holds what was written', async () => {
    expect(await after(append, [])).toEqual(holding('old\nnew\n'));
    expect(await after(truncate, [])).toEqual(holding('new\n'));
  });

  it('is untouched when the write was killed before its first byte', async () => {
    expect(await after(append, killOn('security_file_permission'))).toEqual(holding('old\n'));
  });

  it('was written all the same on btrfs', async () => {
    expect(await after(append, killOn('security_file_permission'), 'btrfs')).toEqual(holding('old\nnew\n'));
  });

  it('is emptied by an open that was killed', async () => {
    expect(await after(truncate, killOn('security_file_open'))).toEqual(holding(''));
  });
});
