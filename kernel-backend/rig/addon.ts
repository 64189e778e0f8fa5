/** The host's own rig: the core as a Node addon. */
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeRig, type Rig } from '../rig.ts';
import type { Carrier } from './carrier.ts';

interface NativeCore {
  call(head: string, bytes?: Uint8Array): Promise<{ readonly head: string; readonly bytes: Uint8Array }>;
  lock(path: string): boolean;
  close(): void;
}

const lockPollMs = 100;

function newCore(file: string): NativeCore {
  const { Core } = createRequire(import.meta.url)(file) as { readonly Core: new () => NativeCore };
  return new Core();
}

function addonCarrier(core: NativeCore): Carrier {
  // A process that exits in the middle takes its workloads with it.
  const close = (): void => core.close();
  process.once('exit', close);
  return {
    async call(head, bytes) {
      const answer = await core.call(JSON.stringify(head), bytes ?? new Uint8Array());
      return { head: JSON.parse(answer.head) as Record<string, unknown>, bytes: answer.bytes };
    },
    close() {
      process.off('exit', close);
      core.close();
    },
  };
}

/** Loads the addon at the path. Throws what Node throws for a file that is no addon for it. */
export function openHostRig(file: string): Promise<Rig> {
  return makeRig(addonCarrier(newCore(file)));
}

/**
 * Like `openHostRig`, once no other rig on this machine holds the lock file; it is held until the rig is closed.
 * The signal ends the waiting.
 */
export async function openHostRigInTurn(file: string, lock: string, signal?: AbortSignal): Promise<Rig> {
  const core = newCore(file);
  while (!core.lock(lock)) await sleep(lockPollMs, undefined, signal === undefined ? {} : { signal });
  return makeRig(addonCarrier(core));
}
