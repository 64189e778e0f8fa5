import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { problemText } from '../../core/backend/problem-words.ts';
import { kindOf } from '../../core/events/parse.ts';
import { straceSource } from '../../core/trace/trace-source.ts';
import { Foresight } from '../machine/foresight.ts';
import { Links } from '../machine/links.ts';
import { foretoldBy } from '../syscalls/index.ts';
import { replayed as replay } from '../testing/replayed.ts';
import { chunksOf, plansOf, policy, shellTrace, traceOf } from '../testing/sample.ts';
import { TraceWindow, lookAhead } from './window.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

async function linesOf(
  bytes: Uint8Array,
  size: number,
  ahead: { lines: number; bytes: number },
): Promise<{ lines: number[]; exceeded: boolean; known: (number | undefined)[] }> {
  const foresight = new Foresight(new Links(), foretoldBy);
  const window = new TraceWindow(() => true, foresight, ahead);
  const lines: number[] = [];
  const known: (number | undefined)[] = [];
  for await (const { lines: found, line } of window.batches(chunksOf(bytes, size))) {
    for (let at = 0; at < found.count; at += 1) {
      expect(found.line(at)).toBeLessThanOrEqual(line);
      lines.push(found.line(at));
      known.push(foresight.makerOf(7, found.line(at) - 1));
    }
    foresight.passed(line);
  }
  return { lines, exceeded: window.exceeded, known };
}

describe('the window', () => {
  it('hands on every item once, in order, whatever the chunks and the look-ahead are', async () => {
    const bytes = encode(shellTrace);
    const count = shellTrace.split('\n').length - 1;
    const sizes = fc.record({
      size: fc.integer({ min: 1, max: 3000 }),
      lines: fc.nat(30),
      ahead: fc.nat(4000),
    });
    await fc.assert(
      fc.asyncProperty(sizes, async ({ size, lines, ahead }) => {
        const read = await linesOf(bytes, size, { lines, bytes: ahead });
        expect(read.lines).toEqual(Array.from({ length: count }, (_, index) => index + 1));
      }),
      { numRuns: 100, seed: 5 },
    );
  });

  it('knows at each line what stands within so many lines after it', async () => {
    const fork = '1 fork() = 7\n';
    const text = '1 close(3) = 0\n'.repeat(6) + fork;
    const read = await linesOf(encode(text), fork.length, { lines: 3, bytes: Infinity });
    expect(read.exceeded).toBe(true);
    expect(read.known.slice(3)).toEqual([1, 1, 1, 1]);
    expect(read.known[0]).toBeUndefined();
    const whole = await linesOf(encode(text), fork.length, { lines: 8, bytes: Infinity });
    expect(whole).toMatchObject({ exceeded: false, known: Array(7).fill(1) });
  });

  it('is as large in bytes as it says, when lines are long', async () => {
    const text = `1 write(1, "${'x'.repeat(1000)}", 1000) = 1000\n`.repeat(20);
    expect((await linesOf(encode(text), 500, { lines: 1000, bytes: 5000 })).exceeded).toBe(true);
    expect((await linesOf(encode(text), 500, { lines: 1000, bytes: 50_000 })).exceeded).toBe(false);
  });
});

const opens = plansOf(
  policy(`  - call: fd_install
    syscall: false
    args:
    - {index: 1, type: file}
    selectors:
    - matchArgs:
      - {index: 1, operator: Equal, values: ["/tmp/w/secret"]}
`),
);
/** More lines than the look-ahead has, and those that share a chunk with what comes before or after. */
const filler = '100 1700000000.000425 getppid() = 1\n'.repeat(lookAhead.lines + 5000);
/** The trace with what follows `before` moved beyond the look-ahead. */
const far = (trace: string, before: string): string => {
  const at = trace.indexOf(before);
  return trace.slice(0, at) + filler + trace.slice(at);
};
const fstat = '101 1700000000.000410';

describe('a trace that is longer than the look-ahead', () => {
  it('is replayed as any, and its length is said', async () => {
    const outcome = await replay({
      trace: traceOf(far(shellTrace, '100 1700000000.000490'), 1 << 16),
      plans: [],
    });
    const near = await replay({ trace: traceOf(shellTrace), plans: [] });
    expect(outcome.events).toEqual(near.events);
    expect(outcome.problems).toEqual([]);
    expect(near.notes.join()).not.toContain('look-ahead');
    expect(outcome.notes).toContainEqual(
      expect.stringContaining('longer than the look-ahead (65536 lines or 16 MiB)'),
    );
  });

  it('has modes that are not known yet: permissions are left out', async () => {
    const permission = async (trace: string): Promise<string | undefined> => {
      const { events } = await replay({ trace: traceOf(trace, 1 << 16), plans: opens });
      const hit = events.find(({ event }) => kindOf(event) === 'process_kprobe');
      return /"permission":"([^"]*)"/.exec(JSON.stringify(hit?.event))?.[1];
    };
    expect(await permission(shellTrace)).toBe('-rw-r-----');
    expect(await permission(far(shellTrace, fstat))).toBeUndefined();
  });

  it('names the child whose maker it does not show in time', async () => {
    const fork = /^100 1700000000.000200.*\n/m;
    const resumed = '100 <... vfork resumed>) = 101\n';
    const early = shellTrace.replace(fork, '100 1700000000.000200 vfork( <unfinished ...>\n');
    const near = await replay({
      trace: traceOf(early.replace(fstat, resumed + fstat), 1 << 16),
      plans: opens,
    });
    expect(near.problems).toEqual([]);
    const late = early.replace(fstat, filler + resumed + fstat);
    const { problems } = await replay({ trace: traceOf(late, 1 << 16), plans: opens });
    expect(problems).toEqual([
      {
        ...{ kind: 'unread-lines', why: 'unborn', processes: 1, count: 2 },
        place: { file: 'test.strace', line: 5 },
      },
    ]);
  });

  it('does not tell a static program from one that sleeps on', async () => {
    const permission = plansOf(policy('  - call: security_file_permission\n    syscall: false\n'));
    const problemsOf = async (trace: string): Promise<string[]> => {
      const { problems } = await replay({ trace: traceOf(trace, 1 << 16), plans: permission });
      return problems.map(problemText);
    };
    const sleeps = far(shellTrace, '101 1700000000.000400');
    expect(await problemsOf(shellTrace)).toEqual([]);
    expect(await problemsOf(sleeps)).toEqual([
      expect.stringMatching(/^not known: .*do not show whether it has a dynamic loader/),
    ]);
  });

  it('has source ports that are not known yet', async () => {
    const connect = (between: string): string => `9 1.0 execve("/usr/bin/c", ["c"], 0x1 /* 1 var */) = 0
9 1.1 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3<TCP:[77]>
9 1.2 connect(3<TCP:[77]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("10.0.0.2")}, 16) = 0
${between}9 1.3 sendto(3<TCP:[10.0.0.1:40000->10.0.0.2:80]>, "x", 1, 0, NULL, 0) = 1
9 1.4 exit_group(0) = ?
9 1.5 +++ exited with 0 +++
`;
    const plans = plansOf(
      policy('  - call: tcp_connect\n    syscall: false\n    args:\n    - {index: 0, type: sock}\n'),
    );
    const portOf = async (trace: string): Promise<string | undefined> => {
      const { events } = await replay({ trace: traceOf(trace, 1 << 16), plans });
      return /"sport":(\d+)/.exec(JSON.stringify(events))?.[1];
    };
    expect(await portOf(connect(''))).toBe('40000');
    expect(await portOf(connect(filler.replaceAll('100 1700000000.000425', '9 1.25')))).toBe('32768');
  });
});

describe('an abort', () => {
  it('ends a replay between two chunks', async () => {
    const controller = new AbortController();
    let given = 0;
    const bytes = encode('100 1700000000.000425 close(3) = 0\n'.repeat(30_000));
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        given += 1;
        if (given === 40) controller.abort(new Error('enough'));
        yield await Promise.resolve(given === 1 ? encode(shellTrace) : bytes);
      }
    }
    const { signal } = controller;
    const running = replay({ trace: straceSource('endless', endless), plans: opens, signal });
    await expect(running).rejects.toThrow('enough');
    expect(given).toBeLessThan(45);
  });

  it('reaches a replay that never waits for its trace', async () => {
    const controller = new AbortController();
    const trace = traceOf(far(shellTrace, fstat).replaceAll('getppid()', 'close(3)'), 1 << 12);
    setTimeout(() => {
      controller.abort(new Error('enough'));
    }, 1);
    await expect(replay({ trace, plans: opens, signal: controller.signal })).rejects.toThrow('enough');
  });
});
