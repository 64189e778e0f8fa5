import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseScenario } from '../../core/scenario/parse.ts';
import type { Scenario } from '../../core/scenario/scenario.ts';
import { openStepTrace } from '../traces.ts';
import { createHostRecorder } from './host.ts';
import { findStrace } from './host-process.ts';
import { recordScenario } from './record.ts';
import type { RecordedStep } from './record.ts';

const hasStrace = spawnSync('strace', ['-V']).status === 0;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracerig-record-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function scenarioOf(steps: string, given: string): Scenario {
  const { scenario, diagnostics } = parseScenario(
    `name: n\npolicies: []\ngiven: {cwd: ${folder}, ${given}}\nsteps: ${steps}\n`,
    join(folder, 's.scenario.yaml'),
  );
  if (scenario === undefined) throw new Error(diagnostics.map((one) => one.message).join('\n'));
  return scenario;
}

const record = (scenario: Scenario, signal = new AbortController().signal): Promise<RecordedStep[]> =>
  recordScenario({
    scenario,
    recorder: createHostRecorder(),
    timeoutMs: 20_000,
    signal,
    onStep: () => undefined,
  });

it('without strace says which package is wanting', () => {
  expect(() => findStrace('/nonexistent')).toThrow(
    expect.objectContaining({ kind: 'unavailable', detail: { enable: 'apt-get install strace' } }) as Error,
  );
});

describe.skipIf(!hasStrace)('recording on this host (needs strace: apt-get install strace)', () => {
  it('puts folders, links and owners in place, and takes all of it away', async () => {
    const at = (name: string): string => join(folder, name);
    const scenario = scenarioOf(
      `[{name: look, run: [stat, -c, "%a %u %N", ${at('a/f')}, ${at('d')}, ${at('b/l')}]}]`,
      `files: {${at('a/f')}: {mode: "0640"}}, dirs: {${at('d')}: {mode: "1770"}}, symlinks: {${at('b/l')}: ../a/f}`,
    );
    const [step] = await record(scenario);
    expect(step?.failed).toBe(false);
    const text = readFileSync(step?.file ?? '', 'latin1');
    for (const seen of ['S_IFREG|0640', 'S_ISVTX|0770', `readlink("${at('b/l')}", "../a/f"`])
      expect(text).toContain(seen);
    for (const name of ['a', 'b', 'd']) expect(existsSync(at(name))).toBe(false);
  });

  it('leaves folders that were there as they were', async () => {
    chmodSync(folder, 0o1777);
    const at = (name: string): string => join(folder, name);
    const given = `files: {${at('f')}: {}}, symlinks: {${at('l')}: f}, dirs: {${at('d/e')}: {mode: "0700"}, ${at('d')}: {owner: 1}}`;
    const [step] = await record(
      scenarioOf(`[{run: [stat, -c, "%a %u", ${folder}, ${at('d')}, ${at('d/e')}]}]`, given),
    );
    expect(readFileSync(step?.file ?? '', 'latin1')).toContain('"1777 0\\n755 1\\n700 0\\n"');
    expect(statSync(folder).mode & 0o7777).toBe(0o1777);
  });

  it.each([
    ['files: {%/f: {}}, symlinks: {%/l: f}', 'l'],
    ['dirs: {%/l: {}}', 'l'],
  ])('makes nothing that is there already: %s', async (given, name) => {
    writeFileSync(join(folder, name), 'kept');
    await expect(
      record(scenarioOf('[{run: ["true"]}]', given.replaceAll('%', folder))),
    ).rejects.toMatchObject({ code: 'TR-given-exists' });
    expect(readFileSync(join(folder, name), 'utf8')).toBe('kept');
    expect(existsSync(join(folder, 'f'))).toBe(false);
  });

  it.each([
    ['echo more >> f', 'changes'],
    ['rm f', 'removes'],
  ])('refuses commands after which a given file is another: %s', async (command, words) => {
    const scenario = scenarioOf(
      '[{run: ["true"]}]',
      `files: {${join(folder, 'f')}: {content: x}}, run: ["${command}"]`,
    );
    await expect(record(scenario)).rejects.toMatchObject({
      code: 'TR-given-failed',
      message: expect.stringContaining(`given.run ${words} ${join(folder, 'f')}`) as string,
    });
    expect(existsSync(join(folder, 'f'))).toBe(false);
  });

  it('lets commands change the mode of a given file', async () => {
    const file = join(folder, 'f');
    const scenario = scenarioOf(
      `[{name: look, run: [stat, ${file}]}]`,
      `files: {${file}: {content: x}}, run: ["chmod 600 ${file}"]`,
    );
    expect(await record(scenario)).toMatchObject([{ failed: false }]);
  });

  it('keeps the system calls and the state before the first exec, with a digest', async () => {
    const guarded = join(folder, 'guarded');
    const scenario = scenarioOf(
      `[{name: read, run: [cat, ${guarded}]}]`,
      `files: {${guarded}: {content: hello}}`,
    );
    const [step] = await record(scenario);
    expect(step).toMatchObject({ failed: false, file: join(folder, 's.traces/read.strace') });
    const trace = readFileSync(step?.file ?? '', 'latin1');
    expect(trace.split('\n')[0]).toMatch(/^\d+ +[\d.]+ execve\("[^"]*\/cat", \["cat", "/);
    expect(trace).toContain(`<${guarded}>, "hello"`);
    expect(trace).toMatch(/\+\+\+ exited with 0 \+\+\+\n$/);
    const opened = openStepTrace(scenario, scenario.steps[0] as never);
    expect(opened).toMatchObject({
      trace: {
        start: {
          schema: 1,
          cwd: folder,
          umask: '0022',
          fds: { '0': '/dev/null' },
          pid: Number(trace.split(' ')[0]),
        },
      },
    });
    expect(existsSync(guarded)).toBe(false);
  });

  it('kills what outlives the step, and says whom', async () => {
    const scenario = scenarioOf('[{name: s, run: "setsid sleep 1000 & true"}]', '');
    const [step] = await record(scenario);
    expect(step).toMatchObject({ failed: false, note: '1 processes left behind were killed' });
    const start = JSON.parse(readFileSync(join(folder, 's.traces/s.start.json'), 'utf8'));
    // Who has ended may wait for a parent that looks.
    const status = `/proc/${start.left[0]}/status`;
    expect(existsSync(status) ? readFileSync(status, 'latin1') : 'State:\tZ').toMatch(/^State:\tZ/m);
  });

  it('writes nothing for a step that never ends', async () => {
    const scenario = scenarioOf('[{name: s, run: sleep 1000, timeout: 300ms}]', '');
    expect(await record(scenario)).toMatchObject([
      { failed: true, note: expect.stringContaining('still running') as string },
    ]);
    expect(existsSync(join(folder, 's.traces'))).toBe(false);
  });

  it('says which recording cannot be written', async () => {
    writeFileSync(join(folder, 's.traces'), 'in the way');
    await expect(record(scenarioOf('[{name: s, run: "true"}]', ''))).rejects.toMatchObject({
      code: 'TR-record-write',
      message: expect.stringContaining(`${join(folder, 's.traces/s.strace')} cannot be written`) as string,
      kind: 'usage',
    });
  });

  it.skipIf(process.getuid?.() !== 0)(
    'runs as the user, and removes what steps leave in folders made',
    async () => {
      chmodSync(folder, 0o755);
      const made = join(folder, 'made');
      const scenario = scenarioOf(
        `[{name: s, run: "id -u > ${made}/deep/seen"}]`,
        `user: games, files: {${made}/deep/file: {}}, run: ["test $(stat -c %U ${made}/deep/file) = games"]`,
      );
      expect(await record(scenario)).toMatchObject([{ failed: false }]);
      expect(readFileSync(join(folder, 's.traces/s.strace'), 'latin1')).toContain('/deep/seen');
      expect(existsSync(made)).toBe(false);
    },
  );

  it('ends a given command when the run is interrupted', async () => {
    const control = new AbortController();
    const recorded = record(
      scenarioOf('[{run: x}]', `run: ["touch ${folder}/began; sleep 1000"]`),
      control.signal,
    );
    while (!existsSync(join(folder, 'began'))) await new Promise((resolve) => setTimeout(resolve, 10));
    control.abort();
    await expect(recorded).rejects.toThrow('was killed by signal 9');
  });

  it('refuses to touch what exists, and reports a given command that fails', async () => {
    const file = join(folder, 'mine');
    writeFileSync(file, 'keep');
    await expect(record(scenarioOf('[{run: x}]', `files: {${file}: {}}`))).rejects.toThrow(
      'exists on this machine',
    );
    expect(readFileSync(file, 'utf8')).toBe('keep');
    await expect(record(scenarioOf('[{run: x}]', 'run: ["exit 3"]'))).rejects.toThrow('exited with 3');
  });
});
