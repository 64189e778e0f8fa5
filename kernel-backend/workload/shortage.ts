/** What a machine ran out of while a step ran: nothing that it says then can be relied on. */
import type { ByteString } from '../../core/values/value.ts';
import { textOf } from '../encode/bytes.ts';
import type { Rig } from '../rig.ts';

/** Every file system that can be written to gives room by whole pages or blocks: what is left of less is none. */
const leastRoom = 4096;

/** How many processes the kernel has killed for want of memory since the machine's start. */
export async function memoryKills(machine: Pick<Rig, 'read'>): Promise<number> {
  const counts = textOf(await machine.read('/proc/vmstat'));
  return Number(/^oom_kill (\d+)$/m.exec(counts)?.[1] ?? 0);
}

/** Why files that were written in the folder may lack a part; undefined if there was room for more. */
export async function lacksRoom(machine: Pick<Rig, 'room'>, folder: ByteString): Promise<string | undefined> {
  const free = await machine.room(folder);
  return free < leastRoom ? `the file system of ${folder} is full, so a part may be missing` : undefined;
}
