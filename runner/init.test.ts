import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSimBackend } from '../sim-backend/backend.ts';
import { initFolder } from './init.ts';
import { kernelOf } from './kernel-data.ts';
import { runScenarios } from './run.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'tracerig-init-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const read = (path: string): string => readFileSync(join(folder, path), 'utf8');

it('writes a test that is green at once', async () => {
  expect(initFolder(folder).every(({ written }) => written)).toBe(true);
  const result = await runScenarios({ paths: [folder], backends: [createSimBackend({ kernelOf })] });
  expect(result).toMatchObject({ exitCode: 0, counts: { passed: 1, failed: 0, skipped: 0 } });
});

it('names schemas that editors find from where the files are', () => {
  initFolder(folder);
  for (const path of ['guard-file.scenario.yaml', 'policies/guard-file.yaml']) {
    const [, schema = ''] = /^# yaml-language-server: \$schema=(.*)$/m.exec(read(path)) ?? [];
    expect(existsSync(join(folder, dirname(path), schema))).toBe(true);
  }
});

it('overwrites nothing, and adds one script to a package.json that is there', () => {
  writeFileSync(join(folder, 'guard-file.scenario.yaml'), 'mine\n');
  writeFileSync(join(folder, 'package.json'), '{\n    "name": "mine",\n    "scripts": { "test": "x" }\n}\n');
  const files = initFolder(folder);
  expect(files.filter(({ written }) => !written).map(({ path }) => path)).toEqual([
    'guard-file.scenario.yaml',
  ]);
  expect(read('guard-file.scenario.yaml')).toBe('mine\n');
  expect(JSON.parse(read('package.json'))).toEqual({
    name: 'mine',
    scripts: { test: 'x', policies: 'tracerig test' },
  });
  expect(read('package.json')).toContain('\n    "name"');
  expect(initFolder(folder).some(({ written }) => written)).toBe(false);
});
