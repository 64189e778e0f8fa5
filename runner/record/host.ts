/** Records scenarios on this host: in a throw-away view of it, or, where that was asked for, on it itself. */
import { readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Given } from '../../core/backend/request.ts';
import { fromBytes } from '../../core/values/value.ts';
import { argvOf, launchOf } from '../../kernel-backend/workload/environment.ts';
import { makeGiven, type GivenPlace } from '../../kernel-backend/workload/given.ts';
import { fileFacts } from './file-facts.ts';
import { hostFiles } from './host-files.ts';
import { environmentOf, hostMachine } from './host-machine.ts';
import { findStrace, recordOnHost } from './host-process.ts';
import { openHostKeep, type HostKeep } from './host-keep.ts';
import { outputFile } from './output-file.ts';
import { hostProcReader } from './proc-reader.ts';
import { scratchFolder } from './scratch-folder.ts';
import type { Recorder, RecordingSession, StepRecording } from './recorder.ts';
import { roomOnHost, watchForFaults } from './recording-fault.ts';
import { ownNamespaces } from './start-snapshot.ts';
import { namingCommands, openView } from './view.ts';

/** Time that processes get after the root's end before they are killed. */
const graceMs = 1000;

/** Commands run on this machine itself, and what they do to it stays. `guard`: command line of what calls `guardLedger`. */
export function createHostRecorder(guard?: readonly string[]): Recorder {
  return {
    enforces: false,
    describe: () => 'this host itself (what the commands do to it stays)',
    async open({ given }, signal) {
      findStrace();
      const keep = openHostKeep(guard);
      try {
        const session = await openHere(given, signal, 'lent', keep);
        const close = async (): Promise<void> => {
          await keep.kill();
          await session.close();
          await keep.close();
        };
        return { ...session, close };
      } catch (error) {
        await keep.close();
        throw error;
      }
    },
    close: () => Promise.resolve(),
  };
}

/** `program`: command line of what calls `recordInsideView`. Opening throws BackendError TR-no-view where there can be none. */
export function createViewRecorder(program: readonly string[]): Recorder {
  return {
    enforces: false,
    describe: () => 'a throw-away view of this host',
    async open({ given, steps }, signal) {
      findStrace();
      const view = await openView({ program, signal }).catch((error: unknown) => {
        throw namingCommands(error, [
          ...given.run,
          ...steps.flatMap(({ run }) => (run === undefined ? [] : [run])),
        ]);
      });
      try {
        await view.ask({ call: 'open', given });
      } catch (error) {
        await view.close();
        throw error;
      }
      return {
        async recordStep({ number, run }, timeoutMs) {
          const step = { number, ...(run !== undefined && { run }) };
          const recording = (await view.ask({ call: 'step', step, timeoutMs })) as StepRecording;
          return { ...recording, start: { ...recording.start, ns: ownNamespaces() } };
        },
        close: () => view.close(),
      };
    },
    close: () => Promise.resolve(),
  };
}

/** Records on the machine that this process sees. */
export async function openHere(
  given: Given,
  signal: AbortSignal,
  machineIs: GivenPlace['machine'],
  keep?: HostKeep,
): Promise<RecordingSession> {
  findStrace();
  const machine = hostMachine(keep);
  const launch = await launchOf(machine, given, process.env['HOME']);
  const scratch = scratchFolder(machineIs);
  const note = (paths: readonly string[]): void => keep?.notePaths(paths);
  note([scratch]);
  const abort = (): void => void machine.kill();
  signal.addEventListener('abort', abort, { once: true });
  const made = await makeGiven(machine, given, launch, { scratch, machine: machineIs, note }, signal).finally(
    () => signal.removeEventListener('abort', abort),
  );
  return {
    async recordStep({ number, run }, timeoutMs) {
      const file = (kind: string, owner = {}): ReturnType<typeof outputFile> =>
        outputFile(join(scratch, `${number}.${kind}`), owner);
      // strace runs as the user: it can write to a file of the user's, but make or replace none in this folder.
      const [output, out, err] = [file('strace', launch.account), file('out'), file('err')];
      try {
        const watch = await watchForFaults({ read: hostProcReader.read, room: roomOnHost }, scratch);
        const { pid, start, left, timedOut } = await recordOnHost(
          {
            argv: argvOf(run ?? []).map(fromBytes),
            cwd: fromBytes(launch.cwd),
            env: environmentOf(launch.env),
            account: launch.account,
            pen: keep?.pen,
            stdio: ['ignore', out.descriptor, err.descriptor],
            asStep: true,
            timeoutMs,
            graceMs,
            signal,
          },
          output.path,
        );
        const trace = readFileSync(output.descriptor);
        const fault = await watch.faultOf(trace, pid);
        const facts = await fileFacts(hostFiles, trace, start);
        return {
          trace,
          start: { ...start, facts, ...(left.length > 0 && { left }) },
          timedOut,
          ...(fault !== undefined && { fault }),
        };
      } finally {
        for (const { close, path } of [output, out, err]) {
          close();
          // The next steps need the room.
          unlinkSync(path);
        }
      }
    },
    close: () => made.undo(),
  };
}
