/** Changes of owners, which drop set-id bits: what the caller is asked for (chown_common, setattr_prepare, setattr_copy). */
import type { Call } from '../machine/call.ts';
import { hasCapability } from '../machine/credentials.ts';
import { fileType } from '../machine/inodes.ts';
import type { Machine } from '../machine/machine.ts';
import { capable } from './capability.ts';
import { all, always, condition, found, succeeded } from './conditions.ts';
import { isInGroup, ownerUnknown, pathOf } from './file-access.ts';
import type { Condition, Effect, HookSite, SyscallRow } from './row.ts';
import { isGroupMark } from './set-id.ts';
import { arg, inodeSetattr, subject } from './values.ts';
import { unknown } from '../kernel-model/kernel-value.ts';

const CAP_CHOWN = 0;
const CAP_FOWNER = 3;
const CAP_FSETID = 4;

/** -1 leaves an id as it is. */
const newId = (call: Call, argument: string): number => call.int(argument) ?? -1;

const ownerOf = (
  call: Call,
  machine: Machine,
): { readonly uid: number; readonly gid: number } | undefined => {
  const path = pathOf(call, machine);
  if (path !== undefined) return machine.inodes.owner(path);
  const file = call.has('path') ? undefined : machine.fileAt(call, 'fd');
  return file?.deleted === true ? machine.ownerOf(file) : undefined;
};

function modeOf(call: Call, machine: Machine): number | undefined {
  const path = pathOf(call, machine);
  if (path !== undefined) return machine.inodes.knownMode(path);
  const file = call.has('path') ? undefined : machine.fileAt(call, 'fd');
  return file && machine.modeOf(file).mode;
}

/** Set-id bits that a change of owner takes; of directories none. */
function dropped(call: Call, mode: number, gid: number | undefined): number | undefined {
  if ((mode & fileType.mask) === fileType.directory) return 0;
  if (!isGroupMark(mode)) return mode & 0o6000;
  if (hasCapability(call.task.cred, CAP_FSETID)) return mode & 0o4000;
  if (gid === undefined) return undefined;
  return mode & (isInGroup(call, gid) ? 0o4000 : 0o6000);
}

const modeUnknown = 'the mode of the file, whose set-id bits the call drops, is not in the trace';

/** Checks for set-id bits that go, behind those of the ids: of the owner, and twice of the group that the file has then. */
function checksOfDrop(call: Call, machine: Machine): readonly number[] | string {
  const owner = ownerOf(call, machine);
  if (owner === undefined) return ownerUnknown;
  const gid = newId(call, 'gid');
  const asks = [
    ...(owner.uid === call.task.cred.fsuid ? [] : [CAP_FOWNER]),
    ...(isInGroup(call, gid < 0 ? owner.gid : gid) ? [] : [CAP_FSETID, CAP_FSETID]),
  ];
  if (asks.length === 0) return asks;
  const mode = modeOf(call, machine);
  if (mode === undefined) return modeUnknown;
  return dropped(call, mode, owner.gid) === 0 ? [] : asks;
}

/** One check of CAP_CHOWN for each id that is given, but for what an owner may do: keep ids, give a group of his own. */
function checksOfIds(call: Call, machine: Machine): readonly number[] {
  const owner = ownerOf(call, machine);
  const isOwner = owner?.uid === call.task.cred.fsuid;
  const uid = newId(call, 'uid');
  const gid = newId(call, 'gid');
  return [
    ...(uid >= 0 && !(isOwner && uid === owner.uid) ? [CAP_CHOWN] : []),
    ...(gid >= 0 && !(isOwner && (gid === owner.gid || isInGroup(call, gid))) ? [CAP_CHOWN] : []),
  ];
}

/** A refused check is the last one. */
function reached(call: Call, machine: Machine): { readonly ids: readonly number[]; readonly drop: boolean } {
  const ids = checksOfIds(call, machine);
  const refused = call.failed('EPERM') && !hasCapability(call.task.cred, CAP_CHOWN) && ids.length > 0;
  return refused ? { ids: ids.slice(0, 1), drop: false } : { ids, drop: true };
}

const ownerKnown = condition('the owner is known', (call, machine) => {
  const given = newId(call, 'uid') >= 0 || newId(call, 'gid') >= 0;
  return !given || ownerOf(call, machine) !== undefined ? true : 'nothing tells who owned the file before';
});

/** With CAP_CHOWN something else refused it, such as an attribute of the file: before the checks, or between them. */
const refuserKnown = condition('it is known what refused it', (call, machine) => {
  if (!call.failed('EPERM') || !reached(call, machine).drop) return true;
  return 'what refused the change of the owner is not in the trace';
});

/** It comes to the checks for set-id bits that go. */
const drops: Condition = condition('it drops set-id bits', (call, machine) => {
  if (call.failed('EPERM') && !reached(call, machine).drop) return false;
  const asks = checksOfDrop(call, machine);
  return typeof asks === 'string' ? asks : asks.length > 0;
});

const keepsMark: Condition = condition(
  'only the set-group-ID bit is set, of a group that the caller is not in',
  (call, machine) => {
    const gid = ownerOf(call, machine)?.gid;
    if (gid !== undefined && isInGroup(call, gid)) return false;
    const mode = modeOf(call, machine);
    if (mode === undefined) return modeUnknown;
    if ((mode & fileType.mask) === fileType.directory || !isGroupMark(mode)) return false;
    return gid === undefined ? ownerUnknown : true;
  },
);

/** Each item is a capability. */
const asks = (when: Condition, each: NonNullable<HookSite['each']>): HookSite => ({
  ...capable((_call, _machine, item) => item as number, { of: 'own', when }),
  each,
});

const changesOwner: Effect = {
  on: 'files',
  apply: ({ call, machine }) => {
    const path = pathOf(call, machine);
    if (path === undefined) return;
    const old = machine.inodes.owner(path);
    const uid = newId(call, 'uid');
    const gid = newId(call, 'gid');
    const mode = machine.inodes.knownMode(path);
    const gone = mode === undefined ? undefined : dropped(call, mode, old?.gid);
    machine.inodes.learn(path, {
      mode: mode === undefined || gone === undefined ? undefined : mode & ~gone,
      bits: undefined,
      // Directories have none.
      capability: null,
      uid: uid < 0 ? old?.uid : uid,
      gid: gid < 0 ? old?.gid : gid,
    });
  },
};

export const ownerRows: readonly SyscallRow[] = [
  {
    calls: {
      chown: 'path uid gid',
      lchown: 'path! uid gid',
      fchown: 'fd uid gid',
      fchownat: 'dirfd path uid gid atflags',
    },
    evidence: 'chown',
    sites: [
      // Older kernels drop the bit without a question.
      capable(CAP_FSETID, { of: 'own', when: all(found, keepsMark), kernels: '>=6.1' }),
      { hook: 'security_path_chown', args: [subject, arg('uid'), arg('gid')], when: found },
      ...inodeSetattr(
        subject,
        () => unknown('what of the inode changes is not modelled for this call'),
        found,
      ),
      asks(all(found, ownerKnown, refuserKnown), (call, machine) => reached(call, machine).ids),
      asks(all(found, refuserKnown, drops), (call, machine) => {
        const checks = checksOfDrop(call, machine);
        return typeof checks === 'string' ? [CAP_FOWNER, CAP_FSETID] : checks;
      }),
    ],
    effects: [changesOwner],
    changesNames: always,
    copiesUp: succeeded,
  },
];
