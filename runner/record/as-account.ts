/** Commands as another account. Node itself sets uid and gid, and drops all supplementary groups. */
import type { Account } from '../../kernel-backend/workload/account.ts';

const setpriv = '/usr/bin/setpriv';

/** The argv that becomes `argv` with the account's ids; util-linux, which every Debian has, does it by one exec. */
export function asAccount(
  argv: readonly string[],
  account: Pick<Account, 'uid' | 'gid' | 'groups'> | undefined,
): readonly string[] {
  if (account === undefined) return argv;
  const { uid, gid, groups } = account;
  const set = groups.length === 0 ? ['--clear-groups'] : ['--groups', groups.join(',')];
  return [setpriv, '--reuid', String(uid), '--regid', String(gid), ...set, '--', ...argv];
}
