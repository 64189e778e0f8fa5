import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, utimes, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DiskFullError, makeDirectory, writeFileAtomic } from './atomic.ts';

let scratch = '';
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'tracerig-atomic-'));
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

describe('makeDirectory', () => {
  it('makes a directory once', async () => {
    const dir = join(scratch, 'a', 'b');
    let made = 0;
    const make = async (into: string): Promise<void> => {
      made++;
      await writeFile(join(into, 'file'), 'content');
    };
    expect(await makeDirectory(dir, make)).toBe(dir);
    expect(await makeDirectory(dir, make)).toBe(dir);
    expect(made).toBe(1);
    expect(await readFile(join(dir, 'file'), 'utf8')).toBe('content');
  });
  it('leaves nothing when making fails', async () => {
    const failing = makeDirectory(join(scratch, 'a'), async (into) => {
      await writeFile(join(into, 'half'), 'made');
      throw new Error('no luck');
    });
    await expect(failing).rejects.toThrow('no luck');
    expect(await readdir(scratch)).toEqual([]);
  });
  it('gives two makers at once the same directory', async () => {
    const dir = join(scratch, 'a');
    const make = (into: string): Promise<void> => writeFile(join(into, 'file'), 'content');
    await Promise.all([makeDirectory(dir, make), makeDirectory(dir, make), makeDirectory(dir, make)]);
    expect(await readdir(scratch)).toEqual(['a']);
  });
  it('says that the disk is full, whichever tool found out', async () => {
    const failing = makeDirectory(join(scratch, 'a'), () =>
      Promise.reject(new Error('mke2fs failed\n  write: No space left on device')),
    );
    await expect(failing).rejects.toThrow(DiskFullError);
    await expect(failing).rejects.toThrow(/no space left.*TRACERIG_CACHE/);
    expect(await readdir(scratch)).toEqual([]);
  });
  it('removes what a maker that died has left', async () => {
    const old = join(scratch, '.making-a-123');
    await mkdir(old);
    await utimes(old, 1, 1);
    const ended = spawnSync('true').pid;
    await mkdir(join(scratch, `.making-d-${ended}-0123456789ab`));
    await mkdir(join(scratch, `.making-e-${process.pid}-0123456789ab`));
    await mkdir(join(scratch, '.making-b-456'));
    await makeDirectory(join(scratch, 'c'), () => Promise.resolve());
    expect((await readdir(scratch)).sort()).toEqual([
      '.making-b-456',
      `.making-e-${process.pid}-0123456789ab`,
      'c',
    ]);
  });
});

it('writes a file whole', async () => {
  const path = join(scratch, 'x', 'file');
  await writeFileAtomic(path, 'one');
  await writeFileAtomic(path, 'two');
  expect(await readFile(path, 'utf8')).toBe('two');
  expect(await readdir(join(scratch, 'x'))).toEqual(['file']);
});
