/** How many machines this one can run side by side. */
import { availableParallelism, freemem } from 'node:os';
import { guestMemory, guestProcessors } from './snapshot-key.ts';

/** Of the guest's own, for QEMU itself. */
const overhead = 1.5;

/**
 * By this machine's processors and by the memory that is free now; at least one.
 * @param guest processors of each; undefined: as the environment says
 */
export function machinesAtOnce(
  guest: number | undefined,
  processors = availableParallelism(),
  freeBytes = freemem(),
): number {
  const byMemory = Math.floor(freeBytes / (guestMemory * overhead * 2 ** 20));
  return Math.max(1, Math.min(Math.floor(processors / guestProcessors(guest)), byMemory));
}
