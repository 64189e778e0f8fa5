/** Why a recording may not be kept: it would stand for a course that was not the step's, or lacks a part of it. */
import { statfsSync } from 'node:fs';
import { lacksRoom, memoryKills } from '../../kernel-backend/workload/shortage.ts';
import type { Rig } from '../../kernel-backend/rig.ts';

/** What is asked of the machine that records. */
export type WatchedMachine = Pick<Rig, 'read' | 'room'>;

export interface FaultWatch {
  /** Asked when all have ended; `root` is the pid of the step's first process. undefined: it may be kept. */
  faultOf(trace: Uint8Array, root: number): Promise<string | undefined>;
}

/** Begun before the step. `folder` is where strace writes to. */
export async function watchForFaults(machine: WatchedMachine, folder: string): Promise<FaultWatch> {
  const before = await memoryKills(machine);
  return {
    async faultOf(trace, root) {
      const killed = (await memoryKills(machine)) - before;
      if (killed > 0)
        return `the machine had no memory left, and its kernel killed ${killed} of its processes`;
      return (await lacksRoom(machine, folder)) ?? whatIsMissing(trace, root);
    },
  };
}

/** Bytes that the file system of the path still has for whoever is not root. */
export function roomOnHost(path: string): Promise<number> {
  const { bavail, bsize } = statfsSync(path);
  return Promise.resolve(bavail * bsize);
}

/** What every whole trace has; strace itself goes on without a word when it cannot write. */
function whatIsMissing(trace: Uint8Array, root: number): string | undefined {
  if (trace.length === 0) return 'strace wrote nothing: is there no such program?';
  if (trace.at(-1) !== '\n'.charCodeAt(0)) return 'the last line of the trace is cut';
  const text = Buffer.from(trace.buffer, trace.byteOffset, trace.byteLength).toString('latin1');
  if (new RegExp(`^${root} +[\\d.]+ \\+\\+\\+ `, 'm').test(text)) return undefined;
  return `the trace does not have the end of its first process (pid ${root})`;
}
