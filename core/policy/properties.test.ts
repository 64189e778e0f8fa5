/** What holds of any text: no throw, every finding inside of the file, the same answer twice. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { parsePolicyFile } from './parse.ts';
import { documentSchema } from './schema/document.ts';
import { shapeOf, elementOf, unwrap } from '../yaml/schema-nodes.ts';
import { isCode } from '../source/codes.ts';

function holds(text: string): void {
  const { diagnostics, documents, refused } = parsePolicyFile(text, 'any.yaml');
  for (const { code, span } of diagnostics) {
    expect(isCode(code), code).toBe(true);
    expect(span.file).toBe('any.yaml');
    expect(span.start.offset).toBeGreaterThanOrEqual(0);
    expect(span.end.offset).toBeLessThanOrEqual(text.length);
    expect(span.end.offset).toBeGreaterThanOrEqual(span.start.offset);
    const lines = text.slice(0, span.start.offset).split('\n');
    expect(span.start.line).toBe(lines.length);
    expect(span.start.column).toBe((lines.at(-1)?.length ?? 0) + 1);
  }
  if (documents.length + refused.length === 0) expect(diagnostics.length).toBeGreaterThan(0);
  expect(parsePolicyFile(text, 'any.yaml').diagnostics).toEqual(diagnostics);
}

const names = [...new Set(collectNames())];

function collectNames(): string[] {
  const found: string[] = ['kprobes', 'list:x', 'Equal', 'sys_open', '/etc', '4', 'true'];
  const walk = (schema: Parameters<typeof shapeOf>[0]): void => {
    for (const [name, field] of Object.entries(shapeOf(schema) ?? {})) {
      found.push(name);
      walk(field);
    }
    const element = elementOf(schema);
    if (element !== undefined) walk(element);
    const def = unwrap(schema)._zod.def as { entries?: Record<string, string> };
    found.push(...Object.values(def.entries ?? {}));
  };
  walk(documentSchema);
  return found;
}

const word = fc.constantFrom(...names);
const tree = fc.letrec((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(word, fc.integer(), fc.boolean(), fc.constant(null), fc.string({ maxLength: 8 }), fc.double()),
    fc.array(tie('node'), { maxLength: 4 }),
    fc.dictionary(word, tie('node'), { maxKeys: 5 }),
  ),
})).node;

// On a busy machine hundreds of runs may take a while.
describe('parsePolicyFile', { timeout: 120_000 }, () => {
  test('takes any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        holds(new TextDecoder().decode(bytes));
      }),
      { numRuns: 150 },
    );
  });

  test('takes any text of YAML’s own characters', () => {
    const soup = fc.array(
      fc.oneof(
        word,
        fc.constantFrom(
          ': ',
          '\n',
          '- ',
          '  ',
          '{',
          '}',
          '[',
          ']',
          '"',
          "'",
          '&a ',
          '*a',
          '<<: ',
          '|\n',
          '---\n',
          '#',
          '\t',
          '!!int ',
          '? ',
        ),
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(soup, (parts) => {
        holds(parts.join(''));
      }),
      { numRuns: 250 },
    );
  });

  test('takes any tree', () => {
    fc.assert(
      fc.property(tree, (spec) => {
        holds(
          stringify({
            apiVersion: 'cilium.io/v1alpha1',
            kind: 'TracingPolicy',
            metadata: { name: 'x' },
            spec,
          }),
        );
      }),
      { numRuns: 150 },
    );
  });

  test('takes a sound policy with any one node replaced', () => {
    const policy = {
      apiVersion: 'cilium.io/v1alpha1',
      kind: 'TracingPolicy',
      metadata: { name: 'demo', labels: { a: 'b' } },
      spec: {
        lists: [{ name: 'l', type: 'syscalls', values: ['sys_dup'] }],
        options: [{ name: 'policy-mode', value: 'monitor' }],
        selectorsMacros: { m: { matchBinaries: [{ operator: 'In', values: ['/usr/bin/cat'] }] } },
        kprobes: [
          {
            call: 'sys_openat',
            args: [{ index: 1, type: 'string', label: 'x' }],
            tags: ['ab'],
            return: true,
            returnArg: { index: 0, type: 'int' },
            selectors: [
              {
                macros: ['m'],
                matchArgs: [{ index: 1, operator: 'Prefix', values: ['/etc/'] }],
                matchActions: [{ action: 'Post', rateLimit: '1m' }],
              },
            ],
          },
        ],
      },
    };
    const places: (string | number)[][] = [];
    const visit = (value: unknown, path: (string | number)[]): void => {
      places.push(path);
      if (Array.isArray(value))
        value.forEach((entry, index) => {
          visit(entry, [...path, index]);
        });
      else if (value !== null && typeof value === 'object')
        for (const [key, entry] of Object.entries(value)) visit(entry, [...path, key]);
    };
    visit(policy, []);
    fc.assert(
      fc.property(fc.constantFrom(...places), tree, (path, replacement) => {
        const copy: unknown = structuredClone({ root: policy });
        const full = ['root', ...path];
        let parent = copy as Record<string | number, unknown>;
        for (const part of full.slice(0, -1)) parent = parent[part] as Record<string | number, unknown>;
        parent[full.at(-1) ?? 'root'] = replacement;
        holds(stringify((copy as { root: unknown }).root));
      }),
      { numRuns: 150 },
    );
  });
});
