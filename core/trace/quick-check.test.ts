import fc from 'fast-check';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { quickCheck } from './quick-check.ts';
import { startSnapshotSchema } from './start-snapshot.ts';

const scenarios = join(import.meta.dirname, '../../scenarios');
const snapshots = readdirSync(scenarios, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.start.json'))
  .map((file): unknown => JSON.parse(readFileSync(join(scenarios, file), 'utf8')));
const fits = quickCheck(startSnapshotSchema);

/** All places in a value. */
const placesOf = (value: unknown, path: readonly string[] = []): (readonly string[])[] => [
  path,
  ...(typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, item]) => placesOf(item, [...path, key]))
    : []),
];

/** The value with another one at this place. */
function changed(value: unknown, [key, ...rest]: readonly string[], to: unknown): unknown {
  if (key === undefined) return to;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<
    string,
    unknown
  >;
  copy[key] = changed(copy[key], rest, to);
  return copy;
}

const junk = fc.oneof(
  fc.constantFrom<unknown>(-1, 0, 1, 0.5, 0o10000, '', '0', '7', '0x7', 'a b', true, null, undefined, [], {}),
  fc.constantFrom<unknown>(
    [1],
    ['1'],
    { real: 0, effective: 0, saved: 0, fs: 0 },
    { files: { '/': 1 } },
    NaN,
  ),
  fc.jsonValue(),
);

describe('the quick check', () => {
  it('takes what recorders write', () => {
    expect(snapshots.map(fits)).toEqual(snapshots.map(() => true));
  });

  it('takes nothing that the schema refuses or changes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...snapshots), fc.nat(), junk, (snapshot, at, to) => {
        const places = placesOf(snapshot);
        const value = changed(snapshot, places[at % places.length] ?? [], to);
        if (!fits(value)) return;
        const { success, data } = startSnapshotSchema.safeParse(value);
        expect(success).toBe(true);
        expect(data).toEqual(value);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['a value that the schema makes another', z.pipe(z.string(), z.transform(Number)), '7'],
    ['a check of a kind that it does not know', z.string().check(z.refine(() => false)), 'a'],
    ['an open end of a range', z.number().check(z.gt(1), z.lt(2)), 1.5],
    ['a number of another format', z.int32(), 1],
    ['a pattern that remembers where it was', z.string().check(z.regex(/a/g)), 'a'],
    ['an object that takes all keys', z.looseObject({}), {}],
  ])('leaves to the schema %s', (_what, schema, value) => {
    expect(quickCheck(schema)(value)).toBe(false);
  });
});
