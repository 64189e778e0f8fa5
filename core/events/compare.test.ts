import { describe, expect, it } from 'vitest';
import type { TetragonEvent } from './event.ts';
import { compareEvents } from './compare.ts';
import { normalise } from './normalise.ts';
import { bodyOf } from './parse.ts';
import { toBase64 } from '../values/base64.ts';
import { eventsOf, hasRecordings, recordedCases } from '../../test/recordings.ts';

const id = (pid: number, image = 1): string => toBase64(`vm:${pid}${image}000:${pid}`);
const process = (pid: number, parent: number, more: object = {}): object => ({
  ...{
    exec_id: id(pid),
    pid,
    tid: pid,
    binary: '/bin/x',
    parent_exec_id: id(parent),
    ns: { mnt: { inum: pid } },
  },
  ...more,
});
const at = (pid: number, second: number): object => ({
  time: `2026-01-01T00:00:0${second}.5Z`,
  node_name: `n${pid}`,
});
const run = (base: number, args: unknown[]): TetragonEvent[] =>
  [
    { process_exec: { process: process(base, 1), parent: process(1, 0) }, ...at(base, 1) },
    { process_exec: { process: process(base + 3, base), parent: process(base, 1) }, ...at(base, 2) },
    { process_kprobe: { process: process(base + 3, base), function_name: 'f', args }, ...at(base, 3) },
    { process_exit: { process: process(base, 1), time: 'x' }, ...at(base, 4) },
  ] as TetragonEvent[];

describe('normalise', () => {
  it('numbers processes by creation and leaves out what differs between runs', () => {
    const [root, child, hook] = normalise(run(500, [{ int_arg: 503 }, { size_arg: '140737488351232' }]));
    expect(root).toMatchObject({ kind: 'process_exec', process: 0, parent: 'outside', thread: false });
    expect(root?.body).toEqual({ process: { binary: '/bin/x', ns: { mnt: {} } } });
    expect(child).toMatchObject({ process: 1, parent: 0 });
    expect(hook?.body['args']).toEqual([{ int_arg: '<pid of 1>' }, { size_arg: '<address>' }]);
  });

  it('drops cookies, ephemeral ports and numbers of unnamed files', () => {
    const sock = { family: 'AF_INET', cookie: '1844', sport: 40000, dport: 80 };
    const file = { path: '/tmp/#17 (deleted)', permission: '-rw-------' };
    const [, , hook] = normalise(run(9, [{ sock_arg: sock }, { file_arg: file }]));
    expect(hook?.body['args']).toEqual([
      { sock_arg: { family: 'AF_INET', sport: '<ephemeral port>', dport: 80 } },
      { file_arg: { path: '/tmp/#N (deleted)', permission: '-rw-------' } },
    ]);
  });

  it('keeps errors apart from addresses', () => {
    const [, , hook] = normalise(run(9, [{ size_arg: '18446744073709551607' }, { long_arg: '-9' }]));
    expect(hook?.body['args']).toEqual([{ size_arg: '18446744073709551607' }, { long_arg: '-9' }]);
  });
});

describe('compareEvents', () => {
  it('takes a constant for no pid, though a process of one run has it', () => {
    expect(
      compareEvents(run(200, [{ string_arg: 'head -n 203' }]), run(500, [{ string_arg: 'head -n 203' }])),
    ).toEqual([]);
    expect(compareEvents(run(200, [{ int_arg: 203 }]), run(500, [{ int_arg: 503 }]))).toEqual([]);
    expect(compareEvents(run(200, [{ int_arg: 203 }]), run(500, [{ int_arg: 500 }]))).not.toEqual([]);
  });

  it('finds runs equal that differ in pids and in the order across processes', () => {
    const [a, b, c, d] = run(800, [{ int_arg: 803 }]);
    expect(compareEvents(run(5, [{ int_arg: 8 }]), [b, a, d, c] as TetragonEvent[])).toEqual([]);
  });

  it('names what is missing, too many or different', () => {
    const left = run(5, [{ int_arg: 1 }]);
    expect(compareEvents(left, run(5, [{ int_arg: 2 }]))).toEqual([
      { process: 1, kind: 'different', path: 'body.args.0.int_arg', expected: 1, got: 2 },
    ]);
    expect(compareEvents(left, left.slice(0, 3))).toMatchObject([{ process: 0, kind: 'missing' }]);
    expect(compareEvents(left.slice(1), left)).toMatchObject([{ process: 0, kind: 'extra' }]);
  });

  it.skipIf(!hasRecordings)('finds every recorded case equal to itself with other pids', () => {
    for (const recorded of recordedCases()) {
      const events = eventsOf(recorded);
      const pids = new Set(events.flatMap((event) => pidOf(event)));
      const pidKeys = ['pid', 'tid', 'int_arg'];
      const shifted = recorded.lines.map(
        (line) =>
          JSON.parse(line, (key, value: unknown) =>
            pidKeys.includes(key) && pids.has(value as number) ? (value as number) + 100_000 : value,
          ) as TetragonEvent,
      );
      expect(compareEvents(events, shifted), recorded.name).toEqual([]);
    }
  });
});

function pidOf(event: TetragonEvent): number[] {
  const { pid } = (bodyOf(event)['process'] ?? {}) as { pid?: number };
  return pid === undefined ? [] : [pid];
}
