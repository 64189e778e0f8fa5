import { describe, expect, it } from 'vitest';
import { BoundedMap } from './bounded-map.ts';

describe('a bounded map', () => {
  it('lets go of what was put in first, and keeps the first value of a key', () => {
    const map = new BoundedMap<string, number>(2);
    const gone = ['a', 'b', 'a', 'c', 'd', 'a'].map((key, value) => map.add(key, value));
    expect(gone).toEqual([undefined, undefined, undefined, 'a', 'b', 'c']);
    expect(['a', 'b', 'c', 'd'].map((key) => map.get(key))).toEqual([5, undefined, undefined, 4]);
    expect(map.has('d')).toBe(true);
    expect(map.has('c')).toBe(false);
  });
});
