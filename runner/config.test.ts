import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { configJsonSchema, loadConfig } from './config.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracerig-config-'));
  writeFileSync(join(folder, 'package.json'), '{}');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const write = (name: string, text: string): void => {
  writeFileSync(join(folder, name), text);
};

it.each([
  ['yaml', 'test: { paths: [a], bail: 2 }'],
  ['yml', 'test: { paths: [a], bail: 2 }'],
  ['json', '{"test": {"paths": ["a"], "bail": 2}}'],
  ['cjs', 'module.exports = { test: { paths: ["a"], bail: 2 } }'],
  ['mjs', 'export default { test: { paths: ["a"], bail: 2 } }'],
])('is read as %s, from a folder below, too', (ending, text) => {
  write(`tracerig.config.${ending}`, text);
  mkdirSync(join(folder, 'below'));
  const found = loadConfig(join(folder, 'below'));
  expect(found.config).toEqual({ test: { paths: ['a'], bail: 2 } });
  expect(found.folder).toBe(folder);
});

it('is none if there is none, and not that of another project', () => {
  write('tracerig.config.yaml', 'test: { bail: 2 }');
  const inner = join(folder, 'inner');
  mkdirSync(inner);
  writeFileSync(join(inner, 'package.json'), '{}');
  expect(loadConfig(inner).config).toEqual({});
});

it.each([
  ['yaml', 'test: { bial: 2 }', 'bial'],
  ['yaml', 'test: { bail: soon }', 'test.bail'],
  ['yaml', 'test: [', 'tracerig.config.yaml'],
  ['json', '{', 'JSON'],
  ['cjs', 'throw new Error("of its own")', 'of its own'],
])('that is wrong is refused: %s %s', (ending, text, says) => {
  write(`tracerig.config.${ending}`, text);
  expect(() => loadConfig(folder)).toThrow(says);
});

it('is one', () => {
  write('tracerig.config.yaml', '');
  write('tracerig.config.json', '{}');
  expect(() => loadConfig(folder)).toThrow('one of them must go');
});

it('has the JSON Schema of just this source', () => {
  const shipped: unknown = JSON.parse(
    readFileSync(new URL('../schemas/config.schema.json', import.meta.url), 'utf8'),
  );
  // Made again by: node scripts/run-ts.mjs scripts/write-schemas.ts
  expect(shipped).toEqual(JSON.parse(JSON.stringify(configJsonSchema())));
});
