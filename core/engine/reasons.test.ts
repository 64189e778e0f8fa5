import { describe, expect, it } from 'vitest';
import type { ArgValue } from '../values/value.ts';
import { reasonCodes } from './codes.ts';
import { evaluatorOf, file, hit, int, sock, task, text, verdictOn } from './testing.ts';
import { reasonWords } from './words.ts';

const spec = {
  kprobes: [
    {
      call: 'fd_install',
      syscall: false,
      args: [
        { index: 0, type: 'int' },
        { index: 1, type: 'file' },
      ],
      selectors: [
        {
          matchBinaries: [{ operator: 'In', values: ['/usr/bin/vi'] }],
          matchArgs: [{ index: 0, operator: 'Equal', values: ['3'] }],
        },
        {
          matchPIDs: [{ operator: 'In', values: [100] }],
          matchArgs: [
            { index: 0, operator: 'GT', values: ['2'] },
            { index: 1, operator: 'Prefix', values: ['/etc'] },
          ],
          matchActions: [{ action: 'Signal', argSig: 10 }],
        },
      ],
    },
  ],
};

describe('reasons', () => {
  it('are made only when they are asked for', () => {
    const evaluator = evaluatorOf(spec);
    expect(verdictOn(evaluator, hit([int(3), file('/etc/a')]))).not.toHaveProperty('reasons');
    expect(verdictOn(evaluator, hit([int(3), file('/etc/a')]), 0, { reasons: true }).reasons).toEqual([
      { selector: 0, filter: 0, code: 'process-failed', value: '/usr/bin/cat' },
      { selector: 0, filter: 1, code: 'not-tried' },
      { selector: 1, filter: 0, code: 'process-passed', value: 100 },
      { selector: 1, filter: 1, code: 'compared-passed', value: int(3) },
      { selector: 1, filter: 2, code: 'compared-passed', value: file('/etc/a') },
    ]);
  });

  it('are plain data, as all of a verdict is', () => {
    for (const args of [
      [int(3), file('/etc/a')],
      [int(3), { kind: 'unknown', why: 'no snapshot' } as const],
    ]) {
      const verdict = verdictOn(evaluatorOf(spec), hit(args), 0, { reasons: true });
      expect(structuredClone(verdict)).toEqual(verdict);
      const big = (_key: string, value: unknown): unknown =>
        typeof value === 'bigint' ? String(value) : value;
      const parsed: unknown = JSON.parse(JSON.stringify(verdict, big));
      expect(parsed).toMatchObject({
        side: 'entry',
        reasons: verdict.reasons?.map(({ code }) => ({ code })),
      });
    }
  });

  it('name the filter that needs what is not known, and why it is not', () => {
    const value: ArgValue = { kind: 'unknown', why: 'no snapshot' };
    expect(verdictOn(evaluatorOf(spec), hit([int(3), value])).undetermined).toEqual({
      selector: 1,
      filter: 2,
      code: 'unknown',
      value,
    });
  });

  it.each<[selector: Record<string, unknown>, value: ArgValue, words: string]>([
    [
      { matchBinaries: [{ operator: 'NotIn', values: ['/a', '/b'] }] },
      int(0),
      'binary "/usr/bin/cat" is none of "/a", "/b"',
    ],
    [
      { matchParentBinaries: [{ operator: 'Prefix', values: ['/usr'] }] },
      int(0),
      'parent binary "/usr/bin/bash" starts with "/usr"',
    ],
    [{ matchPIDs: [{ operator: 'NotIn', values: [100] }] }, int(0), 'pid 100 is among 100'],
    [
      { matchNamespaces: [{ namespace: 'Mnt', operator: 'In', values: ['5'] }] },
      int(0),
      'Mnt namespace 4026531802 is not among 5',
    ],
    [
      { matchCapabilities: [{ operator: 'In', isNamespaceCapability: true, values: ['CAP_CHOWN'] }] },
      int(0),
      "the process is in the host's user namespace",
    ],
    [{ matchArgs: [{ index: 0, operator: 'NotEqual', values: ['5'] }] }, int(5), 'int 5 is 5'],
    [
      { matchArgs: [{ index: 0, operator: 'Equal', values: ['5'] }] },
      { kind: 'unreadable', message: 'Bad address' },
      'int, which could not be read (Bad address), matches nothing',
    ],
    [
      { matchArgs: [{ index: 0, operator: 'Prefix', values: ['5'] }] },
      int(0),
      'Prefix loads with type int, but never matches',
    ],
    [
      { matchArgs: [{ index: 0, operator: 'CelExpr', values: ['arg0 == int32(1)'] }] },
      int(0),
      'arg0 == int32(1) is false',
    ],
  ])('%j', (selector, value, words) => {
    const evaluator = evaluatorOf({
      kprobes: [{ call: 'fn', syscall: false, args: [{ index: 0, type: 'int' }], selectors: [selector] }],
    });
    const [hook] = evaluator.plan.hooks;
    const [reason] = verdictOn(evaluator, hit([value]), 0, { reasons: true }).reasons ?? [];
    expect(hook && reason && reasonWords(reason, hook, 'entry')).toBe(words);
  });

  it('say what was not known of a process', () => {
    const evaluator = evaluatorOf({
      kprobes: [
        {
          call: 'fn',
          syscall: false,
          selectors: [
            { matchBinaries: [{ operator: 'In', values: ['/a'] }] },
            { matchParentBinaries: [{ operator: 'In', values: ['/a'] }] },
            { matchNamespaceChanges: [{ operator: 'In', values: ['Mnt'] }] },
            { matchCapabilityChanges: [{ operator: 'In', values: ['CAP_CHOWN'] }] },
          ],
        },
      ],
    });
    const nothing = task({
      ...{ binary: undefined, parentBinary: undefined },
      ...{ recordedNamespaces: undefined, recordedCapabilities: undefined },
    });
    const { reasons = [] } = verdictOn(evaluator, hit([], { task: nothing }), 0, { reasons: true });
    expect(reasons.map(({ code }) => [code, reasonCodes[code]])).toEqual([
      ['binary-unknown', 'failed'],
      ['parent-missing', 'passed'],
      ['exec-unknown', 'failed'],
      ['exec-unknown', 'failed'],
    ]);
  });
});

describe('marks', () => {
  it('say which selector, filter and value decided', () => {
    const evaluator = evaluatorOf(spec, undefined, { marks: true });
    const other = task({ binary: '/usr/bin/vi' });
    for (const probe of [
      hit([int(3), file('/etc/a')]),
      hit([int(3), file('/etc/a')], { task: other }),
      hit([int(1), file('/etc/a')]),
      hit([int(9), file('/x')]),
      hit([int(9), { kind: 'unknown', why: '' }]),
    ])
      verdictOn(evaluator, probe);
    const [first, second] = evaluator.marks()[0]?.selectors ?? [];
    expect(first?.entry).toEqual({
      ...{ won: 1, failed: { 0: 4 }, notReached: 0, undetermined: 0 },
      values: { 0: { 0: 1 }, 1: { 0: 1 } },
    });
    expect(second?.entry).toEqual({
      ...{ won: 1, failed: { 1: 1, 2: 1 }, notReached: 1, undetermined: 1 },
      values: { 0: { 0: 4 }, 1: { 0: 3 }, 2: { 0: 1 } },
    });
  });

  it('are not kept unless they are asked for', () => {
    const evaluator = evaluatorOf(spec);
    verdictOn(evaluator, hit([int(3), file('/etc/a')]));
    expect(evaluator.marks()).toEqual([]);
  });

  it.each<[type: string, operator: string, values: string[], value: ArgValue, which: number | undefined]>([
    ['int', 'Equal', ['4', '5'], int(5), 1],
    ['int', 'NotEqual', ['4', '5'], int(5), 1],
    ['int', 'InMap', ['1', '10:20', '2'], int(2), 1],
    ['int', 'InMap', ['1', '10:20', '2'], int(11), 2],
    ['int', 'InRange', ['1:2', '3:4'], int(4), 1],
    ['int', 'GT', ['9', '5'], int(6), 1],
    ['int', 'Mask', ['1', '8'], int(8), 1],
    ['string', 'Equal', ['a', 'b'], text('b'), 1],
    ['string', 'Postfix', ['.a', '.b'], text('x.b'), 1],
    ['file', 'Prefix', ['/a', '/b'], file('/b/c'), 1],
    ['file', 'FileType', ['reg', 'dir'], file('/d', 0o040755), 1],
    ['sock', 'DPort', ['80', '443'], sock(), 1],
    ['sock', 'DAddr', ['::1', '10.0.0.0/8'], sock(), 1],
    ['sock', 'Protocol', ['IPPROTO_UDP', 'IPPROTO_TCP'], sock(), 1],
    ['int', 'Equal', ['4', '5'], int(6), undefined],
    ['file', 'Equal', ['/a'], file(''), undefined],
  ])('%s %s %j', (type, operator, values, value, which) => {
    const evaluator = evaluatorOf(
      {
        kprobes: [
          {
            call: 'fn',
            syscall: false,
            args: [{ index: 0, type }],
            selectors: [{ matchArgs: [{ index: 0, operator, values }] }],
          },
        ],
      },
      undefined,
      { marks: true },
    );
    verdictOn(evaluator, hit([value]));
    expect(evaluator.marks()[0]?.selectors[0]?.entry.values).toEqual(
      which === undefined ? {} : { 0: { [which]: 1 } },
    );
  });
});
