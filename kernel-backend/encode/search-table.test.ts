import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ByteString } from '../../core/values/value.ts';
import { trLimit } from '../layout/generated.ts';
import { searchTable } from './search-table.ts';

/** Searches as the programs do (bpf/sets.h). */
function finds(table: readonly number[], base: number, text: ByteString): boolean {
  if (table[0] !== 0) return true;
  let row: number = trLimit.SEARCH_ROWS;
  for (const unit of text) {
    const next = table[row + (table[trLimit.SEARCH_BYTES + unit.charCodeAt(0)] ?? 0)];
    if (next === undefined) throw new Error('the table ends');
    if (next === trLimit.SEARCH_FOUND) return true;
    row = next - base;
  }
  return false;
}

it.each([
  [['./'], false, 'x/./y', true],
  [['./'], false, '/etc/passwd', false],
  // What goes on otherwise may have begun again meanwhile.
  [['aab'], false, 'aaab', true],
  [['abcd', 'bx'], false, 'abcbx', true],
  [['abcd', 'bc'], false, 'abcx', true],
  [['Shadow'], true, '/etc/sHADOW', true],
  [['Shadow'], false, '/etc/shadow', false],
  [['\xc4'], true, 'b\xe4r', true],
  [[''], false, '', true],
  [[], false, 'a', false],
])('%j (any case: %s) in %j: %s', (texts, ignoreCase, text, found) => {
  expect(finds(searchTable(texts, ignoreCase, 1000), 1000, text)).toBe(found);
});

it('finds what includes finds', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'A', '/'), maxLength: 12 });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 4 }), text, fc.boolean(), (texts, within, ignoreCase) => {
      const fold = (one: string): string => (ignoreCase ? one.toLowerCase() : one);
      expect(finds(searchTable(texts, ignoreCase, 7), 7, within)).toBe(
        texts.some((one) => fold(within).includes(fold(one))),
      );
    }),
    { numRuns: 2000 },
  );
});
