/** The addon on this host: all of it that needs no kprobes. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { lchown, symlink } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostLacks } from './host.ts';
import { openHostRig, openHostRigInTurn } from './rig/addon.ts';
import { launcherName } from '../core/events/launcher.ts';
import { RigError, type CallName, type GivenFile, type Rig } from './rig.ts';
import { artefacts, canLoad, setupHint } from './testing.ts';

const env = ['PATH=/usr/bin:/bin', 'WORD=it'];

describe('what the host lacks', () => {
  it('is said when nothing was set up', async () => {
    const lacks = await hostLacks('/nonexistent');
    expect(lacks?.why).toMatch(/root|type information|not built|locked down|Linux/);
    expect(lacks?.enable).toBeDefined();
  });
});

describe.skipIf(!canLoad)(`the host's rig (as root; ${setupHint})`, { timeout: 60_000 }, () => {
  let rig: Rig;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'tracerig-test-'));
    rig = await openHostRig(artefacts?.addon ?? '');
  });
  afterAll(() => {
    rig.close();
    rmSync(folder, { recursive: true });
  });
  const run = (script: string, more = {}) => {
    const stdout = path.join(folder, 'out');
    rmSync(stdout, { force: true });
    return rig.run({ argv: ['sh', '-c', script], env, cwd: folder, stdout, stderr: stdout, ...more });
  };
  const sinks = { stdout: '/dev/null', stderr: '/dev/null' };
  const output = (): string => readFileSync(path.join(folder, 'out'), 'utf8');

  it('probes features by trying', async () => {
    const features = await rig.probe();
    expect(Object.keys(features)).toEqual(
      expect.arrayContaining(['btf', 'kprobe', 'kprobe.multi', 'raw_tracepoint']),
    );
  });

  it('runs a step in the fence with the state that was asked for', async () => {
    const { pid, program } = await run(
      'echo $WORD $PWD; umask; ls /proc/self/fd; cat /proc/self/cgroup; exit 4',
    );
    expect(program).toMatch(/\/sh$/);
    const ended = await rig.wait({ pid, timeoutMs: 30_000, graceMs: 1000 });
    expect(ended).toEqual({ status: 4 << 8, timedOut: false, left: [] });
    const [words, mask, ...rest] = output().split('\n');
    expect([words, mask]).toEqual([`it ${folder}`, '0022']);
    // 3 is the listed folder itself.
    expect(rest.slice(0, 4)).toEqual(['0', '1', '2', '3']);
    const { path: fence } = await rig.fence();
    expect(output()).toContain(`0::/${path.basename(fence)}`);
  });

  it('holds a child until it is released', async () => {
    const { pid, plumbing } = await run('echo gone on', { hold: true });
    expect(plumbing.length).toBe(1);
    expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toContain(`${pid} (`);
    expect(readFileSync(`/proc/${pid}/comm`, 'utf8')).toBe(`${launcherName}\n`);
    expect((await rig.fence()).pids).toEqual([pid]);
    await rig.release(pid);
    expect((await rig.wait({ pid, timeoutMs: 30_000, graceMs: 1000 })).status).toBe(0);
    expect(output()).toBe('gone on\n');
  });

  it('shows a held child as the account that its command will run as', async () => {
    const { pid } = await run('exit 0', { hold: true, uid: 65_534, gid: 65_534, groups: [] });
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    expect(status).toMatch(/^Uid:\t65534\t65534\t65534\t65534$/m);
    expect(status).toMatch(/^CapEff:\t0{16}$/m);
    await rig.release(pid);
    await rig.wait({ pid, timeoutMs: 30_000, graceMs: 1000 });
  });

  it('tells why a command cannot be executed', async () => {
    await expect(rig.run({ argv: ['/no/such/program'], env, cwd: folder, ...sinks })).rejects.toThrow(
      /execve \/no\/such\/program/,
    );
    await expect(rig.run({ argv: ['true'], env, cwd: '/no/such', ...sinks })).rejects.toThrow(/chdir/);
  });

  it('kills what is left', async () => {
    const { pid } = await run('sleep 60 & sleep 60 & exit 0');
    const { left } = await rig.wait({ pid, timeoutMs: 30_000, graceMs: 10 });
    expect(left).toHaveLength(2);
    expect((await rig.fence()).pids).toEqual([]);
  });

  it('makes only what is not there, if asked to, and answers errors as errors', async () => {
    const file = { path: path.join(folder, 'deep', 'er', 'file'), mode: 0o640, content: Buffer.from('x') };
    const made = await rig.given([file], true);
    expect(made.map((one) => path.relative(folder, one))).toEqual(['deep', 'deep/er', 'deep/er/file']);
    await expect(rig.given([file], true)).rejects.toMatchObject({ errno: 17 });
    await expect(rig.read('/no/such/file')).rejects.toBeInstanceOf(RigError);
    await rig.remove([...made].reverse());
    expect((await rig.stat(path.join(folder, 'deep'))).exists).toBe(false);
  });

  it.skipIf(process.getuid?.() !== 0)(
    'makes and removes nothing behind a link of another user (needs root)',
    async () => {
      const at = mkdtempSync(path.join(folder, 'links-'));
      const made = await rig.given(
        [{ path: path.join(at, 'safe', 'file'), mode: 0o600, content: Buffer.from('keep') }],
        true,
      );
      const [own, foreign] = ['own', 'foreign'].map((name) => path.join(at, name)) as [string, string];
      for (const link of [own, foreign]) await symlink(path.join(at, 'safe'), link);
      await lchown(foreign, 65534, 65534);
      const fileIn = (link: string, name: string): GivenFile => ({
        path: path.join(link, name),
        mode: 0o600,
        content: Buffer.from('x'),
      });
      const refused = { errno: 40, message: expect.stringContaining('the link') as string };
      await expect(rig.given([fileIn(foreign, 'a/b')], true)).rejects.toMatchObject(refused);
      await expect(rig.mkdir(path.join(foreign, 'a'))).rejects.toMatchObject(refused);
      await expect(rig.remove([path.join(foreign, 'file')])).rejects.toMatchObject(refused);
      await expect(rig.remove([path.join(foreign, 'file')], { tree: true })).rejects.toMatchObject(refused);
      expect(await rig.list(path.join(at, 'safe'))).toEqual(['file']);
      const behind = await rig.given([fileIn(own, 'a/b')], true);
      expect(behind.map((one) => path.relative(at, one))).toEqual(['own/a', 'own/a/b']);
      await rig.remove([...made, own, foreign, ...behind].reverse());
      await rig.remove([path.join(at, 'never/there')]);
      expect(await rig.list(at)).toEqual([]);
    },
  );

  it('lets one in at a time, where that is asked for', async () => {
    const addon = artefacts?.addon ?? '';
    const lock = path.join(folder, 'lock');
    const first = await openHostRigInTurn(addon, lock);
    const impatient = new AbortController();
    const second = openHostRigInTurn(addon, lock, impatient.signal);
    impatient.abort();
    await expect(second).rejects.toThrow(/abort/);
    const third = openHostRigInTurn(addon, lock);
    first.close();
    (await third).close();
  });

  it('ends what it started when it is closed', async () => {
    const other = await openHostRig(artefacts?.addon ?? '');
    const { path: fence } = await other.fence();
    const { pid } = await other.run({
      argv: ['sleep', '60'],
      env,
      cwd: folder,
      stdout: '/dev/null',
      stderr: '/dev/null',
    });
    const ended = other.wait({ pid, timeoutMs: 60_000, graceMs: 1000 });
    other.close();
    expect((await ended).status).toBe(9);
    expect(existsSync(fence)).toBe(false);
  });

  it('refuses a command that cannot be found or executed', async () => {
    await expect(
      rig.run({ argv: ['no-such'], env, cwd: folder, stdout: '/dev/null', stderr: '/dev/null' }),
    ).rejects.toThrow(/not in PATH/);
    await expect(rig.call('no-such-call' as CallName, {})).rejects.toThrow(/no call/);
  });
});
