import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findCircles, importsOf, readImportGraph } from './import-graph.ts';

const root = join(import.meta.dirname, '..');

/** Folders with sources, as tsconfig.json names them. */
const folders = (
  JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')) as { include: string[] }
).include.filter((name) => !name.includes('*'));

describe('files', () => {
  it('import each other in no circle, types included', () => {
    const graph = readImportGraph(root, folders);
    expect(graph.get('core/plan/compile.ts')).toContain('core/policy/document.ts');
    expect(findCircles(graph).map((circle) => circle.join(' → '))).toEqual([]);
  });
});

describe('the search for circles', () => {
  it('finds each kind of import', () => {
    const text = `
      import { a } from './a.ts';
      import type { B } from '../b.ts';
      export * from './c.ts';
      export type { D } from './d.ts';
      const e = await import('./e.ts');
      const f: import('./f.ts').F = e;
      import zod from 'zod';`;
    expect(importsOf('core/x/y.ts', text).toSorted()).toEqual(
      ['core/b.ts', ...['a', 'c', 'd', 'e', 'f'].map((name) => `core/x/${name}.ts`)].toSorted(),
    );
  });

  it('prints a circle, and none where two ways meet', () => {
    const graph = (edges: Record<string, string[]>) => new Map(Object.entries(edges));
    expect(findCircles(graph({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }))).toEqual([]);
    expect(findCircles(graph({ a: ['b'], b: ['c'], c: ['d'], d: ['b'] }))).toEqual([['b', 'c', 'd', 'b']]);
    expect(findCircles(graph({ a: ['a'] }))).toEqual([['a', 'a']]);
  });
});
