import { describe, expect, it } from 'vitest';
import { problemText } from '../../core/backend/problem-words.ts';
import { killOnOpen, plansOf, policy, shellTrace, traceOf } from '../testing/sample.ts';
import { replayed } from '../testing/replayed.ts';

const kill = plansOf(killOnOpen);
const replay = (text: string, plans = kill) => replayed({ trace: traceOf(text), plans });
/** Fates of the two processes, and what was said. */
const told = async (text: string) => {
  const { processes, problems } = await replay(text);
  return {
    pids: processes.map(({ pid }) => pid),
    killed: processes[1]?.fate,
    said: problems.map(problemText),
  };
};
const killed = { kind: 'killed', signal: 'SIGKILL' };
const lines = shellTrace.trimEnd().split('\n');
const each = (change: (pid: string, time: string, body: string) => string): string =>
  lines
    .map((line) => {
      const [, pid = '', time = '', body = ''] = /^(\d+) (\S+) (.*)$/.exec(line) ?? [];
      return `${change(pid, time, body)}\n`;
    })
    .join('');
const micro = (time: string): string => time.split('.')[1] ?? '';

describe('a log in another form', () => {
  it.each([
    ['without times', each((pid, _, body) => `${pid} ${body}`)],
    ['-t', each((pid, _, body) => `${pid} 10:00:00 ${body}`)],
    ['-tt', each((pid, time, body) => `${pid} 23:59:59.${micro(time)} ${body}`)],
    ['-r', each((pid, _, body) => `${pid}      0.000010 ${body}`)],
    ['-t -r', each((pid, _, body) => `${pid} 10:00:00 (+     0.000010) ${body}`)],
    ['ISO times', each((pid, time, body) => `2024-05-01T10:00:00.${micro(time)}Z ${pid} ${body}`)],
    ['-n -i', each((pid, time, body) => `${pid} ${time} [ 257] [00007f8fce6e2efb] ${body}`)],
    ['-Y', each((pid, time, body) => `${pid}<sh> ${time} ${body}`)],
    ['-T', each((pid, time, body) => `${pid} ${time} ${body}${/= \S+$/.test(body) ? ' <0.000012>' : ''}`)],
    ['CRLF', shellTrace.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\ufeff${shellTrace}`],
    ['quoted', each((pid, time, body) => `> ${pid} ${time} ${body}`)],
    ['-k', each((pid, time, body) => `${pid} ${time} ${body}\n > /usr/lib/libc.so.6(read+0x5b) [0xf7d0b]`)],
    [
      '-C',
      `${shellTrace}% time     seconds  usecs/call     calls    errors syscall\n------ ----------- ----------- --------- --------- ----------------\n 50.00    0.000010           5         2           openat\n100.00    0.000020                     4           total\n`,
    ],
  ])('%s', async (_form, text) => {
    expect(await told(text)).toEqual({ pids: [100, 101], killed, said: [] });
  });
});

/** The first process without a column until strace follows another. */
const standardError = `execve("/bin/sh", ["sh"], 0x7ffd0 /* 3 vars */) = 0
openat(AT_FDCWD, "/lib/libc.so.6", O_RDONLY|O_CLOEXEC) = 3
vfork(strace: Process 101 attached
 <unfinished ...>
[pid   101] execve("/bin/cat", ["cat", "/tmp/w/secret"], 0x7ffd0 /* 3 vars */ <unfinished ...>
[pid   100] <... vfork resumed>)        = 101
[pid   100] wait4(-1,  <unfinished ...>
[pid   101] <... execve resumed>)       = 0
[pid   101] openat(AT_FDCWD, "/tmp/w/secret", O_RDONLY) = 3
[pid   101] write(1, "42\\n", 342
)       = 3
[pid   101] exit_group(0)               = ?
[pid   101] +++ exited with 0 +++
<... wait4 resumed>[{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 101
exit_group(0)                           = ?
+++ exited with 0 +++
`;

describe('a log of standard error', () => {
  it('is read with messages and output of the program in its lines', async () => {
    expect(await told(standardError)).toEqual({ pids: [100, 101], killed, said: [] });
  });

  it('gives the first process its own lines', async () => {
    const opens = standardError.replace(
      '[pid   100] wait4',
      '[pid   100] openat(AT_FDCWD, "/tmp/w/secret", O_RDONLY) = 4\n[pid   100] wait4',
    );
    const { root } = await replay(opens);
    expect(root).toEqual(killed);
  });

  it('names a line that cannot be told from output', async () => {
    const { said } = await told(standardError.replace('\nexit_group(0)', '\nHello\nexit_group(0)'));
    expect(said).toEqual([expect.stringContaining('a line is not understood')]);
  });
});

describe('what a log lacks is said', () => {
  it.each([
    [
      'a first half',
      lines.filter((line) => !line.includes('wait4(-1')).join('\n') + '\n',
      'end calls whose beginnings',
    ],
    [
      'a second half',
      lines.filter((line) => !line.includes('wait4 resumed')).join('\n') + '\n',
      'begin calls whose ends',
    ],
    [
      'a birth',
      lines.filter((line) => !line.includes('clone(')).join('\n') + '\n',
      'does not show who made them',
    ],
    ['its end', lines.slice(0, 8).join('\n') + '\n', 'the log ends early at line 8'],
    [
      'a new birth of the pid',
      `${shellTrace}101 openat(AT_FDCWD, "x", O_RDONLY) = 3\n`,
      'after the end of their process',
    ],
    ['the program', lines.slice(1).join('\n') + '\n', 'strace was attached to a program that is not known'],
    [
      'the calls of a hook',
      lines.filter((line) => !/openat|fstat|clone/.test(line) && line.startsWith('100')).join('\n') + '\n',
      'the log is filtered',
    ],
  ])('%s', async (_what, text, words) => {
    expect((await told(text)).said.join('\n')).toContain(words);
  });

  it('the calls of a hook, where execs that every log has lead there, too', async () => {
    const text = shellTrace.replaceAll(/^.*(openat|close|write|read|fstat)\(.*\n/gm, '');
    const { problems } = await replay(
      text,
      plansOf(policy('  - call: security_file_open\n    syscall: false\n')),
    );
    expect(problems.map(problemText)).toEqual([expect.stringContaining('the log is filtered')]);
  });

  it('system calls of 32-bit programs', async () => {
    const text = shellTrace.replace(
      /^101 (\S+) openat/m,
      '101 $1 [ Process PID=101 runs in 32 bit mode. ]\n101 $1 openat',
    );
    const { said, killed: fate } = await told(text);
    expect(said).toEqual([
      expect.stringContaining('not modelled: openat: its hooks (it is of a 32-bit program)'),
    ]);
    expect(fate).toEqual({ kind: 'exited', code: 0 });
  });

  it('hooks of another architecture', async () => {
    const arm = plansOf(policy('  - call: __arm64_sys_openat\n    syscall: true\n'));
    const { problems } = await replay(shellTrace, arm);
    expect(problems.map(problemText)).toEqual([expect.stringContaining('another architecture')]);
  });

  it('times, where a rate limit needs them', async () => {
    const limited = plansOf(killOnOpen.replace('- action: Sigkill', '- {action: Post, rateLimit: "1s"}'));
    const open = '100 openat(AT_FDCWD, "/tmp/w/secret", O_RDONLY) = 3\n';
    const text = `100 execve("/bin/a", ["a"], 0x7f /* 0 vars */) = 0\n${open}${open}100 +++ exited with 0 +++\n`;
    const { problems } = await replay(text, limited);
    expect(problems.map(problemText)).toEqual([
      expect.stringContaining('the times of the trace do not tell'),
    ]);
  });
});

it('judges an attached process whose program is told', async () => {
  const text = '7 openat(AT_FDCWD, "/tmp/w/secret", O_RDONLY) = 3\n7 +++ exited with 0 +++\n';
  const start = { ancestry: [{ pid: 1, exe: '/usr/bin/dash', cmdline: ['/usr/bin/dash'] }] };
  const { root, problems } = await replayed({ trace: traceOf(text), plans: kill, start });
  expect(root).toEqual(killed);
  expect(problems).toEqual([]);
});

it.each([
  ['/srv', '/srv', 'procFS'],
  ['/', '/', 'procFS rootcwd'],
  [undefined, undefined, undefined],
])('shows an attached process in the directory that the snapshot tells: %s', async (told, cwd, flags) => {
  const text = '7 openat(AT_FDCWD, "/tmp/w/secret", O_RDONLY) = 3\n7 +++ exited with 0 +++\n';
  const ancestry = [{ pid: 1, exe: '/usr/bin/dash', cmdline: ['/usr/bin/dash'] }];
  const { events } = await replayed({ trace: traceOf(text), plans: kill, start: { ancestry, cwd: told } });
  const shown = events.flatMap(({ event }) =>
    'process_kprobe' in event ? [event.process_kprobe.process] : [],
  );
  expect(shown.map((process) => [process?.cwd, process?.flags])).toEqual([[cwd, flags]]);
});
