import { expect, it } from 'vitest';
import { checkPolicyText } from './index.ts';

const policy = (type: string, values: readonly string[]): string => `apiVersion: cilium.io/v1alpha1
kind: TracingPolicy
metadata: {name: large}
spec:
  kprobes:
    - call: fd_install
      syscall: false
      args: [{index: 0, type: int}, {index: 1, type: file}]
      selectors:
        - matchArgs: [{index: ${type === 'int' ? 0 : 1}, operator: Equal, values: [${values.join(', ')}]}]
`;

it.each([
  ['int', ['TR-filter-values']],
  ['file', []],
])('checks values of type %s, however many they are', async (type, codes) => {
  const values = Array.from({ length: 150_000 }, (_, index) =>
    type === 'int' ? `"${index}"` : `"/tmp/${index}"`,
  );
  const { diagnostics } = await checkPolicyText(policy(type, values), 'p.yaml');
  expect(diagnostics.map(({ code }) => code)).toEqual(codes);
});
