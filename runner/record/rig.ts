/** Records scenarios on the machine behind a rig: the VM. */
import { BackendError } from '../../core/scenario/backend.ts';
import type { Command } from '../../core/scenario/backend.ts';
import type { Scenario } from '../../core/scenario/scenario.ts';
import type { Rig } from '../../kernel-backend/rig.ts';
import type { ProcReader } from './proc-reader.ts';
import type { RecordingSession } from './recorder.ts';
import { readStartState } from './start-state.ts';
import { commandArgv, defaultCwd, stepEnvironment } from './step-environment.ts';
import { straceCommand } from './strace.ts';
import { findAccount } from './users.ts';
import type { Account } from './users.ts';

/** tmpfs, so that the step's output files are like those of a run. */
const scratch = '/run/tracerig-record';
const graceMs = 1000;
const givenTimeoutMs = 60_000;

export function rigProcReader(rig: Rig): ProcReader {
  return {
    read: (path) => rig.read(path),
    async link(path) {
      const { target } = await rig.stat(path);
      if (target === undefined) throw new Error(`${path} is no symbolic link`);
      return target;
    },
    list: (path) => rig.list(path),
    clock: () => rig.clock(),
  };
}

/** Puts `given` in place on the rig; `close` kills what is left, and `release` lets go of the machine. */
export async function openOnRig(
  rig: Rig,
  scenario: Scenario,
  release: () => Promise<void>,
): Promise<RecordingSession> {
  const { given } = scenario;
  const account = given.user === undefined ? undefined : await accountOn(rig, given.user);
  const env = Object.entries(stepEnvironment(given, account?.home ?? '/root')).map(([name, value]) =>
    toBytes(`${name}=${value}`),
  );
  const cwd = given.cwd ?? defaultCwd;
  const ids = account === undefined ? {} : { uid: account.uid, gid: account.gid, groups: account.groups };
  const run = async (
    command: Command | readonly string[],
    name: string,
    hold: boolean,
  ): Promise<{ pid: number; plumbing: readonly number[] }> =>
    rig.run({
      argv: commandArgv(command).map(toBytes),
      env,
      cwd: toBytes(cwd),
      stdout: `${scratch}/${name}.out`,
      stderr: `${scratch}/${name}.err`,
      hold,
      ...ids,
    });

  await rig.mkdir(scratch, { fresh: true, mode: 0o777 });
  if (given.cwd === undefined) await rig.mkdir(defaultCwd, { fresh: true });
  await rig.given(
    given.files.map((file) => ({ ...file, path: toBytes(file.path) })),
    false,
  );
  for (const [index, command] of given.run.entries()) {
    const name = `given-${index}`;
    const { pid } = await run(command, name, false);
    const ended = await rig.wait({ pid, timeoutMs: givenTimeoutMs, graceMs: 0, fence: false });
    if (ended.status !== 0 || ended.timedOut) {
      const log = Buffer.from(await rig.read(`${scratch}/${name}.err`)).toString();
      throw new BackendError('TR-given-failed', `given.run: ${JSON.stringify(command)} failed`, {
        exitCode: 2,
        log,
      });
    }
  }
  return {
    async recordStep(step, timeoutMs) {
      const output = `${scratch}/${step.number}.strace`;
      const { pid, plumbing } = await run(
        straceCommand('/usr/bin/strace', output, commandArgv(step.run ?? [])),
        String(step.number),
        true,
      );
      const start = await readStartState(rigProcReader(rig), pid, plumbing);
      await rig.release(pid);
      const { timedOut, left } = await rig.wait({ pid, timeoutMs, graceMs });
      const trace = await rig.read(output);
      return { trace, timedOut, start: left.length === 0 ? start : { ...start, left } };
    },
    async close() {
      await release();
    },
  };
}

async function accountOn(rig: Rig, user: string | number): Promise<Account> {
  const text = async (path: string): Promise<string> => Buffer.from(await rig.read(path)).toString('latin1');
  const account = findAccount(await text('/etc/passwd'), await text('/etc/group'), user);
  if (account !== undefined) return account;
  throw new BackendError('TR-no-user', `given.user: the machine has no user "${user}"`, { exitCode: 2 });
}

const toBytes = (text: string): string => Buffer.from(text).toString('latin1');
