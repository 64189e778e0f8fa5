import { expect, test } from 'vitest';
import { policyText } from '../policy/testing.ts';
import { checkPolicyText } from './index.ts';
import { kernelFacts } from '../kernels/kernel-facts.ts';
import type { KernelAnswers } from '../kernels/kernel-facts.ts';
import type { BtfType } from '../btf/btf.ts';
import type { TypeLookup } from '../btf/resolve.ts';

const policy = policyText(
  'kprobes: [{call: fn, syscall: false, args: [{index: 0, type: int, resolve: a.b}]}]',
);
const int: BtfType = {
  ...{ id: 1, kind: 'int' as const, name: 'int', size: 4, target: 0, members: [], parameters: [] },
  ...{ length: 0, signed: true },
};
const types: TypeLookup = {
  resolve: (_start, path) =>
    path === 'a.b' ? { error: 'attribute "b" not found' } : { steps: [], type: int, argType: 'int32' },
};
const all: Partial<KernelAnswers> = {
  hasFunction: () => true,
  hasTracepoint: () => true,
  hasLsmHook: () => true,
  has: () => true,
};
const facts = kernelFacts({ id: 'typed', version: '6.12', release: '6.12.1' }, all, { types: () => types });
const untyped = kernelFacts({ id: 'untyped', version: '6.1', release: '6.1.1' }, all);

const found = async (text: string, options: Parameters<typeof checkPolicyText>[2]): Promise<string[]> =>
  (await checkPolicyText(text, 'p.yaml', options)).diagnostics.map(
    ({ code, severity, message }) => `${severity} ${code} ${message}`,
  );

const named = (...kernels: readonly (typeof facts)[]): Parameters<typeof checkPolicyText>[2] => ({
  kernels: kernels.map(({ version }) => version),
  loadKernel: (version) => Promise.resolve(kernels.find((kernel) => kernel.version === version)),
});

test('a path that leads nowhere is a warning, and an error where kernels are named', async () => {
  const message = 'by the type information at hand `a.b` leads nowhere: attribute "b" not found';
  expect(await found(policy, { commonKernels: [facts] })).toEqual([`warning TR-arg-resolve ${message}`]);
  expect(await found(policy, named(facts))).toEqual([`error TR-arg-resolve ${message}`]);
  expect(await found(policy.replace('a.b', 'a.c'), { commonKernels: [facts] })).toEqual([]);
});

test('without type information the check says that it looks at the form only', async () => {
  expect(await found(policy, {})).toEqual([
    'warning TR-arg-resolve resolve is checked for its form only: there is no type information (BTF) of a kernel',
  ]);
});

test('types of one kernel are not taken for those of another', async () => {
  const formOnly =
    'warning TR-arg-resolve resolve is checked for its form only: there is no type information (BTF) of a kernel';
  const message = 'by the type information at hand `a.b` leads nowhere: attribute "b" not found';
  expect(await found(policy, named(untyped))).toEqual([formOnly]);
  expect(await found(policy, named(facts, untyped))).toEqual([
    `error TR-arg-resolve ${message} (6.12)`,
    `${formOnly} (6.1)`,
  ]);
});
