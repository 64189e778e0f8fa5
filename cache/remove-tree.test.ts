import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MountLeftError, removeTree } from './remove-tree.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracerig-remove-'));
  mkdirSync(join(folder, 'precious'));
  writeFileSync(join(folder, 'precious/data'), 'keep');
  mkdirSync(join(folder, 'tree/deep/er'), { recursive: true });
  writeFileSync(join(folder, 'tree/deep/er/file'), '');
});
afterEach(() => removeTree(folder));

const mount = (...args: string[]): boolean => spawnSync('mount', args).status === 0;
/** Whether this process may mount at all. */
const mounts = ((): boolean => {
  const at = mkdtempSync(join(tmpdir(), 'tracerig-mount-'));
  const may = mount('--bind', at, at);
  if (may) spawnSync('umount', [at]);
  removeTree(at);
  return may;
})();

it('removes a tree with links, not what they lead to, and names that are no UTF-8', () => {
  symlinkSync(join(folder, 'precious'), join(folder, 'tree/deep/link'));
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/tree/`), Buffer.from([0xff])]), '');
  removeTree(join(folder, 'tree'));
  expect(existsSync(join(folder, 'tree'))).toBe(false);
  expect(readFileSync(join(folder, 'precious/data'), 'utf8')).toBe('keep');
});

it('a link itself is removed, and what is not there is no error', () => {
  symlinkSync(join(folder, 'precious'), join(folder, 'link'));
  removeTree(join(folder, 'link'));
  removeTree(join(folder, 'absent/deeper'));
  removeTree(join(folder, 'precious/data/deeper'));
  expect(existsSync(join(folder, 'link'))).toBe(false);
  expect(readFileSync(join(folder, 'precious/data'), 'utf8')).toBe('keep');
});

it('follows links on the way that root, or this user, has made', () => {
  symlinkSync(join(folder, 'tree'), join(folder, 'link'));
  removeTree(join(folder, 'link/deep/er'));
  expect(existsSync(join(folder, 'tree/deep'))).toBe(true);
  expect(existsSync(join(folder, 'tree/deep/er'))).toBe(false);
});

it.skipIf(process.getuid?.() !== 0)('follows no link of another user on the way (needs root)', () => {
  symlinkSync(join(folder, 'precious'), join(folder, 'tree/link'));
  lchownSync(join(folder, 'tree/link'), 65534, 65534);
  expect(() => removeTree(join(folder, 'tree/link/data'))).toThrow(/link of the user 65534/);
  expect(readFileSync(join(folder, 'precious/data'), 'utf8')).toBe('keep');
});

it.skipIf(!mounts)('leaves what is mounted in it alone, and says so (needs the right to mount)', () => {
  const deep = join(folder, 'tree/deep');
  mkdirSync(join(deep, 'm'));
  writeFileSync(join(folder, 'tree/beside'), '');
  writeFileSync(join(deep, 'busy'), '');
  // Bind mounts have the device of the folder around them.
  expect(mount('--bind', join(folder, 'precious'), join(deep, 'm'))).toBe(true);
  expect(mount('--bind', join(folder, 'precious/data'), join(deep, 'busy'))).toBe(true);
  try {
    expect(() => removeTree(join(folder, 'tree'))).toThrow(MountLeftError);
    expect(() => removeTree(join(folder, 'tree'))).toThrow(`${deep}/m`);
    expect(readFileSync(join(folder, 'precious/data'), 'utf8')).toBe('keep');
    expect(existsSync(join(folder, 'tree/beside'))).toBe(false);
    expect(existsSync(join(deep, 'er'))).toBe(false);
  } finally {
    spawnSync('umount', [join(deep, 'm')]);
    spawnSync('umount', [join(deep, 'busy')]);
  }
  removeTree(join(folder, 'tree'));
  expect(existsSync(join(folder, 'tree'))).toBe(false);
});

it.skipIf(!mounts)('a mount itself is left alone (needs the right to mount)', () => {
  const tree = join(folder, 'tree');
  expect(mount('--bind', join(folder, 'precious'), tree)).toBe(true);
  try {
    expect(() => removeTree(tree)).toThrow(MountLeftError);
  } finally {
    spawnSync('umount', [tree]);
  }
  expect(readFileSync(join(folder, 'precious/data'), 'utf8')).toBe('keep');
});
