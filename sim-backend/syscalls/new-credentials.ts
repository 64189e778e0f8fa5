/** Credentials after the calls that change them, by the kernel's rules; the trace says that they succeeded. */
import { readInt } from '../trace/number.ts';
import { readList } from '../trace/text.ts';
import type { Call } from '../machine/call.ts';
import { doubted, doubtOf, settled } from '../machine/credential-doubts.ts';
import {
  afterFsuidChange,
  afterUidChange,
  hasCapability,
  type CredentialPart,
  type Credentials,
} from '../machine/credentials.ts';

/**
 * New credentials that a (successful) call makes; undefined if it leaves the old ones, a text if the trace does not tell
 * (why not).
 */
export type Change = (call: Call) => Credentials | string | undefined;

/** The four ids of a task, user's or group's. */
export interface Ids {
  readonly real: number;
  readonly effective: number;
  readonly saved: number;
  readonly fs: number;
}

/** Users and groups, which the kernel treats alike but for what follows for capabilities. */
export interface IdKind {
  readonly name: 'uid' | 'gid';
  /** Capability to take any id: CAP_SETUID or CAP_SETGID. */
  readonly capability: number;
  readonly idsOf: (cred: Credentials) => Ids;
  readonly withIds: (cred: Credentials, ids: Ids) => Credentials;
  /** What a call changes of which the trace does not show the ids. */
  readonly parts: readonly CredentialPart[];
  /** What a change does to the capability sets. */
  readonly fixUp: (old: Credentials, changed: Credentials) => Credentials;
  /** The same where only the file system's id changes. */
  readonly fixUpFs: (old: Credentials, changed: Credentials) => Credentials;
}

const unaffected = (_old: Credentials, changed: Credentials): Credentials => changed;

export const idKinds: readonly IdKind[] = [
  {
    name: 'uid',
    capability: 7,
    parts: ['uid', 'capabilities'],
    idsOf: ({ uid, euid, suid, fsuid }) => ({ real: uid, effective: euid, saved: suid, fs: fsuid }),
    withIds: (cred, { real, effective, saved, fs }) => ({
      ...cred,
      uid: real,
      euid: effective,
      suid: saved,
      fsuid: fs,
    }),
    fixUp: afterUidChange,
    fixUpFs: afterFsuidChange,
  },
  {
    name: 'gid',
    capability: 6,
    parts: ['gid'],
    idsOf: ({ gid, egid, sgid, fsgid }) => ({ real: gid, effective: egid, saved: sgid, fs: fsgid }),
    withIds: (cred, { real, effective, saved, fs }) => ({
      ...cred,
      gid: real,
      egid: effective,
      sgid: saved,
      fsgid: fs,
    }),
    fixUp: unaffected,
    fixUpFs: unaffected,
  },
];

/** An id argument; undefined for -1, which leaves the id as it is. */
type GivenId = number | undefined;

/** What a call does to ids. */
export interface IdStep {
  /** Ids after a call with these arguments; undefined: it changes nothing. */
  readonly next: (old: Ids, given: readonly GivenId[], capable: boolean) => Ids | undefined;
  /** What follows for the capability sets. */
  readonly fixUp: 'fixUp' | 'fixUpFs';
}

export const isOwn = ({ real, effective, saved }: Ids, id: number): boolean =>
  [real, effective, saved].includes(id);

export const set: IdStep = {
  next: (old, [id], capable) =>
    id === undefined ? undefined : { ...old, effective: id, fs: id, ...(capable && { real: id, saved: id }) },
  fixUp: 'fixUp',
};

export const setRe: IdStep = {
  next: (old, [newReal, newEffective]) => {
    const effective = newEffective ?? old.effective;
    const saves = newReal !== undefined || (newEffective !== undefined && effective !== old.real);
    return { real: newReal ?? old.real, effective, saved: saves ? effective : old.saved, fs: effective };
  },
  fixUp: 'fixUp',
};

export const setRes: IdStep = {
  next: (old, [real = old.real, effective = old.effective, saved = old.saved]) => {
    const same =
      real === old.real && effective === old.effective && saved === old.saved && effective === old.fs;
    return same ? undefined : { real, effective, saved, fs: effective };
  },
  fixUp: 'fixUp',
};

export const setFs: IdStep = {
  next: (old, [id], capable) =>
    id === undefined || id === old.fs || !(isOwn(old, id) || capable) ? undefined : { ...old, fs: id },
  fixUp: 'fixUpFs',
};

/** Arguments of a call that are ids; undefined if one is not readable in the trace. */
export function givenIds(call: Call, names: readonly string[]): readonly GivenId[] | undefined {
  const ids = names.map((name) => call.int(name));
  if (ids.includes(undefined)) return undefined;
  return ids.map((id) => (id === -1 || id === 0xffffffff ? undefined : id));
}

export const idChange =
  (kind: IdKind, names: readonly string[], step: IdStep): Change =>
  (call) => {
    const old = call.task.cred;
    const given = givenIds(call, names);
    if (given === undefined) return 'an id is not in the trace';
    const ids = step.next(kind.idsOf(old), given, hasCapability(old, kind.capability));
    if (ids === undefined) return undefined;
    const next = kind[step.fixUp](old, kind.withIds(old, ids));
    // All of them are given, and the file system's is the effective one.
    if (step === setRes && !given.includes(undefined)) return settled(next, kind.name);
    const why = step === set || step === setFs ? doubtOf(old, 'capabilities') : undefined;
    return why === undefined ? next : doubted(next, kind.parts, why);
  };

export const groupsChange: Change = (call) => {
  const groups = (readList(call.arg('grouplist')) ?? []).map((group) => readInt(group));
  const known = groups.filter((group) => group !== undefined);
  if (known.length !== call.int('gidsetsize')) return 'not all groups are in the trace';
  return settled({ ...call.task.cred, groups: known }, 'groups');
};

export const capabilitiesChange: Change = (call) => {
  const old = call.task.cred;
  const [effective, permitted, inheritable] = ['effective', 'permitted', 'inheritable'].map((name) =>
    call.number(name),
  );
  if (effective === undefined || permitted === undefined || inheritable === undefined)
    return 'the capabilities are not in the trace';
  return { ...old, effective, permitted, inheritable, ambient: old.ambient & permitted & inheritable };
};

/** SECBIT_KEEP_CAPS */
const keepCaps = 16;

/** What options of prctl make of the credentials; those of PR_CAP_AMBIENT stand here under their own names. */
const options: Readonly<Record<string, (old: Credentials, call: Call) => Credentials | string>> = {
  PR_SET_KEEPCAPS: (old, call) => {
    const on = call.int('arg2');
    if (on === undefined) return 'the argument is not in the trace';
    return { ...old, securebits: on === 0 ? old.securebits & ~keepCaps : old.securebits | keepCaps };
  },
  PR_SET_SECUREBITS: (old, call) => {
    const securebits = call.int('arg2');
    return securebits === undefined ? 'the bits are not in the trace' : { ...old, securebits };
  },
  PR_CAPBSET_DROP: withBit('arg2', (old, bit) => ({ ...old, bounding: old.bounding & ~bit })),
  PR_CAP_AMBIENT_RAISE: withBit('arg3', (old, bit) => ({ ...old, ambient: old.ambient | bit })),
  PR_CAP_AMBIENT_LOWER: withBit('arg3', (old, bit) => ({ ...old, ambient: old.ambient & ~bit })),
  PR_CAP_AMBIENT_CLEAR_ALL: (old) => ({ ...old, ambient: 0n }),
};
function withBit(
  argument: string,
  change: (old: Credentials, bit: bigint) => Credentials,
): (old: Credentials, call: Call) => Credentials | string {
  return (old, call) => {
    const capability = call.int(argument);
    return capability === undefined
      ? `the capability "${call.arg(argument)}" is not known`
      : change(old, 1n << BigInt(capability));
  };
}

/** Of options of prctl that commit new credentials; undefined for all others. */
export const prctlChange: Change = (call) => {
  const option = call.arg('option');
  return options[option === 'PR_CAP_AMBIENT' ? call.arg('arg2') : option]?.(call.task.cred, call);
};
