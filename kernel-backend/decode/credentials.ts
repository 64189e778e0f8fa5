/** Credentials as the programs read them: of an image, or an argument. */
import type { CredValue } from '../../core/values/value.ts';
import type { trCreds } from '../layout/generated.ts';
import type { Read } from '../layout/struct.ts';

/** @param hostUserNs inode number of the host's user namespace */
export function credentialsOf(creds: Read<typeof trCreds>, hostUserNs: number): CredValue {
  return {
    kind: 'cred',
    ...creds,
    userNs: {
      level: creds.user_ns_level,
      uid: creds.user_ns_uid,
      gid: creds.user_ns_gid,
      inum: creds.user_ns_inum,
      isHost: creds.user_ns_inum === hostUserNs,
    },
  };
}
