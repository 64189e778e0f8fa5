/** Where owner and mode bits of a file decide whether a call needs a capability. Access control lists are in no trace. */
import type { ByteString } from '../../core/values/value.ts';
import type { Call } from '../machine/call.ts';
import { look, type Look } from '../machine/credential-doubts.ts';
import { hasCapability } from '../machine/credentials.ts';
import { fileType, type Inodes } from '../machine/inodes.ts';
import type { Machine } from '../machine/machine.ts';
import { parentPath } from '../machine/paths.ts';
import { procNode } from '../machine/proc-files.ts';
import { condition } from './conditions.ts';
import type { Condition } from './row.ts';

/** The path that a call is about, whichever way it names it; undefined for a file without one. */
export function pathOf(call: Call, machine: Machine): ByteString | undefined {
  if (call.has('path') && call.arg('path') !== 'NULL') return machine.pathAt(call, 'path');
  const file = machine.fileAt(call, call.has('fd') ? 'fd' : 'dirfd');
  return file && file.path !== '' && !file.deleted ? file.path : undefined;
}

/** Both paths of a link or a rename; undefined: one of them is not readable in the trace. */
export function bothPaths(
  call: Call,
  machine: Machine,
): { readonly from: ByteString; readonly to: ByteString } | undefined {
  const from = machine.pathAt(call, 'path');
  const to = machine.pathAt(call, 'newpath');
  return from === undefined || to === undefined ? undefined : { from, to };
}

export const ownerUnknown = 'the owner of the file is not in the trace';

/** The caller is not the owner of the call's file. */
export const foreign: Condition = condition('the file is somebody else’s', (call, machine) => {
  const path = pathOf(call, machine);
  const owner = path === undefined ? undefined : machine.inodes.owner(path);
  return owner === undefined ? ownerUnknown : owner.uid !== call.task.cred.fsuid;
});

/** The caller is not in the group of the call's file. */
export const foreignGroup: Condition = condition('the file is of a foreign group', (call, machine) => {
  const path = pathOf(call, machine);
  const owner = path === undefined ? undefined : machine.inodes.owner(path);
  return owner === undefined ? ownerUnknown : !isInGroup(call, owner.gid);
});

/** Owner of what the call makes there: of a directory with the set-group-ID bit it gets the group, too. */
export function newOwner(
  { task: { cred } }: Call,
  { inodes }: Machine,
  path: ByteString,
): { readonly uid: number | undefined; readonly gid: number | undefined } {
  const folder = parentPath(path);
  const inherited = handsDownGroup(inodes, folder) ? inodes.owner(folder)?.gid : undefined;
  const own = { uid: look(cred, ({ fsuid }) => fsuid), gid: look(cred, ({ fsgid }) => fsgid) };
  const known = ({ seen, doubt }: Look<number>): number | undefined =>
    doubt === undefined ? seen : undefined;
  return { uid: known(own.uid), gid: inherited ?? known(own.gid) };
}

/** What is made in the directory is of the directory's group. */
export const handsDownGroup = (inodes: Inodes, folder: ByteString): boolean =>
  ((inodes.permissions(folder) ?? 0) & 0o2000) !== 0;

export const isInGroup = ({ task: { cred } }: Call, gid: number): boolean =>
  cred.fsgid === gid || cred.groups.includes(gid);

/** What is known of mode and owner of what is there; of a process in /proc that is fixed. */
export const nodeAt = (
  machine: Machine,
  path: ByteString,
): { readonly mode: number | undefined; readonly owner: ReturnType<Inodes['owner']> } =>
  procNode(machine, path) ?? { mode: machine.inodes.knownMode(path), owner: machine.inodes.owner(path) };

/** Do the mode bits refuse the caller this access (read 4, write 2, execute 1)? undefined: that is not known. */
export function refuses(
  machine: Machine,
  call: Call,
  path: ByteString | undefined,
  access: number,
): boolean | undefined {
  const node = path === undefined ? undefined : nodeAt(machine, path);
  const { mode, owner } = node ?? {};
  if (mode === undefined || (mode & fileType.mask) === fileType.link) return undefined;
  const everybody = mode & (mode >> 3) & (mode >> 6) & 7;
  if ((everybody & access) === access) return false;
  if (owner === undefined) return undefined;
  const shift = owner.uid === call.task.cred.fsuid ? 6 : isInGroup(call, owner.gid) ? 3 : 0;
  return ((mode >> shift) & access) !== access;
}

/** Capabilities that grant access to files in spite of their mode bits, by the access: read 4, write 2, execute 1. */
const overriding = (access: number): readonly number[] => ((access & 2) === 0 ? [1, 2] : [1]);

/** Settings are refused without any capability; what the kernel shows of itself its owner, who is root, may read. */
const isEverybodys = (path: ByteString, access: number, root: boolean): boolean =>
  path.startsWith('/proc/sys/') || (root && access === 4 && /^\/(proc\/(?!\d)|sys\/)/.test(path));

/** Places of every system that are root's own. */
const systemPlace =
  /^\/(?:$|(?:usr|bin|sbin|lib\w*|etc|sys|dev|boot|root)(?:\/|$)|(?:tmp|home|opt|srv|mnt|media)$|var(?:\/(?:lib|cache|log|tmp))?$|run(?:\/(?:nscd|systemd|dbus|lock))?$)/;
/** Some distributions give nobody any access to them, the owner neither. */
const passwords = /^\/etc\/g?shadow-?$/;

/**
 * Does root have this access there by the mode bits, as far as is not recorded otherwise? All but writing to a file: he
 * may search, read, and make files in what is his.
 */
export const isRoots = ({ task: { cred } }: Call, path: ByteString, access: number): boolean =>
  cred.fsuid === 0 &&
  systemPlace.test(path) &&
  !passwords.test(path) &&
  ((access & 2) === 0 || (access & 1) !== 0);

/** The mode bits refuse the caller this access to the path, so that a capability is asked for; a text: that is not known. */
export function isRefused(
  machine: Machine,
  call: Call,
  path: ByteString | undefined,
  access: number,
): boolean | string {
  // Who got it without any capability had it by the mode bits.
  if (call.ok && !overriding(access).some((capability) => hasCapability(call.task.cred, capability)))
    return false;
  if (path !== undefined && isEverybodys(path, access, call.task.cred.fsuid === 0)) return false;
  const known = refuses(machine, call, path, access);
  if (known !== undefined) return known;
  if (path !== undefined && isRoots(call, path, access)) return false;
  return `what the mode and the owner of ${path ?? 'the file'} let the caller do is not known`;
}
