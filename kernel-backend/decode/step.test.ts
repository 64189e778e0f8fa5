import { describe, expect, it } from 'vitest';
import type { ProcessFacts } from '../../core/events/facts.ts';
import { bytesOf, concat } from '../encode/bytes.ts';
import {
  trArgRecord,
  trArgType,
  trArgsRecord,
  trExecRecord,
  trExitRecord,
  trHookRecord,
  trLimit,
  trRecord,
  trRecordKind,
  trReturnRecord,
} from '../layout/generated.ts';
import type { Written } from '../layout/struct.ts';
import { hostNamespaces, plansOf } from '../testing.ts';
import { readRecords } from './records.ts';
import { decodeStep } from './step.ts';

const framed = (...parts: Uint8Array[]): Uint8Array => {
  const record = concat(parts);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, record.length, true);
  return concat([length, record]);
};
const head = (kind: number, pid: number, more: Written<typeof trRecord> = {}) => ({
  kind,
  pid,
  tid: pid,
  parent: 0,
  time_ns: 5n,
  start_ns: 4n,
  ...more,
});

const args = (pid: number, text: string) =>
  framed(
    trArgsRecord.encode({ head: head(trRecordKind.RECORD_ARGS, pid), length: text.length }),
    bytesOf(text),
  );
const exec = (pid: number, binary: string, cwd: string, more = {}, args_cut = 0) =>
  framed(
    trExecRecord.encode({
      head: head(trRecordKind.RECORD_EXEC, pid, more),
      binary_length: binary.length,
      cwd_length: cwd.length,
      exe_links: 1,
      args_cut,
    }),
    bytesOf(binary + cwd),
  );
const fork = (pid: number, parent: number) =>
  framed(trRecord.encode(head(trRecordKind.RECORD_FORK, pid, { parent })));
const exit = (pid: number, code: number) =>
  framed(trExitRecord.encode({ head: head(trRecordKind.RECORD_EXIT, pid), code }));

const hit = (pid: number, startNs: bigint) =>
  framed(
    trHookRecord.encode({
      head: head(trRecordKind.RECORD_HOOK, pid, { start_ns: startNs }),
      selector: trLimit.NO_INDEX,
      action: trLimit.NO_INDEX,
    }),
  );

const facts = (pid: number, binary: string): ProcessFacts => ({
  pid,
  tid: pid,
  uid: 0,
  auid: 0,
  cwd: '/',
  binary,
  args: [],
  flags: [],
  startNs: 0n,
  inInitTree: false,
});
const [plan] = plansOf(
  '- {call: do_it, syscall: false, args: [{index: 0, type: int}, {index: 1, type: file}]}',
);
const context = {
  world: { hostNamespaces, root: { pid: 7, uid: 0 }, init: facts(1, '/init') },
  hooks: plan === undefined ? [] : plan.hooks.map((hook) => ({ plan, hook })),
  clock: { nodeName: 'node', bootUnixNs: 0n },
  callName: String,
};
const view = (...records: Uint8Array[]) => decodeStep(readRecords(concat(records)), context);

describe('a step from its records', () => {
  it('joins argv from its pieces and cleans the binary', () => {
    const { events, processes } = view(
      args(10, 'sh\0-c\0tr'),
      args(10, 'ue\0'),
      exec(10, './bin/../sh', '/tmp'),
    );
    expect(events[0]?.event).toMatchObject({
      process_exec: {
        process: { pid: 10, binary: '/tmp/sh', arguments: '-c true', flags: 'execve', cwd: '/tmp' },
        parent: { binary: '/tracerig/launch' },
      },
    });
    expect(processes).toMatchObject([{ number: 0, binary: '/tmp/sh', fate: { kind: 'running' } }]);
  });

  it('does not know arguments that were not all in memory', () => {
    const { events, processes } = view(args(10, 'cat\0/etc/pass'), exec(10, '/bin/cat', '/', {}, 1));
    expect(processes).toMatchObject([
      { binary: '/bin/cat', unknown: { arguments: expect.stringContaining('in memory') as string } },
    ]);
    expect(JSON.stringify(events)).not.toContain('/etc/pass');
  });

  it('has the launcher as what the root is until its exec', () => {
    const before = hit(7, 42n);
    const { events, processes } = view(before, exec(7, '/bin/true', ''));
    const launcher = { pid: 7, binary: '/tracerig/launch' };
    expect(events.map(({ event, process }) => [event, process])).toMatchObject([
      [{ process_kprobe: { process: launcher } }, 0],
      [{ process_exec: { process: { binary: '/bin/true' }, parent: launcher } }, 0],
    ]);
    expect(processes).toMatchObject([{ binary: '/bin/true' }]);
    const ids = events.map(({ event }) => JSON.stringify(event));
    expect(ids[1]).toContain(/"exec_id":"([^"]*)"/.exec(ids[0] ?? '')?.[1]);
  });

  it('has the launcher as all that there is of a root which never executed anything', () => {
    const { events, processes } = view(exit(7, 9));
    expect(events.map(({ event }) => event)).toMatchObject([
      { process_exit: { process: { binary: '/tracerig/launch' }, signal: 'SIGKILL' } },
    ]);
    expect(processes).toMatchObject([
      { number: 0, binary: '/tracerig/launch', fate: { kind: 'killed', signal: 'SIGKILL' } },
    ]);
    expect(view(exit(8, 9)).processes).toEqual([]);
  });

  it('knows parents through forks and execs', () => {
    const { events, processes } = view(
      exec(10, '/bin/sh', ''),
      fork(11, 10),
      exec(11, '/bin/cat', '', { parent: 10, from_fork: 1 }),
      exit(11, 9),
      exit(10, 3 << 8),
    );
    const kinds = events.map(({ event, process }) => [Object.keys(event)[0], process]);
    expect(kinds).toEqual([
      ['process_exec', 0],
      ['process_exec', 1],
      ['process_exit', 1],
      ['process_exit', 0],
    ]);
    expect(events[1]?.event).toMatchObject({
      process_exec: { process: { flags: 'execve rootcwd clone' }, parent: { pid: 10, binary: '/bin/sh' } },
    });
    expect(events[2]?.event).toMatchObject({ process_exit: { signal: 'SIGKILL' } });
    expect(events[3]?.event).toMatchObject({ process_exit: { status: 3 } });
    expect(processes.map(({ fate, parent }) => [fate, parent])).toEqual([
      [{ kind: 'exited', code: 3 }, undefined],
      [{ kind: 'killed', signal: 'SIGKILL' }, 0],
    ]);
  });

  it('gives an orphan the first process as parent', () => {
    const { events } = view(
      exec(10, '/bin/sh', ''),
      fork(11, 10),
      exit(10, 0),
      exec(11, '/bin/cat', '', { parent: 1, from_fork: 1 }),
    );
    expect(events.at(-1)?.event).toMatchObject({ process_exec: { parent: { pid: 1, binary: '/init' } } });
  });

  it('shows the arguments of a hook', () => {
    const path = bytesOf('/etc/x');
    const hit = framed(
      trHookRecord.encode({
        head: head(trRecordKind.RECORD_HOOK, 10, { tid: 12 }),
        hook: 0,
        selector: trLimit.NO_INDEX,
        action: trLimit.NO_INDEX,
        arg_count: 2,
      }),
      trArgRecord.encode({ type: trArgType.ARG_S32, value: 0xffffffffn }),
      trArgRecord.encode({ type: trArgType.ARG_FILE, mode: 0o100644, length: path.length }),
      path,
    );
    const { events } = view(exec(10, '/bin/cat', ''), hit);
    expect(events.at(-1)?.event).toMatchObject({
      process_kprobe: {
        process: { pid: 10, tid: 12 },
        function_name: 'do_it',
        args: [{ int_arg: -1 }, { file_arg: { path: '/etc/x', permission: '-rw-r--r--' } }],
        action: 'KPROBE_ACTION_POST',
      },
    });
  });
});

describe('events that wait for a return', () => {
  const [plan] = plansOf(`
- call: do_it
  syscall: false
  return: true
  returnArg: {index: 0, type: int}
  selectors:
    - matchReturnArgs: [{index: 0, operator: GT, values: ["-9"]}]
      matchActions: [{action: Signal, argSig: 10}]
    - matchReturnActions: [{action: Post}, {action: Sigkill}]
- {call: do_exit, syscall: false, return: true, returnArg: {index: 0, type: int}}`);
  const hooks = plan === undefined ? [] : plan.hooks.map((hook) => ({ plan, hook }));
  const waiting = (...records: Uint8Array[]) =>
    decodeStep(readRecords(concat([exec(10, '/bin/sh', ''), ...records])), { ...context, hooks });
  const none = trLimit.NO_INDEX;

  const entry = (tid: number, hook: number, selector: number, action: number) =>
    framed(
      trHookRecord.encode({
        head: head(trRecordKind.RECORD_HOOK, 10, { tid, time_ns: 6n }),
        ...{ hook, selector, action, waits: 1, posts: 1 },
      }),
    );
  const back = (tid: number, hook: number, selector: number, action: number, value?: number) =>
    framed(
      trReturnRecord.encode({
        head: head(trRecordKind.RECORD_RETURN, 10, { tid, time_ns: 9n }),
        ...{
          hook,
          selector,
          action,
          posts: Number(value !== undefined),
          arg_count: Number(value !== undefined),
        },
      }),
      value === undefined
        ? new Uint8Array()
        : trArgRecord.encode({
            type: trArgType.ARG_S32,
            value: BigInt.asUintN(64, BigInt(value)),
          }),
    );
  const kprobes = ({ events }: ReturnType<typeof waiting>) =>
    events.flatMap(({ event }) => ('process_kprobe' in event ? [event] : []));

  it('have the time of the entry and the value of the return, each call by its thread', () => {
    const found = waiting(
      ...[entry(10, 0, 0, 0), entry(11, 0, 1, none)],
      ...[back(11, 0, 1, 1, -2), back(10, 0, 0, none, 3)],
    );
    expect(found.lostReturns).toEqual(new Map());
    expect(kprobes(found)).toMatchObject([
      {
        process_kprobe: {
          process: { tid: 11 },
          return: { int_arg: -2 },
          action: 'KPROBE_ACTION_POST',
          return_action: 'KPROBE_ACTION_SIGKILL',
        },
        time: '1970-01-01T00:00:00.000000006Z',
      },
      {
        process_kprobe: {
          process: { tid: 10 },
          return: { int_arg: 3 },
          action: 'KPROBE_ACTION_SIGNAL',
          // What the entry wrote stays where the return has no actions.
          return_action: 'KPROBE_ACTION_SIGNAL',
        },
      },
    ]);
  });

  it('are lost where the thread has left the call without being met, whatever it does then', () => {
    const unmet = framed(
      trReturnRecord.encode({
        head: head(trRecordKind.RECORD_RETURN, 10, { time_ns: 9n }),
        ...{ hook: 0, selector: none, action: none, unmet: 1 },
      }),
    );
    const found = waiting(entry(10, 0, 0, 0), unmet, exit(10, 0));
    expect(found.lostReturns).toEqual(new Map([[0, 1]]));
    expect(kprobes(found)).toEqual([]);
    expect(waiting(unmet).lostReturns).toEqual(new Map());
  });

  it('are of the image that entered', () => {
    const found = waiting(entry(10, 0, 0, 0), exec(10, '/bin/cat', ''), back(10, 0, 0, none, 0));
    expect(kprobes(found)).toMatchObject([{ process_kprobe: { process: { binary: '/bin/sh' } } }]);
  });

  it('are none where the return posts none, or never came', () => {
    expect(kprobes(waiting(entry(10, 0, 0, 0), back(10, 0, none, none)))).toEqual([]);
    expect(waiting(entry(10, 0, 0, 0))).toMatchObject({ lostReturns: new Map(), events: [{}] });
    // Of a call from before the step only the return is seen.
    expect(kprobes(waiting(back(10, 0, 0, none, 0)))).toEqual([]);
  });

  it('are lost where the thread entered again, or the process ended without returning', () => {
    expect(waiting(entry(10, 0, 0, 0), entry(10, 0, 0, 0), back(10, 0, 0, none, 0)).lostReturns).toEqual(
      new Map([[0, 1]]),
    );
    expect(waiting(entry(10, 0, 0, 0), entry(11, 0, 0, 0), exit(10, 9)).lostReturns).toEqual(
      new Map([[0, 2]]),
    );
    expect(waiting(entry(10, 1, none, none), exit(10, 0)).lostReturns).toEqual(new Map());
  });
});
