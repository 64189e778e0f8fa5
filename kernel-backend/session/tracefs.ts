/** Files of tracefs on a rig. */
import { textOf } from '../encode/bytes.ts';
import { RigError, type Rig } from '../rig.ts';

/** Where it is mounted: by itself, or where it was before it had a place of its own. */
export const tracefsFolders = ['/sys/kernel/tracing', '/sys/kernel/debug/tracing'] as const;

/** The file's text; undefined if it is not there. */
export async function readTracefs(rig: Rig, file: string): Promise<string | undefined> {
  for (const folder of tracefsFolders) {
    try {
      return textOf(await rig.read(`${folder}/${file}`));
    } catch (error) {
      if (!(error instanceof RigError)) throw error;
    }
  }
  return undefined;
}
