import { describe, expect, it } from 'vitest';
import { trLimit } from '../layout/generated.ts';
import { ValueSets } from './sets.ts';

const rangesOf = (sets: ValueSets): bigint[][] =>
  (sets.maps().find(({ map }) => map === 'ranges')?.entries ?? []).map((entry) => {
    const view = new DataView(entry.buffer, entry.byteOffset);
    return [view.getBigUint64(4, true), view.getBigUint64(12, true)];
  });

describe('value sets', () => {
  it('merge and sort ranges', () => {
    const sets = new ValueSets();
    const run = sets.ranges(
      [
        { from: 10n, to: 12n },
        { from: 1n, to: 3n },
        { from: 13n, to: 20n },
        { from: 2n, to: 5n },
      ],
      false,
    );
    expect(run).toEqual({ base: 0, count: 2 });
    expect(rangesOf(sets)).toEqual([
      [1n, 5n],
      [10n, 20n],
    ]);
  });

  it('move signed numbers into unsigned order and drop what no value can be', () => {
    const sets = new ValueSets();
    expect(sets.ranges([{ from: -1n, to: 1n }], true).count).toBe(1);
    expect(sets.ranges([{ from: -5n, to: -2n }], false).count).toBe(0);
    expect(rangesOf(sets)).toEqual([[2n ** 63n - 1n, 2n ** 63n + 1n]]);
  });

  it('put texts into the bucket of their length and equal sets under one number', () => {
    const sets = new ValueSets();
    expect(sets.equal(['a', 'b'])).toBe(0);
    expect(sets.equal(['b', 'a', 'a'])).toBe(0);
    expect(sets.equal(['x'.repeat(33)])).toBe(1);
    expect(sets.maps().map(({ map, entries }) => [map, entries.length])).toEqual([
      ['equal_32', 2],
      ['equal_128', 1],
    ]);
  });

  it('put long texts into pieces, each of which leads to the next', () => {
    const sets = new ValueSets();
    const [one, other] = [`${'x'.repeat(600)}1`, `${'x'.repeat(600)}2`];
    sets.equal([one, other, `${one}.`]);
    sets.equal([one]);
    const pieces = sets.maps().find(({ map }) => map === 'equal_long')?.entries ?? [];
    const read = pieces.map((entry) => {
      const view = new DataView(entry.buffer, entry.byteOffset);
      return {
        node: view.getUint32(0, true),
        left: view.getUint32(4, true),
        next: view.getUint32(264, true),
      };
    });
    // What is as long and begins alike goes the same way.
    expect(read.map(({ left }) => left)).toEqual([601, 345, 89, 89, 602, 346, 90, 601, 345, 89]);
    expect(read.filter(({ next }) => next === trLimit.LAST_PIECE).map(({ left }) => left)).toEqual([
      89, 89, 90, 89,
    ]);
    for (const { node, left } of read)
      expect(left > 600 || read.some(({ next }) => next === node), `${node}`).toBe(true);
    expect(new Set(read.map(({ node, left }) => `${node} ${left}`)).size).toBe(9);
  });

  it('keep postfixes reversed and leave out affixes beyond the limits', () => {
    const sets = new ValueSets();
    sets.postfixes(['abc', 'y'.repeat(128)]);
    sets.prefixes(['z'.repeat(256)]);
    const [trie] = sets.maps();
    expect(trie?.map).toBe('postfixes');
    expect(trie?.entries).toHaveLength(1);
    expect([...(trie?.entries[0]?.subarray(5, 8) ?? [])]).toEqual([...Buffer.from('cba')]);
  });
});
