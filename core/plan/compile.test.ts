import { describe, expect, it } from 'vitest';
import { errorsOf, planOf, policyText } from '../engine/testing.ts';
import { anyKernel } from '../kernels/kernel-facts.ts';
import type { KernelFacts } from '../kernels/kernel-facts.ts';
import { loadPolicies } from './load.ts';

type Tree = Record<string, unknown>;

const binaries = (value: string): Tree => ({ matchBinaries: [{ operator: 'In', values: [value] }] });
const kprobe = (call: string, ...selectors: Tree[]): Tree => ({ call, syscall: false, selectors });

describe('kprobes that attach together', () => {
  const found = (spec: Tree): unknown =>
    planOf(spec).hooks.map(({ selectors }) =>
      selectors.map(({ process }) =>
        process.map((filter) => (filter.kind === 'binary' ? filter.values[0] : filter.kind)),
      ),
    );

  it('share matchBinaries by the number of the selector', () => {
    expect(found({ kprobes: [kprobe('a', binaries('/x')), kprobe('b', {}, {})] })).toEqual([
      [['/x']],
      [['/x'], []],
    ]);
    expect(found({ kprobes: [kprobe('a', binaries('/x')), kprobe('b', binaries('/y'))] })).toEqual([
      [['/x']],
      [['/y']],
    ]);
  });

  const compared = (spec: Tree, kernel?: KernelFacts): unknown =>
    planOf(spec, kernel).hooks.map(({ selectors }) =>
      selectors.flatMap(({ args, returnArgs }) =>
        [...args, ...returnArgs].map(({ comparison }) => comparison),
      ),
    );
  const on = (call: string, type: string, ...filters: [string, ...string[]][]): Tree => ({
    ...{ call, syscall: false, args: [{ index: 0, type }] },
    selectors: filters.map(([operator, ...values]) => ({ matchArgs: [{ index: 0, operator, values }] })),
  });
  const options = [{ name: 'disable-kprobe-multi', value: 'true' }];

  it('share maps of numbers by order of appearance: the last hook’s values count', () => {
    const kprobes = [
      on('a', 'int', ['InMap', '1'], ['NotInMap', '2', '-1'], ['InMap', '3']),
      on('b', 'int', ['Equal', '9'], ['InMap', '77', '80:90']),
      on('c', 'sock', ['SPort', '5'], ['DPortPriv'], ['Family', 'AF_INET']),
    ];
    const int = { kind: 'int-set', load: 'u32' };
    expect(compared({ kprobes })).toMatchObject([
      [
        { ...int, negated: false, values: [5n], ranges: [] },
        { ...int, negated: true, values: [2n], ranges: [] },
        { ...int, negated: false, values: [3n] },
      ],
      [
        { kind: 'int-set', values: [9n] },
        { ...int, values: [5n], ranges: [] },
      ],
      [
        { kind: 'port', ranges: [{ from: 5, to: 5 }] },
        { kind: 'port', ranges: [{ from: 0, to: 1023 }] },
        { kind: 'socket-number', ranges: [{ from: 2, to: 2 }] },
      ],
    ]);
    const [a] = compared({ kprobes, options }) as { values: bigint[] }[][];
    expect(a?.map(({ values }) => values)).toEqual([[1n], [2n, 2n ** 64n - 1n], [3n]]);
  });

  it('give sockets the numbers of integers, and integers the stretches of ports', () => {
    const kprobes = [on('a', 'sock', ['DPort', '443']), on('b', 'int', ['InMap', '-1', '80:90'])];
    expect(compared({ kprobes })).toMatchObject([[{ kind: 'port', ranges: [{ from: 80, to: 90 }] }], [{}]]);
    expect(compared({ kprobes: [...kprobes].reverse() })).toMatchObject([
      [{ kind: 'int-set', values: [443n], ranges: [] }],
      [{}],
    ]);
  });

  it('give maps of a filter that is a constant its values', () => {
    const kprobes = [on('a', 'sock', ['State', 'TCP_LISTEN']), on('b', 'skb', ['State', 'TCP_CLOSE'])];
    expect(compared({ kprobes })).toMatchObject([
      [{ kind: 'socket-number', ranges: [{ from: 7, to: 7 }] }],
      [{ kind: 'constant' }],
    ]);
  });

  it('share maps of IPv4 and of IPv6 addresses, each counted for itself', () => {
    const prefixes = (spec: Tree): unknown =>
      planOf(spec).hooks.map(({ selectors }) =>
        selectors.map(({ args }) =>
          args.map(({ comparison }) =>
            comparison.kind === 'address' ? comparison.prefixes.map(({ bytes }) => bytes.join('.')) : '',
          ),
        ),
      );
    const kprobes = [
      on('a', 'sock', ['DAddr', '10.0.0.1', '::1'], ['NotSAddr', '10.0.0.2']),
      on('b', 'sock', ['SAddr', '::2'], ['DAddr', '10.0.0.3']),
    ];
    expect(prefixes({ kprobes })).toEqual([
      [[['0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2', '10.0.0.3'].reverse()], [['10.0.0.2']]],
      [[['0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2']], [['10.0.0.3']]],
    ]);
  });

  it('share the maps of returned values apart', () => {
    const back = (call: string, arg: string, returned: string): Tree => ({
      ...on(call, 'int', ['InMap', arg]),
      ...{ return: true, returnArg: { index: 0, type: 'int' } },
      selectors: [
        {
          matchArgs: [{ index: 0, operator: 'InMap', values: [arg] }],
          matchReturnArgs: [{ index: 0, operator: 'NotInMap', values: [returned] }],
        },
      ],
    });
    expect(compared({ kprobes: [back('a', '1', '2'), back('b', '3', '4')] })).toMatchObject([
      [{ values: [3n] }, { values: [4n] }],
      [{ values: [3n] }, { values: [4n] }],
    ]);
  });

  it('share no texts, and nothing with hooks that are no kprobes', () => {
    const fentries = [on('a', 'int', ['InMap', '1']), on('b', 'int', ['InMap', '8'])];
    expect(
      compared({ kprobes: [on('a', 'string', ['Equal', 'x']), on('b', 'string', ['Equal', 'y'])] }),
    ).toMatchObject([[{ values: ['x'] }], [{ values: ['y'] }]]);
    expect(compared({ fentries })).toMatchObject([[{ values: [1n] }], [{ values: [8n] }]]);
  });

  it('share nothing on a kernel without kprobe_multi', () => {
    const kernel: KernelFacts = { ...anyKernel, has: () => false };
    const kprobes = [on('a', 'int', ['InMap', '1']), on('b', 'int', ['InMap', '2'])];
    expect(compared({ kprobes }, kernel)).toMatchObject([[{ values: [1n] }], [{ values: [2n] }]]);
    expect(
      planOf({ kprobes: [kprobe('a', binaries('/x')), kprobe('b', {})] }, kernel).hooks[1]?.selectors[0]
        ?.process,
    ).toEqual([]);
  });

  it('share nothing when each attaches alone', () => {
    expect(found({ options, kprobes: [kprobe('a', binaries('/x')), kprobe('b', {})] })).toEqual([
      [['/x']],
      [[]],
    ]);
  });
});

describe('lists', () => {
  const targets = (list: Tree, syscall = true): unknown =>
    planOf({ lists: [{ name: 'l', ...list }], kprobes: [{ call: 'list:l', syscall }] }).hooks.map(
      ({ target, generated, syscall: isCall }) => [target, isCall, generated],
    );

  it('stand for a hook each, or for what the kernel has', () => {
    expect(targets({ values: ['f', 'g'] }, false)).toEqual([
      ['f', false, undefined],
      ['g', false, undefined],
    ]);
    expect(targets({ type: 'syscalls', values: ['sys_dup', 'i386/sys_dup'] }, false)).toEqual([
      ['__x64_sys_dup', true, undefined],
      ['__ia32_sys_dup', true, undefined],
    ]);
    expect(targets({ type: 'generated_syscalls' })).toEqual([['list:l', true, { kind: 'syscalls' }]]);
    expect(targets({ type: 'generated_ftrace', pattern: '^tcp_' }, false)).toEqual([
      ['list:l', false, { kind: 'ftrace', pattern: '^tcp_' }],
    ]);
  });
});

describe('actions', () => {
  const refused = (action: Tree, hook: Tree = kprobe('fn')): string[] =>
    errorsOf({ kprobes: [{ ...hook, selectors: [{ matchActions: [action] }] }] });

  it.each([
    [{ action: 'Post', rateLimit: '5x' }, ['TR-rate-limit']],
    // What 32 bits of milliseconds do not hold is cut.
    [{ action: 'Post', rateLimit: '1194h' }, []],
    [{ action: 'Post', rateLimit: '4294967296' }, ['TR-rate-limit']],
    [{ action: 'Post', rateLimit: '1/minute' }, ['TR-rate-limit']],
    [{ action: 'Post', rateLimit: '5M', rateLimitScope: 'process' }, []],
    [{ action: 'Post', rateLimit: '5', rateLimitScope: 'Thread' }, ['TR-rate-limit']],
    // A scope without a limit is ignored.
    [{ action: 'Post', rateLimitScope: 'anything' }, []],
    [{ action: 'Sigkill', rateLimit: '5m' }, ['TR-rate-limit']],
    [{ action: 'Set', argIndex: 0 }, []],
  ])('%j', (action, codes) => {
    expect(refused(action)).toEqual(codes);
  });
});

describe('a policy file', () => {
  it('gives a plan for each document without errors', () => {
    const good = policyText({ kprobes: [kprobe('fn')] }, 'good');
    const bad = policyText(
      { kprobes: [kprobe('fn', { matchArgs: [{ operator: 'Equal', values: ['1'] }] })] },
      'bad',
    );
    const { plans, diagnostics } = loadPolicies(`${bad}\n---\n${good}\n`, 'two.yaml', anyKernel);
    expect(plans.map(({ policyName }) => policyName)).toEqual(['good']);
    expect(diagnostics).toMatchObject([
      {
        code: 'TR-filter-index',
        path: 'spec.kprobes[0].selectors[0].matchArgs[0]',
        span: { file: 'two.yaml', start: { line: 1 } },
      },
    ]);
  });
});

describe('type auto', () => {
  const field = (subsystem: string, event: string, index: number): unknown => ({
    tracepoints: [{ subsystem, event, args: [{ index, type: 'auto' }] }],
  });

  it('is what the field is, or does not load', () => {
    expect(planOf(field('syscalls', 'sys_exit_openat', 5)).hooks[0]?.args[0]?.type).toBe('int64');
    expect(planOf(field('raw_syscalls', 'sys_enter', 5)).hooks[0]?.args[0]?.type).toBe('const_buf');
    expect(errorsOf(field('sched', 'sched_process_exit', 5))).toEqual(['TR-auto-type']);
    const { diagnostics } = loadPolicies(policyText(field('block', 'block_rq_issue', 5)), 'a', anyKernel);
    expect(diagnostics).toMatchObject([{ code: 'TR-auto-type', severity: 'warning' }]);
  });
});
