import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Rig } from '../kernel-backend/rig.ts';
import { cacheDir } from '../cache/cache-dir.ts';
import { defaultKernelLine, readVmImage } from './image.ts';
import type { VmImage } from './image.ts';
import { prepareSnapshot, restoreRig, restoreVm } from './vm.ts';
import { setupHasRun } from './setup-stamp.ts';

const image = await readVmImage(cacheDir(), defaultKernelLine);
const ready = image !== undefined && (await setupHasRun());
const minutes = 60_000;

/** Standard output of a shell command in the guest. */
async function shell(rig: Rig, script: string): Promise<string> {
  const { pid } = await rig.run({
    argv: ['/bin/sh', '-c', script],
    env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'LANG=C.UTF-8'],
    cwd: '/',
    stdout: '/run/out',
    stderr: '/run/out',
    fenced: false,
  });
  await rig.wait({ pid, timeoutMs: 2 * minutes, graceMs: 0, fence: false });
  const text = Buffer.from(await rig.read('/run/out')).toString();
  await rig.remove(['/run/out']);
  return text;
}

async function alive(pid: number): Promise<boolean> {
  const state = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  return state !== '' && !/\) Z /.test(state);
}

describe.skipIf(!ready)('a restored machine (needs the VM: npx tracerig setup)', () => {
  it('runs commands on the kernel and userland it was made of', { timeout: 5 * minutes }, async () => {
    const machine = await restoreRig();
    try {
      const [release, host, root, mounts, lo] = (
        await shell(
          machine.rig,
          'uname -r; hostname; stat -f -c %T /; cut -d" " -f2 /proc/mounts | tr "\\n" " "; echo; ip -br addr show lo',
        )
      ).split('\n');
      expect(release).toBe(image?.release);
      expect(host).toBe('vm');
      expect(root).toBe('ext2/ext3');
      for (const place of [
        '/tmp',
        '/run',
        '/sys/fs/cgroup',
        '/sys/fs/bpf',
        '/sys/kernel/tracing',
        '/dev/shm',
      ]) {
        expect(mounts?.split(' ')).toContain(place);
      }
      expect(lo).toContain('127.0.0.1');
    } finally {
      await machine.close();
    }
    expect(await alive(machine.pid)).toBe(false);
  });

  it('shares nothing with another', { timeout: 5 * minutes }, async () => {
    const [a, b] = await Promise.all([restoreRig(), restoreRig()]);
    try {
      const uuid = 'cat /proc/sys/kernel/random/uuid';
      expect(await shell(a.rig, `echo mine >/root/file; sync; ${uuid}`)).not.toBe(
        await shell(b.rig, `cat /root/file 2>/dev/null; ${uuid}`),
      );
      expect(await shell(b.rig, 'ls /root')).toBe('');
      const seconds = Number(await shell(b.rig, 'date +%s'));
      expect(Math.abs(seconds - Date.now() / 1000)).toBeLessThan(600);
    } finally {
      await Promise.all([a.close(), b.close()]);
    }
    const c = await restoreRig();
    expect(await shell(c.rig, 'ls /root')).toBe('');
    await c.close();
  });

  it('says what the console said when the kernel panics', { timeout: 5 * minutes }, async () => {
    const machine = await restoreRig();
    const crash = machine.rig.run({
      argv: ['/bin/sh', '-c', 'echo 1 >/proc/sys/kernel/sysrq; echo c >/proc/sysrq-trigger'],
      env: [],
      cwd: '/',
      stdout: '/dev/null',
      stderr: '/dev/null',
      fenced: false,
    });
    const wait = crash.then(({ pid }) =>
      machine.rig.wait({ pid, timeoutMs: minutes, graceMs: 0, fence: false }),
    );
    await expect(wait).rejects.toMatchObject({
      code: 'TR-vm-machine',
      message: expect.stringMatching(/panicked[^]*(sysrq|NULL pointer)/i),
    });
    await machine.close();
  });

  it('ends when QEMU is killed, with an error that says so', { timeout: 5 * minutes }, async () => {
    const machine = await restoreRig();
    process.kill(machine.pid, 'SIGKILL');
    await machine.ended;
    await expect(machine.rig.ping()).rejects.toThrow(/SIGKILL/);
    await machine.close();
  });

  it('dies with the process that restored it', { timeout: 5 * minutes }, async () => {
    const dir = await mkdtemp(join(import.meta.dirname, '..', 'node_modules', '.restore-'));
    try {
      const outfile = join(dir, 'restore.mjs');
      const entryPoints = [join(import.meta.dirname, 'fixture', 'restore-and-wait.ts')];
      await build({
        entryPoints,
        outfile,
        bundle: true,
        format: 'esm',
        platform: 'node',
        packages: 'external',
      });
      const parent = spawn(process.execPath, [outfile], { stdio: ['ignore', 'pipe', 'inherit'] });
      const pid = await new Promise<number>((resolve) =>
        parent.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString()))),
      );
      expect(await alive(pid)).toBe(true);
      parent.kill('SIGKILL');
      while (await alive(pid)) await sleep(20);
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});

describe.skipIf(!ready)('a snapshot (needs the VM: npx tracerig setup)', () => {
  let cache = '';
  beforeAll(async () => {
    cache = await mkdtemp(join(tmpdir(), 'tracerig-snapshot-'));
    await mkdir(join(cache, 'vm'));
    await writeFile(join(cache, 'vm', `${defaultKernelLine}.json`), JSON.stringify(image));
  });
  afterAll(() => rm(cache, { recursive: true, force: true }));

  it(
    'is made once by two that need it, and again when it is damaged',
    { timeout: 10 * minutes },
    async () => {
      const accelerator = 'tcg';
      const dirs = await Promise.all([
        prepareSnapshot({ cache, accelerator }),
        prepareSnapshot({ cache, accelerator }),
      ]);
      expect(dirs[0]).toBe(dirs[1]);
      expect(await readdir(join(cache, 'snapshots'))).toHaveLength(1);

      const state = join(dirs[0], 'state');
      const bytes = await readFile(state);
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0x10;
      await chmod(state, 0o644);
      await writeFile(state, bytes);
      const phases: string[] = [];
      const machine = await restoreRig({ cache, accelerator, onPhase: (phase) => phases.push(phase) });
      expect(phases).toContain('making the snapshot');
      await machine.rig.ping();
      await machine.close();
    },
  );

  it('is not made from files that setup did not make', { timeout: minutes }, async () => {
    const broken = await mkdtemp(join(tmpdir(), 'tracerig-broken-'));
    try {
      await mkdir(join(broken, 'vm'));
      await writeFile(join(broken, 'initramfs'), 'something else');
      const changed: Partial<VmImage> = {
        ...image,
        initramfs: { path: join(broken, 'initramfs'), sha256: 'x', size: 14, mtimeMs: 1 },
      };
      await writeFile(join(broken, 'vm', `${defaultKernelLine}.json`), JSON.stringify(changed));
      await expect(restoreVm({ cache: broken, accelerator: 'tcg' })).rejects.toMatchObject({
        code: 'TR-vm-image-damaged',
        kind: 'unavailable',
        detail: { enable: 'npx tracerig setup' },
      });
      expect(existsSync(join(broken, 'snapshots')) ? await readdir(join(broken, 'snapshots')) : []).toEqual(
        [],
      );
    } finally {
      await rm(broken, { recursive: true });
    }
  });
});

describe('without what it needs', () => {
  it('names the command that makes the image', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'tracerig-empty-'));
    await expect(restoreVm({ cache: empty, kernel: '6.1' })).rejects.toMatchObject({
      code: 'TR-vm-not-set-up',
      kind: 'unavailable',
      detail: { enable: 'npx tracerig setup --kernel 6.1' },
    });
    await rm(empty, { recursive: true });
  });

  it('says that QEMU is missing', async () => {
    const { startQemu } = await import('./qemu.ts');
    vi.stubEnv('PATH', '/nonexistent');
    try {
      const guest = {
        accelerator: 'tcg',
        processors: 1,
        memory: 16,
        kernel: '/nonexistent',
        initramfs: '/nonexistent',
        parameters: [],
        diskWrites: 'dropped',
        incoming: false,
      } as const;
      await expect(startQemu(guest)).rejects.toMatchObject({
        code: 'TR-vm-no-qemu',
        kind: 'unavailable',
      });
    } finally {
      vi.unstubAllEnvs();
    }
  });
});
