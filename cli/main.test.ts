import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import { buildCli } from './testing.ts';
import type { BuiltCli } from './testing.ts';

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
}, 60_000);
afterAll(() => cli.remove());

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracerig-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
};
const here = (args: string[]) => cli.run(args, { cwd: folder });

const policy = `apiVersion: cilium.io/v1alpha1
kind: TracingPolicy
metadata: { name: guard }
spec:
  kprobes:
    - call: fd_install
      syscall: false
      args: [{ index: 0, type: int }, { index: 1, type: file }]
      selectors:
        - matchArgs: [{ index: 1, operator: Equal, values: [/tmp/tetragon] }]
          matchActions: [{ action: Sigkill }]
`;
const scenario = (expectation: string): string =>
  `name: n\npolicies: [p.yaml]\nsteps: [{name: s, trace: t.strace, expect: ${expectation}}]\n`;
const trace = `7 1.0 execve("/usr/bin/cat", ["cat", "/tmp/tetragon"], 0x7ffd /* 1 var */) = 0
7 1.1 openat(AT_FDCWD</tmp>, "/tmp/tetragon", O_RDONLY) = 3</tmp/tetragon>
7 1.2 read(3</tmp/tetragon>, "eBPF!\\n", 131072) = 6
7 1.3 write(1</dev/null<char 1:3>>, "eBPF!\\n", 6) = 6
7 1.4 exit_group(0) = ?
7 1.5 +++ exited with 0 +++
`;

describe('usage', () => {
  it.each([
    [['nope'], "unknown command 'nope'"],
    [['test', '--backend', 'x'], 'Allowed choices are sim, kernel, vm, all'],
    [['run', '--', 'true'], "required option '-p, --policy <files...>' not specified"],
    [['run', '-p', 'p.yaml'], 'run takes either --trace FILE or a command after --'],
    [['test', '--timeout', 'soon'], '--timeout takes a number of seconds above 0'],
    [['record', '--scenario', 'none.yaml'], 'none.yaml: no such file'],
    [['record', 'none.yaml'], 'none.yaml: no such file'],
    [['record'], 'record takes scenario files or folders, or a command after --'],
    [['test', '--bail', '0'], '--bail takes a whole number from 1 on'],
    [['test', '--shard', '3/2'], '--shard takes a part and their number'],
    [['test', '-t', '('], '--test-name-pattern: '],
  ])('%j: exit 2', (args, message) => {
    const { status, err } = here(args);
    expect(err).toContain(message);
    expect(status).toBe(2);
  });

  it('help and version: exit 0', () => {
    expect(here(['--version'])).toMatchObject({ status: 0, err: '' });
    expect(here(['test', '--help']).out).toContain('--backend <name>');
  });
});

describe('test', () => {
  it('passes', () => {
    write('p.yaml', policy);
    write('t.strace', trace);
    write('a.scenario.yaml', scenario('{killed: SIGKILL}'));
    const { status, out } = here(['test']);
    expect(out).toMatch(/✓ s\n[^]*1 passed, 0 failed, 0 skipped\n$/);
    expect(status).toBe(0);
  });

  it('selects, lists, repeats, and takes a configuration', () => {
    write('p.yaml', policy);
    write('t.strace', trace);
    write(
      'scenarios/a.scenario.yaml',
      scenario('{killed: SIGKILL}').replaceAll(/p\.yaml|t\.strace/g, '../$&'),
    );
    write(
      'scenarios/b.scenario.yaml',
      scenario('{exit: 0}')
        .replaceAll(/p\.yaml|t\.strace/g, '../$&')
        .replace('name: n', 'name: other'),
    );
    write('package.json', '{}');
    write('tracerig.config.yaml', 'test: { paths: [scenarios], reporters: [pretty, tap=out/r.tap] }');
    expect(here(['test', '-t', '^n s$']).out).toMatch(
      /1 passed, 0 failed, 0 skipped; 1 scenarios not selected\n/,
    );
    expect(readdirSync(join(folder, 'out'))).toEqual(['r.tap']);
    expect(here(['test', '--list']).out).toBe(
      'scenarios/a.scenario.yaml > n > s\nscenarios/b.scenario.yaml > other > s\n',
    );
    expect(here(['test', '--repeat', '3', 'scenarios/a.scenario.yaml']).out).toContain('3 passed, 0 failed');
    expect(here(['test', '--bail', '1', '--repeat', '3', 'scenarios/b.scenario.yaml']).out).toContain(
      '0 passed, 1 failed, 0 skipped; stopped by --bail',
    );
    expect(here(['test', '-t', 'nothing']).status).toBe(2);
    expect(here(['test', '--shard', '1/3']).err + here(['test', '--shard', '1/3']).out).toContain(
      'would be empty',
    );
    const parts = ['1/2', '2/2'].map((part) => here(['test', '--list', '--shard', part]).out);
    expect(parts.map((part) => part.split('\n').length)).toEqual([2, 2]);
  });

  it('refuses only on CI', () => {
    write('p.yaml', policy);
    write('t.strace', trace);
    write('a.scenario.yaml', scenario('{killed: SIGKILL}, only: true'));
    expect(cli.run(['test'], { cwd: folder, env: { CI: 'true' } })).toMatchObject({ status: 2 });
    expect(cli.run(['test', '--allow-only'], { cwd: folder, env: { CI: 'true' } }).status).toBe(0);
    expect(cli.run(['test'], { cwd: folder, env: { CI: '' } }).status).toBe(0);
  });

  it('fails: exit 1, with the place', () => {
    write('p.yaml', policy);
    write('t.strace', trace);
    write('a.scenario.yaml', scenario('{exit: 0}'));
    const { status, out } = here(['test', '.']);
    expect(out).toContain(
      'expect.exit: expected exit 0\n        seen: killed by SIGKILL\n        a.scenario.yaml:3:',
    );
    expect(status).toBe(1);
  });

  it('writes the report to a file, whole', () => {
    write('p.yaml', policy);
    write('t.strace', trace);
    write('a.scenario.yaml', scenario('{killed: SIGKILL}'));
    const { status } = here(['test', '--reporter', 'json', '--output-file', 'out/report.json']);
    expect(status).toBe(0);
    expect(readdirSync(join(folder, 'out'))).toEqual(['report.json']);
  });

  it.each([
    ['a folder', 'made', 'it is a folder'],
    ['below a file', 'file/report.json', 'is no folder'],
  ])('refuses an output file that is %s before anything runs', (_name, target, reason) => {
    write('p.yaml', policy);
    write('t.strace', trace);
    write('a.scenario.yaml', scenario('{killed: SIGKILL}'));
    write('made/kept', '');
    write('file', '');
    const { status, out, err } = here(['test', '--reporter', 'json', '--output-file', target]);
    expect([status, out]).toEqual([2, '']);
    expect(err).toContain(`--output-file ${target}: `);
    expect(err).toContain(reason);
    expect(readdirSync(join(folder, 'made'))).toEqual(['kept']);
  });

  it('writes through links and into devices, and leaves them what they are', () => {
    write('p.yaml', policy);
    write('t.strace', trace);
    write('a.scenario.yaml', scenario('{killed: SIGKILL}'));
    write('real.json', '');
    symlinkSync('real.json', join(folder, 'link.json'));
    symlinkSync('/dev/full', join(folder, 'full'));
    expect(here(['test', '--reporter', 'json', '--output-file', 'link.json']).status).toBe(0);
    expect(lstatSync(join(folder, 'link.json')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, 'real.json'), 'utf8')).toContain('"schemaVersion"');
    const full = here(['test', '--reporter', 'json', '--output-file', 'full']);
    expect([full.status, full.err]).toEqual([
      2,
      expect.stringContaining('--output-file full: no space left'),
    ]);
    expect(statSync('/dev/full').isCharacterDevice()).toBe(true);
  });

  it.each<[string, Record<string, string | Uint8Array>, string]>([
    ['no scenario', {}, 'no scenario found'],
    ['an empty scenario', { 'a.scenario.yaml': '' }, 'the file holds no scenario'],
    ['tabs', { 'a.scenario.yaml': 'name: n\nsteps:\n\t- x\n' }, 'a tab indents this line'],
    ['two documents', { 'a.scenario.yaml': 'name: n\n---\nname: m\n' }, 'a second document begins here'],
    ['no policy file', { 'a.scenario.yaml': scenario('{}') }, 'p.yaml: no such file'],
    ['an empty policy', { 'a.scenario.yaml': scenario('{}'), 'p.yaml': '' }, 'p.yaml:1:1 error'],
    [
      'a policy of tabs',
      { 'a.scenario.yaml': scenario('{}'), 'p.yaml': 'spec:\n\tkprobes: []\n' },
      'p.yaml:2:1 error',
    ],
    ['no trace', { 'a.scenario.yaml': scenario('{}'), 'p.yaml': policy }, 't.strace does not exist'],
    [
      'a trace of 0 bytes',
      { 'a.scenario.yaml': scenario('{}'), 'p.yaml': policy, 't.strace': '' },
      't.strace',
    ],
    [
      'a trace that is none',
      {
        'a.scenario.yaml': scenario('{}'),
        'p.yaml': policy,
        't.strace': Uint8Array.from({ length: 999 }, (_, i) => i),
      },
      't.strace',
    ],
  ])('%s: exit 2', (_, files, message) => {
    for (const [name, content] of Object.entries(files)) write(name, content);
    const { status, out } = here(['test']);
    expect(out).toContain(message);
    expect(status).toBe(2);
  });

  it('fails a step whose trace is cut', () => {
    write('p.yaml', policy);
    write('a.scenario.yaml', scenario('{}'));
    write('t.strace', trace.slice(0, 120));
    const { status, out } = here(['test']);
    expect(out).toContain('t.strace');
    expect(status).toBe(1);
  });

  it('goes on quietly when nobody reads its output any more', async () => {
    write('p.yaml', policy);
    write('t.strace', trace);
    write('a.scenario.yaml', scenario('{killed: SIGKILL}'));
    const child = cli.start(['test'], { cwd: folder });
    child.stdout?.destroy();
    let err = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
    await once(child, 'close');
    expect(err).toBe('');
  });
});

describe('run', () => {
  it('prints events only on standard output, the rest on standard error', () => {
    write('p.yaml', policy);
    write('t.strace', trace);
    const { status, out, err } = here(['run', '--policy', 'p.yaml', '--trace', 't.strace']);
    expect(out.trimEnd().split('\n')).toEqual([
      '🚀 process /usr/bin/cat /tmp/tetragon',
      '📬 open    /usr/bin/cat /tmp/tetragon',
      '💥 exit    /usr/bin/cat /tmp/tetragon SIGKILL',
    ]);
    expect(err).toContain('/usr/bin/cat /tmp/tetragon killed by SIGKILL');
    expect(status).toBe(0);
  });

  it('prints JSON, one event a line', () => {
    write('p.yaml', policy);
    write('t.strace', trace);
    const { out } = here(['run', '-p', 'p.yaml', '--trace', 't.strace', '-o', 'json', '--node-name', 'n']);
    const events = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { node_name?: string });
    expect(events.map((event) => Object.keys(event)[0])).toEqual([
      'process_exec',
      'process_kprobe',
      'process_exit',
    ]);
    expect(events[0]?.node_name).toBe('n');
  });

  it('refuses a policy with mistakes: exit 2, nothing on standard output', () => {
    write('p.yaml', policy.replace('operator: Equal', 'operator: Equals'));
    write('t.strace', trace);
    const { status, out, err } = here(['run', '--policy', 'p.yaml', '--trace', 't.strace']);
    expect(err).toContain('did you mean "Equal"?');
    expect(out).toBe('');
    expect(status).toBe(2);
  });

  it('reads standard input, also compressed', () => {
    write('p.yaml', policy);
    write('s.start.json', '{"cwd": "/tmp"}');
    const run = (input: string | Uint8Array) =>
      cli.run(['run', '-p', 'p.yaml', '--trace', '-', '--start', 's.start.json'], { cwd: folder, input });
    const plain = run(trace);
    expect(plain).toMatchObject({ status: 0, out: expect.stringContaining('SIGKILL') });
    expect(run(gzipSync(trace))).toEqual(plain);
    expect(run(gzipSync(trace).subarray(0, 60))).toMatchObject({
      status: 2,
      out: '',
      err: expect.stringContaining('[TR-trace-compressed]'),
    });
  });

  it('names what is not modelled: exit 1', () => {
    write('p.yaml', policy.replace('fd_install', 'tcp_v4_rcv'));
    write('t.strace', trace);
    const { status, err } = here(['run', '--policy', 'p.yaml', '--trace', 't.strace']);
    expect(err).toContain('not modelled: tcp_v4_rcv');
    expect(status).toBe(1);
  });
});

const hasStrace = spawnSync('strace', ['-V']).status === 0;
describe.skipIf(!hasStrace)('a command (needs strace: apt-get install strace)', () => {
  it('is recorded, then replayed', () => {
    write('p.yaml', policy);
    const { status, out, err } = here([
      'run',
      '--here',
      '-p',
      'p.yaml',
      '--',
      'sh',
      '-c',
      'echo hello; exit 3',
    ]);
    expect(out).toMatch(/^🚀 process \S*\/sh .*\n💥 exit {4}\S*\/sh .* 3\n$/);
    expect(err).toContain('hello');
    expect(err).toContain('exited with 3');
    expect(status).toBe(0);
  });

  it('becomes a scenario that expects what was seen, and is green; a recording made anew leaves it as it is', () => {
    write('p.yaml', policy);
    write('data/f', 'hello\n');
    const made = here(['record', '--backend', 'kernel', '--here', '-p', 'p.yaml', '--', 'cat', 'data/f']);
    expect(made.err + made.out).toContain('wrote cat.scenario.yaml');
    const text = readFileSync(join(folder, 'cat.scenario.yaml'), 'utf8');
    expect(text).toContain('exit: 0\n      stdout: |\n        hello\n');
    expect(here(['test', 'cat.scenario.yaml']).out).toContain('1 passed, 0 failed');
    const before = ['cat.strace', 'cat.start.json'].map((name) =>
      readFileSync(join(folder, 'cat.traces', name)),
    );
    expect(here(['record', '--backend', 'kernel', '--here', '.']).out).toContain('cat.strace (as it was)');
    const after = ['cat.strace', 'cat.start.json'].map((name) =>
      readFileSync(join(folder, 'cat.traces', name)),
    );
    expect(after).toEqual(before);
    expect(here(['record', '--', 'cat', 'x']).err).toContain('is there already');
    expect(here(['record', 'cat.scenario.yaml', '--', 'cat']).err).toContain('either scenarios or a command');
    expect(here(['record', '--here', '--backend', 'kernel', '--', 'no-such-program'])).toMatchObject({
      status: 1,
    });
    expect(existsSync(join(folder, 'no-such-program.scenario.yaml'))).toBe(false);
  });

  it('of a scenario is recorded again only where that is missing, or of the chosen step', () => {
    const ofSteps = (second: string): string =>
      `name: n\npolicies: [p.yaml]\nsteps:\n  - {name: a, run: "true", expect: {exit: 0}}\n  - {name: b, run: "${second}", expect: {exit: 0}}\n`;
    const traces = ['a.strace', 'a.start.json', 'b.strace'];
    const read = (): string[] => traces.map((name) => readFileSync(join(folder, 'n.traces', name), 'latin1'));
    const record = (...more: string[]) =>
      here(['record', '--backend', 'kernel', '--here', 'n.scenario.yaml', ...more]);
    write('p.yaml', policy);
    write('n.scenario.yaml', ofSteps('exit 0'));
    expect(here(['test', '--here', '--record-missing', '--reporter', 'json', '--watch'])).toMatchObject({
      status: 2,
    });
    expect(here(['test', '--record-missing', '--backend', 'vm'])).toMatchObject({ status: 2 });
    expect(record('--missing')).toMatchObject({ status: 0, out: expect.stringMatching(/a -> .*\n.*b -> /) });
    const before = read();
    expect(record('--missing')).toMatchObject({ status: 0, out: 'nothing is missing\n' });
    // What a started is no longer what b starts from, nor is b what it was.
    write('n.scenario.yaml', ofSteps('echo more'));
    expect(here(['test', 'n.scenario.yaml']).err + here(['test', 'n.scenario.yaml']).out).toContain(
      'TR-trace-outdated',
    );
    const { out, status } = record('--missing');
    expect({ status, steps: out.match(/\w+ -> /g) }).toEqual({ status: 0, steps: ['b -> '] });
    const after = read();
    expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
    expect(after[2]).not.toBe(before[2]);
    // Whether it comes out as it was hangs on what else this machine mounts meanwhile.
    expect(record('-t', 'n a').out.match(/\w+ -> /g)).toEqual(['a -> ']);
    expect(record('--step', 'none')).toMatchObject({
      status: 2,
      err: expect.stringContaining('--step none'),
    });
    expect(record('--step', '(')).toMatchObject({ status: 2, err: expect.stringContaining('--step: ') });
    expect(here(['record', '--missing', '--', 'true'])).toMatchObject({ status: 2 });
    // A step that goes otherwise than its recording, before one that is recorded, is named.
    writeFileSync(
      join(folder, 'n.traces/a.strace'),
      (before[0] ?? '').replace('exited with 0', 'exited with 1'),
    );
    expect(record('--step', 'n b').out).toContain('a (went otherwise than its recording tells');
    expect(record('--step', 'n a').out).not.toContain('b ');
  });

  it('that the simulator lacks is recorded by test --record-missing, and judged then', () => {
    write('p.yaml', policy);
    write(
      'n.scenario.yaml',
      'name: n\npolicies: [p.yaml]\nsteps: [{name: a, run: echo made, expect: {stdout: "made\\n"}}]\n',
    );
    // No VM is set up there: it is recorded on this machine.
    const env = { TRACERIG_CACHE: join(folder, 'cache') };
    const test = () =>
      cli.run(['test', '--here', '--record-missing', 'n.scenario.yaml'], { cwd: folder, env });
    expect(test()).toMatchObject({
      status: 0,
      out: expect.stringContaining('1 passed, 0 failed'),
      err: expect.stringMatching(/recording on [^]*a -> .*a\.strace/),
    });
    const before = readFileSync(join(folder, 'n.traces/a.strace'));
    const again = test();
    expect(again.status).toBe(0);
    expect(again.err).not.toContain('recording on');
    expect(readFileSync(join(folder, 'n.traces/a.strace'))).toEqual(before);
  });

  it('that the simulator lacks is said, where no recording cures it', () => {
    write('p.yaml', policy);
    write('s.scenario.yaml', scenario('{ exit: 0 }'));
    expect(here(['record', '--missing', 's.scenario.yaml'])).toMatchObject({
      status: 0,
      out: 'nothing is missing\n',
    });
    write('t.strace', trace);
    expect(here(['test', '--record-missing', 's.scenario.yaml']).err).not.toContain('recording on');
  });

  it('that is not there: exit 2', () => {
    write('p.yaml', policy);
    expect(here(['run', '--here', '-p', 'p.yaml', '--', 'no-such-command']).status).toBe(2);
  });

  it('is gone after Ctrl-C: exit 130, nothing left behind', async () => {
    write('p.yaml', policy);
    const env = { TMPDIR: folder };
    const child = cli.start(
      ['run', '--here', '-p', 'p.yaml', '--', 'sh', '-c', 'echo $$; sleep 1000; true'],
      {
        cwd: folder,
        env,
      },
    );
    let err = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
    while (!/^\d+$/m.test(err)) await once(child.stderr ?? child, 'data');
    const [pid] = /^\d+$/m.exec(err) ?? [];
    child.kill('SIGINT');
    const [status] = (await once(child, 'close')) as [number];
    expect(status).toBe(130);
    expect(existsSync(`/proc/${pid}`)).toBe(false);
    expect(readdirSync(folder)).toEqual(['p.yaml']);
  });
});

describe('check', () => {
  it('takes kernels by name or file, and refuses those that nothing is known of', () => {
    write('p.yaml', policy);
    expect(here(['check', '--kernel', '5.10,6.1', 'p.yaml'])).toMatchObject({ status: 0 });
    expect(here(['check', '--kernel', '6.12,9.9', 'p.yaml'])).toMatchObject({
      ...{ status: 2, err: expect.stringContaining('nothing is known of a kernel "9.9": known are 5.10') },
    });
    write('p.btf', 'no BTF');
    expect(here(['check', '--kernel', 'p.btf', 'p.yaml'])).toMatchObject({
      ...{ status: 2, err: expect.stringContaining('--kernel p.btf: these bytes are no BTF') },
    });
  });

  it('leaves out what the configuration ignores, and says what hides nothing', () => {
    write('p.yaml', policy.replace('operator: Equal', 'operator: NotPrefix'));
    const codes = (): string[] =>
      [...here(['check', 'p.yaml']).out.matchAll(/\[(TR-[\w-]+)\]/g)].map(([, c = '']) => c);
    const all = codes();
    expect(all).toContain('TR-negated-pathless');
    write('tracerig.config.yaml', 'check: {ignore: [TR-negated-pathless, TR-volume]}');
    expect(codes()).toEqual(all.filter((code) => code !== 'TR-negated-pathless'));
    expect(here(['check', 'p.yaml']).err).toContain('ignoring TR-volume hides nothing');
    write('tracerig.config.yaml', 'check: {ignore: [TR-volum]}');
    expect(here(['check', 'p.yaml'])).toMatchObject({
      ...{ status: 2, err: expect.stringContaining('did you mean "TR-volume"?') },
    });
    rmSync(join(folder, 'tracerig.config.yaml'));
  });

  it('passes, warns with --strict, and refuses', () => {
    write('p.yaml', policy);
    expect(here(['check', 'p.yaml']).status).toBe(0);
    expect(here(['check', '--strict', 'p.yaml']).status).toBe(1);
    write('q.yaml', policy.replace('spec:', 'sepc:'));
    expect(here(['check', 'p.yaml', 'q.yaml'])).toMatchObject({ status: 2 });
    expect(here(['check', 'none.yaml'])).toMatchObject({ status: 2 });
  });
});

describe('explain', () => {
  it('says what never matches on a kernel that is named', () => {
    write('p.yaml', policy.replace('operator: Equal', 'operator: SubString'));
    expect(here(['explain', 'p.yaml']).out).toContain('contains "/tmp/tetragon"');
    expect(here(['explain', '--kernel', '6.12', 'p.yaml']).out).toContain('SubString needs bpf_strnstr');
    expect(here(['explain', '--kernel', '9.9', 'p.yaml']).status).toBe(2);
  });

  it('says what a policy does, why a hit matches, and what a field means', () => {
    write('p.yaml', policy);
    write('hit.json', '{"hook": "fd_install", "args": [3, "/tmp/other"]}');
    expect(here(['explain', 'p.yaml'])).toMatchObject({
      status: 0,
      out: expect.stringContaining('argument 1 (file) is "/tmp/tetragon"') as string,
    });
    expect(here(['explain', 'p.yaml', '--hit', 'hit.json']).out).toContain(
      'file "/tmp/other" is not "/tmp/tetragon"',
    );
    expect(here(['explain', 'spec.kprobes.selectors']).out).toContain('matchArgs');
    expect(here(['explain', 'spec.nonsense']).status).toBe(2);
  });

  it('says what a code means, what it comes from, what to do and how it ends', () => {
    const { status, out } = here(['explain', 'TR-vm-no-qemu']);
    expect(status).toBe(0);
    expect(out.split('\n').map((line) => line.trim().split(':')[0])).toEqual([
      'TR-vm-no-qemu',
      'Cause',
      'Cure',
      'Exit code',
      '',
    ]);
    expect(out).toContain('Exit code: 3 (');
    const unknown = here(['explain', 'TR-toctu']);
    expect(unknown.status).toBe(2);
    expect(unknown.err).toContain('did you mean "TR-toctou"?');
  });
});
