import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { removeTree } from '../../cache/remove-tree.ts';
import { buildCli, type BuiltCli } from '../../cli/testing.ts';
import { viewScript } from './view-script.ts';

/** As `openView` starts it, with nothing but the root's file system. */
const view = (...command: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(
    'unshare',
    ['--mount', '--pid', '--fork', '--kill-child', '--', 'sh', '-c', viewScript, 'sh']
      .concat(['tree', '/', '--', '--'])
      .concat(command),
    { encoding: 'utf8' },
  );
const hasViews = process.platform === 'linux' && process.getuid?.() === 0 && view('true').status === 0;
const hasStrace = spawnSync('strace', ['-V']).status === 0;

const policyText = `apiVersion: cilium.io/v1alpha1
kind: TracingPolicy
metadata: {name: p}
spec:
  kprobes: [{call: fd_install, syscall: false, args: [{index: 0, type: int}]}]
`;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracerig-view-'));
});
afterEach(() => removeTree(folder));

describe.skipIf(!hasViews)('a throw-away view (needs root, namespaces and overlays)', () => {
  it('shows files with their owners, and keeps nothing of what is written', () => {
    const file = join(folder, 'file');
    writeFileSync(file, 'kept');
    const script = `cat ${file}; rm ${file}; touch ${folder}/new; stat -c %u:%g:%a /etc/passwd; echo x >> /etc/passwd`;
    const before = readFileSync('/etc/passwd', 'utf8');
    const { stdout, stderr } = view('sh', '-c', script);
    expect({ stdout, stderr }).toEqual({ stdout: 'kept0:0:644\n', stderr: '' });
    expect(readFileSync(file, 'utf8')).toBe('kept');
    expect(existsSync(join(folder, 'new'))).toBe(false);
    expect(readFileSync('/etc/passwd', 'utf8')).toBe(before);
  });

  it.each([
    ['a switch of the kernel', 'echo 1 > /proc/sys/kernel/panic'],
    ['that switch made writable', 'mount -o remount,rw,bind /proc/sys'],
    ['the layer above it taken away', 'umount /proc/sys'],
    ['another /proc', 'mkdir -p /tmp/p; unshare --pid --fork --mount mount -t proc proc /tmp/p'],
    ['a device', 'mknod /tmp/disk b 8 0'],
    ['the root of outside', 'ls /proc/1/root/'],
    ['a process of outside', `kill -0 ${process.pid}`],
    ['the services of outside', 'ls /run | grep -v "^tracerig$"'],
    ['a module', 'mount -t debugfs none /mnt'],
  ])('does not reach %s', (_, script) => {
    expect(view('sh', '-c', `(${script}) 2>/dev/null`).status).not.toBe(0);
  });

  it('has a network of its own, with a loopback where there is ip', () => {
    expect(view('sh', '-c', 'grep -c : /proc/net/dev').stdout).toBe('1\n');
  });
});

describe.skipIf(!hasViews || !hasStrace)('recording in a view (needs root, namespaces and strace)', () => {
  let cli: BuiltCli;
  beforeAll(async () => {
    cli = await buildCli();
  });
  afterAll(() => cli.remove());
  const scenario = (text: string): string => {
    const file = join(folder, 's.scenario.yaml');
    writeFileSync(file, `name: s\npolicies: []\n${text}\n`);
    return file;
  };

  it('steps see what is given and what earlier ones did, the machine sees nothing of it', () => {
    const made = '/etc/tracerig-view-test';
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'data/kept'), '');
    const file = scenario(
      `given: {files: {${made}: {content: given}}, run: ["mkdir m"]}
steps:
  - {name: first, run: "mount --bind ${folder}/data m; rm m/kept; echo more >> ${made}", expect: {exit: 0}}
  - {name: second, run: "cat ${made}", expect: {exit: 0}}`,
    );
    const { status, out, err } = cli.run(['record', '--backend', 'kernel', '--scenario', file]);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toContain('a throw-away view of this host');
    expect(readFileSync(join(folder, 's.traces/second.strace'), 'latin1')).toContain('"givenmore\\n"');
    expect([existsSync(made), existsSync('/tmp/w'), existsSync(join(folder, 'data/kept'))]).toEqual([
      ...[false, false, true],
    ]);
    // A view stands for the machine: what policies call the host is meant.
    const start = JSON.parse(readFileSync(join(folder, 's.traces/first.start.json'), 'utf8')) as {
      ns: Record<string, number>;
    };
    const here = spawnSync('readlink', ['/proc/self/ns/user'], { encoding: 'utf8' }).stdout;
    expect(here).toBe(`user:[${start.ns['user']}]\n`);
  });

  it('runs a command where it was called, with its standard input', () => {
    writeFileSync(join(folder, 'p.yaml'), policyText);
    const script = 'cat; pwd; touch made; exit 3';
    const { status, out, err } = cli.run(['run', '-p', 'p.yaml', '--', 'sh', '-c', script], {
      ...{ cwd: folder, input: 'typed\n' },
    });
    expect(err).toContain(`typed\n${folder}\n`);
    expect({ status, out: out.includes('exit 3'), made: existsSync(join(folder, 'made')) }).toEqual({
      ...{ status: 0, out: true, made: false },
    });
  });

  it('ends with tracerig, whatever ends that', async () => {
    const file = scenario(`steps: [{name: s, run: "setsid sleep 86399 & sleep 86399", expect: {exit: 0}}]`);
    const child = cli.start(['record', '--backend', 'kernel', '--scenario', file]);
    const sleepers = (): number =>
      Number(spawnSync('pgrep', ['-fc', '^sleep 86399$'], { encoding: 'utf8' }).stdout);
    while (sleepers() < 2) await sleep(50);
    child.kill('SIGKILL');
    while (sleepers() > 0) await sleep(50);
  });

  it('without the right to a view refuses, and names what would run', () => {
    const file = scenario('steps: [{name: s, run: echo evil, expect: {exit: 0}}]');
    const env = { ...process.env, NO_COLOR: '1' };
    const args = ['--bounding-set', '-sys_admin', '--', process.execPath, cli.file];
    const { status, stderr } = spawnSync(
      'setpriv',
      [...args, 'record', '--backend', 'kernel', '--scenario', file],
      { encoding: 'utf8', env },
    );
    expect(status).toBe(3);
    expect(stderr).toContain('no throw-away view of this machine can be had: unshare');
    expect(stderr).toContain('with --here these commands run on this machine itself:\n  | echo evil');
    expect(existsSync(join(folder, 's.traces'))).toBe(false);
  });
});
