import { expect, it } from 'vitest';
import { anyKernel } from '../core/kernels/kernel-facts.ts';
import { unsupportedIn } from './supports.ts';
import { plansOf } from './testing.ts';

const asked = (hooks: string): [string, number][] =>
  plansOf(hooks)
    .flatMap((plan) => unsupportedIn(plan, anyKernel))
    .map(({ feature, span }) => [feature, span.start.line]);

const hook = `
- call: fd_install
  syscall: false
  args:
    - {index: 0, type: int}
    - {index: 1, type: file}`;

it('is nothing of what the programs can do', () => {
  expect(asked(`${hook}\n  selectors:\n    - matchActions: [{action: Sigkill}]`)).toEqual([]);
});

it('is everything else, each with its place, not only the first', () => {
  const found = asked(`${hook}
  return: true
  returnArg: {index: 0, type: sock}
  selectors:
    - matchReturnActions:
        - {action: Post, rateLimit: 1m}
    - matchActions:
        - {action: Post, userStackTrace: true}
- call: tcp_connect
  syscall: false
  args:
    - {index: 0, type: sock}
  selectors:
    - matchArgs:
        - {index: 0, operator: DPort, values: ["443"]}
- call: do_it
  syscall: false
  args:
    - {index: 0, type: int}
  selectors:
    - matchArgs:
        - {args: [0], operator: CelExpr, values: ["arg0 == int32(1)"]}`);
  expect(found.map(([feature]) => feature)).toEqual([
    ...['rateLimit in matchReturnActions', 'stack traces of programs', 'operator CelExpr'],
  ]);
  const lines = found.map(([, line]) => line);
  expect(lines).toEqual([...lines].sort((a, b) => a - b));
  expect(new Set(lines).size).toBe(lines.length);
});

it('is told of policies for workloads as of others', () => {
  const pods = 'podSelector: {matchLabels: {app: web}}';
  const [plan] = plansOf(
    `${hook}\n  selectors: [{matchActions: [{action: Post, userStackTrace: true}]}]`,
    pods,
  );
  expect(plan && unsupportedIn(plan, anyKernel)).toMatchObject([{ feature: 'stack traces of programs' }]);
});
