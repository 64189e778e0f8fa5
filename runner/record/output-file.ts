/** Files for what a step writes, in a folder that only tracerig may change. */
import { closeSync, constants, fchmodSync, fchownSync, openSync } from 'node:fs';

export interface OutputFile {
  readonly path: string;
  /** Read through this: whatever stands at the path later is not asked. */
  readonly descriptor: number;
  readonly close: () => void;
}

/** Throws if anything is there already, be it a link. */
export function outputFile(
  path: string,
  { uid, gid }: { readonly uid?: number; readonly gid?: number } = {},
): OutputFile {
  const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW, O_APPEND } = constants;
  const descriptor = openSync(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_APPEND, 0o600);
  // Not at creation: the umask would take bits away.
  fchmodSync(descriptor, 0o644);
  if (uid !== undefined && gid !== undefined) fchownSync(descriptor, uid, gid);
  return { path, descriptor, close: () => closeSync(descriptor) };
}
