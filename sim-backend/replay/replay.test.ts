import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kindOf } from '../../core/events/parse.ts';
import { TraceError } from '../../core/trace/trace-error.ts';
import { killOnOpen, plansOf, policy, shellTrace, traceOf } from '../testing/sample.ts';
import { replayed as replay } from '../testing/replayed.ts';

const kill = plansOf(killOnOpen);

describe('replay', () => {
  it('gives exec and exit events of every process without a policy', async () => {
    const outcome = await replay({ trace: traceOf(shellTrace), plans: [] });
    expect(outcome.events.map(({ event }) => kindOf(event))).toEqual([
      'process_exec',
      'process_exec',
      'process_exit',
      'process_exit',
    ]);
    expect(outcome.root).toEqual({ kind: 'exited', code: 0 });
    expect(
      outcome.processes.map(({ binary, arguments: args, diverged }) => [binary, args, diverged]),
    ).toEqual([
      ['/bin/sh', '-c "cat secret; echo $?"', false],
      ['/bin/cat', 'secret', false],
    ]);
    expect(outcome.stdout).toEqual({ known: true, value: 'abc\n0\n' });
    expect(outcome.problems).toEqual([]);
  });

  it('kills, and marks what rests on the recorded course', async () => {
    const outcome = await replay({ trace: traceOf(shellTrace), plans: kill });
    expect(outcome.events.map(({ event, process, diverged }) => [kindOf(event), process, diverged])).toEqual([
      ['process_exec', 0, false],
      ['process_exec', 1, false],
      ['process_kprobe', 1, false],
      ['process_exit', 1, false],
      ['process_exit', 0, true],
    ]);
    expect(outcome.processes[1]?.fate).toEqual({ kind: 'killed', signal: 'SIGKILL' });
    expect(outcome.processes[0]).toMatchObject({ fate: { kind: 'exited', code: 0 }, diverged: true });
    expect(outcome.stdout).toMatchObject({ known: false, assumed: '0\n' });
    expect(outcome.stderr).toMatchObject({ known: false, assumed: '' });
  });

  it('shows the mode that the trace tells only after the open', async () => {
    const { events } = await replay({ trace: traceOf(shellTrace), plans: kill });
    expect(JSON.stringify(events)).toContain('"file_arg":{"path":"/tmp/w/secret","permission":"-rw-r-----"}');
  });

  it('says which hook it has no model of', async () => {
    const plans = plansOf(policy('  - call: tcp_v4_rcv\n    syscall: false\n'));
    const { problems } = await replay({ trace: traceOf(shellTrace), plans });
    expect(problems).toEqual([
      {
        kind: 'not-modelled',
        feature: 'tcp_v4_rcv',
        why: expect.stringMatching(/^it runs for packets/),
        count: 1,
      },
    ]);
  });

  it('overrides a system call: the result changes, what follows is diverged', async () => {
    const plans = plansOf(
      policy(`  - call: sys_openat
    args:
    - {index: 1, type: string}
    selectors:
    - matchArgs:
      - {index: 1, operator: Equal, values: ["secret"]}
      matchActions:
      - {action: Override, argError: -13}
`),
    );
    const outcome = await replay({ trace: traceOf(shellTrace), plans, watchCalls: ['openat'] });
    expect(outcome.calls.map(({ process, errno }) => [process, errno])).toEqual([
      [0, 0],
      [1, 'EACCES'],
    ]);
    expect(outcome.processes[1]).toMatchObject({ fate: { kind: 'exited', code: 0 }, diverged: true });
  });

  it('follows a child whose lines come before its parent knows it', async () => {
    const early = shellTrace
      .replace(/^100 1700000000.000200.*\n/m, '')
      .replace(
        /^100 1700000000.000310.*\n/m,
        '100 1700000000.000312 <... vfork resumed>) = 101\n100 1700000000.000313 wait4(-1,  <unfinished ...>\n',
      )
      .replace(
        /^101 1700000000.000300/m,
        '100 1700000000.000201 vfork( <unfinished ...>\n101 1700000000.000300',
      );
    const { processes, problems } = await replay({ trace: traceOf(early), plans: kill });
    expect(problems).toEqual([]);
    expect(processes.map(({ parent }) => parent)).toEqual([undefined, 0]);
  });

  it('reads the same from chunks of any size', async () => {
    const whole = (await replay({ trace: traceOf(shellTrace), plans: kill })).events;
    for (const size of [1, 7, 64])
      expect((await replay({ trace: traceOf(shellTrace, size), plans: kill })).events).toEqual(whole);
  });
});

describe('processes that the recorder had to kill', () => {
  const daemon = shellTrace
    .replace(/^100 1700000000.000310.*\n/m, '')
    .replace(/^100 1700000000.0004[0-9]+ <\.\.\. wait4.*\n/m, '')
    .replace('101 1700000000.000440 exit_group(0) = ?\n', '101 1700000000.000440 pause( <unfinished ...>\n')
    .replace(
      '101 1700000000.000450 +++ exited with 0 +++',
      '101 1700000000.000450 +++ killed by SIGKILL +++',
    );
  const start = { cwd: '/tmp/w', root: '/', left: [101] };

  it('still ran: a problem unless it is allowed', async () => {
    const failed = await replay({ trace: traceOf(daemon), plans: [], start });
    expect(failed.problems).toEqual([
      {
        kind: 'left-processes',
        processes: [{ pid: 101, binary: '/bin/cat' }],
        graceMs: 1000,
        count: 1,
      },
    ]);
    expect(failed.processes[1]?.fate).toEqual({ kind: 'running' });
    expect(failed.events.filter(({ event }) => kindOf(event) === 'process_exit')).toHaveLength(1);
    expect((await replay({ trace: traceOf(daemon), plans: [], start, daemons: 'kill' })).problems).toEqual(
      [],
    );
  });

  it('are none when a policy killed them before', async () => {
    const outcome = await replay({ trace: traceOf(daemon), plans: kill, start });
    expect(outcome.problems).toEqual([]);
    expect(outcome.processes[1]?.fate).toEqual({ kind: 'killed', signal: 'SIGKILL' });
  });
});

describe('bad traces', () => {
  it.each([
    ['empty', '', 'TR-trace-empty', undefined],
    ['prose', 'Dear reader,\nthis is no trace.\n', 'TR-trace-unreadable', 1],
    ['binary', '\0\x01\x02\xff\xfe\n', 'TR-trace-unreadable', 1],
  ])('%s', async (_name, text, code, line) => {
    await expect(replay({ trace: traceOf(text), plans: [] })).rejects.toThrow(
      expect.objectContaining({ code, line }),
    );
  });

  it('cut inside a line: the line is named', async () => {
    const cut = shellTrace.slice(0, shellTrace.indexOf('101 1700000000.000420') + 60);
    const { problems, root } = await replay({ trace: traceOf(cut), plans: [] });
    expect(problems).toEqual([
      { kind: 'trace', fault: 'cut', count: 1, place: { file: 'test.strace', line: 9 } },
    ]);
    expect(root.kind).toBe('unknown');
  });

  it('cut behind what looks like a result, and cut between two lines', async () => {
    const at = shellTrace.indexOf('101 1700000000.000420');
    const looksWhole = shellTrace.slice(0, shellTrace.indexOf('</tmp/w/secret>', at - 120));
    expect((await replay({ trace: traceOf(looksWhole), plans: [] })).problems).toEqual([
      expect.objectContaining({ kind: 'trace', fault: 'cut' }),
    ]);
    const between = traceOf(shellTrace.slice(0, at));
    const ended = await replay({ trace: between, plans: [] });
    const processes = [
      { pid: 100, binary: '/bin/sh' },
      { pid: 101, binary: '/bin/cat' },
    ];
    expect(ended.problems).toEqual([
      expect.objectContaining({ kind: 'trace', fault: 'ends-early', line: 8, processes }),
    ]);
    expect(ended.root.kind).toBe('unknown');
  });

  it('without the lines that make a child: its own are named as unread', async () => {
    const filtered = shellTrace.replace(/^.*clone\(.*\n/m, '');
    const { problems } = await replay({ trace: traceOf(filtered), plans: kill });
    expect(problems).toEqual([
      {
        kind: 'unread-lines',
        why: 'unborn',
        processes: 1,
        count: 7,
        place: { file: 'test.strace', line: 4 },
      },
    ]);
  });

  it('without the lines of a child: they are named as missing', async () => {
    const alone = shellTrace.replace(/^101 .*\n/gm, '');
    const { problems } = await replay({ trace: traceOf(alone), plans: kill });
    expect(problems).toEqual([{ kind: 'missing-lines', pids: [101], count: 1 }]);
  });

  it('in which no program starts: policies would see nothing of it', async () => {
    const { problems } = await replay({
      trace: traceOf('7 openat(AT_FDCWD, "/tmp/w/secret", O_RDONLY) = 3\n7 +++ exited with 0 +++\n'),
      plans: kill,
    });
    expect(problems).toEqual([
      expect.objectContaining({ kind: 'unread-lines', why: 'attached', count: 1 }),
      expect.objectContaining({ kind: 'trace', fault: 'no-program' }),
    ]);
  });

  it('never crash it, whatever was done to them', async () => {
    const bytes = new TextEncoder().encode(shellTrace);
    const broad = [
      ...kill,
      ...plansOf(
        policy(
          '  - call: sys_openat\n    args:\n    - {index: 0, type: fd}\n    - {index: 1, type: string}\n  - call: security_file_permission\n    syscall: false\n    args:\n    - {index: 0, type: file}\n    - {index: 1, type: int}\n',
        ),
      ),
    ];
    const edit = fc.tuple(
      fc.nat(bytes.length - 1),
      fc.integer({ min: 0, max: 255 }),
      fc.constantFrom('set', 'cut', 'double'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 30 }), async (edits) => {
        let changed = Uint8Array.from(bytes);
        for (const [at, byte, how] of edits) {
          const place = at % changed.length;
          if (how === 'set') changed[place] = byte;
          else if (how === 'cut')
            changed = Uint8Array.from([
              ...changed.slice(0, place),
              ...changed.slice(place + (byte % 40) + 1),
            ]);
          else
            changed = Uint8Array.from([
              ...changed.slice(0, place),
              ...changed.slice(Math.max(0, place - byte)),
            ]);
          if (changed.length === 0) return;
        }
        try {
          await replay({ trace: traceOf(changed), plans: broad });
        } catch (error) {
          if (!(error instanceof TraceError)) throw error;
        }
      }),
      { numRuns: 120, seed: 7 },
    );
  });
});
