/** The host's own rig: the core as a Node addon. */
import { createRequire } from 'node:module';
import { makeRig, type Rig } from '../rig.ts';
import type { Carrier } from './carrier.ts';

interface NativeCore {
  call(head: string, bytes?: Uint8Array): Promise<{ readonly head: string; readonly bytes: Uint8Array }>;
  close(): void;
}

/** Loads the addon at the path. Throws what Node throws for a file that is no addon for it. */
export function addonCarrier(file: string): Carrier {
  const { Core } = createRequire(import.meta.url)(file) as { readonly Core: new () => NativeCore };
  const core = new Core();
  return {
    async call(head, bytes) {
      const answer = await core.call(JSON.stringify(head), bytes ?? new Uint8Array());
      return { head: JSON.parse(answer.head) as Record<string, unknown>, bytes: answer.bytes };
    },
    close: () => core.close(),
  };
}

export function openHostRig(file: string): Promise<Rig> {
  return makeRig(addonCarrier(file));
}
