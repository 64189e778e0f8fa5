import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BtfWriter } from '../core/btf/testing.ts';
import { hostKernel } from './host-kernel.ts';
import {
  commonKernels,
  kernelNamed,
  kernelOf,
  kernelOfVm,
  unknownKernelText,
  unnamedKernel,
} from './kernel-data.ts';
import { writeVmImage } from '../vm/image.ts';
import { loadPolicyFiles, startOf } from './policies.ts';

const folder = mkdtempSync(join(tmpdir(), 'tracerig-kernels-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a kernel that is asked for', () => {
  it('by line, release or as the newest', async () => {
    expect((await kernelNamed('5.10'))?.release).toBe('5.10.0-46-cloud-amd64');
    expect((await kernelNamed('6.12.9-cloud-amd64'))?.release).toBe('6.12.9-cloud-amd64');
    expect((await kernelNamed('newest'))?.version).toBe('7.3');
  });

  it('by a file that holds BTF', async () => {
    const btf = new BtfWriter();
    btf.function('only_here', btf.int('int', 4, true), []);
    const file = join(folder, 'own.btf');
    writeFileSync(file, btf.bytes());
    const kernel = await kernelNamed(file);
    expect(kernel?.hasFunction('only_here')).toBe(true);
    expect(kernel?.hasFunction('other')).toBeUndefined();
    writeFileSync(file, 'something else');
    await expect(kernelNamed(file)).rejects.toThrow(/no BTF/);
  });

  it('that nothing is known of is none', async () => {
    expect(await kernelNamed('9.9')).toBeUndefined();
    expect(await kernelNamed('')).toBeUndefined();
    expect(await unknownKernelText('9.9')).toMatch(
      /^nothing is known of a kernel "9\.9": known are 5\.10, 6\.1, /,
    );
  });
});

describe('where no kernel is named', () => {
  it('nothing tells who built the one of a recording', async () => {
    const kernel = await kernelOf('');
    expect([kernel.release, kernel.has('override-return'), kernel.has('strnstr')]).toEqual([
      ...['6.12', undefined, false],
    ]);
  });

  it('a policy is typed as on a common one, and held against that', async () => {
    const [common] = await commonKernels();
    expect(common?.hasFunction('no_such_function')).toBe(false);
    const unnamed = await unnamedKernel();
    expect(unnamed.hasFunction('no_such_function')).toBeUndefined();
    expect(unnamed.tracepointFields('sched', 'sched_switch')).toEqual(
      common?.tracepointFields('sched', 'sched_switch'),
    );
  });
});

it('a policy is compiled once for each kernel', async () => {
  const path = join(folder, 'p.yaml');
  const hook = '{call: f, syscall: false, args: [{index: 0, type: string}], selectors: [{matchArgs: [SUB]}]}';
  const filter = '{index: 0, operator: SubString, values: [a]}';
  writeFileSync(
    path,
    `apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata: {name: p}\nspec: {kprobes: [${hook.replace('SUB', filter)}]}\n`,
  );
  const plansOn = async (kernel: string) =>
    loadPolicyFiles([{ path, at: startOf(path) }], await kernelOf(kernel)).policies.map(({ plan }) => plan);
  const [old] = await plansOn('6.12');
  const [newer] = await plansOn('6.18');
  expect((await plansOn('6.12'))[0]).toBe(old);
  expect([old, newer].map((plan) => plan?.hooks[0]?.selectors[0]?.args[0]?.comparison.kind)).toEqual([
    ...['constant', 'bytes'],
  ]);
});

describe.skipIf(!existsSync('/sys/kernel/btf/vmlinux'))('the kernel that runs (needs its BTF)', () => {
  const kernel = hostKernel();

  it('is known by its own files', () => {
    expect(kernel).toMatchObject({ id: `host ${release()}`, release: release() });
    expect(kernel?.hasFunction('security_file_open')).toBe(true);
    expect(kernel?.prototype('security_file_open')).toEqual({
      ...{ name: 'security_file_open', returns: 'int', parameters: ['struct file *'] },
    });
    expect(kernel?.types()?.resolve({ symbol: 'security_file_open', index: 0 }, 'f_inode')).toHaveProperty(
      'steps',
    );
    expect(kernel?.hasLsmHook('no_such_hook')).toBe(false);
  });
});

describe('kernels of VM images', () => {
  let cache: string;
  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), 'tracerig-image-kernel-'));
    vi.stubEnv('TRACERIG_CACHE', cache);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(cache, { recursive: true });
  });

  it('are known by their own types and configuration, and else as their line', async () => {
    const btf = new BtfWriter();
    btf.function('only_here', btf.int('int', 4, true), []);
    mkdirSync(join(cache, 'kernels/own'), { recursive: true });
    const kernel = join(cache, 'kernels/own/vmlinux');
    writeFileSync(kernel, btf.bytes());
    writeFileSync(join(cache, 'kernels/own/config'), 'CONFIG_BPF_KPROBE_OVERRIDE=y\nCONFIG_FPROBE=n\n');
    const rest = { initramfs: kernel, disk: kernel, object: kernel, parameters: [] };
    await writeVmImage(cache, 'override', { release: '6.12.1-mine', kernel, ...rest });
    const named = [
      await kernelNamed('override'),
      await kernelOf('override'),
      await kernelOfVm('override', '6.12.1-mine'),
    ];
    for (const facts of named.flatMap((one) => one ?? [])) {
      expect(facts).toMatchObject({ version: '6.12', release: '6.12.1-mine' });
      expect([facts.has('override-return'), facts.has('strnstr')]).toEqual([true, false]);
      expect([facts.config('CONFIG_FPROBE'), facts.hasFunction('only_here')]).toEqual(['n', true]);
    }
    expect(named).not.toContain(undefined);
    expect((await kernelOfVm('6.12', '6.12.118+deb13-cloud-amd64')).has('override-return')).toBe(false);
  });

  it('are none without an image', async () => {
    expect(await kernelNamed('override')).toBeUndefined();
  });

  it('are not looked for outside of the cache', async () => {
    writeFileSync(join(cache, 'x.json'), JSON.stringify({ release: '6.12.1-x', parameters: [] }));
    expect((await kernelOf('../x')).version).toBe('../x');
  });
});
