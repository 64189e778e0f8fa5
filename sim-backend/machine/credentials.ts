/** Credentials of a task (struct cred); immutable, replaced as a whole like the kernel's. */
import type { CredValue } from '../../core/values/value.ts';

export interface UserNamespace {
  readonly level: number;
  readonly uid: number;
  readonly gid: number;
  readonly inum: number;
  /** Host's uid of the namespace's root, once a mapping was written; shared by all who live in it. */
  readonly root: { uid: number | undefined };
}

/** What a call may change of credentials as one. */
export type CredentialPart = 'uid' | 'gid' | 'groups' | 'capabilities' | 'userNs';

export interface Credentials {
  readonly uid: number;
  readonly gid: number;
  readonly euid: number;
  readonly egid: number;
  readonly suid: number;
  readonly sgid: number;
  readonly fsuid: number;
  readonly fsgid: number;
  readonly groups: readonly number[];
  readonly securebits: number;
  readonly permitted: bigint;
  readonly effective: bigint;
  readonly inheritable: bigint;
  readonly bounding: bigint;
  readonly ambient: bigint;
  readonly noNewPrivs: boolean;
  readonly userNs: UserNamespace;
  /** Why parts may be others than they are here; undefined: all are as they are here. */
  readonly doubts?: Readonly<Partial<Record<CredentialPart, string>>> | undefined;
}

export const allCapabilities = 0x1ffffffffffn;

/** Inode number of the first user namespace on every kernel. */
export const hostUserNamespace = 4026531837;

export function rootCredentials(): Credentials {
  return {
    uid: 0,
    gid: 0,
    euid: 0,
    egid: 0,
    suid: 0,
    sgid: 0,
    fsuid: 0,
    fsgid: 0,
    groups: [],
    securebits: 0,
    permitted: allCapabilities,
    effective: allCapabilities,
    inheritable: 0n,
    bounding: allCapabilities,
    ambient: 0n,
    noNewPrivs: false,
    userNs: { level: 0, uid: 0, gid: 0, inum: hostUserNamespace, root: { uid: 0 } },
  };
}

export function credValue(cred: Credentials, host: number): CredValue {
  const { uid, gid, euid, egid, suid, sgid, fsuid, fsgid, securebits, permitted, effective, inheritable } =
    cred;
  return {
    kind: 'cred',
    uid,
    gid,
    euid,
    egid,
    suid,
    sgid,
    fsuid,
    fsgid,
    securebits,
    permitted,
    effective,
    inheritable,
    userNs: {
      level: cred.userNs.level,
      uid: cred.userNs.uid,
      gid: cred.userNs.gid,
      inum: cred.userNs.inum,
      isHost: cred.userNs.inum === host,
    },
  };
}

const bit = (capability: number): bigint => 1n << BigInt(capability);

export function hasCapability(cred: Credentials, capability: number): boolean {
  return (cred.effective & bit(capability)) !== 0n;
}

const keepCaps = 1 << 4;
const noSetuidFixup = 1 << 2;
/** Capabilities that follow the file-system uid (chown, dac_*, fowner, fsetid, linux_immutable, mknod, mac_override). */
const fileSystemSet = [0, 1, 2, 3, 4, 9, 27, 32].reduce((mask, capability) => mask | bit(capability), 0n);

/** What set*uid does to the capability sets (cap_task_fix_setuid). */
export function afterUidChange(old: Credentials, changed: Credentials): Credentials {
  if (old.securebits & noSetuidFixup) return changed;
  const hadRoot = old.uid === 0 || old.euid === 0 || old.suid === 0;
  const hasRoot = changed.uid === 0 || changed.euid === 0 || changed.suid === 0;
  let { permitted, effective, ambient } = changed;
  if (hadRoot && !hasRoot) {
    if (!(old.securebits & keepCaps)) {
      permitted = 0n;
      effective = 0n;
    }
    ambient = 0n;
  }
  if (old.euid === 0 && changed.euid !== 0) effective = 0n;
  if (old.euid !== 0 && changed.euid === 0) effective = permitted;
  return { ...changed, permitted, effective, ambient };
}

/** What setfsuid does to the effective set. */
export function afterFsuidChange(old: Credentials, changed: Credentials): Credentials {
  if (old.securebits & noSetuidFixup) return changed;
  if (old.fsuid === 0 && changed.fsuid !== 0)
    return { ...changed, effective: changed.effective & ~fileSystemSet };
  if (old.fsuid !== 0 && changed.fsuid === 0) {
    return { ...changed, effective: changed.effective | (changed.permitted & fileSystemSet) };
  }
  return changed;
}

/** What of an executed file gives rights, when the mount honours it. */
export interface ExecutedFile {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Attribute security.capability in hexadecimal digits; null or undefined: there is none, or it is not known. */
  readonly capability?: string | null | undefined;
}

interface FileCapabilities {
  readonly permitted: bigint;
  readonly inheritable: bigint;
  readonly effective: boolean;
}

/** Reads struct vfs_cap_data: a word with revision and flag, then permitted and inheritable sets, low words first. */
function fileCapabilities(attribute: string): FileCapabilities {
  const word = (at: number): bigint => {
    const bytes = attribute.slice(at * 8, at * 8 + 8).match(/../g) ?? [];
    return BigInt(`0x${bytes.reverse().join('') || '0'}`);
  };
  return {
    permitted: word(1) | (word(3) << 32n),
    inheritable: word(2) | (word(4) << 32n),
    effective: (word(0) & 1n) !== 0n,
  };
}

/** Credentials after execve (cap_bprm_creds_from_file); `file` undefined: it gives no rights. */
export function afterExec(old: Credentials, file: ExecutedFile | undefined): Credentials {
  const mode = old.noNewPrivs ? 0 : (file?.mode ?? 0);
  const euid = file && (mode & 0o4000) !== 0 ? file.uid : old.euid;
  const egid = file && (mode & 0o2010) === 0o2010 ? file.gid : old.egid;
  const noRoot = (old.securebits & 1) !== 0;
  const root = old.userNs.root.uid;
  const rootGain = !noRoot && root !== undefined && (euid === root || old.uid === root);
  const attribute = old.noNewPrivs || typeof file?.capability !== 'string' ? undefined : file.capability;
  const given = attribute === undefined ? undefined : fileCapabilities(attribute);
  const gained = euid !== old.euid || egid !== old.egid || given !== undefined;
  const ambient = gained ? 0n : old.ambient;
  let permitted = ambient;
  let effective = ambient;
  if (rootGain) {
    permitted = old.inheritable | old.bounding;
    effective = euid === root ? permitted : ambient;
  } else if (given !== undefined) {
    permitted = (old.bounding & given.permitted) | (old.inheritable & given.inheritable);
    effective = given.effective ? permitted : 0n;
  }
  return {
    ...old,
    euid,
    egid,
    suid: euid,
    sgid: egid,
    fsuid: euid,
    fsgid: egid,
    permitted,
    effective,
    ambient,
    securebits: old.securebits & ~keepCaps,
  };
}
