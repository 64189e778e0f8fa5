/** What a call of the stat family wrote, as strace prints it: `{st_mode=S_IFREG|0644, st_size=4, ...}`. */
import { byteString } from './bytes.ts';
import { Interned } from './intern.ts';
import { readInt } from './number.ts';
import { hasText, indexOf } from './scan.ts';

/** Mode with type bits; the owner where all members are printed. */
export interface StatText {
  readonly mode: number;
  readonly uid?: number;
  readonly gid?: number;
}

/** The members from the mode to the group: most files have the same few, whatever their sizes and times are. */
const owned = new Interned((bytes, start, end): StatText | undefined => {
  const text = byteString(bytes, start, end);
  const mode = readInt(/^mode=([^,}]*)/.exec(text)?.[1]);
  if (mode === undefined) return undefined;
  const uid = /stx?_uid=(\d+)/.exec(text)?.[1];
  const gid = /stx?_gid=(\d+)/.exec(text)?.[1];
  return uid === undefined || gid === undefined ? { mode } : { mode, uid: Number(uid), gid: Number(gid) };
});

/** Reads the structure between these offsets; undefined if it shows no mode. */
export function readStat(bytes: Uint8Array, start: number, end: number): StatText | undefined {
  const mode = member(bytes, 'mode=', start, end);
  if (mode < 0) return undefined;
  const gid = member(bytes, 'gid=', mode, end);
  const comma = indexOf(bytes, 44, gid < 0 ? mode : gid, end);
  return owned.of(bytes, mode, comma < 0 ? end : comma);
}

/** Offset of a member's name, behind its `st_` or `stx_`. */
function member(bytes: Uint8Array, name: string, start: number, end: number): number {
  for (let at = indexOf(bytes, 95, start, end); at >= 0; at = indexOf(bytes, 95, at + 1, end))
    if (hasText(bytes, name, at + 1, end)) return at + 1;
  return -1;
}
