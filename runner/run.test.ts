import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BackendError } from '../core/backend/error.ts';
import type { Backend, Session, Unsupported } from '../core/backend/backend.ts';
import type { StepRequest } from '../core/backend/request.ts';
import type { ObservedOutcome } from '../core/backend/observer.ts';
import { anyKernel, kernelFacts } from '../core/kernels/kernel-facts.ts';
import type { ProblemCause } from '../core/backend/problem.ts';
import { parseScenario } from '../core/scenario/parse.ts';
import { makeOutcome, makeProcess } from '../core/scenario/testing.ts';
import { recordingDigest } from './digest.ts';
import type { RunEvent } from './reporter.ts';
import { runScenarios } from './run.ts';
import type { RunOptions } from './run.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracerig-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string): string => {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
};
const policy =
  'apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata: {name: p}\nspec: {kprobes: [{call: fd_install, syscall: false}]}\n';
const scenario = (steps: string): string => `name: n\npolicies: []\nsteps: ${steps}\n`;

/** A backend that answers every step with the outcome; what happened is in `log`. */
function fake(
  name: 'sim' | 'vm',
  answer: (step: StepRequest) => Partial<ObservedOutcome> | Promise<Partial<ObservedOutcome>> = () => ({}),
): Backend & { log: string[] } {
  const log: string[] = [];
  return {
    id: { kind: name },
    takes: name === 'sim' ? 'trace' : 'command',
    log,
    describe: () => name,
    target: () => Promise.resolve(anyKernel),
    supports: () => [],
    available: () => Promise.resolve(undefined),
    open(): Promise<Session> {
      log.push('open');
      return Promise.resolve({
        async runStep(step) {
          log.push(`step ${step.name}`);
          return makeOutcome(await answer(step));
        },
        close() {
          log.push('close');
          return Promise.resolve();
        },
      });
    },
    close: () => Promise.resolve(),
  };
}

const run = (options: Partial<RunOptions> = {}) =>
  runScenarios({ paths: [folder], backends: [fake('vm')], ...options });

describe('a run', () => {
  it('runs the steps of a scenario in one session and tells what happens', async () => {
    write(
      'a.scenario.yaml',
      scenario('[{run: x, expect: {exit: 0}}, {name: two, run: y, expect: {exit: 1}}]'),
    );
    const backend = fake('vm');
    const events: RunEvent['type'][] = [];
    const result = await run({ backends: [backend], reporter: (event) => events.push(event.type) });
    expect(backend.log).toEqual(['open', 'step 1', 'step two', 'close']);
    expect(result).toMatchObject({ counts: { passed: 1, failed: 1, skipped: 0 }, exitCode: 1 });
    expect(events).toEqual([
      'run-start',
      'scenario-start',
      ...['step-start', 'step-end', 'step-start', 'step-end'],
      'scenario-end',
      'run-end',
    ]);
  });

  it('has so many scenarios open at once, and tells of them as if it had one', async () => {
    for (const name of ['a', 'b', 'c', 'd'])
      write(`${name}.scenario.yaml`, scenario(`[{name: ${name}, run: x, expect: {exit: 0}}]`));
    const told = async (jobs: number, kind: 'kernel' | 'vm' = 'vm') => {
      let [open, most] = [0, 0];
      const base = fake('vm', async ({ name }) => {
        most = Math.max(most, ++open);
        // The first of them ends last.
        for (let turns = name === 'a' ? 20 : 1; turns > 0; turns--)
          await new Promise((resolve) => setImmediate(resolve));
        open--;
        return {};
      });
      const words: string[] = [];
      const reporter = (event: RunEvent): void => {
        words.push(event.type === 'step-end' ? `${event.result.step} ${event.result.status}` : event.type);
      };
      const result = await run({ backends: [{ ...base, id: { kind } }], reporter, jobs });
      return { most, words, names: result.scenarios.map(({ steps }) => steps[0]?.step) };
    };
    const [one, two] = [await told(1), await told(2)];
    expect([one.most, two.most]).toEqual([1, 2]);
    expect(two.words).toEqual(one.words);
    expect(two.names).toEqual(['a', 'b', 'c', 'd']);
    // On this machine itself they would meet.
    expect((await told(2, 'kernel')).most).toBe(1);
  });

  it('expects on a backend what is said of it', async () => {
    write('a.scenario.yaml', scenario('[{run: x, expect: {exit: 0, vm: {exit: 1}}}]'));
    const of = async (kind: 'kernel' | 'vm') =>
      (await run({ backends: [{ ...fake('vm'), id: { kind } }] })).exitCode;
    expect([await of('kernel'), await of('vm')]).toEqual([0, 1]);
  });

  it('tells of a red step that was executed what its hooks posted', async () => {
    write('p.yaml', policy);
    write(
      'a.scenario.yaml',
      'name: n\npolicies: [p.yaml]\nsteps: [{run: x, expect: {exit: 1}}, {run: y, expect: {exit: 0}}]\n',
    );
    const { scenarios } = await run();
    expect(scenarios[0]?.steps.map(({ witness }) => witness)).toMatchObject([
      { hooks: [], posted: [{ policy: 'p', hook: 'fd_install', events: 0 }] },
      undefined,
    ]);
  });

  it('refuses an absent event that no hook of the policies sends', async () => {
    write('p.yaml', policy);
    write(
      'a.scenario.yaml',
      'name: n\npolicies: [p.yaml]\nsteps: [{run: x, expect: {events: {absent: [{process_kprobe: {function_name: fd_instal}}]}}}]\n',
    );
    const backend = fake('vm');
    const result = await run({ backends: [backend] });
    expect(result.scenarios[0]?.diagnostics).toMatchObject([{ code: 'TR-scenario-never' }]);
    expect(result.exitCode).toBe(2);
    expect(backend.log).toEqual([]);
  });

  it('finds nothing: an error', async () => {
    expect(await run()).toMatchObject({ exitCode: 2, errors: [{ code: 'TR-no-scenarios' }] });
    expect(await run({ paths: [join(folder, 'none')] })).toMatchObject({
      exitCode: 2,
      errors: [{ code: 'TR-no-such-path' }],
    });
  });

  it('reports a malformed scenario, and runs the others', async () => {
    write('a.scenario.yaml', 'steps: 1\n');
    write('b.scenario.yaml', scenario('[{run: x}]'));
    write('c.scenario.yaml', 'name: c\npolicies: [none.yaml]\nsteps: [{run: x, expect: {exit: 0}}]\n');
    const result = await run();
    expect(result).toMatchObject({ exitCode: 2, counts: { passed: 1, failed: 2 } });
    expect(result.scenarios[2]?.diagnostics[0]?.message).toContain('no such file');
  });

  it('counts a problem of a backend as a failure', async () => {
    write('a.scenario.yaml', scenario('[{run: x}]'));
    const problem = (cause: ProblemCause) =>
      run({ backends: [fake('vm', () => ({ problems: [{ ...cause, count: 1 }] }))] });
    expect((await problem({ kind: 'not-modelled', feature: 'f' })).exitCode).toBe(1);
    expect((await problem({ kind: 'trace', fault: 'cut' })).exitCode).toBe(1);
  });

  it('blames a broken machine for all steps after it', async () => {
    write('a.scenario.yaml', scenario('[{run: x}, {run: y}]'));
    const broken = (): never => {
      throw new BackendError('TR-vm-no-qemu', 'no QEMU', 'unavailable', { enable: 'npx tracerig setup' });
    };
    const backend = fake('vm', broken);
    const result = await run({ backends: [backend] });
    expect(result).toMatchObject({ exitCode: 3, counts: { failed: 2 } });
    expect(backend.log).toEqual(['open', 'step 1', 'close']);
    expect(result.scenarios[0]?.steps[1]?.errors[0]).toMatchObject({
      message: 'no QEMU',
      enable: 'npx tracerig setup',
    });
  });

  it('does not let skips make it green', async () => {
    write('a.scenario.yaml', scenario('[{trace: t.strace}]'));
    expect(await run()).toMatchObject({ exitCode: 2, counts: { skipped: 1, passed: 0 } });
  });

  it('stops when it is interrupted, and closes the session', async () => {
    write('a.scenario.yaml', scenario('[{run: x}, {run: y}]'));
    write('b.scenario.yaml', scenario('[{run: x}]'));
    const controller = new AbortController();
    const backend = fake('vm', () => {
      controller.abort();
      return {};
    });
    const result = await run({ backends: [backend], signal: controller.signal });
    expect(result).toMatchObject({ exitCode: 130, interrupted: true });
    expect(backend.log).toEqual(['open', 'step 1', 'close']);
  });
});

describe('a backend that cannot do what a policy says', () => {
  const unsupported: Unsupported = {
    feature: 'rate limits',
    span: {
      file: 'p.yaml',
      start: { line: 3, column: 1, offset: 9 },
      end: { line: 3, column: 2, offset: 10 },
    },
    missing: 'a BPF program for it',
    proof: 'by design',
  };
  const lacking = (name: 'sim' | 'vm'): Backend & { log: string[] } => ({
    ...fake(name),
    supports: () => [unsupported],
  });
  beforeEach(() => {
    write('p.yaml', policy);
    write('a.scenario.yaml', 'name: n\npolicies: [p.yaml]\nsteps: [{name: s, run: x}, {name: t, run: y}]\n');
    for (const name of ['s', 't']) write(`a.traces/${name}.strace`, 'x');
  });

  it('on its own: one skip, and exit code 3', async () => {
    const backend = lacking('vm');
    const result = await run({ backends: [backend] });
    expect(result).toMatchObject({ exitCode: 3, counts: { passed: 0, failed: 0, skipped: 1 } });
    expect(result.scenarios[0]).toMatchObject({
      steps: [],
      skips: [{ backend: 'vm', unsupported: [unsupported] }],
    });
    expect(backend.log).toEqual([]);
  });

  it('beside another that can: a skip that counts', async () => {
    const result = await run({ backends: [fake('sim'), lacking('vm')] });
    expect(result).toMatchObject({ exitCode: 0, counts: { passed: 2, failed: 0, skipped: 1 } });
  });
});

describe('kernels', () => {
  const kernelNamed = (version: string) => kernelFacts({ id: version, version, release: version });
  const onKernels = (kernels: readonly string[]) => {
    const seen: string[] = [];
    let next = 0;
    const backend: Backend = {
      ...fake('vm'),
      target: () => Promise.resolve(kernelNamed(kernels[next++ % kernels.length] ?? '')),
      open: (request) => {
        seen.push(
          `${request.kernel.version}: ${request.policies.map(({ text }) => text.slice(0, 10)).join()}`,
        );
        return fake('vm').open(request);
      },
    };
    return { backend, seen };
  };
  beforeEach(() => {
    write('p.yaml', policy);
    write('a.scenario.yaml', 'name: n\npolicies: [p.yaml]\nsteps: [{run: x}, {run: y}, {run: z}]\n');
  });

  it('each take a session of their own, with the policies as written', async () => {
    const { backend, seen } = onKernels(['5.10', '6.12', '5.10']);
    expect(await run({ backends: [backend] })).toMatchObject({ exitCode: 0, counts: { passed: 3 } });
    expect(seen).toEqual(['5.10: apiVersion', '6.12: apiVersion']);
  });

  it('are named in results, and compared only with their like', async () => {
    const of = (kind: 'sim' | 'vm', kernel: string): Backend => ({ ...fake(kind), id: { kind, kernel } });
    for (const name of ['1', '2', '3']) write(`a.traces/${name}.strace`, 'x');
    const result = await run({
      backends: [of('sim', '5.10'), of('sim', '6.12'), of('vm', '5.10'), of('vm', '6.12')],
    });
    const [first] = result.scenarios;
    expect([...new Set(first?.steps.map(({ backend }) => backend))]).toEqual([
      ...['sim@5.10', 'sim@6.12', 'vm@5.10', 'vm@6.12'],
    ]);
    expect([...new Set(first?.parity.map(({ between }) => between.join(' ')))]).toEqual([
      ...['sim@5.10 vm@5.10', 'sim@6.12 vm@6.12'],
    ]);
  });
});

describe('recordings', () => {
  const sim = (): Backend => fake('sim', (step) => ({ notes: [JSON.stringify(step.trace?.start ?? null)] }));
  const one = '[{name: s, run: x}]';

  it('are missing: an error with the command that makes them', async () => {
    const file = write('a.scenario.yaml', scenario(one));
    const result = await run({ backends: [sim()] });
    expect(result.exitCode).toBe(2);
    expect(result.scenarios[0]?.steps[0]?.errors[0]).toMatchObject({
      code: 'TR-trace-missing',
      enable: `npx tracerig record ${file}`,
    });
  });

  it('without a digest are taken as they are', async () => {
    write('a.scenario.yaml', scenario(one));
    write('a.traces/s.strace', 'x');
    expect((await run({ backends: [sim()] })).exitCode).toBe(0);
  });

  it('must fit given and run', async () => {
    const text = scenario(one);
    const file = write('a.scenario.yaml', text);
    write('a.traces/s.strace', 'x');
    const read = parseScenario(text, file).scenario;
    const digest = read === undefined ? '' : recordingDigest(read, 1);
    write('a.traces/s.start.json', JSON.stringify({ digest }));
    expect((await run({ backends: [sim()] })).exitCode).toBe(0);
    write('a.scenario.yaml', scenario('[{name: s, run: y}]'));
    const result = await run({ backends: [sim()] });
    expect(result.scenarios[0]?.steps[0]?.errors[0]?.code).toBe('TR-trace-outdated');
    expect(result.exitCode).toBe(2);
  });

  it('have a start snapshot that is JSON', async () => {
    write('a.scenario.yaml', scenario(one));
    write('a.traces/s.strace', 'x');
    write('a.traces/s.start.json', '{');
    const result = await run({ backends: [sim()] });
    expect(result.scenarios[0]?.steps[0]?.errors[0]?.code).toBe('TR-start-file');
  });
});

describe('several backends', () => {
  beforeEach(() => {
    write('a.scenario.yaml', scenario('[{name: s, run: x}]'));
    write('a.traces/s.strace', 'x');
  });

  it('are compared', async () => {
    const result = await run({ backends: [fake('sim'), fake('vm')] });
    expect(result).toMatchObject({ exitCode: 0, counts: { passed: 3 } });
  });

  it('disagree: exit code 4, though no expectation failed', async () => {
    const other = fake('vm', () => ({ processes: [makeProcess(0, '/bin/sh')] }));
    const result = await run({ backends: [fake('sim'), other] });
    expect(result).toMatchObject({ exitCode: 4, counts: { passed: 2, failed: 1 } });
  });
});
