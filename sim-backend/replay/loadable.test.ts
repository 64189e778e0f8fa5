import { describe, expect, it } from 'vitest';
import { factsOfRelease } from '../../core/kernels/release-facts.ts';
import { kindOf } from '../../core/events/parse.ts';
import { shippedKernel } from '../../runner/kernel-data.ts';
import { plansOf, policy, shellTrace, traceOf } from '../testing/sample.ts';
import { replayed as replay } from '../testing/replayed.ts';

const deny = (call: string, syscall: boolean): string =>
  policy(`  - call: ${call}
    syscall: ${syscall}
    selectors:
    - matchActions:
      - {action: Override, argError: -13}
`);
const run = async (yaml: string, kernel: string): Promise<ReturnType<typeof replay>> =>
  replay({
    trace: traceOf(shellTrace),
    plans: plansOf(yaml, await factsOfRelease(kernel, shippedKernel)),
    start: { kernel },
  });

const stock = '6.12.117+deb13-cloud-amd64';

describe('a policy that overrides', () => {
  it.each([stock, '5.10.0-32-amd64', '6.1.0-25-cloud-amd64', '6.12.9+bpo-rt-amd64'])(
    'a system call is not loaded on %s, and the workload runs bare',
    async (kernel) => {
      const outcome = await run(deny('sys_openat', true), kernel);
      expect(outcome.problems).toEqual([
        {
          kind: 'load',
          policy: 'test',
          kernel,
          why: expect.stringContaining('bpf_override_return helper not available'),
          count: 1,
          place: { file: 'policy.yaml', line: expect.any(Number) },
        },
      ]);
      expect(outcome.events.some(({ event }) => kindOf(event) === 'process_kprobe')).toBe(false);
      expect(outcome.processes.some(({ diverged }) => diverged)).toBe(false);
    },
  );
  it.each(['6.12.118', '6.8.0-45-generic', '6.12'])('a system call is loaded on %s', async (kernel) => {
    const outcome = await run(deny('sys_openat', true), kernel);
    expect(outcome.problems.filter(({ kind }) => kind === 'load')).toEqual([]);
    expect(outcome.events.some(({ event }) => kindOf(event) === 'process_kprobe')).toBe(true);
  });
  it('a security function is loaded on a stock kernel', async () => {
    const yaml = deny('security_file_open', false).replace(
      'spec:\n',
      "spec:\n  options:\n  - {name: disable-kprobe-multi, value: '1'}\n",
    );
    expect((await run(yaml, stock)).problems.filter(({ kind }) => kind === 'load')).toEqual([]);
  });
});

it('an enforcer of system calls is not loaded on a stock kernel', async () => {
  const yaml = policy(`  - call: sys_openat
    selectors:
    - matchActions:
      - {action: NotifyEnforcer, argError: -1}
`).replace('spec:\n', 'spec:\n  enforcers:\n  - calls: [sys_openat]\n');
  expect((await run(yaml, stock)).problems).toEqual([
    expect.objectContaining({ kind: 'load', why: expect.stringContaining('cannot load enforcer') }),
  ]);
});

describe('a function', () => {
  const hook = (call: string): string => policy(`  - {call: ${call}, syscall: false}\n`);
  const loads = async (call: string, kernel: string): Promise<string[]> =>
    (await run(hook(call), kernel)).problems.flatMap((problem) =>
      problem.kind === 'load' ? [problem.why] : [],
    );

  it('that the kernel lacks is refused', async () => {
    expect(await loads('security_file_opne', stock)).toEqual([
      expect.stringMatching(/^there is no function `security_file_opne` to hook/),
    ]);
  });

  it('of a module, or of a kernel that nothing is known of, is not', async () => {
    expect(await loads('nf_tables_newtable', stock)).toEqual([]);
    expect(await loads('security_file_opne', '6.6.3-custom')).toEqual([]);
    expect(await loads('security_file_opne', '6.12.118')).toEqual([]);
  });
});
