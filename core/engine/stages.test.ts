import { describe, expect, it } from 'vitest';
import type { ArgValue } from '../values/value.ts';
import { recordedUpdate } from './recorded.ts';
import { explainPlan, explainVerdict, explanationLines } from './explain.ts';
import { evaluatorOf, file, hit, int, namespaces, planOf, sock, task, text, verdictOn } from './testing.ts';
import type { TaskView } from './hit.ts';
import type { PolicyEvaluator } from './engine.ts';
import { reasonWords } from './words.ts';

type Tree = Record<string, unknown>;

const unreadable: ArgValue = { kind: 'unreadable', message: '' };

function kprobe(selectors: readonly Tree[], more: Tree = {}, spec: Tree = {}): unknown {
  return {
    ...spec,
    kprobes: [{ call: 'fn', syscall: false, args: [{ index: 0, type: 'int' }], selectors, ...more }],
  };
}

function passes(selector: Tree, changes: Partial<TaskView> = {}): boolean {
  return verdictOn(evaluatorOf(kprobe([selector])), hit([int(0)], { task: task(changes) })).post;
}

describe('matchBinaries', () => {
  const binaries = (operator: string, values: readonly string[], more: Tree = {}): Tree => ({
    matchBinaries: [{ operator, values, ...more }],
  });

  it.each([
    ['In', ['/usr/bin/cat'], true],
    ['In', ['/usr/bin/ca'], false],
    ['NotIn', ['/usr/bin/cat'], false],
    ['Prefix', ['/usr/'], true],
    ['NotPrefix', ['/usr/', '/bin'], false],
    ['Postfix', ['/cat'], true],
    ['NotPostfix', ['/dog'], true],
  ])('%s %j: %s', (operator, values, expected) => {
    expect(passes(binaries(operator, values))).toBe(expected);
  });

  it('never matches a binary that is not known', () => {
    for (const operator of ['In', 'NotIn', 'NotPrefix']) {
      expect(passes(binaries(operator, ['/x']), { binary: undefined })).toBe(false);
    }
  });

  it('is ignored without values', () => {
    expect(passes(binaries('In', []))).toBe(true);
  });

  it('follows children, also negated', () => {
    expect(passes(binaries('In', ['/usr/bin/bash'], { followChildren: true }))).toBe(true);
    expect(passes(binaries('NotIn', ['/usr/bin/bash'], { followChildren: true }))).toBe(false);
    expect(passes(binaries('NotIn', ['/usr/bin/zsh'], { followChildren: true }))).toBe(true);
  });

  it('compares the first 255 bytes', () => {
    const long = `/${'a'.repeat(300)}`;
    expect(passes(binaries('In', [long.slice(0, 255)]), { binary: long })).toBe(true);
    expect(passes(binaries('In', [long.slice(0, 254)]), { binary: long })).toBe(false);
  });
});

describe('matchParentBinaries', () => {
  const parent = (operator: string): Tree => ({
    matchParentBinaries: [{ operator, values: ['/usr/bin/bash'] }],
  });

  it('looks at the parent, and passes without one', () => {
    expect([passes(parent('In')), passes(parent('NotIn'))]).toEqual([true, false]);
    expect(passes(parent('In'), { parentBinary: undefined })).toBe(true);
    expect(passes(parent('NotIn'), { parentBinary: undefined })).toBe(true);
  });
});

describe('matchPIDs', () => {
  const pids = (operator: string, values: readonly number[], more: Tree = {}): Tree => ({
    matchPIDs: [{ operator, values, ...more }],
  });

  it('compares the process id', () => {
    expect(passes(pids('In', [100]))).toBe(true);
    expect(passes(pids('NotIn', [100]))).toBe(false);
    expect(passes(pids('In', [90]))).toBe(false);
  });

  it('follows forks', () => {
    expect(passes(pids('In', [90], { followForks: true }))).toBe(true);
    expect(passes(pids('NotIn', [1], { followForks: true }))).toBe(false);
  });

  it('looks at four values', () => {
    expect(passes(pids('In', [1, 2, 3, 4, 100]))).toBe(false);
    expect(passes(pids('NotIn', [1, 2, 3, 4, 100]))).toBe(true);
  });

  it('never matches with two entries', () => {
    const entry = { operator: 'In', values: [100] };
    expect(passes({ matchPIDs: [entry, entry] })).toBe(false);
  });

  it('finds 0 in every child namespace, and nothing on the host', () => {
    const inside = { nsPid: 7, ancestorNsPids: [3] };
    const options = { isNamespacePID: true, followForks: true };
    expect(passes(pids('In', [0], options), inside)).toBe(true);
    expect(passes(pids('NotIn', [0, 1], options), inside)).toBe(false);
    expect(passes(pids('In', [3], options), inside)).toBe(true);
    expect(passes(pids('NotIn', [9], options))).toBe(false);
    expect(passes(pids('In', [7], { isNamespacePID: true }), inside)).toBe(true);
  });
});

describe('namespaces and capabilities', () => {
  it('compares the current namespaces', () => {
    const mount = (operator: string, ...values: string[]): Tree => ({
      matchNamespaces: [{ namespace: 'Mnt', operator, values }],
    });
    expect(passes(mount('In', 'host_ns'))).toBe(true);
    expect(passes(mount('NotIn', 'host_ns'))).toBe(false);
    expect(passes(mount('In', '5', '6'), { namespaces: namespaces({ Mnt: 6 }) })).toBe(true);
  });

  it('never matches with two matchCapabilities entries', () => {
    const entry = { operator: 'In', values: ['CAP_CHOWN'] };
    expect(passes({ matchCapabilities: [entry] })).toBe(true);
    expect(passes({ matchCapabilities: [entry, entry] })).toBe(false);
  });

  it('asks for another user namespace where the capability is to be one of it', () => {
    const filter = {
      matchCapabilities: [{ operator: 'In', isNamespaceCapability: true, values: ['CAP_CHOWN'] }],
    };
    expect(passes(filter)).toBe(false);
    expect(passes(filter, { namespaces: namespaces({ User: 5 }) })).toBe(true);
  });

  it('tells what a posted match renews', () => {
    const spec = kprobe([{ matchNamespaceChanges: [{ operator: 'NotIn', values: ['Mnt'] }] }]);
    const evaluator = evaluatorOf(spec);
    const [hook] = planOf(spec).hooks;
    const update = (changes: Partial<TaskView>): unknown =>
      hook && recordedUpdate(hook, verdictOn(evaluator, hit([int(0)], { task: task(changes) })));
    expect(update({ namespaces: namespaces({ Uts: 5 }) })).toEqual({ namespaces: true, capabilities: false });
    expect(update({ namespaces: namespaces({ Mnt: 5 }) })).toEqual({
      namespaces: false,
      capabilities: false,
    });
  });
});

describe('workloads', () => {
  const workload = {
    namespace: 'shop',
    podLabels: { app: 'web' },
    containerName: 'nginx',
    containerImage: 'r.io:5000/nginx:1',
  };

  it.each([
    [{}, true, true],
    [{ podSelector: { matchLabels: { app: 'web' } } }, true, false],
    [{ podSelector: { matchLabels: { app: 'db' } } }, false, false],
    [{ podSelector: {}, hostSelector: {} }, true, true],
    [{ hostSelector: {} }, false, true],
    [{ containerSelector: { matchLabels: { name: 'nginx' } } }, true, false],
    [
      {
        containerSelector: {
          matchExpressions: [{ key: 'repo', operator: 'In', values: ['r.io:5000/nginx'] }],
        },
      },
      true,
      false,
    ],
    [{ podSelector: { matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['x'] }] } }, true, false],
    [{ podSelector: { matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'shop' } } }, true, false],
  ])('%j', (selectors, inPod, onHost) => {
    expect(passes({ matchWorkloads: selectors }, { workload })).toBe(inPod);
    expect(passes({ matchWorkloads: selectors })).toBe(onHost);
    const whole = evaluatorOf(kprobe([], {}, selectors));
    expect(verdictOn(whole, hit([int(0)], { task: task({ workload }) })).post).toBe(inPod);
  });
});

describe('rate limits', () => {
  const limited = (scope: string): PolicyEvaluator =>
    evaluatorOf(
      kprobe([
        { matchActions: [{ action: 'Post', rateLimit: '5m', rateLimitScope: scope }, { action: 'Sigkill' }] },
      ]),
    );
  const at = (seconds: number, value = 1, ids: Partial<TaskView> = {}) =>
    hit([int(value)], { bootNs: BigInt(seconds) * 1_000_000_000n, task: task(ids) });

  it('are not known where a value of the key is not', () => {
    const evaluator = limited('thread');
    const vague = hit([{ kind: 'unknown', why: '' }], { bootNs: 400_000_000_000n, task: task({}) });
    const limits = [vague, vague, at(401), at(402), at(702, 2)].map(
      (one) => verdictOn(evaluator, one).rateLimited,
    );
    expect(limits).toEqual([false, 'unknown', 'unknown', true, false]);
  });

  it('tell a path that is too long from none', () => {
    const evaluator = limited('thread');
    const [none, tooLong] = [{}, { unresolved: true }].map((more) =>
      hit([{ ...file(''), ...more }], { bootNs: 400_000_000_000n, task: task({}) }),
    );
    const limits = [none, tooLong, none].map((one) => one && verdictOn(evaluator, one).rateLimited);
    expect(limits).toEqual([false, false, true]);
  });

  it.each([
    ['const_buf', [false, true, false]],
    ['char_buf', [false, false, false]],
  ])(
    'tell buffers of %s apart by the bytes that have room behind what stands before them',
    (type, limits) => {
      const size = type === 'char_buf' ? { sizeArgIndex: 2 } : {};
      const args = [
        { index: 0, type, ...size },
        { index: 1, type: 'int' },
      ];
      const selectors = [{ matchActions: [{ action: 'Post', rateLimit: '5m' }] }];
      const evaluator = evaluatorOf(kprobe(selectors, { args }));
      const buffers = ['a'.repeat(36), 'a'.repeat(60), 'b'].map((value) =>
        hit([{ kind: 'buffer', value, size: value.length }, int(1)], {
          bootNs: 400_000_000_000n,
          task: task({}),
        }),
      );
      expect(buffers.map((one) => verdictOn(evaluator, one).rateLimited)).toEqual(limits);
    },
  );

  it('is told by whichever Post of a selector is limited', () => {
    const posts = [{ action: 'Post', rateLimit: '5m' }, { action: 'Post' }];
    const evaluator = evaluatorOf(kprobe([{ matchActions: posts }]));
    const verdicts = [at(400), at(401)].map((one) => verdictOn(evaluator, one));
    expect(verdicts).toMatchObject([
      { post: true, rateLimited: false },
      { post: false, rateLimited: true },
    ]);
  });

  it('suppresses the event and nothing else', () => {
    const evaluator = limited('thread');
    expect(verdictOn(evaluator, at(400)).post).toBe(true);
    expect(verdictOn(evaluator, at(410))).toMatchObject({
      post: false,
      rateLimited: true,
      effects: { signals: [9] },
    });
    expect(verdictOn(evaluator, at(410, 2)).post).toBe(true);
    expect(verdictOn(evaluator, at(701)).post).toBe(true);
    expect(evaluator.counters()[0]?.[0]).toEqual({ post: 3, signal: 4 });
  });

  it.each([
    ['thread', [true, true, true]],
    ['process', [true, false, true]],
    ['global', [true, false, false]],
  ])('by %s', (scope, expected) => {
    const evaluator = limited(scope);
    const ids = [
      { pid: 1, tid: 1 },
      { pid: 1, tid: 2 },
      { pid: 3, tid: 3 },
    ];
    expect(ids.map((id) => verdictOn(evaluator, at(400, 1, id)).post)).toEqual(expected);
  });

  it('is taken to be up for longer than every window unless it is said', () => {
    const evaluator = limited('global');
    expect([1, 2, 400].map((seconds) => verdictOn(evaluator, at(seconds)).post)).toEqual([true, false, true]);
  });

  it('limits nothing while the machine is up for less than the window', () => {
    const uptime = { fromNs: 40_000_000_000n, upNs: 40_000_000_000n };
    const actions = [{ action: 'Post', rateLimit: '5m', rateLimitScope: 'global' }];
    const evaluator = evaluatorOf(kprobe([{ matchActions: actions }]), undefined, { uptime });
    expect([40, 41, 299, 301].map((seconds) => verdictOn(evaluator, at(seconds)).post)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});

describe('actions', () => {
  it('leaves an untracked socket as it was', () => {
    const evaluator = evaluatorOf({
      kprobes: [
        {
          call: 'tcp_close',
          syscall: false,
          args: [{ index: 0, type: 'sock' }],
          selectors: [{ matchActions: [{ action: 'UntrackSock', argSock: 0 }] }],
        },
      ],
    });
    expect(verdictOn(evaluator, hit([sock()], { isTracked: () => false }))).toMatchObject({
      action: 'Post',
      post: true,
    });
    expect(verdictOn(evaluator, hit([sock()]))).toMatchObject({
      action: 'UntrackSock',
      effects: { sockets: [{ position: 0, tracked: false }] },
    });
  });

  it.each([
    ['tracks and drops in order', ['TrackSock', 'UntrackSock'], sock(), 'UntrackSock'],
    ['drops once what was tracked', ['UntrackSock', 'Post', 'UntrackSock'], sock(), 'Post'],
    ['tracks nothing that cannot be read', ['TrackSock', 'UntrackSock'], unreadable, 'TrackSock'],
  ])('%s', (_what, actions, value, named) => {
    const evaluator = evaluatorOf({
      kprobes: [
        {
          call: 'tcp_close',
          syscall: false,
          args: [{ index: 0, type: 'sock' }],
          selectors: [{ matchActions: actions.map((action) => ({ action, argSock: 0 })) }],
        },
      ],
    });
    const isTracked = (): boolean => actions[0] === 'UntrackSock';
    expect(verdictOn(evaluator, hit([value], { isTracked })).action).toBe(named);
  });

  it('records requests as intended effects', () => {
    const actions = [
      { action: 'GetUrl', argUrl: 'http://a/b' },
      { action: 'DnsLookup', argFqdn: 'a.example' },
    ];
    expect(
      verdictOn(evaluatorOf(kprobe([{ matchActions: actions }])), hit([int(0)])).effects.intended,
    ).toEqual([
      { kind: 'GetUrl', url: 'http://a/b' },
      { kind: 'DnsLookup', fqdn: 'a.example' },
    ]);
  });

  it.each([
    ['lsm', { lsmhooks: [{ hook: 'file_open' }] }, -13, -13],
    ['lsm beyond the errors', { lsmhooks: [{ hook: 'file_open' }] }, 7, -1],
    ['tracepoint', { tracepoints: [{ subsystem: 'syscalls', event: 'sys_enter_lseek' }] }, -1, undefined],
    ['syscall', { kprobes: [{ call: 'sys_mkdir' }] }, 5, 5],
  ])('Override at a %s', (_name, spec, argError, expected) => {
    const [[section, [hook]] = ['', [{}]]] = Object.entries(spec) as [string, Tree[]][];
    const selectors = [{ matchActions: [{ action: 'Override', argError }] }];
    const verdict = verdictOn(evaluatorOf({ [section]: [{ ...hook, selectors }] }), hit([]));
    expect(verdict.action).toBe('Override');
    expect(verdict.effects.override).toBe(expected);
  });

  it('counts each action, a post once, and no post that was held back', () => {
    const evaluator = evaluatorOf(
      kprobe([
        {
          matchArgs: [{ index: 0, operator: 'Equal', values: ['1'] }],
          matchActions: [{ action: 'NoPost' }, { action: 'Sigkill' }],
        },
        { matchActions: [{ action: 'Post' }, { action: 'Post' }] },
      ]),
    );
    for (const value of [1, 2, 3]) verdictOn(evaluator, hit([int(value)]));
    expect(evaluator.counters()[0]).toEqual([{ nopost: 1, signal: 1 }, { post: 2 }, {}]);
  });

  it('counts hits without selectors only where no hook has any', () => {
    const bare = { call: 'fn', syscall: false };
    const alone = evaluatorOf({ kprobes: [bare] });
    const mixed = evaluatorOf({ kprobes: [bare, { ...bare, call: 'g', selectors: [{}] }] });
    for (const evaluator of [alone, mixed]) expect(verdictOn(evaluator, hit([])).selector).toBe('default');
    expect([alone.counters()[0], mixed.counters()[0]]).toEqual([[{ post: 1 }], [{}]]);
  });

  it('posts nothing for an LSM hook without selector', () => {
    expect(verdictOn(evaluatorOf({ lsmhooks: [{ hook: 'file_open' }] }), hit([])).post).toBe(false);
  });
});

describe('the return side', () => {
  const returning = { return: true, returnArg: { index: 0, type: 'int' } };
  const run = (selectors: readonly Tree[], arg: number, returned: number, more: Tree = {}) => {
    const [hook] = evaluatorOf(kprobe(selectors, { ...returning, ...more })).hooks;
    const entry = hook?.entry(hit([int(arg)]));
    return entry && hook?.exit(hit([int(arg)], { returnValue: int(returned) }), entry);
  };
  const equal = (value: string): readonly Tree[] => [{ index: 0, operator: 'Equal', values: [value] }];

  it('tries the later selectors by their return filters only', () => {
    const selectors = [
      { matchArgs: equal('1'), matchReturnArgs: equal('-9') },
      { matchArgs: equal('2'), matchReturnArgs: equal('-2') },
    ];
    expect(run(selectors, 1, -9)?.selector).toBe(0);
    expect(run(selectors, 1, -2)?.selector).toBe(1);
    expect(run(selectors, 2, -9)).toBeUndefined();
    expect(run(selectors, 1, 0)).toBeUndefined();
  });

  it('shows the entry’s action where it has none of its own', () => {
    const withAction = (action: Tree): unknown => run([{ matchActions: [action] }], 0, 0)?.action;
    expect(withAction({ action: 'Signal', argSig: 10 })).toBe('Signal');
    expect(withAction({ action: 'Post' })).toBe('Post');
  });

  it('posts nothing when the entry did not', () => {
    expect(
      run([{ matchActions: [{ action: 'NoPost' }], matchReturnActions: [{ action: 'Sigkill' }] }], 0, 0),
    ).toMatchObject({
      post: false,
      effects: { signals: [9] },
    });
  });

  it('tracks a returned socket without showing it', () => {
    expect(run([], 0, 0, { returnArgAction: 'TrackSock' })).toMatchObject({
      action: 'Post',
      effects: { sockets: [{ position: -1, tracked: true }] },
    });
  });
});

describe('what is not known', () => {
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
            matchArgs: [
              { index: 0, operator: 'Equal', values: ['3'] },
              { index: 1, operator: 'Equal', values: ['/a'] },
            ],
          },
        ],
      },
    ],
  };
  const unknown: ArgValue = { kind: 'unknown', why: 'the trace does not show it' };

  it('matters only where it decides', () => {
    const evaluator = evaluatorOf(spec);
    const [hook] = evaluator.plan.hooks;
    const { undetermined } = verdictOn(evaluator, hit([int(3), unknown]));
    expect(undetermined).toEqual({ selector: 0, filter: 1, code: 'unknown', value: unknown });
    expect(hook && undetermined && reasonWords(undetermined, hook, 'entry')).toBe(
      'file, which is not known (the trace does not show it), is compared: is "/a"?',
    );
    expect(verdictOn(evaluator, hit([int(4), unknown])).undetermined).toBeUndefined();
    expect(verdictOn(evaluator, hit([unknown, file('/b')])).undetermined).toBeUndefined();
  });
});

describe('behind 2048 bytes of other arguments', () => {
  const spec = (operator: string, value: string): unknown => ({
    kprobes: [
      {
        call: 'sys_openat',
        args: [
          { index: 1, type: 'string' },
          { index: 2, type: 'int' },
        ],
        selectors: [{ matchArgs: [{ index: 2, operator, values: [value] }] }],
      },
    ],
  });
  const long = text('/./'.repeat(1200));

  it('an integer filter reads the text', () => {
    expect(verdictOn(evaluatorOf(spec('Equal', '66')), hit([long, int(66)])).post).toBe(false);
    expect(verdictOn(evaluatorOf(spec('NotEqual', '66')), hit([long, int(66)])).post).toBe(true);
    expect(verdictOn(evaluatorOf(spec('Mask', '0x2')), hit([long, int(0)])).post).toBe(true);
    expect(verdictOn(evaluatorOf(spec('Equal', '66')), hit([text('/'.repeat(1200)), int(66)])).post).toBe(
      true,
    );
  });
});

describe('words', () => {
  it('explains a plan and a verdict', () => {
    const spec = {
      kprobes: [
        {
          call: 'fd_install',
          syscall: false,
          args: [{ index: 1, type: 'file' }],
          selectors: [
            {
              matchBinaries: [{ operator: 'In', values: ['/usr/bin/cat'] }],
              matchArgs: [{ index: 1, operator: 'Equal', values: ['/tmp/tetragon'] }],
              matchActions: [{ action: 'Sigkill' }],
            },
          ],
        },
      ],
    };
    const plain = (lines: readonly string[]): string[] =>
      lines.map((line) => line.replace(/ {2}\(test.*/, ''));
    expect(plain(explanationLines(explainPlan(planOf(spec))))).toEqual([
      'Policy test',
      '  When kernel function fd_install is called:',
      '    If all of this holds:',
      '      the binary is one of "/usr/bin/cat"',
      '      argument 1 (file) is "/tmp/tetragon"',
      '      then kill the process, then post an event',
      '      the signal acts when the process leaves the kernel: what it asked for may happen all the same',
    ]);
    const evaluator = evaluatorOf(spec);
    const verdict = verdictOn(evaluator, hit([file('/etc/hosts')]), 0, { reasons: true });
    const [hook] = evaluator.plan.hooks;
    expect(hook && plain(explanationLines(explainVerdict(verdict, hook)))).toEqual([
      'No selector matches: nothing happens',
      '  selector 0 does not match',
      '    ✓ binary "/usr/bin/cat" is "/usr/bin/cat"',
      '    ✗ file "/etc/hosts" is not "/tmp/tetragon"',
    ]);
  });
});
