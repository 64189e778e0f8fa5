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

describe('texts that would act on a terminal or on a CI', () => {
  const bad = '\\e[2J\\r\\n::error::HOSTILE';
  const acts = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]|^\s*::/m;

  it('are shown as data, whether of policies, arguments or output', () => {
    write(
      'p.yaml',
      'apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata: {name: p}\nspec: {kprobes: [{call: fd_install, syscall: false}]}\n',
    );
    write('bad.yaml', `kind: "${bad}"\n"${bad}": 1\n`);
    write('raw.yaml', 'kind: \u001b[2J\u009b ::error::HOSTILE\n');
    write(
      't.strace',
      `7 1.0 execve("/usr/bin/cat", ["cat", "\\33[2J\\r\\n::error::HOSTILE"], 0x7ffd /* 1 var */) = 0
7 1.1 write(1</tmp/out>, "\\33[2J\\r\\n::error::HOSTILE\\n", 24) = 24
7 1.2 exit_group(0) = ?
7 1.3 +++ exited with 0 +++
`,
    );
    write(
      'a.scenario.yaml',
      `name: "${bad}"\npolicies: [p.yaml]\nsteps: [{name: "${bad}", trace: t.strace, expect: {exit: 1, stdout: "${bad}"}}]\n`,
    );
    for (const args of [
      ['check', 'bad.yaml', 'raw.yaml'],
      ['test', 'a.scenario.yaml'],
      ['test', 'a.scenario.yaml', '--reporter', 'junit'],
      ['run', '-p', 'p.yaml', '--trace', 't.strace'],
      ['run', '-p', 'bad.yaml', '--trace', 't.strace'],
      ['explain', 'bad.yaml'],
    ]) {
      const { out, err } = cli.run(args, { cwd: folder });
      expect(out + err, args.join(' ')).toContain('HOSTILE');
      expect(out, args.join(' ')).not.toMatch(acts);
      expect(err, args.join(' ')).not.toMatch(acts);
    }
  });
});
