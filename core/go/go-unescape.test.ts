import fc from 'fast-check';
import { expect, it } from 'vitest';
import { goEscape } from './go-quote.ts';
import { goUnescape } from './go-unescape.ts';

it('undoes the escaping', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(goUnescape(goEscape(text))).toBe(text);
    }),
  );
  expect(goUnescape(goEscape('file "f"\topened\\by'))).toBe('file "f"\topened\\by');
});
