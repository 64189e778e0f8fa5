/** Records scenarios on this host. */
import { spawnSync } from 'node:child_process';
import { chownSync, closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BackendError } from '../../core/backend/error.ts';
import type { Scenario } from '../../core/scenario/scenario.ts';
import { makeOnHost } from './host-given.ts';
import { findStrace, recordOnHost } from './host-process.ts';
import type { Recorder, RecordingSession } from './recorder.ts';
import { commandArgv, defaultCwd, stepEnvironment } from './step-environment.ts';
import { findAccount } from './users.ts';
import type { Account } from './users.ts';

/** Time that processes get after the root's end before they are killed. */
const graceMs = 1000;

export function createHostRecorder(): Recorder {
  return {
    describe: () => 'this host',
    open: (scenario, signal) => Promise.resolve(openOnHost(scenario, signal)),
    close: () => Promise.resolve(),
  };
}

function openOnHost(scenario: Scenario, signal: AbortSignal): RecordingSession {
  findStrace();
  const { given } = scenario;
  const account = accountOf(given.user);
  const home = account?.home ?? process.env['HOME'] ?? '/root';
  const env = stepEnvironment(given, home);
  const cwd = given.cwd ?? defaultCwd;
  const scratch = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'tracerig-record-'));
  if (account !== undefined) chownSync(scratch, account.uid, account.gid);
  const made = makeOnHost(account);
  let closed = false;
  const close = (): Promise<void> => {
    if (!closed) {
      closed = true;
      made.undo();
      rmSync(scratch, { recursive: true, force: true });
    }
    return Promise.resolve();
  };
  const ids = account === undefined ? {} : { uid: account.uid, gid: account.gid };
  try {
    if (given.cwd === undefined) made.folder(defaultCwd);
    for (const file of given.files) made.file(file);
    for (const command of given.run) {
      const [program = '', ...rest] = commandArgv(command);
      const { status, stderr, error } = spawnSync(program, rest, { cwd, env, ...ids, encoding: 'utf8' });
      if (error !== undefined || status !== 0) {
        throw new BackendError(
          'TR-given-failed',
          `given.run: ${JSON.stringify(command)} failed: ${error?.message ?? `exit status ${status}`}`,
          'usage',
          { log: stderr },
        );
      }
    }
  } catch (error) {
    void close();
    throw error;
  }
  return {
    async recordStep(step, timeoutMs) {
      const output = join(scratch, `${step.number}.strace`);
      const [out, err] = ['out', 'err'].map((name) => openSync(join(scratch, `${step.number}.${name}`), 'a'));
      try {
        const { start, left, timedOut } = await recordOnHost(
          {
            argv: commandArgv(step.run ?? []),
            cwd,
            env,
            ...ids,
            stdio: ['ignore', out, err],
            asStep: true,
            timeoutMs,
            graceMs,
            signal,
          },
          output,
        );
        return {
          trace: readFileSync(output),
          start: left.length === 0 ? start : { ...start, left },
          timedOut,
        };
      } finally {
        for (const descriptor of [out, err]) if (descriptor !== undefined) closeSync(descriptor);
      }
    },
    close,
  };
}

function accountOf(user: string | number | undefined): Account | undefined {
  if (user === undefined) return undefined;
  const account = findAccount(readFileSync('/etc/passwd', 'utf8'), readFileSync('/etc/group', 'utf8'), user);
  if (account !== undefined) return account;
  throw new BackendError('TR-no-user', `given.user: this host has no user "${user}"`, 'usage');
}
