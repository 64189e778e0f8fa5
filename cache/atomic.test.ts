import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, truncate, utimes, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CacheError } from './cache-error.ts';
import { isWhole, makeDirectory, readTexts, writeFileAtomic } from './atomic.ts';

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
  it('makes a directory anew whose files are not what was made', async () => {
    const dir = join(scratch, 'a');
    let made = 0;
    const make = async (into: string): Promise<void> => {
      await writeFile(join(into, 'file'), `content ${++made}`);
    };
    const damages = [
      () => truncate(join(dir, 'file'), 3),
      () => writeFile(join(dir, 'file'), ''),
      () => rm(join(dir, 'file')),
      () => rm(join(dir, 'contents.json')),
      () => truncate(join(dir, 'contents.json'), 9),
    ];
    await makeDirectory(dir, make);
    for (const [index, damage] of damages.entries()) {
      await damage();
      expect(await isWhole(dir)).toBe(false);
      await makeDirectory(dir, make);
      expect(await readFile(join(dir, 'file'), 'utf8')).toBe(`content ${index + 2}`);
    }
    expect(await readdir(scratch)).toEqual(['a']);
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
    await expect(failing).rejects.toThrow(CacheError);
    await expect(failing).rejects.toThrow(/no space left.*TRACERIG_CACHE/);
    expect(await readdir(scratch)).toEqual([]);
  });
  it('says that the cache may not be written', async () => {
    const refused = Object.assign(new Error('EROFS: read-only file system'), { code: 'EROFS' });
    const failing = (path: string): Promise<unknown> =>
      makeDirectory(join(scratch, 'a'), () => Promise.reject(Object.assign(refused, { path })));
    await expect(failing(join(scratch, 'a'))).rejects.toThrow(
      /cannot be written at .*read-only; set TRACERIG/,
    );
    await expect(failing('/etc/elsewhere')).rejects.toThrow('EROFS: read-only file system');
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

it('reads a list of names only where it is whole', async () => {
  const path = join(scratch, 'current.json');
  const reading = (): Promise<unknown> => readTexts(path, ['image']);
  expect(await reading()).toBeUndefined();
  await writeFile(path, '{"image": "a", "more": 1}');
  expect(await reading()).toMatchObject({ image: 'a' });
  for (const text of ['', '{"image": "a', 'null', '[]', '{"image": 3}', '{"imagf": "a"}']) {
    await writeFile(path, text);
    expect(await reading()).toBeUndefined();
  }
});
