/** State of the files that a step's expectations name. */
import type { FileOutcome, Known } from '../../core/backend/outcome.ts';
import { known, notKnown } from '../../core/backend/outcome.ts';
import { toBytes } from '../../core/values/value.ts';
import { textOf } from '../encode/bytes.ts';
import { RigError, type Rig } from '../rig.ts';

const contentLimit = 16 * 1024 * 1024;
const typeMask = 0o170000;
const regular = 0o100000;

export async function watchedFiles(
  rig: Rig,
  paths: readonly string[],
): Promise<Record<string, Known<FileOutcome>>> {
  const entries = paths.map(async (path) => [path, await lookAt(rig, path)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function lookAt(rig: Rig, path: string): Promise<Known<FileOutcome>> {
  try {
    const { exists, mode = 0, size = 0 } = await rig.stat(toBytes(path));
    if (!exists) return known({ exists: false });
    const facts = { exists: true, mode: mode & 0o7777 };
    if ((mode & typeMask) !== regular || size > contentLimit) return known(facts);
    return known({ ...facts, content: textOf(await rig.read(toBytes(path))) });
  } catch (error) {
    if (error instanceof RigError) return notKnown(error.message);
    throw error;
  }
}
