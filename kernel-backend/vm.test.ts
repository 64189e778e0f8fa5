/** The backend on a kernel with kprobes: in the VM. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compact } from '../core/events/compact.ts';
import { kindOf } from '../core/events/parse.ts';
import { observeStep } from '../core/backend/observe-step.ts';
import type { ObservedOutcome } from '../core/backend/observer.ts';
import { sessionOf } from '../core/backend/testing.ts';
import type { StepRequest } from '../core/backend/request.ts';
import { cacheDir } from '../cache/cache-dir.ts';
import { restoreRig, type RiggedVm } from '../vm/vm.ts';
import { setupHasRun } from '../vm/setup-stamp.ts';
import { readPrograms, type NativeArtefacts } from './artefacts.ts';
import { readRecords } from './decode/records.ts';
import { encodePlans } from './encode/plan.ts';
import { examineKernel } from './session/kernel.ts';
import { knownProcesses, loadPlans } from './session/load.ts';
import { noResidents } from './session/residents.ts';
import { openSession, type RigSession } from './session/session.ts';
import { artefacts, plansOf } from './testing.ts';

const ready = artefacts !== undefined && (await setupHasRun());
const scratch = '/run/tracerig';
const env = ['PATH=/usr/bin:/bin'];

const guard = (path: string, action = 'Sigkill'): string => `
- call: fd_install
  syscall: false
  args:
    - {index: 0, type: int}
    - {index: 1, type: file}
  selectors:
    - matchArgs:
        - {index: 1, operator: Equal, values: ["${path}"]}
      matchActions:
        - action: ${action}`;

const programs = () => readPrograms((artefacts as NativeArtefacts).bpf, false);
const lines = (outcome: ObservedOutcome): string[] =>
  outcome.events.flatMap(({ event }) => compact(event, {}));

describe.skipIf(!ready)('sessions in the VM (needs `npx tracerig setup`)', { timeout: 120_000 }, () => {
  let vm: RiggedVm;
  let session: RigSession;
  beforeAll(async () => {
    vm = await restoreRig({ cache: cacheDir() });
    const content = Buffer.from('eBPF!\n');
    session = await openSession(
      vm.rig,
      sessionOf(plansOf(guard('/tmp/tetragon')), {
        given: { files: [{ path: '/tmp/tetragon', content, mode: 0o644 }], env: {}, run: [] },
      }),
      { programs: await programs(), place: { scratch, machine: 'own' } },
    );
  }, 120_000);
  afterAll(() => vm?.close());

  const step = (run: StepRequest['run'] & {}, more: Partial<StepRequest> = {}): Promise<ObservedOutcome> =>
    observeStep(session, {
      name: 'step',
      run,
      timeoutMs: 60_000,
      daemons: 'fail',
      watchFiles: [],
      watchCalls: [],
      ...more,
    });

  it('kill who opens the guarded file, and say so', async () => {
    const outcome = await step(['cat', '/tmp/tetragon'], { watchFiles: ['/tmp/tetragon'] });
    expect(outcome.root).toEqual({ kind: 'killed', signal: 'SIGKILL' });
    expect(outcome.stdout).toEqual({ known: true, value: '' });
    expect(outcome.files['/tmp/tetragon']).toMatchObject({
      value: { exists: true, mode: 0o644, content: 'eBPF!\n' },
    });
    expect(lines(outcome)).toEqual([
      '🚀 process /usr/bin/cat /tmp/tetragon',
      '📬 open    /usr/bin/cat /tmp/tetragon',
      '💥 exit    /usr/bin/cat /tmp/tetragon SIGKILL',
    ]);
    expect(outcome.problems).toEqual([]);
  });

  it('leave other files and everybody outside the fence alone', async () => {
    expect((await step(['cat', '/etc/hostname'])).root).toEqual({ kind: 'exited', code: 0 });
    const out = `${scratch}/outside`;
    const { rig } = vm;
    const { pid } = await rig.run({
      argv: ['cat', '/tmp/tetragon'],
      env,
      cwd: '/',
      stdout: out,
      stderr: out,
      fenced: false,
    });
    const { status } = await rig.wait({ pid, timeoutMs: 60_000, graceMs: 0, fence: false });
    expect(status).toBe(0);
    expect(Buffer.from(await rig.read(out)).toString()).toBe('eBPF!\n');
  });

  it('number processes and tell how each ended', async () => {
    const outcome = await step('cat /tmp/tetragon; (exit 3); true');
    expect(outcome.root).toEqual({ kind: 'exited', code: 0 });
    expect(
      outcome.processes.map(({ number, parent, binary, fate }) => ({ number, parent, binary, fate })),
    ).toEqual([
      { number: 0, parent: undefined, binary: '/bin/sh', fate: { kind: 'exited', code: 0 } },
      { number: 1, parent: 0, binary: '/usr/bin/cat', fate: { kind: 'killed', signal: 'SIGKILL' } },
      { number: 2, parent: 0, binary: '/bin/sh', fate: { kind: 'exited', code: 3 } },
    ]);
  });

  it('give results of the calls that are asked for', async () => {
    const outcome = await step('cat /no/such/file', { watchCalls: ['openat'] });
    expect(outcome.calls).toContainEqual({ process: 1, name: 'openat', errno: 'ENOENT', diverged: false });
    await expect(step('true', { watchCalls: ['no_call'] })).rejects.toThrow(/no system call "no_call"/);
  });

  it('do not know what is printed where there is no room for it', async () => {
    const full = await step('head -c 400000000 /dev/zero');
    expect(full.root).toEqual({ kind: 'exited', code: 1 });
    expect(full.stdout).toEqual({ known: false, why: expect.stringContaining('full') as string });
    expect((await step('head -c 300000000 /dev/zero >/run/filled; echo a')).stdout).toMatchObject({
      value: 'a\n',
    });
    await step('rm /run/filled');
  });

  it('tell who is killed for want of memory from who is killed by a policy', async () => {
    const greedy = await step(['python3', '-c', 'x = []\nwhile 1: x.append(bytearray(1 << 24))']);
    expect(greedy.root).toEqual({ kind: 'killed', signal: 'SIGKILL' });
    expect(greedy.problems).toEqual([{ kind: 'out-of-memory', killed: 1, count: 1 }]);
    expect((await step('true')).problems).toEqual([]);
  });

  it('leave alone what given.run has started', async () => {
    const given = {
      files: [],
      env: {},
      run: ['sleep 1000 & echo $! >/tmp/service; setsid sleep 1001 & echo $! >>/tmp/service'],
    };
    const other = await restoreRig({ cache: cacheDir() });
    try {
      const inner = await openSession(other.rig, sessionOf([], { given }), {
        programs: await programs(),
        place: { scratch, machine: 'own' },
      });
      for (const name of ['first', 'second']) {
        const run = 'kill -0 $(cat /tmp/service) && echo alive';
        const more = { timeoutMs: 60_000, daemons: 'fail', watchFiles: [], watchCalls: [] } as const;
        const outcome = await observeStep(inner, { ...more, name, run });
        expect(outcome).toMatchObject({ stdout: { value: 'alive\n' }, problems: [] });
      }
      await inner.close();
      expect((await other.rig.fence()).pids).toEqual([]);
    } finally {
      await other.close();
    }
  });

  it('name processes that outlive the root, unless they may', async () => {
    const left = await step('sleep 60 & exit 0');
    expect(left.problems.map(({ kind }) => kind)).toEqual(['left-processes']);
    expect(left.processes.at(-1)).toMatchObject({ binary: '/usr/bin/sleep', fate: { kind: 'running' } });
    // Its death is the fence's doing.
    const cut = left.processes.at(-1)?.number;
    expect(left.events.filter(({ process }) => process === cut).map(({ event }) => kindOf(event))).toEqual([
      'process_exec',
    ]);
    expect((await step('sleep 60 & exit 0', { daemons: 'kill' })).problems).toEqual([]);
  });

  it('kill the whole tree of a step that does not end', async () => {
    const outcome = await step('sleep 60 & sleep 60', { timeoutMs: 500 });
    expect(outcome.problems.map(({ kind }) => kind)).toEqual(['timeout']);
    expect((await vm.rig.fence()).pids).toEqual([]);
  });

  it('leave no output to the steps after them', async () => {
    await step('echo out; echo err >&2');
    // Only those of the step that looks.
    const { stdout } = await step('ls /run/tracerig | grep -c "[.]out$"');
    expect(stdout).toEqual({ known: true, value: '1\n' });
  });

  it('say what cannot be run or loaded', async () => {
    await expect(step(['no-such-program'])).rejects.toMatchObject({ code: 'TR-no-command' });
    const request = sessionOf(plansOf(guard('/x').replace('fd_install', 'no_such_function')));
    const options = { programs: await programs(), place: { scratch, machine: 'own' } as const };
    await expect(openSession(vm.rig, request, options)).rejects.toThrow(/has no function no_such_function/);
  });
});

describe.skipIf(!ready)('hooks (needs `npx tracerig setup`)', { timeout: 120_000 }, () => {
  it.each([true, false])('beyond one object, by kprobe.multi: %s', async (multi) => {
    const vm = await restoreRig({ cache: cacheDir() });
    try {
      const { rig } = vm;
      // One of each policy: a policy may not hook a function twice.
      const plans = Array.from({ length: 10 }, (_, i) =>
        plansOf(guard('/tmp/file', i === 9 ? 'Sigkill' : 'Post')),
      ).flat();
      const kernel = { ...(await examineKernel(rig)), multi };
      const encoded = encodePlans(plans, kernel);
      expect(encoded.objects.length).toBe(2);
      await rig.given([{ path: '/tmp/file', mode: 0o644, content: Buffer.from('x') }], false);
      const loaded = await loadPlans(
        rig,
        await programs(),
        encoded,
        kernel,
        knownProcesses(noResidents(encoded.binaries)),
      );
      const out = '/tmp/out';
      const { pid } = await rig.run({ argv: ['cat', '/tmp/file'], env, cwd: '/', stdout: out, stderr: out });
      expect((await rig.wait({ pid, timeoutMs: 60_000, graceMs: 1000 })).status).toBe(9);
      const { bytes } = await rig.call('flush', { object: loaded.objects[0] ?? 0 });
      const hit = readRecords(bytes).flatMap((record) => (record.kind === 'hook' ? [record.hook] : []));
      expect(hit.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    } finally {
      await vm.close();
    }
  });
});

describe.skipIf(!ready)('the fence (needs `npx tracerig setup`)', () => {
  it('that was never filled lets nobody be killed', async () => {
    const vm = await restoreRig({ cache: cacheDir() });
    try {
      const { rig } = vm;
      const kernel = await examineKernel(rig);
      const encoded = encodePlans(plansOf(guard('/tmp/guarded')), kernel);
      await rig.given([{ path: '/tmp/guarded', mode: 0o644, content: Buffer.from('x') }], false);
      await loadPlans(rig, await programs(), encoded, kernel, knownProcesses(noResidents(encoded.binaries)), {
        fenced: false,
      });
      const out = '/tmp/out';
      for (const fenced of [true, false]) {
        const { pid } = await rig.run({
          argv: ['cat', '/tmp/guarded'],
          env,
          cwd: '/',
          stdout: out,
          stderr: out,
          fenced,
        });
        expect((await rig.wait({ pid, timeoutMs: 60_000, graceMs: 1000 })).status).toBe(0);
      }
    } finally {
      await vm.close();
    }
  }, 120_000);
});
