import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PathTree } from './path-tree.ts';
import { isBelow } from './paths.ts';

const path = fc
  .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 })
  .map((parts) => `/${parts.join('/')}`);
const step = fc.oneof(
  fc.record({ what: fc.constant('set' as const), path, value: fc.nat(9) }),
  fc.record({ what: fc.constant('delete' as const), path }),
  fc.record({ what: fc.constant('move' as const), path, to: path }),
);

/** The same, written down path by path. */
function move(all: Map<string, number>, from: string, to: string): void {
  const moved = [...all].filter(([at]) => isBelow(at, from));
  for (const [at] of moved) all.delete(at);
  for (const [at, value] of moved) all.set(to + at.slice(from.length), value);
}

describe('a tree of paths', () => {
  it('holds what a list of them does, whatever is set, deleted and moved', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.array(path, { maxLength: 10 }), (steps, asked) => {
        const tree = new PathTree<number>();
        const all = new Map<string, number>();
        for (const one of steps) {
          if (one.what === 'set') {
            tree.set(one.path, one.value);
            all.set(one.path, one.value);
          } else if (one.what === 'delete') {
            tree.delete(one.path);
            all.delete(one.path);
          } else {
            tree.move(one.path, one.to);
            move(all, one.path, one.to);
          }
          for (const at of [one.path, ...asked]) expect(tree.get(at)).toBe(all.get(at));
        }
        for (const [at, value] of all) expect(tree.get(at)).toBe(value);
      }),
      { numRuns: 500, seed: 11 },
    );
  });
});
