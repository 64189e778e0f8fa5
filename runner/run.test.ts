import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BackendError } from '../core/backend/backend.ts';
import type { Backend, BackendName, Session, StepRequest } from '../core/backend/backend.ts';
import type { Outcome } from '../core/backend/outcome.ts';
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
const scenario = (steps: string): string => `name: n\npolicies: []\nsteps: ${steps}\n`;

/** A backend that answers every step with the outcome; what happened is in `log`. */
function fake(
  name: BackendName,
  answer: (step: StepRequest) => Partial<Outcome> | Promise<Partial<Outcome>> = () => ({}),
): Backend & { log: string[] } {
  const log: string[] = [];
  return {
    name,
    log,
    describe: () => name,
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
    write('a.scenario.yaml', scenario('[{run: x}, {name: two, run: y, expect: {exit: 1}}]'));
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
    write('c.scenario.yaml', 'name: c\npolicies: [none.yaml]\nsteps: [{run: x}]\n');
    const result = await run();
    expect(result).toMatchObject({ exitCode: 2, counts: { passed: 1, failed: 2 } });
    expect(result.scenarios[2]?.diagnostics[0]?.message).toContain('no such file');
  });

  it('counts a problem of a backend as a failure, a trace problem as malformed input', async () => {
    write('a.scenario.yaml', scenario('[{run: x}]'));
    const problem = (kind: 'not-modelled' | 'trace') =>
      run({ backends: [fake('vm', () => ({ problems: [{ kind, message: 'm' }] }))] });
    expect((await problem('not-modelled')).exitCode).toBe(1);
    expect((await problem('trace')).exitCode).toBe(2);
  });

  it('blames a broken machine for all steps after it', async () => {
    write('a.scenario.yaml', scenario('[{run: x}, {run: y}]'));
    const broken = (): never => {
      throw new BackendError('TR-x', 'no QEMU', { exitCode: 3, enable: 'npm run setup' });
    };
    const backend = fake('vm', broken);
    const result = await run({ backends: [backend] });
    expect(result).toMatchObject({ exitCode: 3, counts: { failed: 2 } });
    expect(backend.log).toEqual(['open', 'step 1', 'close']);
    expect(result.scenarios[0]?.steps[1]?.errors[0]).toMatchObject({
      message: 'no QEMU',
      enable: 'npm run setup',
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

describe('recordings', () => {
  const sim = (): Backend => fake('sim', (step) => ({ notes: [JSON.stringify(step.trace?.start ?? null)] }));
  const one = '[{name: s, run: x}]';

  it('are missing: an error with the command that makes them', async () => {
    const file = write('a.scenario.yaml', scenario(one));
    const result = await run({ backends: [sim()] });
    expect(result.exitCode).toBe(2);
    expect(result.scenarios[0]?.steps[0]?.errors[0]).toMatchObject({
      code: 'TR-trace-missing',
      enable: `tracerig record --scenario ${file}`,
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

  it('have a start state that is JSON', async () => {
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
