/**
 * The test vectors of the language's description, by their numbers. Rows that only a kernel can show (buffer sizes, paths
 * through mounts, agents' commands) are not here: 21, 29 to 32, 66 and 67.
 */
import { describe, expect, it } from 'vitest';
import { compileCel } from '../plan/cel/compile.ts';
import { parseAddressPrefix } from '../go/go-netip.ts';
import { parseCapabilityMask } from '../plan/operators/integer-values.ts';
import type { ArgValue } from '../values/value.ts';
import { prepareCel } from './operators/cel.ts';
import type { ProbeHit } from './hit.ts';
import {
  buffer,
  caps,
  errorsOf,
  evaluatorOf,
  file,
  filterSpec,
  hit,
  int,
  namespaces,
  passesFilter,
  planOf,
  sock,
  task,
  text,
  verdictOn,
} from './testing.ts';

type Tree = Record<string, unknown>;

const equal = (index: number, ...values: string[]): Tree => ({ index, operator: 'Equal', values });

/** lseek with the selectors; its third argument is the first that is read. */
function lseek(selectors: readonly Tree[], more: Tree = {}): unknown {
  return {
    kprobes: [
      {
        call: 'sys_lseek',
        args: [
          { index: 2, type: 'int' },
          { index: 0, type: 'int' },
        ],
        selectors,
        ...more,
      },
    ],
  };
}

/** How many of the calls of lseek post an event. */
function posts(spec: unknown, ...whence: number[]): number {
  const evaluator = evaluatorOf(spec);
  return whence.filter((value) => verdictOn(evaluator, hit([int(value), int(3)])).post).length;
}

function openat(selectors: readonly Tree[], more: Tree = {}): unknown {
  return {
    kprobes: [
      {
        call: 'sys_openat',
        args: [
          { index: 1, type: 'string' },
          { index: 2, type: 'int' },
        ],
        selectors,
        ...more,
      },
    ],
  };
}

const returning = { return: true, returnArg: { index: 0, type: 'int' } };

describe('test vectors', () => {
  it('1, 2: two selectors with Equal', () => {
    const spec = lseek([{ matchArgs: [equal(2, '4443')] }, { matchArgs: [equal(2, '9999')] }]);
    expect(posts(spec, 4444, 4443)).toBe(1);
    expect(posts(spec, 9999, 4443)).toBe(2);
  });

  it('3: InMap in two selectors', () => {
    const inMap = (...values: string[]): Tree => ({ matchArgs: [{ index: 2, operator: 'InMap', values }] });
    const spec = lseek([inMap('8888', '8889'), inMap('4442', '4443', '4444')]);
    expect(posts(spec, 4444, 4445)).toBe(1);
    expect(posts(spec, 4443, 8889)).toBe(2);
  });

  it('4: three selectors', () => {
    const spec = lseek(['8888', '8889', '4443'].map((value) => ({ matchArgs: [equal(2, value)] })));
    expect(posts(spec, 4444, 4443)).toBe(1);
  });

  it('5: inactive selectors are skipped', () => {
    const other = { matchBinaries: [{ operator: 'In', values: ['/bin/none'] }] };
    const spec = lseek([other, other, { matchPIDs: [{ operator: 'In', values: [100] }] }]);
    expect(posts(spec, 1)).toBe(1);
  });

  it('6: the return value is read', () => {
    const hook = evaluatorOf(lseek([], returning)).hooks[0];
    const entered = hook?.entry(hit([int(0), int(-1)]));
    expect(entered?.post).toBe(true);
    const left = entered && hook?.exit(hit([int(0), int(-1)], { returnValue: int(-9) }), entered);
    expect(left).toMatchObject({ post: true, action: 'Post' });
  });

  it('7: fields of a system call tracepoint are unsigned 64-bit numbers', () => {
    const plan = planOf({
      tracepoints: [{ subsystem: 'syscalls', event: 'sys_enter_lseek', args: [{ index: 7, type: 'auto' }] }],
    });
    expect(plan.hooks[0]?.args[0]?.type).toBe('uint64');
  });

  it('8: Sigkill', () => {
    const evaluator = evaluatorOf(
      lseek([{ matchArgs: [equal(2, '5555')], matchActions: [{ action: 'Sigkill' }] }]),
    );
    expect(verdictOn(evaluator, hit([int(5555), int(0)]))).toMatchObject({
      post: true,
      action: 'Sigkill',
      effects: { signals: [9] },
    });
  });

  it('9: Sigkill at the return', () => {
    const hook = evaluatorOf(
      lseek([{ matchReturnArgs: [equal(0, '-9')], matchReturnActions: [{ action: 'Sigkill' }] }], returning),
    ).hooks[0];
    const entered = hook?.entry(hit([int(0), int(-1)]));
    expect(entered?.effects.signals).toEqual([]);
    const exit = (value: number) =>
      entered && hook?.exit(hit([int(0), int(-1)], { returnValue: int(value) }), entered);
    expect(exit(-9)).toMatchObject({ post: true, action: 'Sigkill', effects: { signals: [9] } });
    expect(exit(0)).toBeUndefined();
  });

  it('10: Sigkill at a tracepoint', () => {
    const evaluator = evaluatorOf({
      tracepoints: [
        {
          subsystem: 'syscalls',
          event: 'sys_enter_lseek',
          args: [{ index: 7, type: 'int32' }],
          selectors: [{ matchArgs: [equal(7, '5555')], matchActions: [{ action: 'Sigkill' }] }],
        },
      ],
    });
    expect(verdictOn(evaluator, hit([int(5555)])).effects.signals).toEqual([9]);
  });

  it.each([
    [11, [{ action: 'Override', argError: -2 }], 'Override', [], true],
    [12, [{ action: 'Override', argError: -2 }, { action: 'NoPost' }], 'NoPost', [], false],
    [
      13,
      [
        { action: 'Override', argError: -2 },
        { action: 'Signal', argSig: 10 },
      ],
      'Signal',
      [10],
      true,
    ],
    [
      14,
      [{ action: 'Signal', argSig: 10 }, { action: 'Override', argError: -2 }, { action: 'NoPost' }],
      'NoPost',
      [10],
      false,
    ],
  ] as const)('%i: actions in their order', (_row, matchActions, action, signals, post) => {
    const evaluator = evaluatorOf(openat([{ matchArgs: [equal(1, '/tmp/f')], matchActions }]));
    expect(verdictOn(evaluator, hit([text('/tmp/f'), int(0)]))).toMatchObject({
      action,
      post,
      effects: { override: -2, signals },
    });
  });

  it('15, 16: Override of what cannot be overridden', () => {
    const override = (call: string, options: readonly Tree[] = []): unknown => ({
      options,
      kprobes: [
        { call, syscall: false, selectors: [{ matchActions: [{ action: 'Override', argError: -1 }] }] },
      ],
    });
    expect(errorsOf(override('fd_install'))).toEqual(['TR-override']);
    expect(errorsOf(override('security_file_open'))).toEqual(['TR-override']);
    expect(errorsOf(override('security_file_open', [{ name: 'disable-kprobe-multi', value: '1' }]))).toEqual(
      [],
    );
  });

  it.each([
    ['a bogus type', { name: 'l', type: 'bogus', values: ['sys_dup'] }],
    ['another name', { name: 'm', type: 'syscalls', values: ['sys_dup'] }],
    ['a generated list with values', { name: 'l', type: 'generated_syscalls', values: ['sys_dup'] }],
    ['a ftrace list without pattern', { name: 'l', type: 'generated_ftrace' }],
  ])('17: lists, %s', (_name, list) => {
    expect(errorsOf({ lists: [list], kprobes: [{ call: 'list:l' }] })).not.toEqual([]);
  });

  it('18, 19: Prefix of a path', () => {
    expect(passesFilter('string', 'Prefix', ['/foo/'], text('/tmp/foo/'))).toBe(false);
    expect(passesFilter('string', 'Prefix', ['/tmp/f'], text('/tmp/f'))).toBe(true);
    expect(passesFilter('file', 'Prefix', ['/tmp/'], file('/tmp/f'))).toBe(true);
  });

  it('20: Postfix with and without NUL', () => {
    expect(passesFilter('string', 'Postfix', ['testfile'], text('/a/testfile'))).toBe(true);
    expect(passesFilter('string', 'Postfix', ['testfile\0'], text('/a/testfile'))).toBe(true);
  });

  it('22: Equal at the edges of the size classes', () => {
    for (const length of [1, 24, 25, 48, 49, 72, 73, 144, 145, 256, 257, 512, 513, 1024, 2048, 4096]) {
      const value = 'x'.repeat(length);
      expect(passesFilter('string', 'Equal', [value], text(value))).toBe(true);
      expect(passesFilter('string', 'Equal', [value], text(`${value.slice(1)}y`))).toBe(false);
    }
    expect(errorsOf(filterSpec('string', 'Equal', ['x'.repeat(4097)]))).toEqual(['TR-value-too-long']);
  });

  it('23 to 25: several values, and other files', () => {
    for (const type of ['file', 'fd']) {
      expect(passesFilter(type, 'Equal', ['/a', '/mnt/a'], file('/mnt/a'))).toBe(true);
      expect(passesFilter(type, 'Equal', ['/a', '/mnt/a'], file('/b'))).toBe(false);
      expect(passesFilter(type, 'NotPrefix', ['/mnt/'], file('/b'))).toBe(true);
      expect(passesFilter(type, 'NotPostfix', ['/a'], file('/mnt/a'))).toBe(false);
    }
  });

  it('26: Mask on flags', () => {
    const flags = int(0o2 | 0o1000 | 0o2000000);
    for (const value of ['512', '0x2', '02000000'])
      expect(passesFilter('int', 'Mask', [value], flags)).toBe(true);
    expect(passesFilter('int', 'Mask', ['0x40'], flags)).toBe(false);
  });

  it('27: filters on the returned descriptor', () => {
    const run = (operator: string, value: string, returned: number): boolean => {
      const hook = evaluatorOf(
        openat(
          [{ matchArgs: [equal(1, '/f')], matchReturnArgs: [{ index: 0, operator, values: [value] }] }],
          returning,
        ),
      ).hooks[0];
      const probe = hit([text('/f'), int(0)], { returnValue: int(returned) });
      const entered = hook?.entry(probe);
      return entered !== undefined && hook?.exit(probe, entered)?.post === true;
    };
    expect([run('GT', '0', 3), run('GT', '0', -2), run('LT', '0', -2), run('LT', '0', 3)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it('28: Equal of a buffer', () => {
    expect(passesFilter('char_buf', 'Equal', ['pizzaisthebest'], buffer('pizzaisthebest'))).toBe(true);
    expect(passesFilter('char_buf', 'Equal', ['pizzaisthebest'], buffer('pizzaistheworst'))).toBe(false);
  });

  it('33 to 36: GT, ranges, NotEqual and InMap', () => {
    expect(passesFilter('uint64', 'GT', ['0xffff0'], int(0xffff1))).toBe(true);
    expect(passesFilter('uint64', 'GT', ['0xffff0'], int(0xffff0))).toBe(false);
    expect([9, 10, 20, 21].map((value) => passesFilter('int', 'InRange', ['10:20'], int(value)))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect([9, 10, 20, 21].map((value) => passesFilter('int', 'NotInRange', ['10:20'], int(value)))).toEqual([
      true,
      false,
      false,
      true,
    ]);
    expect([4, 2, 6].map((value) => passesFilter('int', 'NotEqual', ['2', '6'], int(value)))).toEqual([
      true,
      false,
      false,
    ]);
    expect(
      [9909, 9910, 9920, 9921].map((value) => passesFilter('int', 'InMap', ['9910:9920'], int(value))),
    ).toEqual([false, true, true, false]);
  });

  it('37: keys of InMap have 64 bits', () => {
    const { comparison } =
      planOf(filterSpec('uint16', 'InMap', ['18446744073709551610:18446744073709551615'])).hooks[0]
        ?.selectors[0]?.args[0] ?? {};
    expect(comparison).toMatchObject({ ranges: [{ from: 2n ** 64n - 6n, to: 2n ** 64n - 1n }] });
  });

  it('38: args counts positions in the list', () => {
    const evaluator = evaluatorOf(lseek([{ matchArgs: [{ args: [1], operator: 'Equal', values: ['77'] }] }]));
    expect(verdictOn(evaluator, hit([int(0), int(77)])).post).toBe(true);
    expect(verdictOn(evaluator, hit([int(77), int(0)])).post).toBe(false);
  });

  it('39: five arguments, five filters', () => {
    const evaluator = evaluatorOf({
      kprobes: [
        {
          call: 'fn',
          syscall: false,
          args: [0, 1, 2, 3, 4].map((index) => ({ index, type: 'int' })),
          selectors: [{ matchArgs: [0, 1, 2, 3, 4].map((index) => equal(index, String(index))) }],
        },
      ],
    });
    expect(verdictOn(evaluator, hit([0, 1, 2, 3, 4].map(int))).post).toBe(true);
    expect(verdictOn(evaluator, hit([0, 1, 2, 3, 5].map(int))).post).toBe(false);
  });

  it('40: file types', () => {
    expect(passesFilter('file', 'FileType', ['reg'], file('/a'))).toBe(true);
    expect(passesFilter('file', 'FileType', ['pipe'], file('', 0o010600))).toBe(true);
    expect(passesFilter('file', 'NotFileType', ['reg'], file('', 0o140777))).toBe(true);
    expect(passesFilter('path', 'NotFileType', ['sock', 'reg'], file('/a'))).toBe(false);
  });

  it('41: SubString', () => {
    expect(passesFilter('linux_binprm', 'SubString', ['/i'], file('/usr/bin/id'))).toBe(true);
    expect(errorsOf(filterSpec('file', 'SubString', ['a', 'b']))).toEqual(['TR-substring-values']);
    const uprobe = (count: number): unknown => ({
      uprobes: [
        {
          path: '/bin/bash',
          symbols: ['main'],
          args: [{ index: 0, type: 'string' }],
          selectors: [
            {
              matchArgs: [
                { index: 0, operator: 'SubString', values: Array.from({ length: count }, (_, i) => `v${i}`) },
              ],
            },
          ],
        },
      ],
    });
    expect(verdictOn(evaluatorOf(uprobe(100)), hit([text('xx v99')])).post).toBe(true);
    expect(errorsOf(uprobe(101))).toEqual(['TR-substring-values']);
  });

  it('42: CapabilitiesGained', () => {
    const evaluator = evaluatorOf({
      kprobes: [
        {
          call: 'security_capset',
          syscall: false,
          args: [
            { index: 0, type: 'cap_effective' },
            { index: 1, type: 'cap_effective' },
          ],
          selectors: [{ matchArgs: [{ args: [0, 1], operator: 'CapabilitiesGained' }] }],
        },
      ],
    });
    expect(verdictOn(evaluator, hit([caps(1n), caps(3n)])).post).toBe(true);
    expect(verdictOn(evaluator, hit([caps(3n), caps(1n)])).post).toBe(false);
  });

  it('43: a rate limit over all threads', () => {
    const spec = (rateLimit?: string): unknown => ({
      kprobes: [
        {
          call: 'ip_send_skb',
          syscall: false,
          args: [{ index: 1, type: 'skb' }],
          selectors: [
            {
              matchArgs: [
                { index: 1, operator: 'DAddr', values: ['127.0.0.1'] },
                { index: 1, operator: 'DPort', values: ['9468'] },
                { index: 1, operator: 'Protocol', values: ['IPPROTO_UDP'] },
              ],
              matchActions: [
                {
                  action: 'Post',
                  ...(rateLimit === undefined ? {} : { rateLimit, rateLimitScope: 'global' }),
                },
              ],
            },
          ],
        },
      ],
    });
    const datagram: ArgValue = { ...sock({ daddr: [127, 0, 0, 1], dport: 9468, protocol: 17 }), kind: 'skb' };
    const count = (rateLimit?: string): number => {
      const evaluator = evaluatorOf(spec(rateLimit));
      return [1, 2, 3, 4, 5].filter(
        (tid) => verdictOn(evaluator, hit([datagram], { task: task({ tid, pid: tid }) })).post,
      ).length;
    };
    expect([count(), count('5')]).toEqual([5, 1]);
  });

  it('44: addresses', () => {
    expect(parseAddressPrefix('1.2.3.4/33')).toBeTypeOf('string');
    expect(parseAddressPrefix('::gg')).toBeTypeOf('string');
    expect(parseAddressPrefix('a/16')).toBeTypeOf('string');
    expect(parseAddressPrefix('1.2.3.4/16')).toEqual({ family: 4, bytes: [1, 2, 0, 0], length: 16 });
    expect(parseAddressPrefix('::ffff:1.2.3.4')).toMatchObject({ family: 6, length: 128 });
  });

  it('45: capability masks', () => {
    expect(parseCapabilityMask('100')).toEqual({ value: 100n });
    expect(parseCapabilityMask('CAP_SYS_ADMIN, CAP_BPF')).toEqual({ value: (1n << 21n) | (1n << 39n) });
    expect(parseCapabilityMask('CAP_PIZZA')).toHaveProperty('problem');
  });

  const createUserNs = (more: Tree): unknown => ({
    kprobes: [
      {
        call: 'create_user_ns',
        syscall: false,
        selectors: [
          {
            matchCapabilities: [{ type: 'Effective', operator: 'NotIn', values: ['CAP_SYS_ADMIN'] }],
            ...more,
            matchActions: [{ action: 'Sigkill' }],
          },
        ],
      },
    ],
  });
  const unprivileged = { Effective: 0n, Permitted: 0n, Inheritable: 0n };

  it('46, 47: capabilities and namespaces of the process', () => {
    const kills = (more: Tree, probe: ProbeHit): boolean =>
      verdictOn(evaluatorOf(createUserNs(more)), probe).effects.signals.length > 0;
    expect(kills({}, hit([]))).toBe(false);
    expect(kills({}, hit([], { task: task({ capabilities: unprivileged }) }))).toBe(true);
    const elsewhere = { matchNamespaces: [{ namespace: 'Pid', operator: 'NotIn', values: ['host_ns'] }] };
    expect(kills(elsewhere, hit([], { task: task({ capabilities: unprivileged }) }))).toBe(false);
    expect(
      kills(
        elsewhere,
        hit([], { task: task({ capabilities: unprivileged, namespaces: namespaces({ Pid: 5 }) }) }),
      ),
    ).toBe(true);
  });

  it('48, 49: changes since the exec', () => {
    const changed = (filter: Tree, changes: Parameters<typeof task>[0]): boolean =>
      verdictOn(evaluatorOf(lseek([filter])), hit([int(0), int(0)], { task: task(changes) })).post;
    const mount = { matchNamespaceChanges: [{ operator: 'In', values: ['Mnt'] }] };
    expect(changed(mount, { namespaces: namespaces({ Mnt: 5 }) })).toBe(true);
    expect(changed(mount, { namespaces: namespaces({ Uts: 5 }) })).toBe(false);
    expect(changed(mount, { namespaces: namespaces({ Mnt: 5 }), recordedNamespaces: undefined })).toBe(false);
    const capability = (operator: string): Tree => ({
      matchCapabilityChanges: [{ type: 'Effective', operator, values: ['CAP_CHOWN'] }],
    });
    const from = { Effective: 3n, Permitted: 0n, Inheritable: 0n };
    const to = (Effective: bigint): Parameters<typeof task>[0] => ({
      recordedCapabilities: from,
      capabilities: { ...from, Effective },
    });
    expect(changed(capability('In'), to(2n))).toBe(true);
    expect(changed(capability('In'), to(1n))).toBe(false);
    expect(changed(capability('NotIn'), to(1n))).toBe(true);
    expect(changed(capability('NotIn'), to(0n))).toBe(false);
    expect(changed(capability('NotIn'), to(3n))).toBe(false);
  });

  it('50, 51: too much of something', () => {
    expect(errorsOf(lseek([{ matchActions: new Array(4).fill({ action: 'Post' }) }]))).toEqual([
      'TR-too-many-actions',
    ]);
    expect(errorsOf(lseek(new Array(6).fill({})))).toEqual(['TR-too-many-selectors']);
    for (const tags of [[''], ['a'], new Array(17).fill('tag')])
      expect(errorsOf(lseek([], { tags }))).not.toEqual([]);
    expect(errorsOf(lseek([], { message: 'a' }))).not.toEqual([]);
    expect(planOf(lseek([], { message: 'm'.repeat(257) })).hooks[0]?.message).toHaveLength(256);
  });

  it('52, 53: unreadable arguments', () => {
    const unreadable: ArgValue = { kind: 'unreadable', message: 'Bad address for basic type' };
    expect(verdictOn(evaluatorOf(openat([])), hit([unreadable, int(0)])).post).toBe(true);
    expect(passesFilter('int', 'Equal', ['0'], unreadable)).toBe(false);
    expect(passesFilter('int', 'NotEqual', ['99'], unreadable)).toBe(false);
  });

  it('54: CEL wraps', () => {
    const run = (source: string): boolean => {
      const result = compileCel(source, []);
      if ('problem' in result) throw new Error(result.problem);
      return prepareCel(result.program)(hit([])) === true;
    };
    expect(run('int32(-1) == int32(4294967295)')).toBe(true);
    expect(run('5u-10u == 18446744073709551611u')).toBe(true);
  });

  it('55: CEL on an unreadable argument', () => {
    const spec = filterSpec('int', 'CelExpr', ['arg0 == int32(0) || true']);
    expect(verdictOn(evaluatorOf(spec), hit([{ kind: 'unreadable', message: '' }])).post).toBe(false);
    expect(verdictOn(evaluatorOf(spec), hit([int(7)])).post).toBe(true);
  });

  it('56, 57: LSM hooks', () => {
    const open = (path: string): Tree => ({
      hook: 'file_open',
      args: [{ index: 0, type: 'file' }],
      selectors: [{ matchArgs: [equal(0, path)], matchActions: [{ action: 'Override', argError: -1 }] }],
    });
    const evaluator = evaluatorOf({ lsmhooks: [open('/a'), open('/b')] });
    expect([0, 1].map((hook) => verdictOn(evaluator, hit([file('/b')]), hook).post)).toEqual([false, true]);
    expect(verdictOn(evaluator, hit([file('/a')]))).toMatchObject({
      action: 'Override',
      effects: { override: -1 },
    });
  });

  it('58: monitor mode', () => {
    const spec = (mode: string): unknown => ({
      ...(lseek([{ matchActions: [{ action: 'Signal', argSig: 9 }] }]) as Tree),
      options: [{ name: 'policy-mode', value: mode }],
    });
    const evaluator = evaluatorOf(spec('monitor'));
    expect(evaluator.plan.mode).toBe('monitor');
    expect(verdictOn(evaluator, hit([int(0), int(0)]))).toMatchObject({
      action: 'Signal',
      post: true,
      monitored: true,
      effects: { signals: [] },
    });
    expect(evaluator.counters()[0]?.[0]).toEqual({ post: 1, monitor_signal: 1 });
    expect(verdictOn(evaluatorOf(spec('enforce')), hit([int(0), int(0)])).effects.signals).toEqual([9]);
  });

  it('59: a policy that only posts is monitor_only', () => {
    expect(planOf(lseek([])).mode).toBe('monitor_only');
  });

  it('60: long paths of binaries', () => {
    const path = `/${'d'.repeat(3800)}/tool`;
    const matches = (operator: string, value: string): boolean =>
      verdictOn(
        evaluatorOf(lseek([{ matchBinaries: [{ operator, values: [value] }] }])),
        hit([int(0), int(0)], { task: task({ binary: path }) }),
      ).post;
    expect(matches('Prefix', '/ddd')).toBe(true);
    expect(matches('Postfix', 'd/tool')).toBe(true);
    expect(matches('In', path.slice(0, 255))).toBe(true);
  });

  it('61: followChildren', () => {
    const posted = (followChildren: boolean): boolean =>
      verdictOn(
        evaluatorOf(
          lseek([{ matchBinaries: [{ operator: 'In', values: ['/usr/bin/bash'], followChildren }] }]),
        ),
        hit([int(0), int(0)]),
      ).post;
    expect([posted(true), posted(false)]).toEqual([true, false]);
  });

  it('62: names of system calls', () => {
    const targets = (value: string): unknown =>
      planOf({
        lists: [{ name: 'l', type: 'syscalls', values: [value] }],
        kprobes: [{ call: 'list:l' }],
      }).hooks.map(({ target }) => target);
    expect(targets('i386/sys_dup')).toEqual(['__ia32_sys_dup']);
    expect(targets('__ia32_sys_dup')).toEqual(['__ia32_sys_dup']);
    expect(targets('sys_dup')).toEqual(['__x64_sys_dup']);
    expect(() => targets('__foo_dup')).toThrow();
  });

  it('63: resolve paths', () => {
    const refused = (resolve: string): boolean =>
      errorsOf({ kprobes: [{ call: 'fn', syscall: false, args: [{ index: 0, type: 'int', resolve }] }] })
        .length > 0;
    expect(['my..field', 'a.[1]', 'a[]', '[1].a'].map(refused)).toEqual([true, true, true, false]);
  });

  it('64: an empty string', () => {
    expect(passesFilter('string', 'Equal', [''], text(''))).toBe(false);
    expect(passesFilter('string', 'NotEqual', [''], text(''))).toBe(true);
    expect(passesFilter('string', 'Equal', ['x'], text(''))).toBe(false);
  });

  it('65: rules of the resource definition', () => {
    const uprobe = (more: Tree): string[] =>
      errorsOf({ uprobes: [{ path: '/bin/a', symbols: ['f'], ...more }] });
    expect(uprobe({ offsets: [4] })).not.toEqual([]);
    expect(uprobe({ return: true })).not.toEqual([]);
    expect(
      uprobe({ selectors: [{ matchActions: [{ action: 'Override', argNewSymbol: 'g', argNewAddr: 4 }] }] }),
    ).not.toEqual([]);
  });

  const notify = { matchActions: [{ action: 'NotifyEnforcer', argError: -1, argSig: 9 }] };

  it('68: NotifyEnforcer without enforcers', () => {
    expect(errorsOf(lseek([notify]))).toEqual(['TR-notify-enforcer']);
  });

  it('69: enforcers on a list of system calls', () => {
    const evaluator = evaluatorOf({
      lists: [{ name: 'dups', type: 'syscalls', values: ['sys_dup', 'i386/sys_dup'] }],
      enforcers: [{ calls: ['list:dups'] }],
      tracepoints: [
        {
          subsystem: 'raw_syscalls',
          event: 'sys_enter',
          args: [{ index: 4, type: 'syscall64' }],
          selectors: [{ matchArgs: [{ index: 4, operator: 'InMap', values: ['list:dups'] }], ...notify }],
        },
      ],
    });
    expect(evaluator.plan.enforcers).toEqual(['__x64_sys_dup', '__ia32_sys_dup']);
    expect(verdictOn(evaluator, hit([int(32)])).effects.notifyEnforcer).toEqual({ error: -1, signal: 9 });
    expect(verdictOn(evaluator, hit([int(0x8000_0000 + 41)])).post).toBe(true);
    expect(verdictOn(evaluator, hit([int(41)])).post).toBe(false);
  });

  it('70, 71: negative numbers', () => {
    expect(errorsOf(filterSpec('int', 'Equal', ['0xffffffff']))).toEqual(['TR-filter-value']);
    expect(errorsOf(filterSpec('uint32', 'Equal', ['0xffffffff']))).toEqual([]);
    expect(passesFilter('int8', 'Equal', ['-1'], int(-1))).toBe(false);
    expect(passesFilter('int', 'InMap', ['-1'], int(-1))).toBe(false);
    expect(passesFilter('long', 'InMap', ['-1'], int(-1))).toBe(true);
  });

  it('72 to 74: pathless files, prefixes, ports', () => {
    expect(passesFilter('file', 'NotEqual', ['/x'], file(''))).toBe(false);
    expect(passesFilter('file', 'Prefix', ['/etc'], file('/etcetera'))).toBe(true);
    expect(passesFilter('sock', 'SPortPriv', undefined, sock({ sport: 0 }))).toBe(true);
    expect(passesFilter('sock', 'NotSAddr', ['::5'], sock())).toBe(true);
    expect(
      passesFilter('sock', 'NotSAddr', ['::5'], {
        kind: 'sock',
        family: 1,
        type: 1,
        protocol: 0,
        state: 7,
        sport: 0,
        dport: 0,
      }),
    ).toBe(false);
  });

  it('75: the last action names the event', () => {
    const evaluator = evaluatorOf(lseek([{ matchActions: [{ action: 'Sigkill' }, { action: 'Post' }] }]));
    expect(verdictOn(evaluator, hit([int(0), int(0)]))).toMatchObject({
      action: 'Post',
      effects: { signals: [9] },
    });
  });
});
