/** Records scenarios on the machine behind a rig: the VM. */
import type { Rig } from '../../kernel-backend/rig.ts';
import { argvOf, launchOf, placeOf } from '../../kernel-backend/workload/environment.ts';
import { makeGiven, ownerOf } from '../../kernel-backend/workload/given.ts';
import type { ProcReader } from './proc-reader.ts';
import type { MachineToRecord, RecordingSession } from './recorder.ts';
import { takeStartSnapshot } from './start-snapshot.ts';
import { fileFacts } from './file-facts.ts';
import { watchForFaults } from './recording-fault.ts';
import { launchedAs } from './launched-as.ts';
import { endTrace } from './end-trace.ts';
import { straceCommand } from './strace.ts';

/** On tmpfs, and named as in a run: policies see the files that a step's output goes to. */
const scratch = '/run/tracerig';
const graceMs = 1000;
/** In the guest. */
export const strace = '/usr/bin/strace';

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

/** Of one answer: a frame has a limit. */
const pieceBytes = 32 << 20;

/** A file of any length. */
export async function readWhole(rig: Pick<Rig, 'read'>, path: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for (let offset = 0; ;) {
    const piece = await rig.read(path, { offset, limit: pieceBytes });
    pieces.push(piece);
    offset += piece.length;
    if (piece.length < pieceBytes) return pieces.length === 1 ? piece : Buffer.concat(pieces);
  }
}

/** Puts `given` in place on a rig of its own; `release` lets go of the machine. */
export async function openOnRig(
  rig: Rig,
  scenario: MachineToRecord,
  release: () => Promise<void>,
): Promise<RecordingSession> {
  const launch = await launchOf(rig, scenario.given);
  await makeGiven(rig, scenario.given, launch, { scratch, machine: 'own' });
  let steps = 0;
  return {
    async recordStep(step, timeoutMs) {
      const name = `${scratch}/${steps++}`;
      const output = `${name}.strace`;
      const command = argvOf(step.run ?? []);
      // strace runs as the user, who may make no file in this folder.
      await rig.given([{ path: output, mode: 0o644, content: new Uint8Array() }], true, ownerOf(launch));
      const watch = await watchForFaults(rig, scratch);
      const { pid, plumbing } = await rig.run({
        argv: straceCommand(strace, output, command),
        ...placeOf(launch),
        stdout: `${name}.out`,
        stderr: `${name}.err`,
        hold: true,
      });
      // The held process takes the account's ids on only when it is released.
      const start = launchedAs(await takeStartSnapshot(rigProcReader(rig), pid, plumbing), launch.account);
      await rig.release(pid);
      const { timedOut, left } = await rig.wait({ pid, timeoutMs, graceMs });
      const written = await readWhole(rig, output);
      const ended = left.length === 0 ? { trace: written, left } : endTrace(written, left);
      const fault = await watch.faultOf(ended.trace, pid);
      // The next steps need the room.
      await rig.remove([output, `${name}.out`, `${name}.err`]);
      const facts = await fileFacts(rig, ended.trace, start);
      return {
        trace: ended.trace,
        timedOut,
        ...(fault !== undefined && { fault }),
        start: { ...start, facts, ...(ended.left.length > 0 && { left: ended.left }) },
      };
    },
    close: release,
  };
}
