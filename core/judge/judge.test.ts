import { describe, expect, it } from 'vitest';
import { int, sock, task, text } from '../engine/testing.ts';
import type { ArgValue } from '../values/value.ts';
import { WrittenHit, judgeOf, process, returns } from './testing.ts';

type Tree = Record<string, unknown>;
const equal = (index: number, value: string): Tree => ({ index, operator: 'Equal', values: [value] });
const fn = (selectors: readonly Tree[], more: Tree = {}): Tree => ({
  kprobes: [
    {
      ...{ call: 'fn', syscall: false, selectors, ...more },
      args: [
        { index: 0, type: 'int' },
        { index: 1, type: 'string' },
      ],
    },
  ],
});
const never = (): ArgValue => {
  throw new Error('nobody may read this argument');
};
const unknown: ArgValue = { kind: 'unknown', why: 'not in the log' };

describe('reading', () => {
  it('reads what active selectors ask for, in their order, and once', () => {
    const { enter } = judgeOf([
      fn([
        { matchArgs: [equal(1, 'x'), equal(0, '1')] },
        { matchArgs: [equal(1, 'y'), equal(0, '2')], matchActions: [{ action: 'NoPost' }] },
      ]),
    ]);
    const hit = new WrittenHit([int(2), text('y')]);
    enter(hit);
    expect(hit.asked).toEqual([1, 0]);
  });

  it('never reads an argument that no active selector asks for and no event shows', () => {
    const { enter, events, undetermined } = judgeOf([
      fn([
        {
          matchBinaries: [{ operator: 'In', values: ['/usr/bin/vi'] }],
          matchArgs: [equal(1, 'x')],
        },
        { matchArgs: [equal(0, '5'), equal(1, 'x')] },
        { matchArgs: [equal(0, '7')], matchActions: [{ action: 'NoPost' }] },
      ]),
    ]);
    enter(new WrittenHit([int(6), never]));
    enter(new WrittenHit([int(7), never]));
    expect([events, undetermined]).toEqual([[], []]);
    expect(() => enter(new WrittenHit([int(5), never]))).toThrow('nobody may read');
    const editor = task({ binary: '/usr/bin/vi' });
    expect(() => enter(new WrittenHit([int(6), never], { task: editor }))).toThrow('nobody may read');
  });

  it('reads all of them for an event, and says which are not known', () => {
    const { enter, events, undetermined } = judgeOf([fn([{ matchArgs: [equal(0, '1')] }])]);
    const hit = new WrittenHit([int(1), unknown]);
    enter(hit);
    expect([hit.asked, events.length]).toEqual([[0, 1], 1]);
    expect(undetermined).toMatchObject([{ side: 'entry', value: unknown, hook: { policy: 0, index: 0 } }]);
    expect(undetermined[0]?.reason).toBeUndefined();
  });

  it('reads them at the entry of a function whose return counts', () => {
    const { judge, enter, effects, events } = judgeOf([
      fn([{}], { return: true, returnArg: { index: 0, type: 'int' } }),
    ]);
    const values = [int(1), text('before')];
    const hit = new WrittenHit([() => values[0] ?? int(0), () => values[1] ?? int(0)]);
    const [entered] = enter(hit);
    values[1] = text('after');
    if (entered) judge.leave(entered, returns(int(-2)), effects);
    expect(events[0]?.event).toMatchObject({
      process_kprobe: { args: [{ int_arg: 1 }, { string_arg: 'before' }], return: { int_arg: -2 } },
    });
  });
});

describe('several policies', () => {
  it('meets the one loaded later first, and gives each hit a time of its own', () => {
    const { judge, enter, events } = judgeOf([fn([{}]), fn([{}])]);
    enter(new WrittenHit([int(0), text('')]));
    expect(judge.hooks.map(({ policy }) => policy)).toEqual([1, 0]);
    expect(
      events.map(({ event }) => ['process_kprobe' in event && event.process_kprobe.policy_name, event.time]),
    ).toEqual([
      ['b', '1970-01-01T00:00:00.000001Z'],
      ['a', '1970-01-01T00:00:00.000001001Z'],
    ]);
    expect(judge.tick(500n)).toBe(1002n);
  });

  it('merges what their actions want; monitor mode wants nothing', () => {
    const acting = (...actions: Tree[]): Tree => fn([{ matchActions: actions }]);
    const { enter, effects } = judgeOf([
      {
        ...acting({ action: 'Sigkill' }, { action: 'NotifyEnforcer', argError: -1, argSig: 9 }),
        enforcers: [{ calls: ['sys_write'] }],
      },
      acting({ action: 'Signal', argSig: 10 }),
      {
        ...acting({ action: 'Signal', argSig: 12 }),
        options: [{ name: 'policy-mode', value: 'monitor' }],
      },
    ]);
    enter(new WrittenHit([int(0), text('')]));
    expect(effects).toEqual({
      signals: [10, 9],
      override: undefined,
      notify: { error: -1, signal: 9 },
      events: 3,
    });
  });
});

describe('what is not known', () => {
  it('is told with the filter that needs it, and has no effect', () => {
    const { judge, enter, effects, events, undetermined } = judgeOf([
      fn([{ matchArgs: [equal(1, 'x')], matchActions: [{ action: 'Sigkill' }] }]),
    ]);
    enter(new WrittenHit([int(0), unknown]));
    expect([effects.signals, events]).toEqual([[], []]);
    expect(undetermined).toMatchObject([
      { side: 'entry', reason: { selector: 0, filter: 0, code: 'unknown', value: unknown } },
    ]);
    expect(judge.counters()).toEqual([]);
  });

  it('may be the returned value', () => {
    const { judge, enter, effects, undetermined, events } = judgeOf([
      fn([{ matchReturnArgs: [equal(0, '0')] }], { return: true, returnArg: { index: 0, type: 'int' } }),
    ]);
    const [entered] = enter(new WrittenHit([int(0), text('')]));
    if (entered) judge.leave(entered, returns(unknown), effects);
    expect([undetermined.map(({ side, reason }) => [side, reason?.filter]), events]).toEqual([
      [['return', 0]],
      [],
    ]);
  });
});

describe('tracked sockets', () => {
  const hook = (call: string, action: string): unknown => ({
    ...{ call, syscall: false, args: [{ index: 0, type: 'sock' }] },
    selectors: [{ matchActions: [{ action, argSock: 0 }] }],
  });

  it('attribute events to the thread that had them tracked, within a policy', () => {
    const spec = { kprobes: [hook('track', 'TrackSock'), hook('untrack', 'UntrackSock')] };
    const { judge, events, effects } = judgeOf([spec, { kprobes: [hook('untrack', 'UntrackSock')] }]);
    const [other, track, untrack] = judge.hooks;
    if (!other || !track || !untrack) throw new Error('there are three hooks');
    const socket = {};
    const by = (pid: number): WrittenHit =>
      new WrittenHit([sock()], {
        ...{ process: process(pid), task: task({ pid, tid: pid + 1 }), sockets: [socket] },
      });
    judge.enter([track], by(10), effects);
    judge.enter([other], by(20), effects);
    judge.enter([untrack], by(20), effects);
    judge.enter([untrack], by(20), effects);
    expect(
      events.map(({ event, process: { facts } }) => {
        const { policy_name, action, process: shown } = 'process_kprobe' in event ? event.process_kprobe : {};
        return [policy_name, action, facts.pid, shown?.tid];
      }),
    ).toEqual([
      ['a', 'KPROBE_ACTION_TRACKSOCK', 10, 11],
      // It is not this policy's: to drop it fails, and the action before stays the one that is named.
      ['b', 'KPROBE_ACTION_POST', 20, 21],
      // Whose it is, is told when the argument is read: before the hit's own actions.
      ['a', 'KPROBE_ACTION_UNTRACKSOCK', 10, 11],
      ['a', 'KPROBE_ACTION_POST', 20, 21],
    ]);
  });
});

describe('sockets that are tracked at the return', () => {
  const use = { call: 'use', syscall: false, args: [{ index: 0, type: 'sock' }] };
  const returning = {
    ...{ call: 'make', syscall: false, return: true, args: [{ index: 0, type: 'sock' }] },
    returnArg: { index: 0, type: 'sock' },
  };
  const quiet = { action: 'NoPost' };

  it.each([
    [
      'are what the function returned',
      { returnArgAction: 'TrackSock', selectors: [{ matchActions: [quiet] }] },
      'returned',
    ],
    [
      'are its arguments for actions of the return',
      {
        selectors: [{ matchActions: [quiet], matchReturnActions: [{ action: 'TrackSock', argSock: 0 }] }],
      },
      'argument',
    ],
  ])('%s', (_how, more, tracked) => {
    const { judge, events, effects } = judgeOf([{ kprobes: [{ ...returning, ...more }, use] }]);
    const [made, used] = judge.hooks;
    if (!made || !used) throw new Error('there are two hooks');
    const sockets = { returned: {}, argument: {} };
    const by = (pid: number, socket: object): WrittenHit =>
      new WrittenHit([sock()], { ...{ process: process(pid), task: task({ pid }) }, sockets: [socket] });
    const [entered] = judge.enter([made], by(10, sockets.argument), effects);
    if (!entered) throw new Error('it goes on at the return');
    judge.leave(entered, { ...returns(sock()), identity: () => sockets.returned }, effects);
    judge.enter([used], by(20, sockets.returned), effects);
    judge.enter([used], by(20, sockets.argument), effects);
    expect(events.map(({ process: { facts } }) => facts.pid)).toEqual(
      tracked === 'returned' ? [10, 20] : [20, 10],
    );
  });
});

it('does not know whose the event is of a socket that another may have had tracked as it was returned', () => {
  const { judge, undetermined, effects } = judgeOf([
    {
      kprobes: [
        {
          ...{ call: 'make', syscall: false, return: true, returnArg: { index: 0, type: 'sock' } },
          ...{ returnArgAction: 'TrackSock', selectors: [{ matchActions: [{ action: 'NoPost' }] }] },
        },
        { call: 'use', syscall: false, args: [{ index: 0, type: 'sock' }] },
      ],
    },
  ]);
  const [made, used] = judge.hooks;
  if (!made || !used) throw new Error('there are two hooks');
  const [maker, another] = [process(10), process(20)];
  const by = (who: typeof maker, sockets: object[]): WrittenHit =>
    new WrittenHit([sock()], { ...{ process: who, task: task({ pid: who.facts.pid }) }, sockets });
  const [entered] = judge.enter([made], by(maker, []), effects);
  if (!entered) throw new Error('it goes on at the return');
  judge.leave(entered, returns(sock()), effects);
  judge.enter([used], by(maker, [{}]), effects);
  expect(undetermined).toEqual([]);
  judge.enter([used], by(another, [{}]), effects);
  expect(undetermined).toMatchObject([{ hook: used, value: { kind: 'unknown' } }]);
});

describe('the observer', () => {
  it('gets every judged hit if it asks, with reasons if they are asked for', () => {
    const { enter, judged } = judgeOf([fn([{ matchArgs: [equal(0, '1')] }])], { hits: true, reasons: true });
    enter(new WrittenHit([int(1), text('x')], { symbol: 'fn' }));
    enter(new WrittenHit([int(2), never]));
    expect(judged).toMatchObject([
      {
        ...{ policy: 'a', hook: 'fn', symbol: 'fn', pid: 100, tid: 100, timeNs: 1000n },
        ...{ verdict: { selector: 0, reasons: [{ code: 'compared-passed' }] }, args: [int(1), text('x')] },
      },
      { verdict: { selector: undefined, reasons: [{ code: 'compared-failed' }] }, args: [int(2), undefined] },
    ]);
    expect(structuredClone(judged)).toEqual(judged);
  });

  it('gets no event of a process that is not shown; what it did counts all the same', () => {
    const { judge, enter, events, effects } = judgeOf([fn([{ matchActions: [{ action: 'Sigkill' }] }])], {
      shows: ({ facts }) => facts.pid !== 100,
    });
    enter(new WrittenHit([int(1), text('x')]));
    expect([events, effects.signals, effects.events]).toEqual([[], [9], 0]);
    expect(judge.counters()).toMatchObject([
      { action: 'signal', count: 1 },
      { action: 'post', count: 1 },
    ]);
  });
});
