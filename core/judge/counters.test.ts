import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { int, text } from '../engine/testing.ts';
import { mergeRows } from '../backend/sums.ts';
import type { ActionCount, CoverageMark } from './counters.ts';
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

function rowsOf(run: Hits, marks = true): (ActionCount | CoverageMark)[] {
  const { judge, enter } = judgeOf([spec, spec, { kprobes: [{ call: 'fn', syscall: false }] }], { marks });
  for (const [number, name] of run)
    enter(new WrittenHit([int(number), name === undefined ? { kind: 'unknown', why: '' } : text(name)]));
  return [...judge.counters(), ...judge.marks()];
}

const sorted = (rows: readonly object[]): string[] =>
  rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();

describe('counters and marks', () => {
  it('of two runs add up to those of both in one', () => {
    fc.assert(
      fc.property(hits, hits, (a, b) => {
        expect(sorted(mergeRows(rowsOf(a), rowsOf(b)))).toEqual(sorted(rowsOf([...a, ...b])));
      }),
    );
  });

  it('merge in any order and grouping', () => {
    fc.assert(
      fc.property(hits, hits, hits, (...runs) => {
        const [a = [], b = [], c = []] = runs.map((run) => rowsOf(run));
        expect(sorted(mergeRows(a, b))).toEqual(sorted(mergeRows(b, a)));
        expect(mergeRows(mergeRows(a, b), c)).toEqual(mergeRows(a, mergeRows(b, c)));
        expect(mergeRows(a, [])).toEqual(a);
      }),
    );
  });

  it('are plain rows, with marks only if they were asked for', () => {
    const run: Hits = [
      [1, 'a'],
      [0, 'ba'],
      [0, 'c'],
      [3, undefined],
    ];
    const rows = rowsOf(run);
    expect(JSON.parse(JSON.stringify(rows))).toEqual(rows);
    const a = { policy: 'a', hook: 0 };
    expect(rowsOf(run, false).filter(({ policy }) => policy === 'a')).toEqual([
      { ...a, target: 'fn', selector: 0, action: 'signal', count: 1 },
      { ...a, target: 'fn', selector: 0, action: 'post', count: 1 },
      { ...a, target: 'fn', selector: 1, action: 'post', count: 1 },
    ]);
    expect(rows.filter((row) => row.policy === 'a' && 'decided' in row)).toEqual([
      { ...a, selector: 0, decided: 'won', count: 1 },
      { ...a, selector: 0, filter: 0, decided: 'failed', count: 3 },
      { ...a, selector: 0, filter: 0, value: 0, decided: 'matched', count: 1 },
      { ...a, selector: 1, decided: 'won', count: 1 },
      { ...a, selector: 1, decided: 'not-reached', count: 1 },
      { ...a, selector: 1, decided: 'not-known', count: 1 },
      { ...a, selector: 1, filter: 0, decided: 'failed', count: 1 },
      { ...a, selector: 1, filter: 0, value: 1, decided: 'matched', count: 1 },
    ]);
    expect(rows.filter((row) => row.policy === 'c' && 'decided' in row)).toEqual([
      { policy: 'c', hook: 0, selector: 'default', decided: 'won', count: 4 },
    ]);
  });
});
