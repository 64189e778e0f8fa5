import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeTree } from '../cache/remove-tree.ts';
import { anyKernel } from '../core/kernels/kernel-facts.ts';
import { parseScenario } from '../core/scenario/parse.ts';
import { loadPolicyFiles, startOf } from './policies.ts';
import { mostTextBytes, readText } from './read-file.ts';
import { runScenarios } from './run.ts';
import { openStepTrace, openTrace } from './traces.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracerig-read-'));
});
afterEach(() => removeTree(folder));
const at = (name: string): string => join(folder, name);
const pipe = (name: string): string => {
  execFileSync('mkfifo', [at(name)]);
  return at(name);
};

describe('a whole file', () => {
  it('is read to its end, whatever size it says', () => {
    writeFileSync(at('a'), 'é'.repeat(100_000));
    expect(readText(at('a'))).toBe('é'.repeat(100_000));
    writeFileSync(at('empty'), '');
    expect(readText(at('empty'))).toBe('');
    expect(readText('/proc/self/stat')).toContain('(');
  });

  it('is UTF-8, as policies are for Go', () => {
    writeFileSync(at('latin1'), Buffer.from('a: é\nb: é\n', 'utf8'));
    expect(readText(at('latin1'))).toContain('é');
    writeFileSync(at('latin1'), Buffer.from('a: b\nc: é\n', 'latin1'));
    expect(() => readText(at('latin1'))).toThrow('it is not UTF-8 (line 2)');
  });

  it('is none of other kinds, none of which is waited for', async () => {
    mkdirSync(at('folder'));
    const server = createServer().listen(at('socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    expect(() => readText(at('folder'))).toThrow('this is a folder');
    expect(() => readText(pipe('pipe'))).toThrow('this is a pipe');
    expect(() => readText(at('socket'))).toThrow('this is a socket');
    expect(() => readText('/dev/zero')).toThrow('this is a device');
    server.close();
  });

  it('has a largest size, also where it says none', () => {
    writeFileSync(at('large'), '');
    truncateSync(at('large'), mostTextBytes + 1);
    expect(() => readText(at('large'))).toThrow('larger than 16 MiB');
    expect(() => readText('/proc/kallsyms', 1000)).toThrow('larger than');
  });
});

describe('pipes and devices are refused by name', () => {
  it('as policies and scenarios', async () => {
    const loaded = loadPolicyFiles([{ path: pipe('p.yaml'), at: startOf('p.yaml') }], anyKernel);
    expect(loaded.diagnostics[0]?.message).toBe(
      `policy ${at('p.yaml')}: this is a pipe, and no regular file`,
    );
    const { scenarios } = await runScenarios({ paths: [pipe('s.scenario.yaml')], backends: [] });
    expect(scenarios[0]?.diagnostics[0]?.message).toContain('this is a pipe');
  });

  it('as traces and start snapshots of scenarios', () => {
    const { scenario } = parseScenario(
      'name: n\npolicies: []\nsteps: [{trace: t.strace}]\n',
      at('s.scenario.yaml'),
    );
    const [step] = scenario?.steps ?? [];
    if (scenario === undefined || step === undefined) throw new Error('the scenario is malformed');
    pipe('t.strace');
    expect(openStepTrace(scenario, step)).toMatchObject({
      error: {
        code: 'TR-trace-file',
        message: `trace ${at('t.strace')}: this is a pipe, and no regular file`,
      },
    });
    expect(openTrace(at('t.strace'), { start: pipe('start.json') })).toMatchObject({
      error: { code: 'TR-start-file' },
    });
    expect(openTrace('/dev/zero')).toMatchObject({ error: { code: 'TR-trace-file' } });
  });
});
