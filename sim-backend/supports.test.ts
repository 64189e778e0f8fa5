import { expect, it } from 'vitest';
import { unsupportedIn } from './supports.ts';
import { plansOf } from './testing/sample.ts';

const head = 'apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata:\n  name: test\nspec:\n';
const asked = (spec: string): string[] =>
  plansOf(head + spec)
    .flatMap(unsupportedIn)
    .map(({ feature, span }) => `${span.start.line}: ${feature}`);

it('is what system calls cannot tell', () => {
  expect(asked('  kprobes:\n  - call: tcp_v4_rcv\n    syscall: false\n')).toEqual([]);
  expect(asked('  uprobes:\n  - path: /bin/sh\n    symbols: [main]\n')).toEqual(['7: hooks of kind uprobe']);
  expect(asked('  usdts:\n  - path: /bin/sh\n    provider: p\n    name: probe\n')).toEqual([
    '7: hooks of kind usdt',
  ]);
  expect(asked('  loader: true\n')).toEqual(['1: loader']);
});
