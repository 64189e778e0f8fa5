import { describe, expect, it } from 'vitest';
import { errorsOf, planOf, policyText } from '../engine/testing.ts';
import { anyKernel } from '../kernels/kernel-facts.ts';
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

  it('share nothing when each attaches alone', () => {
    const options = [{ name: 'disable-kprobe-multi', value: 'true' }];
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
