/** Records scenarios on this host. */
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scenario } from '../../core/scenario/scenario.ts';
import { fromBytes } from '../../core/values/value.ts';
import { argvOf, launchOf } from '../../kernel-backend/workload/environment.ts';
import { makeGiven } from '../../kernel-backend/workload/given.ts';
import { fileFacts } from './file-facts.ts';
import { hostFiles } from './host-files.ts';
import { environmentOf, hostMachine } from './host-machine.ts';
import { findStrace, recordOnHost } from './host-process.ts';
import type { Recorder, RecordingSession } from './recorder.ts';

/** Time that processes get after the root's end before they are killed. */
const graceMs = 1000;

export function createHostRecorder(): Recorder {
  return {
    enforces: false,
    describe: () => 'this host',
    open: openOnHost,
    close: () => Promise.resolve(),
  };
}

async function openOnHost(scenario: Scenario, signal: AbortSignal): Promise<RecordingSession> {
  findStrace();
  const machine = hostMachine();
  const launch = await launchOf(machine, scenario.given, process.env['HOME']);
  const scratch = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'tracerig-record-'));
  const abort = (): void => void machine.kill();
  signal.addEventListener('abort', abort, { once: true });
  const made = await makeGiven(machine, scenario.given, launch, { scratch, machine: 'lent' }, signal).finally(
    () => signal.removeEventListener('abort', abort),
  );
  return {
    async recordStep(step, timeoutMs) {
      const output = join(scratch, `${step.number}.strace`);
      const [out, err] = ['out', 'err'].map((name) => openSync(join(scratch, `${step.number}.${name}`), 'a'));
      try {
        const { start, left, timedOut } = await recordOnHost(
          {
            argv: argvOf(step.run ?? []).map(fromBytes),
            cwd: fromBytes(launch.cwd),
            env: environmentOf(launch.env),
            account: launch.account,
            stdio: ['ignore', out, err],
            asStep: true,
            timeoutMs,
            graceMs,
            signal,
          },
          output,
        );
        const trace = readFileSync(output);
        const facts = await fileFacts(hostFiles, trace, start);
        return { trace, start: { ...start, facts, ...(left.length > 0 && { left }) }, timedOut };
      } finally {
        for (const descriptor of [out, err]) if (descriptor !== undefined) closeSync(descriptor);
      }
    },
    close: () => made.undo(),
  };
}
