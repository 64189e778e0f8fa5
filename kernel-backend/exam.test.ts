/** The exam: real Tetragon's recordings, run again in the VM. Reads a sample of them in place; without them it is skipped. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareEvents } from '../core/events/compare.ts';
import type { TetragonEvent } from '../core/events/event.ts';
import { loadPolicies } from '../core/plan/load.ts';
import { BackendError } from '../core/backend/error.ts';
import { observeStep } from '../core/backend/observe-step.ts';
import type { ObservedOutcome } from '../core/backend/observer.ts';
import { sessionOf } from '../core/backend/testing.ts';
import { kernelOf } from '../runner/kernel-data.ts';
import { createVmBackend } from '../vm/backend.ts';
import { setupHasRun } from '../vm/setup-stamp.ts';

const folder = path.join(import.meta.dirname, '..', '..', 'shared', 'oracle2');
const ready = existsSync(folder) && (await setupHasRun());
const recorded = ready
  ? readdirSync(folder).filter((name) => existsSync(path.join(folder, name, 'workload.sh')))
  : [];
/** Each takes a VM of its own, so every fourth must do, unless all are wanted. */
const every = process.env['TRACERIG_EXAM'] === 'all' ? 1 : 4;
const sample = recorded.filter((name, index) => index % every === 0 && !name.includes('618'));

/** Cases that another run cannot repeat, and why. */
const knownWrong: Readonly<Record<string, string>> = {
  '044-binaries-in-symlink-script': "busybox is not in the VM's file system",
  '064-tags-message': 'the message is shown unescaped',
  '104-kill-signals': 'the signal races with the execve of the child',
};

const read = (name: string, file: string): Buffer => readFileSync(path.join(folder, name, file));

function withoutTimes(events: readonly TetragonEvent[]): TetragonEvent[] {
  return events.map((event) => ({ ...event, time: undefined }) as unknown as TetragonEvent);
}

/** In the order of times, or of export, where the clocks of a recording jumped. */
function differences(expected: readonly TetragonEvent[], got: readonly TetragonEvent[]): unknown[] {
  const timed = compareEvents(expected, got);
  const exported = compareEvents(withoutTimes(expected), withoutTimes(got));
  return timed.length <= exported.length ? timed : exported;
}

describe.skipIf(!ready)('recordings of real Tetragon, run again', { timeout: 120_000 }, () => {
  const backend = createVmBackend({ target: kernelOf });
  let tool: Buffer;
  beforeAll(() => {
    const scratch = mkdtempSync(path.join(tmpdir(), 'tracerig-exam-'));
    const out = path.join(scratch, 't');
    execFileSync('gcc', ['-O1', '-static', '-w', '-o', out, path.join(folder, 't.c')]);
    tool = readFileSync(out);
    rmSync(scratch, { recursive: true });
  });
  afterAll(() => backend.close());

  async function run(name: string): Promise<ObservedOutcome> {
    const kernel = await kernelOf('6.12');
    const inFolder = readdirSync(path.join(folder, name));
    const scripts = ['workload.sh', 'setup.sh'].filter((file) => inFolder.includes(file));
    const policies = inFolder.filter((file) => /^policy\d*\.yaml$/.test(file)).sort();
    const plans = policies.flatMap((file) => loadPolicies(read(name, file).toString(), file, kernel).plans);
    const session = await backend.open(
      sessionOf(plans, {
        scenario: name,
        given: {
          files: [
            { path: '/opt/t', content: tool, mode: 0o755 },
            ...scripts.map((file) => ({ path: `/opt/case/${file}`, content: read(name, file), mode: 0o755 })),
          ],
          env: {},
          run: scripts.includes('setup.sh') ? [['/usr/bin/bash', '/opt/case/setup.sh']] : [],
        },
      }),
    );
    try {
      const command = ['/usr/bin/bash', '/opt/case/workload.sh'];
      const common = { timeoutMs: 60_000, daemons: 'kill', watchFiles: [], watchCalls: [] } as const;
      return await observeStep(session, { name, run: command, ...common });
    } finally {
      await session.close();
    }
  }

  it.each(sample)('%s', async (name) => {
    const meta = JSON.parse(read(name, 'meta.json').toString()) as { load?: { ok?: boolean } };
    if (meta.load?.ok === false || name in knownWrong) return;
    let outcome: ObservedOutcome;
    try {
      outcome = await run(name);
    } catch (error) {
      // What the programs cannot do yet has to be said by name, not passed over.
      expect(error).toBeInstanceOf(BackendError);
      const { code, message } = error as BackendError;
      // Recorded on a kernel that has what the VM's lacks: there the policy does not load, as with Tetragon.
      const lacks = message.includes('the kernel has no bpf_override_return');
      expect(code, message).toBe(lacks ? 'TR-load' : 'TR-unsupported-on-kernel');
      return;
    }
    const lines = read(name, 'events.jsonl').toString().split('\n').filter(Boolean);
    const got = JSON.stringify(outcome.events.map(({ event }) => event));
    // The recordings' output file has another name.
    const renamed = got.replace(/\/run\/tracerig\/0\.(out|err)/g, '/opt/case/workload.out');
    const expected = lines.map((line) => JSON.parse(line) as TetragonEvent);
    expect(differences(expected, JSON.parse(renamed) as TetragonEvent[])).toEqual([]);
    expect(outcome.problems).toEqual([]);
  });
});
