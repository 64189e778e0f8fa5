import { mkdir, mkdtemp, open, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { folderDamage, listContents } from './contents.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tracerig-contents-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** Changes a byte, and leaves size and time as they are: what a disk does, or a machine that went down. */
async function flip(path: string): Promise<void> {
  const { atimeMs, mtimeMs } = await stat(path);
  const file = await open(path, 'r+');
  await file.write('?', 0);
  await file.close();
  await utimes(path, atimeMs / 1000, mtimeMs / 1000);
}

describe('the contents of a folder', () => {
  it('are as they were made, until one is changed, cut or gone', async () => {
    await mkdir(join(dir, 'modules'));
    const file = join(dir, 'modules', 'a.ko');
    await writeFile(file, 'module');
    await utimes(file, 1000, 1000);
    await listContents(dir);
    expect(await folderDamage(dir, 'time')).toBeUndefined();
    await utimes(file, 1, 1);
    expect(await folderDamage(dir, 'time')).toBeUndefined();
    await utimes(file, 1000, 1000);
    await flip(file);
    expect(await folderDamage(dir, 'time')).toMatch(/a\.ko has changed/);
    await writeFile(file, '');
    expect(await folderDamage(dir, 'time')).toMatch(/a\.ko has 0 bytes instead of 6/);
    await rm(file);
    expect(await folderDamage(dir, 'time')).toMatch(/a\.ko is gone/);
  });
  it('of a large file are read for certainty alone, or where its time is another', async () => {
    const file = join(dir, 'disk');
    await writeFile(file, Buffer.alloc(5 * 1024 * 1024));
    await utimes(file, 1000, 1000);
    await listContents(dir);
    await flip(file);
    expect(await folderDamage(dir, 'time')).toBeUndefined();
    expect(await folderDamage(dir, 'content')).toMatch(/disk has changed/);
    await utimes(file, 2, 2);
    expect(await folderDamage(dir, 'time')).toMatch(/disk has changed/);
  });
  it.each(['', '{"a": ', 'null', '{"a": 1}', '{"a": {"sha256": "0", "size": 1}}'])(
    'are damaged where the list is %s',
    async (list) => {
      await writeFile(join(dir, 'contents.json'), list);
      expect(await folderDamage(dir, 'time')).toMatch(/the list of what .* holds cannot be read/);
    },
  );
});
