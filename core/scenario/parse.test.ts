import fc from 'fast-check';
import { stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import { parseGiven, parseScenario } from './parse.ts';

const found = (text: string): string[] =>
  parseScenario(text, 's').diagnostics.map(
    ({ span, code, message }) => `${span.start.line}:${span.start.column} ${code} ${message}`,
  );
const steps = (expectation: string): string =>
  `name: n\npolicies: []\nsteps: [{run: x, expect: ${expectation}}]\n`;

describe('text that is no scenario', () => {
  it.each([
    ['', '1:1 TR-scenario-empty the file holds no scenario'],
    ['# only a comment\n', '1:1 TR-scenario-empty the file holds no scenario'],
    ['a: 1\n\tb: 2\n', '2:1 TR-scenario-yaml a tab indents this line; YAML takes only spaces there'],
    [
      'a: 1\n---\nb: 2\n',
      '2:1 TR-scenario-yaml a second document begins here; a scenario file holds exactly one',
    ],
    [
      'name: a\nname: b\n',
      '2:1 TR-scenario-yaml the key `name` stands twice in the same map, first on line 1',
    ],
    ['just text', '1:1 TR-scenario-type the document must be a map, not the text "just text"'],
  ])('%j', (text, finding) => {
    expect(found(text)).toContain(finding);
  });

  it('stops aliases that multiply', () => {
    const rows = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
    for (const [name, from] of ['ba', 'cb', 'dc', 'ed'] as const) {
      rows.push(`${name}: &${name} [${Array<string>(9).fill(`*${from}`).join(', ')}]`);
    }
    expect(found(rows.join('\n')).join()).toContain('the aliases of this document multiply too far');
  });
});

describe('the mode that policies are loaded in', () => {
  const modes = (policies: string, mode = ''): unknown =>
    parseScenario(
      `name: n\n${mode}\npolicies: [${policies}]\nsteps: [{run: x, expect: {exit: 0}}]\n`,
      's',
    ).scenario?.policies.map((policy) => [policy.mode, 'path' in policy ? policy.path : policy.text.trim()]);

  it('is what the entry says, else what the scenario says of all', () => {
    const entries = 'a.yaml, {policy: b.yaml, mode: enforce}, {policy: {kind: X}, mode: monitor}, {kind: Y}';
    expect(modes(entries)).toEqual([
      [undefined, 'a.yaml'],
      ['enforce', 'b.yaml'],
      ['monitor', '{kind: X}'],
      [undefined, '{kind: Y}'],
    ]);
    expect(modes(entries, 'mode: monitor')).toEqual([
      ['monitor', 'a.yaml'],
      ['enforce', 'b.yaml'],
      ['monitor', '{kind: X}'],
      ['monitor', '{kind: Y}'],
    ]);
  });

  it('is one of Tetragon’s, and stands beside a policy', () => {
    expect(found('name: n\nmode: audit\npolicies: []\nsteps: [{run: x, expect: {exit: 0}}]\n')).toEqual([
      '2:7 TR-scenario-value `audit` is no value of `mode`',
    ]);
    expect(
      found('name: n\npolicies: [{policy: a, mode: audit}]\nsteps: [{run: x, expect: {exit: 0}}]\n'),
    ).toEqual(['2:30 TR-scenario-value `audit` is no value of `mode`']);
    expect(
      found('name: n\npolicies: [{policy: a, mod: monitor}]\nsteps: [{run: x, expect: {exit: 0}}]\n'),
    ).toEqual(['2:24 TR-scenario-unknown-key `mod` is no key in policies[0]']);
  });
});

describe('a scenario with mistakes', () => {
  it.each([
    ['env: {"A=B": x}', 'TR-scenario-value "A=B" cannot name a variable: it holds "=" or a zero byte'],
    ['env: {A: "x\\0y"}', 'TR-scenario-value the value of A holds a zero byte'],
    ['user: 4294967295', 'TR-scenario-value `user` is 4294967295; it must be at most 4294967294'],
  ])('refuses what no process can have: %s', (given, finding) => {
    const text = `name: n\npolicies: []\ngiven: {${given}}\nsteps: [{run: x, expect: {exit: 0}}]\n`;
    expect(found(text).map((line) => line.replace(/^\S+ /, ''))).toEqual([finding]);
  });

  it('names all of them, in order, with their place', () => {
    expect(
      found(
        'nme: x\npolicies: [1]\nsteps:\n  - run: [1]\n    expect: {exit: 300, killed: KILL}\n  - rn: x\n',
      ),
    ).toEqual([
      '1:1 TR-scenario-unknown-key `nme` is no key at the top of a scenario',
      '2:12 TR-scenario-type policies[0] must be a text or a map, not the number 1',
      '4:11 TR-scenario-type run[0] must be a text, not the number 1',
      '5:20 TR-scenario-value `exit` is 300; it must be at most 255',
      '5:33 TR-scenario-value "KILL" is no signal name',
      '6:5 TR-scenario-unknown-key `rn` is no key in steps[1]',
    ]);
  });

  it('says what was meant', () => {
    const [unknown] = parseScenario('name: n\npolicies: []\nstep: []\nsteps: [{run: x}]', 's').diagnostics;
    expect(unknown?.didYouMean).toBe('steps');
  });

  it.each([
    ['{exit: 0, killed: SIGKILL}', 'a process cannot both exit and be killed'],
    ['{killed: SIGKIL}', 'no signal is named "SIGKIL"'],
    ['{killed: SIGRTMIN+31}', 'no signal is named "SIGRTMIN+31"'],
    ['{errno: {open: ENOFILE}}', 'no error is named "ENOFILE"'],
    ['{stdout: "/(/"}', 'Unterminated group'],
    ['{events: {absent: [{process_kprobe: {fuction_name: x}}]}}', 'events have no key "fuction_name" there'],
    ['{events: [{process_kprobe: {process: {binry: x}}}]}', 'events have no key "binry" there'],
    ['{events: [{process_kprobe: {args: [{file: x}]}}]}', 'events have no key "file" there'],
    ['{events: [{process_exec: {}, process_exit: {}}]}', 'an event has one kind; this pattern names 2'],
    ['{events: {count: [{event: {process_exec: {}}}]}}', 'a count needs either times, or min, max or both'],
    ['{files: {relative: {}}}', '"relative" is no absolute path'],
    ['{files: {/f: {mode: 644}}}', '`mode` must be a text, not the number 644'],
  ])('%s', (expectation, message) => {
    expect(found(steps(expectation)).join('\n')).toContain(message);
  });

  it.each([
    ['{process_kprobe: {function: x}}', 'did you mean function_name'],
    ['{process_kprobe: {action: KPROBE_ACTION_KILL}}', 'no action is named "KPROBE_ACTION_KILL"'],
    ['{process_kprobe: {action: Sigkill}}', 'did you mean KPROBE_ACTION_SIGKILL'],
    ['{process_kprobe: {function_name: fd_.*}}', 'did you mean /fd_.*/'],
    ['{process_exec: {process: {binary: "^/usr/bin/cat$"}}}', 'is compared as a text'],
  ])('wants of %s what events can have', (pattern, message) => {
    const text = `name: n\npolicies: []\nsteps: [{run: x, expect: {events: {absent: [${pattern}]}}}]\n`;
    const { diagnostics } = parseScenario(text, 'x');
    const words = diagnostics.map((one) => `${one.message}; did you mean ${one.didYouMean ?? 'nothing'}`);
    expect(words.join('\n')).toContain(message);
  });

  it('says of a step without expectations that it cannot fail', () => {
    const text =
      'name: n\npolicies: []\nsteps: [{run: x}, {run: y, expect: {}}, {run: z, expect: {exit: 0}}]';
    const { scenario, diagnostics } = parseScenario(text, 'x');
    expect(scenario).toBeDefined();
    expect(diagnostics.map(({ code, severity, path }) => `${severity} ${code} ${path}`)).toEqual([
      'warning TR-scenario-no-expectation steps[0]',
      'warning TR-scenario-no-expectation steps[1]',
    ]);
  });

  it('knows a policy, and says one thing of it', () => {
    const text = 'apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata: {name: x}\nspec: {}\n';
    expect(found(text)).toEqual(['1:1 TR-scenario-type this document is a policy, no scenario']);
  });

  it('does not offer to quote what is no signal', () => {
    const text = 'name: n\npolicies: []\nsteps: [{run: x, expect: {killed: true}}]';
    const [finding] = parseScenario(text, 'x').diagnostics;
    expect(finding?.help).toContain('such as SIGKILL');
  });

  it('wants a command or a trace, and names that differ', () => {
    const text = 'name: n\npolicies: []\nsteps: [{name: a}, {name: b/c, run: x}, {name: b_c, run: x}]';
    const codes = found(text).map((line) => line.split(' ')[1]);
    expect(codes.filter((code) => code !== 'TR-scenario-no-expectation')).toEqual([
      'TR-scenario-no-command',
      'TR-scenario-step-name',
    ]);
  });
});

describe('what is given', () => {
  it.each([
    ['files: {/f: {content: a, source: b}}', 'a file has either `content` or a `source`'],
    ['files: {/f: {}}, dirs: {/f/: {}}', '/f stands under given.files, too'],
    ['files: {/f: {}}, symlinks: {//f: a}', '/f stands under given.files, too'],
    ['symlinks: {f: a}', '"f" is no absolute path'],
    ['symlinks: {/f: {target: a}}', '`/f` must be a text, not a map'],
    ['dirs: [/f]', '`dirs` must be a map, not a list'],
    ['dirs: {/f: {mode: 755}}', '`mode` must be a text, not the number 755'],
    ['files: {/f: {owner: -1}}', '`owner` is -1; it must be at least 0'],
  ])('refuses %s, in a scenario and in a file of its own', (given, message) => {
    const text = `given: {${given}}\n`;
    const scenario = `name: n\npolicies: []\n${text}steps: [{run: x, expect: {exit: 0}}]\n`;
    const words = (found: readonly { message: string }[]): string[] => found.map((one) => one.message);
    expect(words(parseScenario(scenario, 's').diagnostics)).toEqual([message]);
    expect(words(parseGiven(text, 's').diagnostics)).toEqual([message]);
    expect(words(parseGiven(scenario, 's').diagnostics)).toEqual([message]);
  });

  it('is read from a scenario, or from a file with nothing else', () => {
    const text = 'given: {files: {/f: {source: a}}, symlinks: {/l: f}, user: nobody}\n';
    const scenario = `name: n\npolicies: []\n${text}steps: [{run: x, expect: {exit: 0}}]\n`;
    const [one, other] = [parseGiven(text, 's').given, parseGiven(scenario, 's').given];
    expect(one?.given).toEqual({
      ...{ files: [{ path: '/f', mode: 0o644 }], symlinks: [{ path: '/l', target: 'f' }] },
      ...{ env: {}, user: 'nobody', run: [] },
    });
    expect(other?.given).toEqual(one?.given);
    expect(one?.sources).toMatchObject([{ path: '/f', source: 'a', hasMode: false }]);
  });

  it.each([
    ['files: {/f: {}}\n', 'TR-scenario'],
    ['given: {}\nsteps: []\n', 'TR-scenario'],
    ['apiVersion: a\nkind: b\n', 'TR-scenario-type'],
    ['', 'TR-scenario-empty'],
  ])('is in no other file: %j', (text, code) => {
    const { given, diagnostics } = parseGiven(text, 's');
    expect(given).toBeUndefined();
    expect(diagnostics[0]?.code).toContain(code);
  });
});

describe('a scenario', () => {
  it('gets its defaults', () => {
    const { scenario } = parseScenario(
      'name: n\npolicies: [p.yaml]\ngiven: {files: {/f: {content: "ä"}}}\nsteps: [{run: [cat, /f], timeout: 500ms}, {run: x, timeout: 2}]',
      's',
    );
    expect(scenario?.given.files[0]).toMatchObject({ path: '/f', mode: 0o644 });
    expect([...(scenario?.given.files[0]?.content ?? [])]).toEqual([0xc3, 0xa4]);
    expect(scenario?.steps.map(({ name, daemons, timeoutMs }) => [name, daemons, timeoutMs])).toEqual([
      ['1', 'fail', 500],
      ['2', 'fail', 2000],
    ]);
  });

  it('takes other names of a signal or an error for those that outcomes have', () => {
    const text = steps(
      '{killed: SIGRTMAX, errno: {read: EWOULDBLOCK}, processes: [{binary: x, killed: SIGRTMAX-30}]}',
    );
    expect(parseScenario(text, 's').scenario?.steps[0]?.expectations).toMatchObject([
      { kind: 'killed', signal: 'SIGRTMIN+30' },
      { kind: 'errno', errno: 'EAGAIN' },
      { kind: 'process', killed: 'SIGRTMIN' },
    ]);
  });

  it('keeps an inline policy at the place where it stands', () => {
    const text = 'name: n\npolicies:\n  - kind: P\n    spec: {a: 1}\nsteps: [{run: x}]\n';
    const [policy] = parseScenario(text, 's').scenario?.policies ?? [];
    const inline = policy !== undefined && 'text' in policy ? policy.text : '';
    expect(inline.indexOf('kind')).toBe(text.indexOf('kind'));
    expect(inline.split('\n')[3]).toBe('    spec: {a: 1}');
    expect(inline).not.toContain('steps');
  });
});

describe('any text at all', () => {
  const tree = fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom('run', 'steps', 1, null, true, '', '/x/'),
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom('name', 'policies', 'given', 'steps', 'expect', 'events', 'files', 'run', 'env', 'x'),
        tie('node'),
        { maxKeys: 5 },
      ),
    ),
  })).node;

  it('is answered with diagnostics inside the text, never with an exception', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          tree.map((node) => stringify(node)),
        ),
        (text) => {
          const { scenario, diagnostics } = parseScenario(text, 's');
          expect(scenario === undefined).toBe(diagnostics.length > 0);
          for (const { span } of diagnostics) {
            expect(span.start.line).toBeGreaterThan(0);
            expect(span.end.offset).toBeLessThanOrEqual(text.length);
            expect(span.start.offset).toBeLessThanOrEqual(span.end.offset);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
