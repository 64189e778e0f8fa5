import { describe, expect, it } from 'vitest';
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

function after(
  trace: string,
  plans: ReturnType<typeof plansOf>,
  fstype = 'ext4',
): Known<FileOutcome> | undefined {
  const start = { schema: 1, cwd: '/tmp/w', mounts: [{ mountpoint: '/', root: '/', fstype, options: 'rw' }] };
  return replay({ trace: traceOf(trace), start, plans, given, watchFiles: ['/tmp/w/f'] }).files['/tmp/w/f'];
}
const holding = (content: string): unknown => ({
  known: true,
  value: { exists: true, content, mode: 0o644 },
});

describe('a file after the step', () => {
  it('holds what was written', () => {
    expect(after(append, [])).toEqual(holding('old\nnew\n'));
    expect(after(truncate, [])).toEqual(holding('new\n'));
  });

  it('is untouched when the write was killed before its first byte', () => {
    expect(after(append, killOn('security_file_permission'))).toEqual(holding('old\n'));
  });

  it('was written all the same on btrfs', () => {
    expect(after(append, killOn('security_file_permission'), 'btrfs')).toEqual(holding('old\nnew\n'));
  });

  it('is emptied by an open that was killed', () => {
    expect(after(truncate, killOn('security_file_open'))).toEqual(holding(''));
  });
});
