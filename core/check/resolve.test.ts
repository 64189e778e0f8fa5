import { expect, test } from 'vitest';
import type { KernelTypes } from '../kernels/kernel-types.ts';
import { policyText } from '../policy/testing.ts';
import { checkPolicyText } from './index.ts';
import type { KernelFacts } from '../kernels/kernel-facts.ts';

const policy = policyText(
  'kprobes: [{call: fn, syscall: false, args: [{index: 0, type: int, resolve: a.b}]}]',
);
const types: KernelTypes = {
  resolvedType: (_start, resolve) => (resolve === 'a.b' ? { problem: 'attribute "b" not found' } : 'int32'),
};
const facts: KernelFacts = {
  version: '6.12',
  release: '6.12.1',
  hasFunction: () => true,
  hasTracepoint: () => true,
  hasLsmHook: () => true,
  has: () => true,
};

const found = async (text: string, options: Parameters<typeof checkPolicyText>[2]): Promise<string[]> =>
  (await checkPolicyText(text, 'p.yaml', options)).diagnostics.map(
    ({ code, severity, message }) => `${severity} ${code} ${message}`,
  );

test('a path that leads nowhere is a warning, and an error where kernels are named', async () => {
  const message = 'by the type information at hand `a.b` leads nowhere: attribute "b" not found';
  expect(await found(policy, { types })).toEqual([`warning TR-arg-resolve ${message}`]);
  expect(await found(policy, { types, kernels: ['6.12'], loadKernel: () => Promise.resolve(facts) })).toEqual(
    [`error TR-arg-resolve ${message}`],
  );
  expect(await found(policy.replace('a.b', 'a.c'), { types })).toEqual([]);
});

test('without type information the check says that it looks at the form only', async () => {
  expect(await found(policy, {})).toEqual([
    'warning TR-arg-resolve resolve is checked for its form only: there is no type information (BTF) of a kernel',
  ]);
});
