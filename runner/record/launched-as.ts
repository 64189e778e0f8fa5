/** What becomes of root's credentials when it sets all ids to those of an account (setgroups, setresgid, setresuid). */
import type { Account } from '../../kernel-backend/workload/account.ts';
import type { RecordedStart } from './start-snapshot.ts';

const allOf = (id: number) => ({ real: id, effective: id, saved: id, fs: id });
const none = '0000000000000000';

/** The snapshot of a process that was taken before it did so; `account` undefined: it does not. */
export function launchedAs<S extends Pick<RecordedStart, 'uid' | 'gid' | 'groups' | 'caps'>>(
  start: S,
  account: Pick<Account, 'uid' | 'gid' | 'groups'> | undefined,
): S {
  if (account === undefined) return start;
  const { uid, gid, groups } = account;
  const ids = { uid: allOf(uid), gid: allOf(gid), groups: [...groups] };
  if (uid === 0) return { ...start, ...ids };
  // What may be inherited or be bounded stays.
  return { ...start, ...ids, caps: { ...start.caps, permitted: none, effective: none, ambient: none } };
}
