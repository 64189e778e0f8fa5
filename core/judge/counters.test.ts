import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { int, text } from '../engine/testing.ts';
import { mergeCounters, noCounters } from './counters.ts';
import type { HitCounters } from './counters.ts';
import { WrittenHit, judgeOf } from './testing.ts';

const spec = {
  kprobes: [
    {
      ...{ call: 'fn', syscall: false },
      args: [
        { index: 0, type: 'int' },
        { index: 1, type: 'string' },
      ],
      selectors: [
        {
          matchArgs: [{ index: 0, operator: 'InMap', values: ['1', '2'] }],
          matchActions: [{ action: 'Sigkill' }],
        },
        { matchArgs: [{ index: 1, operator: 'Prefix', values: ['a', 'b'] }] },
      ],
    },
  ],
};

const hits = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.constantFrom('a', 'ba', 'c', undefined)), {
  maxLength: 8,
});
type Hits = readonly (readonly [number, string | undefined])[];

function countersOf(run: Hits, marks = true): HitCounters {
  const { judge, enter } = judgeOf([spec, spec], { marks });
  for (const [number, name] of run)
    enter(new WrittenHit([int(number), name === undefined ? { kind: 'unknown', why: '' } : text(name)]));
  return judge.counters();
}

describe('counters', () => {
  it('of two runs are those of both in one', () => {
    fc.assert(
      fc.property(hits, hits, (a, b) => {
        expect(mergeCounters(countersOf(a), countersOf(b))).toEqual(countersOf([...a, ...b]));
      }),
    );
  });

  it('merge in any order and grouping, and with none', () => {
    fc.assert(
      fc.property(hits, hits, hits, (...runs) => {
        const [a, b, c] = runs.map((run) => countersOf(run)) as [HitCounters, HitCounters, HitCounters];
        expect(mergeCounters(a, b)).toEqual(mergeCounters(b, a));
        expect(mergeCounters(mergeCounters(a, b), c)).toEqual(mergeCounters(a, mergeCounters(b, c)));
        expect(mergeCounters(a, noCounters)).toEqual(a);
        expect(mergeCounters(noCounters, a)).toEqual(a);
      }),
    );
  });

  it('are plain data, with marks only if they were asked for', () => {
    const run: Hits = [
      [1, 'a'],
      [0, 'ba'],
      [0, 'c'],
    ];
    const counters = countersOf(run);
    expect(JSON.parse(JSON.stringify(counters))).toEqual(counters);
    expect(countersOf(run, false).policies[0]).toEqual({
      policy: 'a',
      hooks: [
        {
          ...{ hook: 'fn', hits: 3, undetermined: 0 },
          selectors: [{ actions: { post: 1, signal: 1 } }, { actions: { post: 1 } }, { actions: {} }],
        },
      ],
    });
  });

  it('of other policies do not merge', () => {
    const other = { policies: [{ policy: 'z', hooks: [] }] };
    expect(() => mergeCounters(countersOf([]), other)).toThrow('different policies');
  });
});
