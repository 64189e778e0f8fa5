import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isBuilt, listFolder, listedKernels } from '../vm/kernel-list.ts';
import { isKernelFile, ownKernel } from './own-kernel.ts';

const [built] = listedKernels().filter(isBuilt);
const whole = readFileSync(join(listFolder(), built?.config ?? ''), 'utf8');
const release = '6.1.0-mine+1';

let folder: string;
let cache: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracerig-own-kernel-'));
  cache = join(folder, 'cache');
  put('boot/vmlinuz', `\x7fELF not the Linux version of %s\0 Linux version ${release} (me@here) #1\0`);
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(path: string, content: string | Uint8Array): string {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, typeof content === 'string' ? Buffer.from(content, 'latin1') : content);
  return full;
}
const image = (): string => join(folder, 'boot/vmlinuz');
const module = (depends: string): Buffer => Buffer.from(`\x7fELF\0depends=${depends}\0`);

it('tells files from lines', () => {
  expect(
    ['6.1', 'newest', './vmlinuz', '/boot/vmlinuz-6.1', 'linux-image.deb', 'b/vmlinuz:m'].map(isKernelFile),
  ).toEqual([false, false, true, true, true, true]);
});

it('goes by its release, with the configuration beside it', async () => {
  put(`boot/config-${release}`, whole);
  const kernel = await ownKernel(cache, image(), {});
  expect(kernel).toMatchObject({ line: release, release });
  expect(readFileSync(join(kernel.dir, 'config'), 'utf8')).toBe(whole);
  expect(readFileSync(join(kernel.dir, 'modules/order'), 'utf8')).toBe('');
  expect(readFileSync(join(cache, 'kernels', `${release}.json`), 'utf8')).toContain(release);
});

it('takes modules from the folder that is named, or from beside it, dependencies first', async () => {
  put(`boot/config-${release}`, whole.replace('CONFIG_EXT4_FS=y', 'CONFIG_EXT4_FS=m'));
  const modules = join(folder, `lib/modules/${release}`);
  put(`lib/modules/${release}/kernel/fs/ext4/ext4.ko.gz`, gzipSync(module('jbd2')));
  put(`lib/modules/${release}/kernel/fs/jbd2/jbd2.ko`, module(''));
  for (const spec of [`${image()}:${modules}`, image()]) {
    const { dir } = await ownKernel(cache, spec, {});
    expect(readFileSync(join(dir, 'modules/order'), 'utf8')).toBe('jbd2.ko\next4.ko\n');
    expect(readFileSync(join(dir, 'modules/ext4.ko'))).toEqual(module('jbd2'));
  }
});

it('says what it lacks for booting, and keeps nothing of it', async () => {
  put(
    'boot/config',
    whole.replace('CONFIG_VIRTIO_BLK=y', '').replace('CONFIG_EXT4_FS=y', 'CONFIG_EXT4_FS=m'),
  );
  const refusal = ownKernel(cache, image(), {});
  await expect(refusal).rejects.toMatchObject({ kind: 'usage' });
  await expect(refusal).rejects.toThrow(
    /cannot boot in the VM:\n {2}CONFIG_VIRTIO_BLK is not set[^]*no ext4\.ko/,
  );
  expect(() => readFileSync(join(cache, 'kernels', `${release}.json`))).toThrow('ENOENT');
});

it.each([
  ['no-such-file', '', 'ENOENT'],
  ['boot/vmlinuz', '', `config-${release}`],
  ['text', 'nothing', 'no Linux kernel image'],
  ['elf', '\x7fELF\0', 'no banner'],
  ['x.deb', 'no package', 'cannot be used as a kernel'],
])('says what is wrong with %s', async (path, content, words) => {
  if (content !== '') put(path, content);
  await expect(ownKernel(cache, join(folder, path), {})).rejects.toThrow(words);
});
