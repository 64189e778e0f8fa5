import { describe, expect, it } from 'vitest';
import { BtfWriter } from '../../core/btf/testing.ts';
import { kernelFacts } from '../../core/kernels/kernel-facts.ts';
import type { KernelAnswers } from '../../core/kernels/kernel-facts.ts';
import type { Rig } from '../rig.ts';
import { rigFacts } from './rig-facts.ts';

/** A rig that answers these questions only, and notes them. */
function fakeRig(symbols: readonly string[]): { rig: Rig; asked: string[] } {
  const asked: string[] = [];
  const rig: Partial<Rig> = {
    facts: {
      ...{ protocol: 1, release: '6.12.118+deb13-cloud-amd64', machine: 'x86_64', nodeName: 'guest' },
      ...{ libbpf: '1.5', pid: 1, uid: 0 },
    },
    probe: () => Promise.resolve({ 'kprobe.multi': '', override: 'loading a program: Invalid argument' }),
    kallsyms(names) {
      asked.push(`kallsyms ${names.join(' ')}`);
      return Promise.resolve(
        Object.fromEntries(names.map((name) => [name, symbols.includes(name) ? ['1'] : []])),
      );
    },
    read(path) {
      asked.push(`read ${path}`);
      const btf = new BtfWriter();
      btf.struct('file', 8, [['f_flags', btf.int('int', 4, true), 4]]);
      return Promise.resolve(btf.bytes());
    },
  };
  return { rig: rig as Rig, asked };
}
const knowing = (answers: Partial<KernelAnswers>) => (release: string) =>
  Promise.resolve(kernelFacts({ id: release, version: '6.12', distribution: 'debian' }, answers));

describe('facts of a rig', () => {
  it('are what it was tried for, then what is known of its release', async () => {
    const { rig, asked } = fakeRig([]);
    const kernel = await rigFacts(rig, knowing({ has: () => true, hasFunction: () => true }));
    expect(kernel).toMatchObject({
      ...{ id: 'running 6.12.118+deb13-cloud-amd64', version: '6.12', distribution: 'debian' },
      ...{ release: '6.12.118+deb13-cloud-amd64', architecture: 'x86_64' },
    });
    expect([kernel.has('kprobe-multi'), kernel.has('override-return'), kernel.has('strnstr')]).toEqual([
      ...[true, false, true],
    ]);
    expect(kernel.hasFunction('f')).toBe(true);
    expect(asked).toEqual([]);
  });

  it('know the functions that were asked for', async () => {
    const { rig, asked } = fakeRig(['fd_install', 'own']);
    const kernel = await rigFacts(rig, knowing({}), { functions: ['own', 'missing'] });
    expect(['own', 'missing', 'other'].map((name) => kernel.hasFunction(name))).toEqual([
      true,
      false,
      undefined,
    ]);
    expect(asked).toEqual(['kallsyms fd_install own missing']);
  });

  it('take a hidden table of symbols for no answer', async () => {
    const { rig } = fakeRig([]);
    const kernel = await rigFacts(rig, knowing({}), { functions: ['own'] });
    expect(kernel.hasFunction('own')).toBeUndefined();
  });

  it('read types only where they are asked for and not known', async () => {
    const { rig, asked } = fakeRig([]);
    const types = { resolve: () => undefined };
    expect((await rigFacts(rig, knowing({ types: () => types }), { types: true })).types()).toBe(types);
    expect(asked).toEqual([]);
    const kernel = await rigFacts(rig, knowing({}), { types: true });
    expect(asked).toEqual(['read /sys/kernel/btf/vmlinux']);
    expect(kernel.types()?.resolve({ type: 'file' }, 'f_flags')).toMatchObject({ argType: 'int' });
  });
});
