import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BtfError } from '../btf/btf.ts';
import { BtfWriter } from '../btf/testing.ts';
import { cacheDir } from '../../cache/cache-dir.ts';
import { shippedKernel } from '../../runner/kernel-data.ts';
import { factsFromBtf } from './btf-facts.ts';
import { kernelCapabilities } from './capabilities.ts';
import { keptOptions } from './config.ts';

function small(): Uint8Array {
  const btf = new BtfWriter();
  const int = btf.int('int', 4, true);
  const inode = btf.struct('inode', 8, [['i_mode', int, 4]]);
  const file = btf.struct('file', 16, [['f_inode', btf.pointer(inode), 8]]);
  btf.function('security_file_open', int, [['file', btf.pointer(file)]]);
  btf.function('bpf_lsm_file_open', int, [['file', btf.pointer(file)]]);
  btf.function('bpf_kprobe_multi_link_attach', int, []);
  btf.function('bpf_strnstr', int, []);
  return btf.bytes();
}
const identity = { id: 'small', version: '6.17' };

describe('facts from BTF', () => {
  const kernel = factsFromBtf(small(), identity);

  it('know the functions that are in it, and leave others open', () => {
    expect(kernel.hasFunction('security_file_open')).toBe(true);
    expect(kernel.modulesOf('security_file_open')).toEqual([]);
    expect(kernel.prototype('security_file_open')).toEqual({
      ...{ name: 'security_file_open', returns: 'int', parameters: ['struct file *'] },
    });
    expect(kernel.hasFunction('nf_tables_newtable')).toBeUndefined();
    expect(kernel.modulesOf('nf_tables_newtable')).toBeUndefined();
    expect([kernel.hasLsmHook('file_open'), kernel.hasLsmHook('no_hook')]).toEqual([true, false]);
  });

  it('resolve paths', () => {
    const types = kernel.types();
    expect(types?.resolve({ symbol: 'security_file_open', index: 0 }, 'f_inode.i_mode')).toMatchObject({
      argType: 'int',
      steps: [
        { offset: 8, pointer: true },
        { offset: 4, pointer: true },
      ],
    });
    expect(types?.resolve({ type: 'file' }, 'f_nothing')).toEqual({
      error: 'attribute "f_nothing" not found in structure "file"',
    });
    expect(types?.resolve({ symbol: 'no_such_function', index: 0 }, 'a')).toBeUndefined();
  });

  it('know what functions alone decide, and with a configuration the rest', () => {
    expect([kernel.has('strnstr'), kernel.has('strncasestr')]).toEqual([true, false]);
    expect([kernel.has('kprobe-multi'), kernel.has('bpf-lsm')]).toEqual([undefined, undefined]);
    expect(kernel.config('CONFIG_FPROBE')).toBeUndefined();
    const config =
      'CONFIG_BPF_LSM=y\nCONFIG_LSM="lockdown,bpf"\n# CONFIG_FPROBE is not set\nCONFIG_OVERLAY_FS=m\n';
    const configured = factsFromBtf(small(), identity, config);
    expect([configured.has('kprobe-multi'), configured.has('bpf-lsm')]).toEqual([false, true]);
    expect(
      ['CONFIG_LSM', 'CONFIG_FPROBE', 'CONFIG_OVERLAY_FS'].map((option) => configured.config(option)),
    ).toEqual(['lockdown,bpf', 'n', 'm']);
  });

  it('refuse what is no BTF', () => {
    expect(() => factsFromBtf(new Uint8Array([1, 2, 3]), identity)).toThrow(BtfError);
    const elf = new Uint8Array(64);
    elf.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
    new DataView(elf.buffer).setBigUint64(40, 1_000_000n, true);
    expect(() => factsFromBtf(elf, identity)).toThrow(BtfError);
  });
});

/** Images that setup keeps of kernels whose data are shipped, by release. */
const images = existsSync(join(cacheDir(), 'kernels'))
  ? readdirSync(join(cacheDir(), 'kernels'))
      .filter((name) => existsSync(join(cacheDir(), 'kernels', name, 'vmlinux')))
      .map((name) => ({ release: name.split('_')[0] ?? '', folder: join(cacheDir(), 'kernels', name) }))
  : [];

describe.skipIf(images.length === 0)('an image that setup keeps (needs `npx tracerig setup`)', () => {
  it.each(images)('of $release says what is shipped of it', async ({ release, folder }) => {
    const shipped = await shippedKernel(release);
    // A newer package than the shipped data were made of has other functions.
    if (shipped?.release !== release) return;
    const image = factsFromBtf(
      new Uint8Array(readFileSync(join(folder, 'vmlinux'))),
      { id: release, version: release },
      readFileSync(join(folder, 'config'), 'utf8'),
    );
    const names = ['security_file_open', 'fd_install', '__x64_sys_openat', 'do_init_module', 'tcp_connect'];
    for (const name of names) expect(image.prototype(name)).toEqual(shipped.prototype(name));
    for (const capability of kernelCapabilities)
      expect([capability, image.has(capability)]).toEqual([capability, shipped.has(capability)]);
    for (const option of keptOptions) expect(image.config(option)).toBe(shipped.config(option));
    for (const hook of ['file_open', 'no_hook'])
      expect(image.hasLsmHook(hook)).toBe(shipped.hasLsmHook(hook));
  });
});
