import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearPattern } from './linear-pattern.ts';

describe('a pattern in linear time', () => {
  it.each(['(a+)+$', '(a|aa)+$', '(.*)*b$', '^(([a-z])+.)+[A-Z]$', 'a*a*a*a*a*a*c'])(
    '%s comes to its end',
    (source) => {
      expect(linearPattern(source).test(`${'a'.repeat(2000)}!`)).toBe(false);
    },
  );

  it.each([
    ['(a)\\1', 'refers back'],
    ['(?<n>a)\\k<n>', 'refers back'],
    ['(?=a)b', 'looks ahead or behind'],
    ['(?<!a)b', 'looks ahead or behind'],
    ['a{1,2000}', 'repeat'],
  ])('%s is refused by name', (source, why) => {
    expect(() => linearPattern(source)).toThrow(why);
  });

  it.each(['(', '[a', '*', 'a**', '\\'])('%s is malformed', (source) => {
    expect(() => linearPattern(source)).toThrow(SyntaxError);
  });

  const atom = fc.constantFrom(
    ...['a', 'b', 'A', 'z', 'Q', '.', ' ', '/', '-', '\\.', '\\/', '\\d', '\\D', '\\w', '\\W', '\\s', '\\S'],
    ...['\\b', '\\B', '\\A', '\\z', '\\Z', '\\Q', '\\E', '\\a', '\\p{L}', '\\pN', '\\n', '\\t', '\\v', '\\0'],
    ...[
      '\\u00e9',
      '\\xe9',
      '\\cA',
      '^',
      '$',
      '[^]',
      '[a-c]',
      '[^a]',
      '[\\s-]',
      '[\\S]',
      '[^\\S]',
      '[\\b]',
      '[]',
    ],
    ...[
      '[[:alpha:]]',
      '[a&&b]',
      '[.^$]',
      '[\\]a]',
      '[\\w.-]',
      '{',
      '}',
      ']',
      'a{2}',
      'a{,2}',
      '\\e',
      "\\'",
      '\\-',
    ],
  );
  const pattern = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3 },
      atom,
      fc.tuple(tie('node'), tie('node')).map(([a, b]) => a + b),
      fc.tuple(tie('node'), tie('node')).map(([a, b]) => `(${a}|${b})`),
      fc
        .tuple(tie('node'), fc.constantFrom('*', '+', '?', '{1,2}', '*?', '+?'))
        .map(([a, q]) => `(?:${a})${q}`),
      tie('node').map((a) => `(?<n>${a})`),
    ),
  })).node;
  const text = fc
    .array(
      fc.constantFrom(..."abcAzQEZpLN{}[],:.^$-/\\'&d\u0000\u0001\b\u0007\t\n\v\u00a0\u2003\u2028\ufeffé _0"),
      { maxLength: 8 },
    )
    .map((chars) => chars.join(''));

  it('means what it means in JavaScript', () => {
    let compared = 0;
    fc.assert(
      fc.property(pattern, fc.array(text, { minLength: 4, maxLength: 4 }), (source, texts) => {
        let expected;
        try {
          expected = new RegExp(source, 's');
        } catch {
          return;
        }
        const pattern = linearPattern(source);
        for (const one of texts) {
          compared += 1;
          expect(pattern.test(one), `${JSON.stringify(source)} on ${JSON.stringify(one)}`).toBe(
            expected.test(one),
          );
        }
      }),
      { numRuns: 3000, seed: 16 },
    );
    expect(compared).toBeGreaterThan(5000);
  });
});
