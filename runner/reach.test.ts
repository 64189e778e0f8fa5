import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeTree } from '../cache/remove-tree.ts';
import { makeBackend } from './backends.ts';
import { beyondReach } from './reach.ts';
import { runScenarios } from './run.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracerig-reach-'));
  for (const name of ['project/tests', 'project/policies', 'outside'])
    mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'outside/secret'), 'root:SECRET:1::\n');
});
afterEach(() => removeTree(folder));

const from = (path: string): string | undefined =>
  beyondReach(join(folder, 'project/tests'), join(folder, 'project/tests', path));

describe('a scenario reaches', () => {
  it('its own folder and below, where nothing tells of a project', () => {
    expect(from('a.yaml')).toBeUndefined();
    expect(from('none/a.yaml')).toBeUndefined();
    expect(from('..a.yaml')).toBeUndefined();
    expect(from('../policies/a.yaml')).toContain(`outside of ${join(folder, 'project/tests')}`);
  });

  it.each(['.git', 'package.json'])('all of its project, which %s tells', (name) => {
    writeFileSync(join(folder, 'project', name), '');
    expect(from('../policies/a.yaml')).toBeUndefined();
    expect(from('../../outside/secret')).toContain('outside of');
    expect(from('../../outside/none')).toContain('outside of');
    expect(from('../../project-two/a.yaml')).toContain('outside of');
  });

  it('nothing that a link leads to, unless that is in the project', () => {
    symlinkSync(join(folder, 'outside/secret'), join(folder, 'project/tests/a.yaml'));
    symlinkSync(join(folder, 'outside'), join(folder, 'project/tests/linked'));
    symlinkSync('real.yaml', join(folder, 'project/tests/b.yaml'));
    writeFileSync(join(folder, 'project/tests/real.yaml'), '');
    expect(from('a.yaml')).toContain('outside of');
    expect(from('linked/secret')).toContain('outside of');
    expect(from('b.yaml')).toBeUndefined();
  });
});

describe('a run refuses what lies outside, prints none of it, and reads it where that is allowed', () => {
  const secret = '../../outside/secret';
  const scenario = (policies: string, step = '{trace: a.strace}'): void =>
    writeFileSync(
      join(folder, 'project/tests/s.scenario.yaml'),
      `name: n\npolicies: [${policies}]\nsteps: [${step}]\n`,
    );
  const trace = 'execve("/bin/true", ["true"], 0x1 /* 1 vars */) = 0\nexit_group(0) = ?\n';

  async function run(allowOutside: boolean): Promise<string> {
    const result = await runScenarios({
      paths: [join(folder, 'project')],
      backends: [await makeBackend('sim', undefined)],
      allowOutside,
    });
    const { scenarios, errors } = result;
    return JSON.stringify({ scenarios, errors }, (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
  }

  it('a policy', async () => {
    writeFileSync(join(folder, 'project/tests/a.strace'), trace);
    scenario(secret);
    const said = await run(false);
    expect(said).toContain('TR-outside');
    expect(said).toContain('--allow-outside');
    expect(said).not.toContain('SECRET');
    expect(await run(true)).not.toContain('TR-outside');
  });

  it('a trace', async () => {
    scenario('', `{trace: ${secret}}`);
    const said = await run(false);
    expect(said).toContain('TR-outside');
    expect(said).not.toContain('SECRET');
    expect(await run(true)).toContain('TR-trace-unreadable');
  });

  it('a start snapshot, and other courses, behind links', async () => {
    writeFileSync(join(folder, 'project/tests/a.strace'), trace);
    scenario('');
    expect(await run(false)).not.toContain('TR-outside');
    symlinkSync(join(folder, 'outside/secret'), join(folder, 'project/tests/a.start.json'));
    expect(await run(false)).toContain('TR-outside');
    removeTree(join(folder, 'project/tests/a.start.json'));
    symlinkSync(join(folder, 'outside'), join(folder, 'project/tests/a.courses'));
    writeFileSync(join(folder, 'outside/x.strace'), trace);
    expect(await run(false)).toContain('TR-outside');
  });

  it('a scenario that is a link found in a folder', async () => {
    symlinkSync(join(folder, 'outside/secret'), join(folder, 'project/tests/s.scenario.yaml'));
    const said = await run(false);
    expect(said).toContain('TR-outside');
    expect(said).not.toContain('SECRET');
  });
});
