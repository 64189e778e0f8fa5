/** Nobody leaves the fence, and nothing is lost in silence: in the VM. */
import { afterEach, describe, expect, it } from 'vitest';
import { cacheDir } from '../cache/cache-dir.ts';
import { observeStep } from '../core/backend/observe-step.ts';
import type { ObservedOutcome } from '../core/backend/observer.ts';
import { problemText } from '../core/backend/problem-words.ts';
import type { StepRequest } from '../core/backend/request.ts';
import { sessionOf } from '../core/backend/testing.ts';
import { exitCodeOfProblems, exitCodes } from '../runner/exit-code.ts';
import { setupHasRun } from '../vm/setup-stamp.ts';
import { restoreRig, type RiggedVm } from '../vm/vm.ts';
import { readPrograms, type NativeArtefacts } from './artefacts.ts';
import { openSession, type RigSession, type SessionOptions } from './session/session.ts';
import { artefacts, onTestedKernel, plansOf } from './testing.ts';

const ready = artefacts !== undefined && (await setupHasRun());
const onFiles = (matchArgs: string, action = 'Post', call = 'fd_install'): string => `
- call: ${call}
  syscall: false
  args: [{index: 0, type: int}, {index: 1, type: file}]
  selectors:
    - matchArgs: [${matchArgs}]
      matchActions: [{action: ${action}}]`;
const guarded = '{index: 1, operator: Equal, values: ["/tmp/w/f"]}';
const given = {
  files: [
    { path: '/tmp/w/f', content: Buffer.from('secret\n'), mode: 0o644 },
    { path: '/tmp/w/g', content: Buffer.from('open\n'), mode: 0o644 },
  ],
  env: {},
  run: [],
};
const outside = '/sys/fs/cgroup/cgroup.procs';

describe.skipIf(!ready)('in the VM (needs `npx tracerig setup`)', { timeout: 120_000 }, () => {
  let vm: RiggedVm | undefined;
  afterEach(() => vm?.close());

  const open = (kprobes: string, sizes: SessionOptions['sizes'] = {}): Promise<RigSession> =>
    openPlans(plansOf(kprobes), sizes);

  async function openPlans(
    plans: ReturnType<typeof plansOf>,
    sizes: SessionOptions['sizes'] = {},
  ): Promise<RigSession> {
    vm = await restoreRig({ cache: cacheDir(), ...onTestedKernel });
    const programs = await readPrograms((artefacts as NativeArtefacts).bpf, false);
    const place = { scratch: '/run/tracerig', machine: 'own' } as const;
    return openSession(vm.rig, sessionOf(plans, { given }), { programs, place, sizes });
  }
  const step = (
    session: RigSession,
    run: StepRequest['run'] & {},
    more: Partial<StepRequest> = {},
  ): Promise<ObservedOutcome> =>
    observeStep(session, {
      ...{ name: 'step', run, timeoutMs: 60_000, daemons: 'fail', watchFiles: [], watchCalls: [] },
      ...more,
    });
  const python = (session: RigSession, script: string, more: Partial<StepRequest> = {}) =>
    step(session, ['/usr/bin/python3', '-c', script], more);

  describe('the fence', () => {
    it.each([
      ['itself', `echo $$ > ${outside} && cat /tmp/w/g && cat /tmp/w/f`],
      ['its parent', `(echo $$ > ${outside}); cat /tmp/w/f; true`],
      ['a child of one that left', `sh -c 'echo $$ > ${outside}; sh -c "cat /tmp/w/f; true"'; true`],
    ])('is not left by who moves %s', async (_who, script) => {
      const session = await open(onFiles(guarded, 'Sigkill'));
      const outcome = await step(session, ['/usr/bin/bash', '-c', script]);
      expect(outcome.problems).toEqual([]);
      expect(outcome.stdout).toMatchObject({ known: true });
      expect(outcome.stdout).not.toMatchObject({ value: expect.stringContaining('secret') as string });
      const cat = outcome.processes.filter(({ arguments: args }) => args === '/tmp/w/f');
      expect(cat.map(({ fate }) => fate)).toEqual([{ kind: 'killed', signal: 'SIGKILL' }]);
    });

    it('is not left by a child that is made outside', async () => {
      const session = await open(onFiles(guarded, 'Sigkill'));
      // clone3 with CLONE_INTO_CGROUP.
      const outcome = await python(
        session,
        `
import ctypes, os, struct
libc = ctypes.CDLL(None, use_errno=True)
cgroup = os.open("/sys/fs/cgroup", os.O_RDONLY)
args = ctypes.create_string_buffer(struct.pack("11Q", 0x200000000, 0, 0, 0, 17, 0, 0, 0, 0, 0, cgroup))
pid = libc.syscall(435, args, 88)
if pid == 0:
    print(open("/proc/self/cgroup").read(), flush=True)
    print(open("/tmp/w/f").read(), flush=True)
    os._exit(0)
assert pid > 0, ctypes.get_errno()
os._exit(os.waitpid(pid, 0)[1])`,
      );
      expect(outcome.stdout).toEqual({ known: true, value: '0::/\n\n' });
      expect(outcome.root).toEqual({ kind: 'exited', code: 9 });
      expect(outcome.problems).toEqual([]);
    });

    it('is where who left it is waited for, and ended', async () => {
      const session = await open(onFiles(guarded, 'Sigkill'));
      const outcome = await step(session, `sh -c 'echo $$ > ${outside}; exec sleep 600' & sleep 1; exit 0`);
      expect(outcome.problems.map(problemText)).toEqual([expect.stringContaining('/usr/bin/sleep')]);
      expect((await step(session, 'pgrep sleep')).stdout).toEqual({ known: true, value: '' });
    });
  });

  it('a working directory that is too long is not the root', async () => {
    const session = await open(onFiles(guarded));
    const outcome = await python(
      session,
      `
import os, subprocess
os.chdir("/tmp/w")
for _ in range(40):
    os.mkdir("c" * 120); os.chdir("c" * 120)
with open("s", "w") as f: f.write("#!/bin/sh\\n/bin/true\\n")
os.chmod("s", 0o755)
subprocess.run(["./s"])`,
    );
    const execs = outcome.events.flatMap(({ event }) =>
      'process_exec' in event ? [event.process_exec.process] : [],
    );
    const script = execs.find((one) => one?.binary?.endsWith('s') === true && one.binary.length < 4);
    expect(script).toMatchObject({ binary: 's' });
    expect(script?.cwd ?? '').toBe('');
    expect(script?.flags).not.toContain('rootcwd');
  });

  describe('what is lost fails the step', () => {
    const failing = (outcome: ObservedOutcome): string[] => {
      if (outcome.problems.length > 0) expect(exitCodeOfProblems(outcome.problems)).toBe(exitCodes.failed);
      return outcome.problems.map(problemText);
    };
    const opens = 'import os\nfor _ in range(2000): os.close(os.open("/tmp/w/g", os.O_RDONLY))';

    it('records that the buffer has no room for, with their hook and number', async () => {
      const session = await open(onFiles('{index: 1, operator: Equal, values: ["/tmp/w/g"]}'), {
        records: 4096,
      });
      const outcome = await python(session, opens);
      const lost = outcome.problems.find((one) => 'hook' in one && one.hook === 'test: fd_install');
      expect(lost).toMatchObject({ kind: 'lost-events', why: 'no-room' });
      // What is not there was counted, to the last one.
      const seen = outcome.events.filter(({ event }) => 'process_kprobe' in event).length;
      expect(seen + (lost?.count ?? 0)).toBe(2000);
      expect(failing(outcome)).toContain(
        `lost events: ${lost?.count} records found no room in the buffer (test: fd_install)`,
      );
      // It was of that step only.
      expect(failing(await step(session, 'true'))).toEqual([]);
    });

    it('processes that the table has no room for', async () => {
      const session = await open(onFiles(guarded), { tasks: 4 });
      const outcome = await step(session, 'for i in 1 2 3 4 5 6; do sleep 2 & done; wait');
      expect(failing(outcome)).toEqual([
        expect.stringMatching(/^lost events: \d+ process(es)? found no room/),
      ]);
    });

    it('returns of calls that the table has no room for', async () => {
      const session = await open(
        `
- call: sys_read
  syscall: true
  return: true
  args: [{index: 2, type: size_t}]
  returnArg: {index: 0, type: int64}
  selectors: [{matchArgs: [{index: 2, operator: Equal, values: ["77"]}]}]`,
        { calls: 1 },
      );
      const outcome = await python(
        session,
        `
import os, threading
pipes = [os.pipe() for _ in range(3)]
threads = [threading.Thread(target=os.read, args=(one[0], 77)) for one in pipes]
for thread in threads: thread.start()
for one in pipes: os.write(one[1], b"a")
for thread in threads: thread.join()`,
      );
      expect(failing(outcome).join()).toMatch(
        /went on without its return being told \(test: __x64_sys_read\)/,
      );
    });

    it('returns that no probe had room for, though the thread calls again in another way', async () => {
      const session = await open(`
- call: sys_read
  syscall: true
  return: true
  args: [{index: 2, type: size_t}]
  returnArg: {index: 0, type: int64}
  selectors: [{matchArgs: [{index: 2, operator: Equal, values: ["77"]}]}]`);
      // More than a kretprobe waits for at once; each then reads so that no selector has it.
      const outcome = await python(
        session,
        `
import os, threading
def both(first, second):
    os.read(first, 77); os.read(second, 5)
ends = [(os.pipe(), os.pipe()) for _ in range(40)]
threads = [threading.Thread(target=both, args=(a[0], b[0])) for a, b in ends]
for thread in threads: thread.start()
for a, b in ends: os.write(b[1], b"12345"); os.write(a[1], b"a")
for thread in threads: thread.join()`,
      );
      const returned = outcome.events.flatMap(({ event }) =>
        'process_kprobe' in event ? [event.process_kprobe.return] : [],
      );
      for (const value of returned) expect(value).toEqual({ long_arg: '1' });
      const lost = outcome.problems.find((one) => one.kind === 'lost-events');
      expect(lost).toMatchObject({ why: 'no-return', hook: 'test: __x64_sys_read' });
      expect(returned.length + (lost?.count ?? 0)).toBe(40);
    });

    it('hits within the program of another hook', async () => {
      const denied = `
- hook: file_open
  args: [{index: 0, type: file}]
  selectors:
    - matchArgs: [{index: 0, operator: Equal, values: ["/tmp/w/g"]}]
      matchActions: [{action: Signal, argSig: 17}]`;
      const within = '- {call: do_send_sig_info, syscall: false, args: [{index: 0, type: int}]}';
      const session = await openPlans([...plansOf(denied, '', 'lsmhooks'), ...plansOf(within)]);
      const outcome = await python(session, 'open("/tmp/w/g")');
      expect(
        outcome.events.flatMap(({ event }) => ('process_lsm' in event ? [event.process_lsm] : [])),
      ).toMatchObject([{ args: [{ file_arg: { path: '/tmp/w/g' } }] }]);
      expect(failing(outcome)).toEqual([
        'lost events: the kernel passed over 1 call, since a probe was busy (test: do_send_sig_info)',
      ]);
    });

    it('hits while the probes are off', async () => {
      const session = await open(onFiles(guarded, 'Sigkill'));
      const outcome = await step(session, 'echo 0 > /proc/sys/kernel/ftrace_enabled; cat /tmp/w/f');
      expect(outcome.stdout).toEqual({ known: true, value: 'secret\n' });
      expect(failing(outcome)).toEqual([
        expect.stringMatching(/^lost events: 2 processes ended and no probe told/),
      ]);
    });

    it('signals that the kernel does not send', async () => {
      const session = await open(`
- call: exit_files
  syscall: false
  args: [{index: 0, type: nop}]
  selectors:
    - matchActions: [{action: Sigkill}]`);
      // What the root releases as it ends is nobody's: its child's is judged.
      const outcome = await step(session, ['/bin/sh', '-c', '/usr/bin/true; exit 0']);
      expect(outcome.root).toEqual({ kind: 'exited', code: 0 });
      expect(failing(outcome)).toEqual([
        expect.stringMatching(/^failed signals: .* 1 signal of test: exit_files, though/),
      ]);
    });
  });
});
