/** The host backend whole, on a kernel with kprobes: the command runs in Node inside the VM, as it would on such a host. */
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleCommand } from '../scripts/bundle.mjs';
import { cacheDir, restoreRig, setupHasRun, type RiggedVm } from '../vm/index.ts';
import type { NativeArtefacts } from './artefacts.ts';
import type { Rig } from './rig.ts';
import { artefacts } from './testing.ts';

const root = path.join(import.meta.dirname, '..');
const ready = artefacts !== undefined && (await setupHasRun());

/** Where things are in the guest: on its disk, since its memory is small. */
const guest = { command: '/opt/tracerig', cache: '/opt/cache', node: '/opt/node', libraries: '/opt/lib' };
const environment = [
  'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  'HOME=/root',
  'LANG=C.UTF-8',
  `TRACERIG_CACHE=${guest.cache}`,
  `LD_LIBRARY_PATH=${guest.libraries}`,
];

describe.skipIf(!ready)(
  'the host backend inside the VM (needs `npx tracerig setup`)',
  { timeout: 240_000 },
  () => {
    let vm: RiggedVm;
    beforeAll(async () => {
      const bundle = await mkdtemp(path.join(tmpdir(), 'tracerig-test-'));
      try {
        vm = await restoreRig({ cache: cacheDir() });
        await bundleCommand(bundle);
        await install(vm.rig, bundle, artefacts as NativeArtefacts);
      } finally {
        await rm(bundle, { recursive: true });
      }
    }, 240_000);
    afterAll(() => vm?.close());

    const command = (...argv: string[]) => [guest.node, 'dist/tracerig.js', ...argv];
    const tracerig = (...argv: string[]) => run(vm.rig, command(...argv));

    it('passes scenarios and leaves nothing behind', async () => {
      const before = await remains(vm.rig);
      const names = ['kill-on-open', 'openat-relative', 'child-of-a-shell'];
      const files = names.map((name) => `scenarios/${name}.scenario.yaml`);
      const { status, output } = await tracerig('test', ...files, '--backend', 'kernel', '--here');
      expect(output).toMatch(/^backend kernel \(this host, \d/);
      expect(output).toMatch(/[1-9] passed, 0 failed, 0 skipped/);
      expect(status).toBe(0);
      expect(await remains(vm.rig)).toEqual(before);
    });

    it('kills nobody outside the fence, whatever the policy, and makes nothing where something is', async () => {
      const beating = await start(vm.rig, ['/bin/sh', '-c', 'while cat /etc/hostname; do sleep 0.1; done']);
      await vm.rig.given([textTo('/tmp/occupied', 'mine')], true);
      const { status, output } = await tracerig('test', 'own', '--backend', 'kernel', '--here');
      expect(output).toMatch(/1 passed, 1 failed/);
      expect(output).toContain('/tmp/occupied exists on this machine');
      expect(status).toBe(2);
      expect(Buffer.from(await vm.rig.read('/tmp/occupied')).toString()).toBe('mine');
      expect((await vm.rig.stat('/tmp/free')).exists).toBe(false);
      await vm.rig.remove(['/tmp/occupied']);

      const beats = async (): Promise<number> => (await vm.rig.read(beating.out)).length;
      const then = await beats();
      while ((await beats()) === then) await sleep(50);
      await run(vm.rig, ['/bin/kill', '-KILL', `${beating.pid}`], '/');
      expect(await finish(vm.rig, beating)).toMatchObject({ status: 9 });
    });

    it('ends at an interrupt, tidies up, and lets the next one have its turn', async () => {
      const before = await remains(vm.rig);
      const [endless, next] = ['endless.scenario.yaml', 'scenarios/kill-on-open.scenario.yaml'].map((file) =>
        command('test', file, '--backend', 'kernel', '--here'),
      );
      const first = await start(vm.rig, endless ?? []);
      while (!(await vm.rig.stat('/tmp/w/begun')).exists) await sleep(50);
      const second = await start(vm.rig, next ?? []);
      await run(vm.rig, ['/bin/kill', '-INT', `${first.pid}`], '/');
      expect(await finish(vm.rig, first)).toMatchObject({ status: 130 });
      expect(await finish(vm.rig, second)).toMatchObject({ status: 0 });
      expect(await remains(vm.rig)).toEqual(before);
    });
  },
);

/** Files of the command's folder in the guest that only these tests need. */
const ownFiles = {
  'own/kill-all.scenario.yaml': `
name: whoever opens anything is killed
policies: [kill-all.yaml]
steps:
  - name: cat
    run: [cat, /etc/hostname]
    expect: { killed: SIGKILL, stdout: "" }
`,
  'own/kill-all.yaml': `
apiVersion: cilium.io/v1alpha1
kind: TracingPolicy
metadata: { name: kill-all }
spec:
  kprobes:
    - call: fd_install
      syscall: false
      selectors:
        - matchActions: [{ action: Sigkill }]
`,
  'own/occupied.scenario.yaml': `
name: something is in the way
policies: [kill-all.yaml]
given:
  files:
    /tmp/free: { content: x }
    /tmp/occupied: { content: x }
steps:
  - name: none
    run: "true"
`,
  'endless.scenario.yaml': `
name: does not end
policies: [scenarios/policies/guard-file.yaml]
given:
  files:
    /tmp/tetragon: { content: x }
    /tmp/deep/file: { content: x }
steps:
  - name: sleep
    run: sleep 1000 & touch begun; sleep 1000
`,
};

interface Sent {
  readonly path: string;
  readonly content: Uint8Array;
  readonly mode: number;
}

/** Puts Node, the command, the addon and the BPF programs into the guest, and libraries that it has not. */
async function install(rig: Rig, bundle: string, { addon, bpf }: NativeArtefacts): Promise<void> {
  const native = `${guest.cache}/native`;
  const current = { bpf: `${native}/bpf`, addon: `${native}/addon/tracerig.node`, agent: `${native}/none` };
  const files: Sent[] = [
    await fileTo(guest.node, process.execPath, 0o755),
    textTo(`${native}/current.json`, JSON.stringify(current)),
    textTo(`${guest.command}/package.json`, '{ "type": "module" }'),
    ...(await folderTo(path.dirname(current.addon), path.dirname(addon))),
    ...(await folderTo(current.bpf, bpf)),
    ...(await folderTo(`${guest.command}/dist`, bundle)),
  ];
  for (const folder of ['scenarios', 'scenarios/policies', 'core/kernels/data'])
    files.push(...(await folderTo(`${guest.command}/${folder}`, path.join(root, folder))));
  for (const [name, text] of Object.entries(ownFiles)) files.push(textTo(`${guest.command}/${name}`, text));
  const libraries = [...(await librariesOf(process.execPath)), ...(await librariesOf(addon))];
  for (const library of new Set(libraries)) {
    const name = path.basename(library);
    const { exists } = await rig.stat(`/usr/lib/x86_64-linux-gnu/${name}`);
    if (!exists) files.push(await fileTo(`${guest.libraries}/${name}`, library));
  }
  await send(rig, files);
}

const textTo = (to: string, text: string): Sent => ({ path: to, content: Buffer.from(text), mode: 0o644 });

const fileTo = async (to: string, from: string, mode = 0o644): Promise<Sent> => ({
  path: to,
  content: await readFile(from),
  mode,
});

async function folderTo(to: string, from: string): Promise<Sent[]> {
  const entries = await readdir(from, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.map'));
  return Promise.all(names.map(({ name }) => fileTo(`${to}/${name}`, path.join(from, name))));
}

/** Shared libraries that a file loads. */
async function librariesOf(file: string): Promise<string[]> {
  const { stdout } = await execa('ldd', [file]);
  return [...stdout.matchAll(/=> (\/\S+)/g)].map(([, library = '']) => library);
}

const largestPart = 8 * 1024 * 1024;

/** Large files go over in parts that the guest's memory can hold, and are joined there. */
async function send(rig: Rig, files: readonly Sent[]): Promise<void> {
  const small = files.filter(({ content }) => content.length <= largestPart);
  await rig.given(small, false);
  for (const { path: to, content, mode } of files) {
    if (content.length <= largestPart) continue;
    await rig.given([{ path: to, content: new Uint8Array(), mode }], false);
    for (let at = 0; at < content.length; at += largestPart) {
      const part = `${to}.part`;
      await rig.given([{ path: part, content: content.subarray(at, at + largestPart), mode }], false);
      const { status, output } = await run(rig, ['/bin/sh', '-c', `cat ${part} >>${to}`], '/');
      if (status !== 0) throw new Error(`sending ${to}: ${output}`);
      await rig.remove([part]);
    }
  }
}

let runs = 0;

interface Running {
  readonly pid: number;
  /** File that takes what it prints. */
  readonly out: string;
}

/** Starts a command in the guest, outside of the agent's own fence. */
async function start(rig: Rig, argv: readonly string[], cwd = guest.command): Promise<Running> {
  const out = `/run/test-${runs++}`;
  const { pid } = await rig.run({ argv, env: environment, cwd, stdout: out, stderr: out, fenced: false });
  return { pid, out };
}

/** Exit code or signal, and what was printed. */
async function finish(rig: Rig, { pid, out }: Running) {
  const { status } = await rig.wait({ pid, timeoutMs: 200_000, graceMs: 0, fence: false });
  return { status: status >> 8 || status, output: Buffer.from(await rig.read(out)).toString() };
}

async function run(rig: Rig, argv: readonly string[], cwd?: string) {
  return finish(rig, await start(rig, argv, cwd));
}

/** Everything that a run may leave: cgroups, files, processes, BPF programs and links. */
async function remains(rig: Rig) {
  const script = [
    // A run's guard ends after it, when it has seen that there is nothing to do.
    'while ps -eo comm --no-headers | grep -qx node; do sleep 0.2; done',
    'find /sys/fs/cgroup /sys/fs/bpf -type d',
    'ls -A /tmp /opt/tracerig',
    'ls /run | grep -v -e ^test- -e ^tracerig.lock$',
    'ps -eo pid,comm --no-headers | grep -Ev " (ps|sh|grep|kworker.*)$"',
    'ls /proc/*/fd -l 2>/dev/null | grep -c bpf',
  ].join('; ');
  return (await run(rig, ['/bin/sh', '-c', script], '/')).output.split('\n');
}
