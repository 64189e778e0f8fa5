/** Credentials as the programs read them: of an image, or an argument. */
import type { CredValue } from '../../core/values/value.ts';
import type { trCreds } from '../layout/generated.ts';
import type { Read } from '../layout/struct.ts';

/** @param hostUserNs inode number of the host's user namespace */
export function credentialsOf(creds: Read<typeof trCreds>, hostUserNs: number): CredValue {
  const { user_ns_level, user_ns_uid, user_ns_gid, user_ns_inum, spare: _, ...ids } = creds;
  return {
    kind: 'cred',
    ...ids,
    userNs: {
      level: user_ns_level,
      uid: user_ns_uid,
      gid: user_ns_gid,
      inum: user_ns_inum,
      isHost: user_ns_inum === hostUserNs,
    },
  };
}
