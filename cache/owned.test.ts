import { chmodSync, chownSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { notOwnBecause } from './owned.ts';
import { removeTree } from './remove-tree.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracerig-owned-'));
  mkdirSync(join(folder, 'in'), { mode: 0o755 });
  file = join(folder, 'in/file');
  writeFileSync(file, '', { mode: 0o644 });
});
afterEach(() => removeTree(folder));

it('takes own files below own folders, also in a folder for all where they are safe', () => {
  expect(notOwnBecause(file)).toBeUndefined();
  chmodSync(join(folder, 'in'), 0o1777);
  expect(notOwnBecause(file)).toBeUndefined();
});

it('takes no file or folder that everybody may write to', () => {
  chmodSync(file, 0o666);
  expect(notOwnBecause(file)).toBe(`${file} may be written to by everybody`);
  chmodSync(file, 0o644);
  chmodSync(join(folder, 'in'), 0o777);
  expect(notOwnBecause(file)).toBe(`${join(folder, 'in')} may be written to by everybody`);
});

it('takes none of somebody else, also behind a link', () => {
  const link = join(folder, 'link');
  symlinkSync(file, link);
  const other = (process.geteuid?.() ?? 0) + 1;
  // Seen by another user than the one who made them: unless that is root, whose files all trust.
  const why = notOwnBecause(link, other);
  if (process.geteuid?.() === 0) expect(why).toBeUndefined();
  else expect(why).toContain('belongs to the user');
});

describe.skipIf(process.geteuid?.() !== 0)('as root (needs root)', () => {
  it('trusts no other user, and no group but its own', () => {
    chmodSync(file, 0o664);
    expect(notOwnBecause(file)).toBeUndefined();
    chownSync(file, 0, 100);
    expect(notOwnBecause(file)).toBe(`${file} may be written to by the group 100`);
    chownSync(file, 1000, 0);
    expect(notOwnBecause(file)).toBe(`${file} belongs to the user 1000`);
  });
});
