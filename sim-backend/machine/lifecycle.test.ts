import { describe, expect, it } from 'vitest';
import type { StartSnapshot } from '../../core/trace/start-snapshot.ts';
import { replayed } from '../testing/replayed.ts';
import { traceOf } from '../testing/sample.ts';

const start: StartSnapshot = {
  cwd: '/tmp/w',
  ancestry: [
    { pid: 90, exe: '/usr/bin/launcher', cmdline: ['launcher', '-x'], start_ticks: 100 },
    { pid: 1, exe: '/usr/lib/systemd/systemd', cmdline: ['/sbin/init'], start_ticks: 0 },
  ],
};
const begin =
  '100 1.0 execve("/usr/bin/sh", ["sh", "-c", ""], 0x1 /* 1 var */) = 0\n100 1.05 brk(NULL) = 0x5000\n';

/** Of each execution: the program, its parent's, and where it came from. */
async function executions(lines: string): Promise<string[]> {
  const { events } = await replayed({ trace: traceOf(begin + lines), start, plans: [] });
  return events.flatMap(({ event }) => {
    if (!('process_exec' in event)) return [];
    const { process, parent } = event.process_exec;
    return [`${process?.binary} of ${parent?.binary ?? 'none'}: ${process?.flags}`];
  });
}

describe('a program', () => {
  it('has the launcher as parent if it is the first, and below that what it forked from', async () => {
    expect(
      await executions(`100 1.1 clone(child_stack=NULL, flags=SIGCHLD) = 101
101 1.2 execve("/usr/bin/env", ["env"], 0x1 /* 1 var */) = 0
101 1.3 execve("/usr/bin/id", ["id"], 0x1 /* 1 var */) = 0
`),
    ).toEqual([
      '/usr/bin/sh of /tracerig/launch: execve',
      '/usr/bin/env of /usr/bin/sh: execve clone',
      '/usr/bin/id of /usr/bin/env: execve',
    ]);
  });

  it('has the first process as parent when its maker ended before it executed', async () => {
    expect(
      await executions(`100 1.1 clone(child_stack=NULL, flags=SIGCHLD) = 101
101 1.2 clone(child_stack=NULL, flags=SIGCHLD) = 102
101 1.3 exit_group(0) = ?
101 1.4 +++ exited with 0 +++
102 1.5 execve("/usr/bin/id", ["id"], 0x1 /* 1 var */) = 0
`),
    ).toContain('/usr/bin/id of /usr/lib/systemd/systemd: execve clone');
  });

  it('stands where it went, unless that may be another place: until a line shows it', async () => {
    const { events } = await replayed({
      trace: traceOf(`${begin}100 1.1 chdir("/srv/link") = 0
100 1.2 execve("/usr/bin/one", ["one"], 0x1 /* 1 var */) = 0
100 1.3 mkdirat(AT_FDCWD</srv/data>, "a", 0755) = 0
100 1.4 execve("/usr/bin/two", ["two"], 0x1 /* 1 var */) = 0
100 1.5 chdir("/srv/data") = 0
100 1.6 execve("/usr/bin/three", ["three"], 0x1 /* 1 var */) = 0
100 1.7 open("/srv/other", O_RDONLY|O_DIRECTORY) = 3
100 1.8 fchdir(3) = 0
100 1.9 execve("/usr/bin/four", ["four"], 0x1 /* 1 var */) = 0
`),
      start,
      plans: [],
    });
    const places = events.flatMap(({ event }) =>
      'process_exec' in event ? [event.process_exec.process?.cwd] : [],
    );
    expect(places).toEqual(['/tmp/w', undefined, '/srv/data', '/srv/data', undefined]);
  });
});
