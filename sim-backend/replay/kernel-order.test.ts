import { describe, expect, it } from 'vitest';
import { plansOf, policy, traceOf } from '../testing/sample.ts';
import { replayed as replay } from '../testing/replayed.ts';

const permission = plansOf(
  policy(`  - call: security_file_permission
    syscall: false
    args:
    - {index: 0, type: file}
    - {index: 1, type: int}
`),
);
const run = async (
  lines: string,
  kernel: string,
): Promise<{ hits: string[]; problems: readonly unknown[] }> => {
  const { events, problems } = await replay({
    trace: traceOf(`100 1700000000.000001 execve("/usr/bin/t", ["t"], 0x7ffd0 /* 3 vars */) = 0
${lines}100 1700000000.000009 exit_group(0) = ?
100 1700000000.000010 +++ exited with 0 +++
`),
    plans: permission,
    start: { kernel },
    launcher: 'passed-over',
  });
  const hits = events.flatMap(({ event }) => {
    const { args } = (event as { process_kprobe?: { args: unknown } }).process_kprobe ?? {};
    const [file, mask] = (args ?? []) as [{ file_arg: { path: string } }?, { int_arg: number }?];
    return file && mask ? [`${file.file_arg.path} ${mask.int_arg}`] : [];
  });
  return { hits, problems };
};
const fork = `100 1700000000.000002 fork() = 101
101 1700000000.000003 execve("/usr/bin/u", ["u"], 0x7ffd0 /* 3 vars */) = 0
101 1700000000.0000035 brk(NULL) = 0x5000
`;
const loader =
  '101 1700000000.000004 access("/etc/ld.so.preload", R_OK) = -1 ENOENT (No such file or directory)\n';

describe('security_file_permission', () => {
  it('is met twice by an executed static program', async () => {
    expect((await run(fork, '6.12.117')).hits).toEqual(['/usr/bin/u 4', '/usr/bin/u 4']);
  });
  it('is met by the loader of a dynamic one too', async () => {
    const ld = '/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2 4';
    expect((await run(fork + loader, '6.12.117')).hits).toEqual([
      ...Array<string>(3).fill('/usr/bin/u 4'),
      ld,
      ld,
    ]);
  });
  const copy = (count: number): string =>
    `100 1700000000.000002 sendfile(4</tmp/w/b>, 3</tmp/w/a>, NULL, ${count}) = ${count}\n`;
  it('is met once per file by a copy, and per chunk on kernels up to 6.7', async () => {
    expect((await run(copy(9), '6.12.117')).hits).toEqual(['/tmp/w/a 4', '/tmp/w/b 2']);
    expect((await run(copy(9), '6.1.192')).hits).toEqual([
      ...['/tmp/w/a 4', '/tmp/w/b 2', '/tmp/w/b 2'],
      ...['/tmp/w/a 4', '/tmp/w/b 2'],
    ]);
    expect((await run(copy(70_000), '6.12.117')).problems).toEqual([]);
    expect((await run(copy(70_000), '6.1.192')).problems).toMatchObject([
      { kind: 'not-known', why: expect.stringContaining('in chunks') },
    ]);
  });
});
