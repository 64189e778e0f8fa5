import { describe, expect, it } from 'vitest';
import { anyKernel, kernelFacts, typesOnly } from './kernel-facts.ts';

describe('facts of several sources', () => {
  it('are those of the first that knows', () => {
    const kernel = kernelFacts(
      { id: 'k', version: '6.12', release: '6.12.1' },
      { has: (capability) => (capability === 'fentry' ? false : undefined) },
      { has: (capability) => (capability === 'bpf-lsm' ? undefined : true), hasFunction: () => false },
    );
    expect(kernel).toMatchObject({ id: 'k', version: '6.12', release: '6.12.1' });
    expect(kernel.has('fentry')).toBe(false);
    expect(kernel.has('strnstr')).toBe(true);
    expect(kernel.has('bpf-lsm')).toBeUndefined();
    expect(kernel.hasFunction('f')).toBe(false);
    expect(kernel.attachment('f')).toBeUndefined();
  });

  it('are read when they are first asked for, and once', () => {
    let reads = 0;
    const kernel = kernelFacts({ id: 'k', version: '1' }, { has: () => true }, () => {
      reads += 1;
      return { hasFunction: () => true };
    });
    expect([kernel.has('fentry'), reads]).toEqual([true, 0]);
    expect([kernel.hasFunction('f'), kernel.hasFunction('g'), reads]).toEqual([true, true, 1]);
  });
});

it('of no kernel nothing is known', () => {
  expect(anyKernel.hasFunction('fd_install')).toBeUndefined();
  expect(anyKernel.has('fentry')).toBeUndefined();
  expect(anyKernel.types()).toBeUndefined();
});

it('types alone say nothing of what there is', () => {
  const fields = [{ type: 'int', name: 'a', size: 4, signed: true }];
  const kernel = kernelFacts(
    { id: 'k', version: '6.12' },
    { hasFunction: () => false, has: () => false, tracepointFields: () => fields },
  );
  const typed = typesOnly(kernel);
  expect(typed.tracepointFields('a', 'b')).toBe(fields);
  expect([typed.hasFunction('f'), typed.has('strnstr'), typed.version]).toEqual([undefined, undefined, '']);
});
