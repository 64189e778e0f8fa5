/** Credentials after the calls that change them, by the kernel's rules; the trace says that they succeeded. */
import { capabilityBit } from '../../core/names/capabilities.ts';
import { readInt } from '../trace/number.ts';
import { readList, readStruct } from '../trace/text.ts';
import type { Call } from './call.ts';
import { afterFsuidChange, afterUidChange, hasCapability, type Credentials } from './credentials.ts';

const unchanged = 0xffffffff;

/** An id argument; undefined for -1. */
function id(call: Call, index: number): number | undefined {
  const value = call.int(index);
  return value === undefined || value === -1 || value === unchanged ? undefined : value;
}

/** Reads `1<<CAP_CHOWN|1<<CAP_KILL`, `0`, `CAP_FULL_SET`. */
function capabilityMask(text: string | undefined): bigint {
  if (text === undefined) return 0n;
  let mask = 0n;
  for (const part of text.split('|')) {
    const name = part.replace(/^1<</, '').trim();
    const bit = capabilityBit(name);
    if (bit !== undefined) mask |= bit;
    else if (/^0x[0-9a-f]+$|^\d+$/.test(part.trim())) mask |= BigInt(part.trim());
  }
  return mask;
}

/** New credentials if the (successful) call makes some; undefined if it leaves them. */
export function newCredentials(call: Call): Credentials | undefined {
  const old = call.task.cred;
  switch (call.name) {
    case 'setuid': {
      const uid = id(call, 0);
      if (uid === undefined) return undefined;
      const all = hasCapability(old, 7);
      return afterUidChange(old, { ...old, euid: uid, fsuid: uid, ...(all && { uid, suid: uid }) });
    }
    case 'setgid': {
      const gid = id(call, 0);
      if (gid === undefined) return undefined;
      return { ...old, egid: gid, fsgid: gid, ...(hasCapability(old, 6) && { gid, sgid: gid }) };
    }
    case 'setreuid': {
      const uid = id(call, 0) ?? old.uid;
      const euid = id(call, 1) ?? old.euid;
      const suid =
        id(call, 0) !== undefined || (id(call, 1) !== undefined && euid !== old.uid) ? euid : old.suid;
      return afterUidChange(old, { ...old, uid, euid, suid, fsuid: euid });
    }
    case 'setregid': {
      const gid = id(call, 0) ?? old.gid;
      const egid = id(call, 1) ?? old.egid;
      const sgid =
        id(call, 0) !== undefined || (id(call, 1) !== undefined && egid !== old.gid) ? egid : old.sgid;
      return { ...old, gid, egid, sgid, fsgid: egid };
    }
    case 'setresuid': {
      const uid = id(call, 0) ?? old.uid;
      const euid = id(call, 1) ?? old.euid;
      const suid = id(call, 2) ?? old.suid;
      if (uid === old.uid && euid === old.euid && suid === old.suid && euid === old.fsuid) return undefined;
      return afterUidChange(old, { ...old, uid, euid, suid, fsuid: euid });
    }
    case 'setresgid': {
      const gid = id(call, 0) ?? old.gid;
      const egid = id(call, 1) ?? old.egid;
      const sgid = id(call, 2) ?? old.sgid;
      if (gid === old.gid && egid === old.egid && sgid === old.sgid && egid === old.fsgid) return undefined;
      return { ...old, gid, egid, sgid, fsgid: egid };
    }
    case 'setfsuid': {
      const uid = id(call, 0);
      const allowed = uid === old.uid || uid === old.euid || uid === old.suid || uid === old.fsuid;
      if (uid === undefined || uid === old.fsuid || !(allowed || hasCapability(old, 7))) return undefined;
      return afterFsuidChange(old, { ...old, fsuid: uid });
    }
    case 'setfsgid': {
      const gid = id(call, 0);
      const allowed = gid === old.gid || gid === old.egid || gid === old.sgid || gid === old.fsgid;
      if (gid === undefined || gid === old.fsgid || !(allowed || hasCapability(old, 6))) return undefined;
      return { ...old, fsgid: gid };
    }
    case 'setgroups':
      return {
        ...old,
        groups: (readList(call.arg(1)) ?? [])
          .map((group) => readInt(group))
          .filter((group): group is number => group !== undefined),
      };
    case 'capset': {
      const fields = readStruct(call.arg(1));
      if (!fields) return undefined;
      const permitted = capabilityMask(fields.get('permitted'));
      return {
        ...old,
        effective: capabilityMask(fields.get('effective')),
        permitted,
        inheritable: capabilityMask(fields.get('inheritable')),
        ambient: old.ambient & permitted & capabilityMask(fields.get('inheritable')),
      };
    }
    case 'prctl':
      return afterPrctl(call, old);
    default:
      return undefined;
  }
}

function afterPrctl(call: Call, old: Credentials): Credentials | undefined {
  switch (call.arg(0)) {
    case 'PR_SET_KEEPCAPS': {
      const on = (call.int(1) ?? 0) !== 0;
      return { ...old, securebits: on ? old.securebits | 16 : old.securebits & ~16 };
    }
    case 'PR_SET_SECUREBITS':
      return { ...old, securebits: call.flags(1) };
    case 'PR_CAPBSET_DROP':
      return { ...old, bounding: old.bounding & ~(capabilityBit(call.arg(1)) ?? 0n) };
    case 'PR_CAP_AMBIENT': {
      const bit = capabilityBit(call.arg(2)) ?? 0n;
      if (call.arg(1) === 'PR_CAP_AMBIENT_RAISE') return { ...old, ambient: old.ambient | bit };
      if (call.arg(1) === 'PR_CAP_AMBIENT_LOWER') return { ...old, ambient: old.ambient & ~bit };
      return call.arg(1) === 'PR_CAP_AMBIENT_CLEAR_ALL' ? { ...old, ambient: 0n } : undefined;
    }
    case 'PR_SET_NO_NEW_PRIVS':
      return { ...old, noNewPrivs: true };
    default:
      return undefined;
  }
}
