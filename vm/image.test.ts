import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { vmFacts } from './doctor.ts';
import { checkVmImage, readVmImage, setupCommand, writeVmImage } from './image.ts';
import type { VmImage } from './image.ts';
import { readSetupStamp, setupHasRun, writeSetupStamp } from './setup-stamp.ts';

let cache = '';
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'tracerig-image-'));
});
afterEach(() => rm(cache, { recursive: true, force: true }));

async function make(): Promise<VmImage> {
  const parts = { release: '6.12.1', parameters: [] };
  const paths = { kernel: 'vmlinux', initramfs: 'initramfs', disk: 'disk', object: 'object' };
  for (const name of Object.values(paths)) await writeFile(join(cache, name), name);
  const absolute = Object.fromEntries(Object.entries(paths).map(([key, name]) => [key, join(cache, name)]));
  return writeVmImage(cache, '6.12', { ...parts, ...(absolute as typeof paths) });
}

describe('a VM image', () => {
  it('is read as it was written, and is whole', async () => {
    const image = await make();
    expect(await readVmImage(cache, '6.12')).toEqual(image);
    await checkVmImage(image);
    expect(await readVmImage(cache, '6.1')).toBeUndefined();
  });
  it('bears another time on a file, not another content', async () => {
    const image = await make();
    await utimes(image.disk.path, 1, 1);
    await checkVmImage(image);
    await writeFile(image.disk.path, 'dixk');
    await expect(checkVmImage(image)).rejects.toThrow(/disk has changed/);
    await rm(image.kernel.path);
    await expect(checkVmImage(image)).rejects.toMatchObject({
      code: 'TR-vm-image-damaged',
      message: expect.stringContaining('vmlinux is gone'),
    });
  });
  it('takes the digest of a changed file anew', async () => {
    const before = await make();
    await writeFile(before.object.path, 'other programs');
    const paths = [before.kernel, before.initramfs, before.disk, before.object].map((file) => file.path);
    const [kernel = '', initramfs = '', disk = '', object = ''] = paths;
    const after = await writeVmImage(cache, '6.12', {
      ...{ release: '6.12.1', parameters: [] },
      ...{ kernel, initramfs, disk, object },
    });
    expect(after.object.sha256).not.toBe(before.object.sha256);
    expect(after.kernel).toEqual(before.kernel);
  });
  it('is undefined where its list is broken', async () => {
    await make();
    await writeFile(join(cache, 'vm', '6.12.json'), '{"kernel":');
    expect(await readVmImage(cache, '6.12')).toBeUndefined();
  });
});

it('names the command for a line', () => {
  expect(setupCommand('6.12')).toBe('npx tracerig setup');
  expect(setupCommand('5.10')).toBe('npx tracerig setup --kernel 5.10');
});

it('remembers the lines of every setup', async () => {
  expect(await setupHasRun(cache)).toBe(false);
  await writeSetupStamp(cache, []);
  expect(await setupHasRun(cache)).toBe(false);
  await writeSetupStamp(cache, ['6.12']);
  await writeSetupStamp(cache, ['6.1', '6.12']);
  expect(await readSetupStamp(cache)).toEqual({ kernels: ['6.12', '6.1'] });
  expect(await setupHasRun(cache)).toBe(true);
});

it('tells the doctor what is there and what is not', async () => {
  const without = await vmFacts(cache);
  expect(without).toContainEqual({
    subject: 'VM image',
    ok: false,
    words: 'none',
    enable: 'npx tracerig setup',
  });
  await make();
  const facts = await vmFacts(cache);
  expect(facts.map((fact) => fact.subject)).toEqual(
    expect.arrayContaining(['cache', 'QEMU', 'KVM', 'VM 6.12']),
  );
});
