import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeRows } from './sums.ts';
import type { Achievement, ActionCount } from './sums.ts';

const actionCount: fc.Arbitrary<ActionCount> = fc.record({
  policy: fc.constantFrom('p', 'q'),
  hook: fc.nat(1),
  target: fc.constantFrom('fd_install', 'security_file_open'),
  selector: fc.constantFrom<ActionCount['selector']>(0, 1, 'default'),
  action: fc.constantFrom<ActionCount['action']>('post', 'signal'),
  count: fc.nat(1000),
});
const achievement: fc.Arbitrary<Achievement> = fc.record(
  {
    what: fc.constantFrom<Achievement['what']>('read', 'written'),
    target: fc.constantFrom('/a', '/b'),
    bytes: fc.nat(1000),
    count: fc.nat(1000),
    diverged: fc.boolean(),
  },
  { requiredKeys: ['what', 'target', 'count', 'diverged'] },
);
const byKey = (rows: readonly object[]): string[] =>
  rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();

describe('rows of outcomes', () => {
  it('add up where their keys are equal', () => {
    const row = { policy: 'p', hook: 0, target: 't', selector: 0, action: 'post' } as const;
    expect(
      mergeRows(
        [{ ...row, count: 2 }],
        [
          { ...row, count: 3 },
          { ...row, selector: 'default', count: 1 },
        ],
      ),
    ).toEqual([
      { ...row, count: 5 },
      { ...row, selector: 'default', count: 1 },
    ]);
    const read = { what: 'read', target: '/a', count: 1, diverged: false } as const;
    expect(mergeRows<Achievement>([{ ...read, bytes: 4 }, read])).toEqual([{ ...read, bytes: 4, count: 2 }]);
  });

  it('merge alike however they are sharded, and in whichever order', () => {
    const rows: fc.Arbitrary<(ActionCount | Achievement)[]> = fc.array(fc.oneof(actionCount, achievement));
    fc.assert(
      fc.property(rows, fc.nat(), (all, at) => {
        const cut = all.length === 0 ? 0 : at % all.length;
        const [left, right] = [all.slice(0, cut), all.slice(cut)];
        const whole = byKey(mergeRows(all));
        expect(byKey(mergeRows(mergeRows(left), mergeRows(right)))).toEqual(whole);
        expect(byKey(mergeRows([...all].reverse()))).toEqual(whole);
        expect(byKey(mergeRows(mergeRows(all)))).toEqual(whole);
      }),
    );
  });
});
