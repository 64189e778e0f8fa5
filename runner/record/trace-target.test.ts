import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { removeTree } from '../../cache/remove-tree.ts';
import { checkTraceTarget } from './trace-target.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracerig-target-'));
  mkdirSync(join(folder, 'mine'));
  mkdirSync(join(folder, 'outside'));
});
afterEach(() => removeTree(folder));
const check = (trace: string) => (): void =>
  checkTraceTarget(join(folder, 'mine/s.scenario.yaml'), join(folder, 'mine', trace));

it('takes what is not there yet, and recordings', () => {
  writeFileSync(
    join(folder, 'mine/old.strace'),
    '12    1795847621.311214 execve("/bin/true", ["true"], 0x1) = 0\n',
  );
  writeFileSync(join(folder, 'mine/plain.strace'), 'execve("/bin/true", ["true"], 0x1) = 0\n');
  writeFileSync(join(folder, 'mine/empty.strace'), '');
  for (const trace of ['s.traces/deep/a.strace', 'old.strace', 'plain.strace', 'empty.strace'])
    expect(check(trace)).not.toThrow();
});

it('nothing outside of the scenario’s folder, links followed', () => {
  symlinkSync(join(folder, 'outside'), join(folder, 'mine/s.traces'));
  for (const trace of ['../outside/a.strace', '../new/a.strace', 's.traces/a.strace'])
    expect(check(trace)).toThrow('not below');
});

it('nothing over what is no recording', () => {
  writeFileSync(join(folder, 'mine/notes'), 'my notes\n');
  mkdirSync(join(folder, 'mine/folder'));
  symlinkSync(join(folder, 'outside/x'), join(folder, 'mine/link.strace'));
  expect(check('notes')).toThrow('no recording');
  expect(check('folder')).toThrow('no file');
  expect(check('link.strace')).toThrow('no file');
});
