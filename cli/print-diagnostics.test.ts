import { expect, it } from 'vitest';
import type { Diagnostic } from '../core/source/diagnostic.ts';
import { printDiagnostics } from './print-diagnostics.ts';

const findings = (file: string, count: number): Diagnostic[] =>
  Array.from({ length: count }, (_, index) => {
    const start = { line: index + 1, column: 1, offset: index * 2 };
    return {
      code: 'TR-unknown-key',
      severity: 'error',
      message: `finding ${index}`,
      span: { file, start, end: start },
    };
  });

it('prints the first hundred findings of each file and says how many more there are', () => {
  const all = [...findings('a.yaml', 250), ...findings('b.yaml', 100)];
  const lines = printDiagnostics(all, new Map(), false).trimEnd().split('\n');
  expect(lines).toHaveLength(201);
  expect(lines[99]).toContain('a.yaml:100:1');
  expect(lines[100]).toContain('b.yaml:1:1');
  expect(lines.at(-1)).toBe('a.yaml and 150 more');
});
