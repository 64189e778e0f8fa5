/** Whose files these are: what is loaded into this process, or into the kernel, must be nobody else's to change. */
import { lstatSync, realpathSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';

/** Why somebody else may change what `path` leads to, or put another in its place; undefined if nobody may. */
export function notOwnBecause(path: string, uid: number = process.geteuid?.() ?? 0): string | undefined {
  for (let at = realpathSync(path); ; at = dirname(at)) {
    const why = changeableBy(lstatSync(at), uid);
    if (why !== undefined) return `${at} ${why}`;
    if (at === dirname(at)) return undefined;
  }
}

const groupWrites = 0o020;
const othersWrite = 0o002;
/** Only its owner may remove or rename what is in such a folder. */
const sticky = 0o1000;

function changeableBy(found: Stats, uid: number): string | undefined {
  if (found.uid !== 0 && found.uid !== uid) return `belongs to the user ${found.uid}`;
  if (found.isDirectory() && (found.mode & sticky) !== 0) return undefined;
  if ((found.mode & othersWrite) !== 0) return 'may be written to by everybody';
  // Users have a group of their own on many systems; root has company in his.
  if (uid === 0 && found.gid !== 0 && (found.mode & groupWrites) !== 0)
    return `may be written to by the group ${found.gid}`;
  return undefined;
}
