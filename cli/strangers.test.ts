/** Policies, scenarios and traces of strangers: what is read for them, and what they get onto the terminal. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { removeTree } from '../cache/remove-tree.ts';
import { buildCli } from './testing.ts';
import type { BuiltCli } from './testing.ts';

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
}, 60_000);
afterAll(() => cli.remove());

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracerig-strangers-'));
});
afterEach(() => removeTree(folder));

const write = (name: string, content: string): void => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
};

describe('files outside of the project', () => {
  it('are read only where that is allowed', () => {
    write('secret', 'root:SECRET:1::\n');
    write('p/a.scenario.yaml', 'name: n\npolicies: [../secret]\nsteps: [{trace: t.strace}]\n');
    const refused = cli.run(['test', 'p'], { cwd: folder });
    expect(refused.out).toMatch(/TR-outside.*policy \.\.\/secret: .* --allow-outside lifts that/);
    expect(refused.out).not.toContain('SECRET');
    expect(refused.status).toBe(2);
    expect(cli.run(['test', 'p', '--allow-outside'], { cwd: folder }).out).toContain('SECRET');
  });
});

it('a pipe by name is refused at once, that of the shell’s <(…) is read', () => {
  const bash = (script: string): string =>
    spawnSync('bash', ['-c', script, 'bash', process.execPath, cli.file], { cwd: folder, encoding: 'utf8' })
      .stdout;
  expect(bash('mkfifo p.yaml; "$1" "$2" check p.yaml')).toContain(
    'p.yaml: this is a pipe, and no regular file',
  );
  expect(bash('"$1" "$2" check <(echo "kind: Pod")')).toContain('1 | kind: Pod');
});
