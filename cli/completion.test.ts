/** What shells complete: each script is run by its shell, where there is one. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeTree } from '../cache/remove-tree.ts';
import { shells } from './shells.ts';
import { type BuiltCli, buildCli } from './testing.ts';

let cli: BuiltCli;
let folder: string;
beforeAll(async () => {
  cli = await buildCli();
  folder = mkdtempSync(join(tmpdir(), 'tracerig-completion-'));
  for (const shell of shells) {
    const { out, status } = cli.run(['completion', shell]);
    expect(status).toBe(0);
    writeFileSync(join(folder, shell), out);
  }
});
afterAll(() => {
  cli.remove();
  removeTree(folder);
});

const has = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

describe.skipIf(!has('bash'))('bash completes', () => {
  /** The last word is being written. */
  const completed = (...words: string[]): string[] => {
    const script = `. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _tracerig; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync(
      'bash',
      ['--norc', '-c', script, join(folder, 'bash'), 'tracerig', ...words],
      { encoding: 'utf8' },
    );
    expect(stderr).toBe('');
    return stdout.split('\n').filter(Boolean);
  };

  it('commands', () => {
    expect(completed('')).toEqual(expect.arrayContaining(['test', 'run', 'check', 'completion', 'help']));
    expect(completed('te')).toEqual(['test']);
    expect(completed('')).not.toContain('keep-vm');
  });

  it('options and their values', () => {
    expect(completed('test', '--ba')).toEqual(['--backend', '--bail']);
    expect(completed('test', '--backend', '')).toEqual(['sim', 'kernel', 'vm', 'all']);
    expect(completed('test', '--backend', '=', 'v')).toEqual(['vm']);
    expect(completed('test', '--reporter', 'j')).toEqual(['json', 'junit']);
    expect(completed('check', 'p', '--kernel', '5')).toEqual(['5.10']);
  });

  it('words behind a command, and files where any may stand', () => {
    expect(completed('kernel', '')).toEqual(['describe']);
    expect(completed('completion', 'z')).toEqual(['zsh']);
    for (const words of [
      ['test', ''],
      ['test', '--config', ''],
      ['kernel', 'describe', ''],
    ])
      expect(completed(...words)).toEqual([]);
  });

  it('nothing of its own in the command behind two dashes', () => {
    expect(completed('run', '--policy', 'p', '--', 'cat', '--')).toEqual([]);
  });
});

it.each(
  [
    ['bash', '-n'],
    ['zsh', '-n'],
    ['fish', '--no-execute'],
  ].filter(([shell = '']) => has(shell)),
)('%s reads its script', (shell, option) => {
  const { status, stderr } = spawnSync(shell, [option, join(folder, shell)], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

it('takes no other shell', () => {
  const { status, err } = cli.run(['completion', 'csh']);
  expect(status).toBe(2);
  expect(err).toContain('Allowed choices are bash, zsh, fish');
});
