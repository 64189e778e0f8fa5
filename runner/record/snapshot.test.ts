import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withFacts } from './snapshot.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracerig-snapshot-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('looks at the files that a log names, where they are now', async () => {
  const log = join(folder, 'x.strace');
  symlinkSync('real', join(folder, 'tool'));
  writeFileSync(join(folder, 'real'), '#!/bin/sh -e\n', { mode: 0o755 });
  writeFileSync(
    log,
    `execve("${folder}/tool", ["tool"], 0x1 /* 1 var */) = 0\nexit_group(0) = ?\n+++ exited with 0 +++\n`,
  );
  const { cwd, facts } = await withFacts({ cwd: '/tmp' }, [log]);
  expect(cwd).toBe('/tmp');
  expect(facts?.files).toMatchObject({
    [join(folder, 'tool')]: { existed: true, target: 'real' },
    [join(folder, 'real')]: { existed: true, mode: '100755', interpreter: '/bin/sh -e', loader: null },
  });
});

it('says that a log is not there', async () => {
  await expect(withFacts({}, [join(folder, 'none')])).rejects.toMatchObject({ kind: 'usage' });
});
